"""The clinic: an unmended drill says *not yet*, false mends get their hints, and true ones pass."""

import contextlib
import inspect
import io
import linecache
import re
import sys

import nbformat
import pytest

from exercises.clinic import networks, pictures, splits, twice
from exercises.clinic.drill import changed_lines, fault_lines, faulty, number_of
from exercises.clinic.mistakes import MISTAKES
from exercises.clinic.stock import lesson
from helpers.exercises import NotYet
from tools.clinic import FOLDER, rounds, written
from tools.mutations import MUTATIONS

DRILLS = {
    drill.number: drill for module in (pictures, splits, networks, twice) for drill in module.DRILLS
}
each = pytest.mark.parametrize("number", sorted(DRILLS))
BOOK = {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}


def function_of(number, *edits):
    """Return the function as the learner gets it, after edits of its text, as from a cell."""
    drill = DRILLS[number]
    text = faulty(drill.function, drill.faults)
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} is not once in\n{text}"
        text = text.replace(old, new)
    space = dict(vars(sys.modules[drill.function.__module__]))
    cell = f"<cell {number} {hash(text)}>"
    linecache.cache[cell] = len(text), None, text.splitlines(keepends=True), cell
    exec(compile(text, cell, "exec"), space)
    return space[drill.function.__name__]


def lines(number):
    """The lines at fault, as a learner gives them."""
    found = sorted(fault_lines(DRILLS[number].function, DRILLS[number].faults))
    return found[0] if len(found) == 1 else tuple(found)


def verdict(number, function, line=None):
    with contextlib.redirect_stdout(io.StringIO()):
        return DRILLS[number].check.verdict(lines(number) if line is None else line, function)


@each
def test_the_drill_as_it_stands_says_not_yet(number):
    answer, hint = verdict(number, function_of(number))
    assert answer == "not yet" and hint
    assert verdict(number, function_of(number), ...)[0] == "not answered yet"


@each
def test_the_sound_function_is_right_and_tells_the_honest_score(number):
    answer, why = verdict(number, DRILLS[number].function)
    assert answer == "right", why
    assert why.startswith(DRILLS[number].name) and "honestly" in why
    assert re.search(r"\d", why)


@each
def test_what_is_printed_changes_with_the_mend(number):
    drill = DRILLS[number]
    printed = []
    for function in (function_of(number), drill.function):
        space = {**vars(sys.modules[drill.function.__module__]), function.__name__: function}
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(drill.show, space)
        printed.append(out.getvalue())
    assert printed[0] != printed[1]


@each
def test_another_line_is_not_taken_for_the_fault(number):
    drill = DRILLS[number]
    last = len(faulty(drill.function, drill.faults).splitlines())
    wrong = [n for n in range(1, last + 1) if n not in fault_lines(drill.function, drill.faults)]
    for line in (wrong[0], wrong[-1]):
        answer, hint = verdict(number, drill.function, line)
        assert answer == "not yet" and f"line {line} does what it should" in hint


@each
def test_a_line_is_judged_before_anything_is_mended(number):
    answer, hint = verdict(number, function_of(number), 1)
    assert answer == "not yet" and hint.startswith("line 1 does what it should: look at another.")


