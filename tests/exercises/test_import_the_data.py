"""The exercises on what is in the files: the solution passes, and no other answer, on two sets."""

import numpy as np
import pytest
from answers import SETS, cases, line, memory, own_photos

from tools.exercises import exercises, learners_source

CHAPTER = exercises("import_the_data")
each = pytest.mark.parametrize("exercise", CHAPTER, ids=lambda exercise: exercise.title)


@pytest.fixture(scope="module", params=SETS)
def space(request, tmp_path_factory):
    own = request.param != "samples" and own_photos(tmp_path_factory.mktemp("own"))
    return memory("import_the_data", own, ("original", "findings"))


def copies(
    down="p[::-1]", mirrored="p[:, ::-1]", cut="p[:, p.shape[1] // 10:]", found='{"darker"}'
):
    return (
        f"def edited(p):\n    return {down}, {mirrored}, {cut}, (p * 0.7).astype(np.uint8)\n"
        f"check_1(edited, {found}, difference_hash, original)"
    )


def named(body, kinds="'JPEG': ['.jpg', '.jpeg'], 'PNG': ['.png'], 'WEBP': ['.webp']"):
    return (
        f"def fits(path):\n    endings = {{{kinds}}}\n    kind = Image.open(path).format\n"
        f"    {body}\ncheck_2(fits, files)"
    )


def held(body):
    return (
        "def hold_back(groups):\n    rng = np.random.default_rng(1)\n"
        "    numbers = rng.permutation(np.unique(groups))\n"
        f"    {body}\ncheck_3(hold_back, data.groups(data.train))"
    )


WRONG = {
    1: {
        copies(down="p[:, ::-1]"): "stands upright",
        copies(down="p[::-1, ::-1]"): "turned by half",
        copies(down="p"): "last row comes first",
        copies(mirrored="p"): "as it was",
        copies(mirrored="p[::-1]"): "last column comes first",
        copies(cut="p[p.shape[0] // 10:]"): "you cut rows",
        copies(cut="p[:, :p.shape[1] // 10]"): "keep the rest",
        copies(cut="p[:, : -(p.shape[1] // 10)]"): "cut at the right",
        copies(cut="p[:, 10:]"): "should be left",
        copies(found="set()"): "'darker' is",
        copies(found="['darker', 'cut']"): "'cut' is",
        copies(found="['darker', 'mirrored']"): "'mirrored' is",
        copies(found="'upside down'"): "'upside down' is",
        copies(found="{'turned'}"): "name those that are found",
    },
    2: {
        named("return True"): "only what it promises",
        named("return path.suffix in ('.jpg', '.png')"): "only what it promises",
        named("return path.suffix in endings[kind]"): "large letters",
        named("return path.suffix[1:].lower() == kind.lower()"): "called .jpg",
        named("return path.suffix.lower() == endings[kind][0]"): "also end in .jpeg",
        named("return any(end in path.name.lower() for end in ['jpg', 'jpeg', 'png'])"): "promises",
        named("return any(end[1:] in path.name.lower() for end in endings[kind])"): "last point",
        named("return '.' + path.name.lower().split('.')[1] in endings[kind]"): "more points",
        named("return kind"): "True or False",
        named("return path.suffix.lower() in endings[kind]", "'JPEG': ['.jpg']"): "KeyError",
    },
    3: {
        held("return rng.random(len(groups)) < 0.2"): "draw rooms",
        held("return np.arange(len(groups)) % 5 == 0"): "draw rooms",
        held("return numbers[: len(numbers) // 5]"): "True or False",
        held("return np.isin(numbers, numbers[: len(numbers) // 5])"): "answers",
        held("return np.isin(groups, numbers[: len(numbers) // 2])"): "a fifth",
        held("return np.isin(groups, numbers[:1])"): "a fifth",
        held("return np.isin(groups, [])"): "nothing is held back",
        held("return np.isin(groups, numbers)"): "everything",
    },
}


@each
def test_the_solution_is_right_and_the_untouched_cell_not_answered(exercise, space, capsys):
    assert line(exercise, exercise.source, space, capsys).startswith("right: ")
    assert line(exercise, learners_source(exercise), space, capsys) == "not answered yet"


@pytest.mark.parametrize("exercise, code, hint", cases(CHAPTER, WRONG))
def test_a_wrong_answer_gets_the_hint_that_fits(exercise, code, hint, space, capsys):
    said = line(exercise, code, space, capsys)
    assert said.startswith("not yet: ") and hint in said


def test_a_false_name_in_the_set_is_counted(space, capsys, tmp_path):
    false = tmp_path / "false.png"
    false.write_bytes((space["faulty"] / "sofa.jpg").read_bytes())
    more = {**space, "files": [*space["files"], false, space["faulty"] / "empty.png"]}
    said = line(CHAPTER[1], CHAPTER[1].source, more, capsys)
    assert f"of your {len(space['files']) + 1} " in said and "1 bear" in said
    assert said.endswith("The first is false.png.")


@each
def test_no_answer_at_random_passes(exercise, space):
    rng = np.random.default_rng(exercise.number)
    names = ("upside down", "mirrored", "cut", "darker")
    rest = {
        1: (space["difference_hash"], space["original"]),
        2: (space["files"],),
        3: (space["data"].groups(space["data"].train),),
    }[exercise.number]
    for _ in range(50):
        answers = {
            1: (lambda p: (p[:: rng.choice([1, -1])], p, p), set(names[rng.integers(4) :])),
            2: (lambda path: bool(rng.integers(2)),),
            3: (lambda groups: rng.random(len(groups)) < 0.2,),
        }[exercise.number]
        assert exercise.verdict(*answers, *rest)[0] == "not yet", answers
