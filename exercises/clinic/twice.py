"""The second round: two faults in each drill, of which one hides what the other does."""

import io
import sys

import numpy as np
from PIL import Image, ImageOps

from exercises.clinic.drill import Drill, faulty
from exercises.clinic.mistakes import MISTAKES, Edit
from exercises.clinic.pictures import close, right
from exercises.clinic.splits import three_lights
from exercises.clinic.stock import ask, edges, learn, lesson, nearest, phone, shrink
from helpers.evaluate import wilson
from helpers.exercises import call, need


def with_faults(function, faults):
    """Return the function as it is with these faults."""
    space = dict(vars(sys.modules[function.__module__]))
    exec(compile(faulty(function, faults), "<drill>", "exec"), space)
    return space[function.__name__]


def compare(function, drill, lessons, alike, as_sound=()):
    """Hold what a function returns against the sound drill, and against each fault alone.

    Args:
        function: What the learner wrote.
        drill: The sound function.
        lessons: What it is called with, each a tuple.
        alike: Takes what two functions returned; says whether that is the same.
        as_sound: Edits of the sound drill that leave it sound.
    """
    faults = FAULTS[drill.__name__]
    found = [call(function, *given) for given in lessons]

    def is_like(other):
        return all(alike(one, other(*given)) for one, given in zip(found, lessons))

    if is_like(drill) or (as_sound and is_like(with_faults(drill, as_sound))):
        return
    need(not is_like(with_faults(drill, tuple(faults.values()))), "both faults are still there.")
    for number, fault in faults.items():
        name = MISTAKES[number].name
        hint = f"one fault is left: {name[0].lower()}{name[1:]}."
        need(not is_like(with_faults(drill, (fault,))), hint)
    need(False, "it does something else now, neither sound nor faulty in the old way.")


def same_answers(one, other):
    """Say whether two results are the same names or pictures, and the same score."""
    first, score = one
    second, honest = other
    return np.shape(first) == np.shape(second) and same(first, second) and close(score, honest)


def same(first, second):
    """Say whether two arrays are equal, or nearly so where they hold pixels or numbers."""
    if np.asarray(first).dtype.kind in "US":
        return bool(np.all(np.asarray(first) == second))
    return bool(np.abs(np.asarray(first, float) - second).mean() < 8)


def drill_15(train, folders, test, truth):
    """Learn from rooms in folders; return the folder of each test room, and the share right."""
    names = sorted(set(folders))
    labels = np.array([names.index(folder) for folder in folders])
    inputs = edges(train) / 255
    average = inputs.mean(axis=0)
    weights = learn(inputs - average, labels)
    asked = edges(test) / 255
    says = ask(weights, asked - average)
    words = np.where(says > 0.5, names[1], names[0])
    score = (words == truth).mean()
    return words, score


def judge_15(function):
    """Try two sets of names, of which the second stands the other way round in the alphabet."""
    rooms = lesson("rooms")
    lessons = []
    for pair in (("clean", "messy"), ("ordered", "chaotic")):
        folders, truth = (np.array(pair)[kinds] for kinds in (rooms.labels, rooms.truth))
        lessons.append((rooms.train, folders, rooms.test, truth))
    compare(function, drill_15, lessons, same_answers)
    score = drill_15(*lessons[0])[1]
    return f"one scale and the right names, and the share right is honestly {score:.2f}."