# A mend written in another way than the sound function: edits of what the learner gets.
ROOMS = "np.array([sorted(set(room)).index(one) for one in room])"
UPRIGHT = "\n        photo = ImageOps.exif_transpose(photo)"
TRUE = {
    1: [("inputs = edges(train) / 255", "inputs = edges(train)")],
    2: [("says > 0.5, names[0], names[1]", "says <= 0.5, names[0], names[1]")],
    3: [("= len(inputs)", "= -(-len(inputs) // 16)")],
    4: [
        (
            "[layer.output for layer in model.layers[1:]]",
            "[model.get_layer(n).output for n in names]",
        )
    ],
    5: [("centred / spread", "np.nan_to_num(centred / spread)")],
    6: [
        ("rows.shuffle(len(inputs), seed=1)", "np.random.default_rng(0).permutation(len(inputs))"),
        ("np.array(list(rows.take(held_out).as_numpy_iterator()))", "rows[:held_out]"),
        ("np.array(list(rows.skip(held_out).as_numpy_iterator()))", "rows[held_out:]"),
    ],
    7: [("        held =", "        model.reset()\n        held =")],
    8: [("share > needed", "not low <= needed")],
    9: [("max(scores.values())", "list(scores.values())[-1]")],
    10: [("units = np.arange(len(inputs))", f"units = {ROOMS}")],
    11: [("rgb = frames[...]", "rgb = np.flip(frames, axis=-1)")],
    12: [("BatchNormalization()", "BatchNormalization(momentum=0.0)")],
    13: [('"area") for picture in train', '"nearest") for picture in train')],
    14: [("Image.open(file)", f"Image.open(file){UPRIGHT}")],
    15: [
        ("inputs = edges(train) / 255", "inputs = edges(train)"),
        ("says > 0.5, names[0], names[1]", "says <= 0.5, names[0], names[1]"),
    ],
    16: [
        ("np.arange(len(inputs))", ROOMS),
        ("max(scores.values())", "list(scores.values())[-1]"),
    ],
    17: [
        ("Image.open(io.BytesIO(content))", f"Image.open(io.BytesIO(content)){UPRIGHT}"),
        ("opened.append(pixels)", "opened.append(np.flip(pixels, axis=2))"),
    ],
    18: [
        ('"area") for picture in train', '"nearest") for picture in train'),
        ("better = high > needed", "better = not low <= needed"),
    ],
}

