"""The exercises on what is in the files: the solution passes, and no other answer, on two sets."""

from exercised import Exercised

from tools.exercises import exercises


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
        named("return kind != 'WEBP' and path.suffix.lower() in endings[kind]"): "called .webp",
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


class TestImportTheData(Exercised):
    chapter = "import_the_data"
    needed = ("original", "findings")
    wrong = WRONG

    def guess(self, number, rng, solution):
        names = ("upside down", "mirrored", "cut", "darker")

        def edited(p):
            return p[:: rng.choice([1, -1])], p, p

        return {
            1: lambda: (edited, set(names[rng.integers(4) :]), *solution[2:]),
            2: lambda: (lambda path: bool(rng.integers(2)), *solution[1:]),
            3: lambda: (lambda groups: rng.random(len(groups)) < 0.2, *solution[1:]),
        }[number]()

    def test_a_false_name_in_the_set_is_counted(self, space, capsys, tmp_path):
        exercise = exercises(self.chapter)[1]
        false = tmp_path / "false.png"
        false.write_bytes((space["faulty"] / "sofa.jpg").read_bytes())
        more = {**space, "files": [*space["files"], false, space["faulty"] / "empty.png"]}
        said = self.said(exercise, exercise.source, more, capsys)
        assert f"of your {len(space['files']) + 1} " in said and "1 bear" in said
        assert said.endswith("The first is false.png.")