def drill_16(inputs, labels, room, seed):
    """Hold a quarter out; return which, and the share that the nearest neighbour gets right."""
    units = np.unique(room, return_inverse=True)[1]
    drawn = np.random.default_rng(seed).permutation(units.max() + 1)
    test = np.isin(units, drawn[: len(drawn) // 4])
    scores = {}
    for name, held in (("training", ~test), ("test", test)):
        says = nearest(inputs[~test], labels[~test], inputs[held])
        scores[name] = (says == labels[held]).mean()
    share = scores["test"]
    return test, share


def judge_16(function):
    """Look at which designs stand on both sides, and at the score, for three seeds."""
    inputs, labels, room = three_lights()
    for seed in range(3):
        test, share = call(function, inputs, labels, room, seed)
        test = np.asarray(test)
        need(
            test.shape == (len(inputs),), "the first result says of each picture if it is held out."
        )
        need(0.1 < test.mean() < 0.4, f"a quarter is held out, and not {test.mean():.0%}.")
        split = len(set(room[test]) & set(room[~test]))
        honest = right(nearest(inputs[~test], labels[~test], inputs[test]), labels[test])
        both = "both faults are still there" if share > 0.999 else "one fault is left"
        need(not split, f"{both}: {split} rooms stand on both sides.")
        need(close(share, honest), f"one fault is left: {honest:.2f} of the held-out are right.")
    share = call(function, inputs, labels, room, 0)[1]
    return f"no room on both sides, and the share of the held-out is honestly {share:.2f}."


def drill_17(files, known, kinds, truth):
    """Open photos of a phone, stored as BGR; give each the class whose mean picture is nearest."""
    opened = []
    for content in files:
        photo = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
        pixels = np.asarray(photo.convert("RGB").resize((16, 16)))
        opened.append(pixels[..., ::-1])
    pictures = np.stack(opened)
    rows = pictures.reshape(len(pictures), -1) / 255
    typical = [known[kinds == kind].mean(axis=0).ravel() / 255 for kind in (0, 1)]
    says = nearest(np.stack(typical), np.array([0, 1]), rows)
    score = (says == truth).mean()
    return pictures, score


def judge_17(function):
    """Open photos that are held upright, and then those held in every way."""
    things = lesson("scenes", 16, (3, 4))
    rest = (things.train, things.labels, things.truth)
    lessons = [
        (phone(things.test[..., ::-1], turns), *rest) for turns in ((1,), (6, 8), (1, 6, 8, 3))
    ]
    compare(function, drill_17, lessons, same_answers)
    score = drill_17(*lessons[2])[1]
    return f"upright and in its colours, and the share right is honestly {score:.2f}."


def drill_18(train, labels, test, truth, needed):
    """Say if a rule learnt from small rooms is surely better than needed, and its interval."""
    side = 16
    small = np.stack([shrink(picture, side, "area") for picture in train])
    average = edges(small, 2).mean(axis=0)
    weights = learn(edges(small, 2) - average, labels)
    served = np.stack([shrink(picture, side, "area") for picture in test])
    says = ask(weights, edges(served, 2) - average)
    hits = int(((says > 0.5) == truth).sum())
    low, high = wilson(hits, len(truth))
    better = low > needed
    return better, (low, high)


def judge_18(function):
    """Ask for shares that lie below, in and above the interval of each way of resizing."""
    rooms = lesson("rooms", 96)
    lessons = [(*rooms, needed) for needed in (0.3, 0.7, 0.85, 0.99)]

    def alike(one, other):
        return bool(one[0]) == bool(other[0]) and close(one[1], other[1], 0.002)

    one_way = (
        Edit('side, "area") for picture in train', 'side, "nearest") for picture in train'),
        MISTAKES[13].drill,
    )
    compare(function, drill_18, lessons, alike, one_way)
    low, high = function(*rooms, 0.85)[1]
    return f"one way of resizing, and the share is honestly between {low:.2f} and {high:.2f}."


FAULTS = {
    "drill_15": {
        1: MISTAKES[1].drill,
        2: MISTAKES[2].drill,
    },
    "drill_16": {
        10: MISTAKES[10].drill,
        9: Edit('share = scores["test"]', "share = max(scores.values())"),
    },
    "drill_17": {
        14: Edit(
            "ImageOps.exif_transpose(Image.open(io.BytesIO(content)))",
            "Image.open(io.BytesIO(content))",
        ),
        11: Edit("opened.append(pixels[..., ::-1])", "opened.append(pixels)"),
    },
    "drill_18": {
        13: MISTAKES[13].drill,
        8: Edit("better = low > needed", "better = high > needed"),
    },
}


def twofold(number, title, function, **more):
    """Return a drill of the second round."""
    planted = FAULTS[function.__name__]
    first, second = (MISTAKES[number].name for number in planted)
    name = f"{first}, and {second[0].lower()}{second[1:]}"
    faults = tuple(planted.values())
    return Drill(number, title, function=function, faults=faults, name=name, does="", **more)


check_15 = twofold(
    15,
    "Names that never change",
    drill_15,
    story="""\
Rooms come with the names of their folders again, and names come out.""",
    looks="""\
Half of the names are true, and every room got the same one.""",
    judge=judge_15,
    show="""\
rooms_15 = lesson("rooms")
names_15 = np.array(["clean", "messy"])
given_15 = (rooms_15.train, names_15[rooms_15.labels], rooms_15.test, names_15[rooms_15.truth])
words_15, score_15 = drill_15(*given_15)
print(f"right: {score_15:.2f}, names given: {sorted(set(words_15.tolist()))}")""",
    hint_text="First let the answers differ from room to room; then see which room is called what.",
)
check_16 = twofold(
    16,
    "A hundred percent",
    drill_16,
    story="""\
Rooms in three lights again. Two shares are computed, and one is returned.""",
    looks="""\
A hundred percent. With one fault mended it stays near there.""",
    judge=judge_16,
    show="""\
held_16, share_16 = drill_16(*three_lights(), seed=0)
print(f"right: {share_16:.2f}, held out: {held_16.sum()} of {len(held_16)}")""",
    hint_text="Which two shares does it compute, and of what is the larger one?",
)
check_17 = twofold(
    17,
    "Photos from abroad",
    drill_17,
    story="""\
Mountain or sea again, photographed with a phone held in four ways, in files that a camera's
library wrote with blue first. Each photo gets the class whose mean picture is nearest.""",
    looks="""\
Most are right.""",
    judge=judge_17,
    show="""\
outdoors = lesson("scenes", 16, (3, 4))
files_17 = phone(outdoors.test[..., ::-1])
opened_17, score_17 = drill_17(files_17, outdoors.train, outdoors.labels, outdoors.truth)
print(f"right: {score_17:.2f} of {len(opened_17)}")""",
    hint_text="Draw `opened_17[0]`, which was held upright, and then the second, which was not.",
)
check_18 = twofold(
    18,
    "Surely good enough",
    drill_18,
    story="""\
A rule for rooms is wanted that is surely right more than 85 percent of the time.""",
    looks="""\
The function says that this one is. Its interval begins at 0.65.""",
    judge=judge_18,
    show="""\
better_18, bounds = drill_18(*lesson("rooms", 96), needed=0.85)
print(f"{bounds[0]:.2f} to {bounds[1]:.2f}: surely better than 0.85? {better_18}")""",
    hint_text="One fault changes the interval, the other what is made of it.",
)
DRILLS = (check_15, check_16, check_17, check_18)