# False mends, each with words of its hint.
LINE_12 = "BatchNormalization()"
FALSE = {
    1: {
        (("asked = edges(test)", "asked = edges(test) / 64"),): "one scale yet",
        (("asked = edges(test)", "asked = np.tile(average, (len(test), 1))"),): "same answer",
        (("asked = edges(test)", "asked = edges(test) / edges(test).max() / 4"),): "which others",
        (("asked = edges(test)", "asked = edges(test) - 255"),): "saturate",
    },
    2: {
        (("names[0], names[1]", '"messy", "clean"'),): "say one of them",
        (("says > 0.5, names[0]", "says > 2, names[0]"),): "same name",
        (("sorted(set(folders))", "sorted(set(folders), reverse=True)"),): "of the names are true.",
        (("says > 0.5, names[0], names[1]", "says > 0.99, names[1], names[0]"),): "are true, not",
    },
    3: {
        (("= len(inputs)", "= len(inputs) // 16"),): "each is looked at 2 times",
        (("= len(inputs)", "= 16"),): "looked at 4 times",
        (("= len(inputs)", "= 1"),): "only 0 times",
        (("return looks,", "return np.full(len(inputs), epochs),"),): "so many looks give",
    },
    4: {
        (
            (
                "[layer.name for layer in model.layers]",
                "[layer.name for layer in model.layers[1:]]",
            ),
        ): ("no number for conv_1"),
        (("model.layers[1:]", "model.layers[:-1]"),): "no number for says",
        (
            ("layer.output for layer in model.layers[1:]", "layer.input for layer in model.layers"),
        ): ("what goes into"),
        (("model.layers[1:]", "model.layers[::-1]"),): "another layer's number",
    },
    5: {
        (("centred / spread", "centred / (spread + 1)"),): "living filters have changed",
        (
            (
                "np.clip(128 + 64 * scaled, 0, 255)",
                "np.nan_to_num(np.clip(128 + 64 * scaled, 0, 255))",
            ),
        ): ("128 everywhere"),
        (("np.nanmean(", "np.mean("),): "still hold nan",
        (
            ("centred = maps", "maps = maps[..., maps.std(axis=(0, 1)) > 0]; centred = maps"),
        ): "shape",
    },
    6: {
        (("seed=1", "seed=2"),): "stand on both sides",
        (("rows.shuffle(len(inputs), seed=1)", "rows"),): "of one class",
        (
            (
                "np.array(list(rows.skip(held_out).as_numpy_iterator()))",
                "np.setdiff1d(list(rows.skip(held_out).as_numpy_iterator()), test)",
            ),
        ): "they are lost",
    },
    7: {
        (("says = model", "model = make()\n        says = model"),): "never fitted",
        (("        held =", "        model = make()\n        held ="), ("says ==", "says !=")): (
            "shares that are wrong"
        ),
        (
            ("        held =", "        model = make()\n        held ="),
            ("labels[~held])", "labels[~held], steps=1)"),
        ): "the folds are honestly",
        (("inputs[~held], labels[~held]", "inputs, labels"),): "learnt from before",
    },
    8: {
        (("share > needed", "high > needed"),): "fewer than needed",
        (("share > needed", "middle > needed"),): "and it is called better",
        (("share > needed", "False"),): "and it is not called better",
        (("low = middle", "low = share"), ("share > needed", "low > needed")): "interval itself",
    },
    9: {
        (("max(scores.values())", "min(scores.values())"),): "share of the training pictures",
        (("max(scores.values())", "sum(scores.values()) / 2"),): "mixture",
        (("max(scores.values())", '1 - scores["test"]'),): "are right",
        (("max(scores.values())", "scores"),): "one share",
    },
    10: {
        (("units = np.arange(len(inputs))", "units = labels"),): "and not 0%",
        (("np.arange(len(inputs))\n    drawn", "np.arange(len(inputs)) // 3\n    drawn"),): (
            "rooms still stand"
        ),
        (
            (
                "train = np.setdiff1d(np.arange(len(inputs)), test)",
                "train = np.arange(len(inputs))",
            ),
        ): ("pictures stand on both sides"),
    },
    11: {
        (("frames[...]", "frames[::-1]"),): "another order",
        (("frames[...]", "frames[:, :, ::-1]"),): "taken for a red one",
        (("frames[...]", "frames[..., [1, 2, 0]]"),): "green stays",
        (
            ("frames[...]", "np.repeat(frames.mean(axis=-1, keepdims=True), 3, axis=-1)"),
        ): "told apart",
    },
    12: {
        (("norm(asked, training=False)", "norm(asked, training=True)"),): "who else is asked",
        ((LINE_12, "BatchNormalization(momentum=0.999)"),): "even of the rooms",
        (
            (LINE_12, "BatchNormalization(momentum=0.9)"),
            ("return says,", "return says / 4,"),
        ): "probabilities are off",
        (("return says,", "return says[:1],"),): "one probability",
    },
    13: {
        (('side, "nearest")', '32, "area")'),): "sides differ",
        (('np.stack([shrink(picture, side, "nearest") for picture in test])', "test"),): (
            "test pictures are not made small"
        ),
        (('np.stack([shrink(picture, side, "area") for picture in train])', "train"),): (
            "training pictures are not made small"
        ),
        (
            ('"nearest")', '"area")'),
            ("edges(served, 2) - average", "edges(served, 2)"),
        ): "you return",
    },
    14: {
        (("Image.open(file)", "Image.open(file).rotate(90)"),): "stored upright",
        (
            (
                "photo = Image.open(file)",
                "photo = Image.open(file); ImageOps.exif_transpose(photo)",
            ),
        ): ("on its head"),
        (
            (
                "Image.open(file)",
                "Image.open(file)\n        photo = photo.rotate(180 * "
                "(photo.getexif().get(274) == 3))",
            ),
        ): "on its right side",
        (
            (
                "Image.open(file)",
                "Image.open(file)\n        photo = photo.rotate({3: 180, 6: 270, "
                "8: 270}.get(photo.getexif().get(274), 0))",
            ),
        ): "on its left side",
    },
    15: {
        (("names[0], names[1]", "names[1], names[0]"),): "one fault is left: trained on 0 to 1",
        (("asked = edges(test)", "asked = edges(test) / 255"),): "one fault is left: classes read",
        (("asked = edges(test)", "asked = edges(test) / 400"),): "something else",
    },
    16: {
        (("units = np.arange(len(inputs))", f"units = {ROOMS}"),): "of the held-out are right",
        (("max(scores.values())", 'scores["test"]'),): "one fault is left: ",
        (("len(drawn) // 4", "len(drawn) // 2"),): "and not 50%",
        (("return test, share", "return np.flatnonzero(test), share"),): "of each picture",
    },
    17: {
        (("(io.BytesIO(content))", f"(io.BytesIO(content)){UPRIGHT}"),): "left: blue, green, red",
        (("append(pixels)", "append(pixels[..., ::-1])"),): "left: the phone's turn",
        (("append(pixels)", "append(pixels[::-1])"),): "something else",
    },
    18: {
        (('"nearest")', '"area")'),): "one fault is left: a share without",
        (("high > needed", "low > needed"),): "one fault is left: resized",
        (("high > needed", "share > needed"),): "NameError",
        (('side, "nearest")', '32, "area")'),): "something else",
    },
}
EACH_FALSE = [
    (number, edits, hint) for number, tried in FALSE.items() for edits, hint in tried.items()
]


