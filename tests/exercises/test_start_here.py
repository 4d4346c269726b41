"""The opening chapter's exercises: the solution passes, and no other answer, on two sets."""

from exercised import Exercised

from tools.exercises import exercises


def looks(numbers, shown):
    return f"check_1({numbers}, {shown}, images, history)"


def mistake(body):
    return (
        f"def passes_for_clean(answer, true):\n    {body}\n"
        "check_2(passes_for_clean, says, truth, data.class_names)"
    )


def doubt(body):
    return f"def least_sure(answers):\n    {body}\ncheck_3(least_sure, says)"


EACH = "return min(range(len(answers))"
WRONG = {
    1: {
        looks(64 * 64, "20 * len(images)"): "a dot is three",
        looks(64 + 64 + 3, "20 * len(images)"): "rows times columns",
        looks("images.size", "20 * len(images)"): "take one",
        looks(3, "20 * len(images)"): "images.shape",
        looks(12288, "len(images)"): "again and again",
        looks(12288, 20): "how many are there",
        looks(12288, "20 * len(images) // 16"): "handfuls",
        looks(12288, 320): "once in each epoch",
    },
    2: {
        mistake("return true == 1"): "above one half, so it is right",
        mistake("return answer <= 0.5"): "is right about it",
        mistake("return (answer > 0.5) != (true == 1)"): "the other way round",
        mistake("return answer < 0.5 and true == 1"): "only above one half",
        mistake("return False"): "was taken for",
        mistake("return 1"): "True or False",
        mistake("answer <= 0.5 and true == 1"): "needs a return",
    },
    3: {
        doubt("return int(answers.argmin())"): "lowest answer",
        doubt("return int(answers.argmax())"): "highest answer",
        doubt("return float(abs(answers - 0.5).min())"): "the room's number",
        doubt("return len(answers)"): "no room is number",
        doubt("return int((answers > 0.5).argmax())"): "nearer to one half",
        doubt(
            f"{EACH}, key=lambda i: -answers[i, 0] if answers[i, 0] <= 0.5 else 1)"
        ): "nearer to one half",
        doubt(
            f"{EACH}, key=lambda i: answers[i, 0] if answers[i, 0] >= 0.5 else 1)"
        ): "nearer to one half",
    },
}


class TestStartHere(Exercised):
    chapter = "start_here"
    needed = ("says", "truth")
    tries = dict.fromkeys((1, 2, 3), 200)
    wrong = WRONG

    def guess(self, number, rng, solution):
        return {
            1: lambda: (*rng.integers(1, 15000, 2).tolist(), *solution[2:]),
            2: lambda: (lambda answer, true: bool(rng.integers(2)), *solution[1:]),
            3: lambda: (lambda answers: int(rng.integers(len(answers))), *solution[1:]),
        }[number]()

    def test_the_count_of_both_mistakes_is_the_chapters(self, space, capsys):
        exercise = exercises(self.chapter)[1]
        said = self.said(exercise, exercise.source, space, capsys)
        says, truth = space["says"] > 0.5, space["truth"] > 0.5
        assert f"takes {(~says & truth).sum()} for" in said
        assert f" {(says & ~truth).sum()} for" in said