@each
def test_a_mend_written_in_another_way_is_right(number):
    answer, why = verdict(number, function_of(number, *TRUE[number]))
    assert answer == "right", why


# A mend elsewhere than where the fault was planted, and pieces of the lines that it changes.
WAY = ('"area") for picture in train', '"nearest") for picture in train')
SCALE = ("inputs = edges(train) / 255", "inputs = edges(train)")
ELSEWHERE = [
    (1, [SCALE], SCALE[0]),
    (7, [("        held =", "        model.reset()\n        held =")], "held ="),
    (12, [("range(2)", "range(60)")], "for _ in range(2)"),
    (13, [WAY], "small = np.stack"),
    (15, [SCALE, ("names[0], names[1]", "names[1], names[0]")], (SCALE[0], "words = np")),
    (18, [WAY, ("high > needed", "low > needed")], ("small = np.stack", "better =")),
]


@pytest.mark.parametrize("number, edits, named", ELSEWHERE)
def test_a_mend_elsewhere_may_name_the_line_that_it_changes(number, edits, named):
    mended = function_of(number, *edits)
    answer, why = verdict(number, mended, named)
    assert answer == "right", why
    assert verdict(number, mended)[0] == "right"
    other = (1, named[1]) if isinstance(named, tuple) else 1
    answer, hint = verdict(number, mended, other)
    assert answer == "not yet" and "the mend is right, and line 1 does what it should" in hint
    answer, hint = verdict(number, function_of(number), named)
    assert answer == "not yet" and "the mend is right" not in hint


def test_two_lines_are_named_where_two_were_at_fault():
    first = sorted(fault_lines(DRILLS[15].function, DRILLS[15].faults))[0]
    answer, hint = verdict(15, DRILLS[15].function, first)
    assert answer == "not yet" and "2 lines were at fault, and you name 1" in hint


@pytest.mark.parametrize(
    "mended, changed",
    [
        ("def f(x):\n    y = x + 1\n    return y\n", set()),
        ("def f(x):  # why\n\n  y = (\n    x+1\n  )\n  return y\n", {2}),
        ("def f(x):\n  y = x+1  # here?\n\n  # or here?\n  return y\n", set()),
        ("def f(x):\n    y = x + 2\n    return y\n", {2}),
        ("def f(x):\n    return x + 1\n", {2, 3}),
        ("def f(x):\n    y = x + 1\n    y = -y\n    return y\n", {2, 3}),
        ("def f(x):\n    y = x + 1\n    y = -y\n    return 2 * y\n", {3}),
        ("def f(x):\n    if x:\n        y = x + 1\n    return y\n", {2}),
    ],
)
def test_a_mend_changes_what_is_written_in_another_way_and_not_its_layout(mended, changed):
    space = {}
    linecache.cache["<cell f>"] = len(mended), None, mended.splitlines(keepends=True), "<cell f>"
    exec(compile(mended, "<cell f>", "exec"), space)
    sick = "def f(x):\n    y = x + 1\n    return y\n"
    assert changed_lines(sick, space["f"]) == changed
    assert changed_lines(sick, len) is None


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number, edits, hint", EACH_FALSE)
def test_a_false_mend_gets_the_hint_that_fits(number, edits, hint):
    answer, said = verdict(number, function_of(number, *edits))
    assert answer == "not yet" and hint in said, said


def test_every_drill_has_three_false_mends_with_hints_of_their_own():
    assert set(FALSE) == set(TRUE) == set(DRILLS)
    assert all(len(set(tried.values())) >= 3 for tried in FALSE.values())


def test_a_mend_that_writes_into_what_it_is_given_changes_nothing_for_the_next():
    for given in (lesson("rooms"), networks.scaled_rooms(), networks.batched_rooms()):
        for array in given:
            with pytest.raises(ValueError, match="read-only"):
                array += 1
    answer, hint = verdict(1, function_of(1, ("asked = edges(test)", "test += 1; asked = test")))
    assert answer == "not yet" and "read-only" in hint


def test_a_line_is_named_by_number_or_by_a_piece_of_it():
    text = "def f(x):\n    y = x + 1\n    return y + 1\n"
    assert [number_of(line, text) for line in (2, "y = x", " return ")] == [2, 2, 3]
    for line, hint in (("+ 1", "2 lines"), ("z", "no line"), ("", "no line"), (9, "1 to 3")):
        with pytest.raises(NotYet, match=hint):
            number_of(line, text)
    for line in (2.0, True, None):
        with pytest.raises(NotYet, match="counted from def"):
            number_of(line, text)


def test_there_is_a_drill_for_each_classic_mistake_and_a_second_round():
    assert sorted(MISTAKES) == list(range(1, 15))
    assert sorted(DRILLS) == list(range(1, 19))
    assert all(len(DRILLS[number].faults) == 1 + (number > 14) for number in DRILLS)
    assert len({drill.title for drill in DRILLS.values()}) == len(DRILLS)


def test_what_a_drill_and_a_mutation_break_comes_from_one_row():
    mutations = {mutation.name: mutation for mutation in MUTATIONS}
    shared = [mistake for mistake in MISTAKES.values() if mistake.course]
    assert len(shared) >= 7
    for mistake in shared:
        mutation = mutations.pop(mistake.name)
        assert (mutation.file, mutation.old) == (mistake.course.file, mistake.course.sound)
    for number in range(1, 15):
        assert DRILLS[number].faults == (MISTAKES[number].drill,)
        assert DRILLS[number].name == MISTAKES[number].name
    assert not {mutation.name for mutation in mutations.values()} & {
        mistake.name for mistake in MISTAKES.values()
    }


@each
def test_a_drill_is_a_dozen_lines_and_does_not_tell_its_fault(number):
    drill = DRILLS[number]
    text = faulty(drill.function, drill.faults)
    assert 7 <= len(text.rstrip().splitlines()) <= 15
    assert len(drill.show.splitlines()) <= 8
    assert max(map(len, [*text.splitlines(), *drill.show.splitlines()])) <= 100
    told = drill.title + drill.story + drill.looks
    assert drill.name not in told and inspect.getdoc(drill.function)


# ------------------------------------------------------------------------------- the notebooks


def test_the_notebooks_hold_what_the_drills_say():
    texts = written()
    assert set(texts) == set(BOOK.values())
    for path, text in texts.items():
        assert path.read_text("utf-8") == text, "run make exercises"


@pytest.mark.parametrize("name", BOOK)
def test_a_number_in_the_text_stands_in_the_output_above(name):
    printed = ""
    for cell in nbformat.read(BOOK[name], as_version=4).cells:
        if cell.cell_type == "code":
            printed += "".join(output.get("text", "") for output in cell.outputs)
        elif cell.id.endswith("-looks"):
            for number in re.findall(r"\d+\.\d+", cell.source):
                assert number in printed or number == "0.693", f"{number} in {cell.source}"


def test_every_drill_is_in_one_notebook():
    found = [drill.number for part in rounds() for drill in part.drills]
    assert found == sorted(DRILLS)
