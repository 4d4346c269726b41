"""Drills on how pictures reach a network: scale, names, colours, size, and which side is up."""

import io

import numpy as np
from PIL import Image, ImageOps

from exercises.clinic.drill import of_mistake
from exercises.clinic.stock import ask, edges, flat, learn, lesson, nearest, phone, shrink
from helpers.exercises import call, need

TURNS = {1: "upright", 3: "on its head", 6: "on its right side", 8: "on its left side"}


def right(says, truth):
    """Return the share of answers that are those of the truth."""
    return float((np.asarray(says) == truth).mean())


def close(one, other, by=0.02):
    """Say whether two numbers, or arrays of one shape, are about the same."""
    return np.shape(one) == np.shape(other) and np.allclose(one, other, atol=by)


def drill_1(train, labels, test, truth):
    """Learn from some rooms how probably others are messy; return that, and the share right."""
    inputs = edges(train) / 255
    average = inputs.mean(axis=0)
    weights = learn(inputs - average, labels)
    asked = edges(test) / 255
    says = ask(weights, asked - average)
    score = ((says > 0.5) == truth).mean()
    return says, score


def judge_1(function):
    """Ask about rooms together and alone, and hold the answers against those of one scale."""
    rooms = lesson("rooms")
    says, score = call(function, *rooms)
    honest, honest_score = drill_1(*rooms)
    need(np.shape(says) == honest.shape, "one probability for each test room is asked for.")
    sure = float((np.abs(np.asarray(says) - 0.5) > 0.49).mean())
    need(sure < 0.9, f"{sure:.0%} of the answers are still surer than 0.99: they saturate.")
    need(np.ptp(says) > 0.05, "now every room gets the same answer: what differs was lost.")
    alone = call(function, *rooms[:2], rooms.test[:1], rooms.truth[:1])[0]
    need(close(alone, says[:1]), "what it says of a room hangs on which others are asked about.")
    need(close(says, honest), "training and test pixels are not on one scale yet: compare the two.")
    need(close(score, honest_score), f"the share right is {honest_score:.2f}, you return {score}.")
    return f"both are on one scale, and the share right is honestly {honest_score:.2f}."


def drill_2(train, folders, test, truth):
    """Learn from rooms in folders; return the folder of each test room, and the share right."""
    names = sorted(set(folders))
    labels = np.array([names.index(folder) for folder in folders])
    wanted = np.array([names.index(folder) for folder in truth])
    inputs = edges(train)
    average = inputs.mean(axis=0)
    weights = learn(inputs - average, labels)
    says = ask(weights, edges(test) - average)
    words = np.where(says > 0.5, names[1], names[0])
    score = ((says > 0.5) == wanted).mean()
    return words, score


def judge_2(function):
    """Try two sets of names, of which the second stands the other way round in the alphabet."""
    rooms = lesson("rooms")
    scores = []
    for pair in (("clean", "messy"), ("ordered", "chaotic")):
        folders, truth = (np.array(pair)[kinds] for kinds in (rooms.labels, rooms.truth))
        words, score = call(function, rooms.train, folders, rooms.test, truth)
        need(set(np.unique(words)) <= set(pair), f"the folders are {pair}: say one of them.")
        need(len(set(words)) == 2, "now every room gets the same name.")
        scores.append(right(words, truth))
        hint = f"with the folders {pair} only {scores[-1]:.0%} of the names are true."
        need(scores[-1] > 0.5, hint)
        need(close(score, scores[-1]), f"{scores[-1]:.2f} of the names are true, not {score:.2f}.")
        honest = right(drill_2(rooms.train, folders, rooms.test, truth)[0], truth)
        need(close(scores[-1], honest), "the threshold has moved: it says messy above one half.")
    return f"the names follow the folders, and honestly {scores[0]:.2f} of them are true."


def drill_11(train, labels, frames, truth):
    """Judge frames of a camera, read as BGR, by the mean colour of each class."""
    colours = train.mean(axis=(1, 2))
    classes = [colours[labels == kind].mean(axis=0) for kind in (0, 1)]
    rgb = frames[..., ::-1]
    seen = rgb.mean(axis=(1, 2))
    says = nearest(np.stack(classes), np.array([0, 1]), seen)
    score = (says == truth).mean()
    return says, score


def painted(*colours):
    """Return a plain picture of 4 x 4 pixels for each colour."""
    return np.stack([np.full((4, 4, 3), colour, np.uint8) for colour in colours])


def judge_11(function):
    """Show plain red, blue and orange frames, and then those of the samples."""
    red = (200, 30, 30)
    blue = (30, 30, 200)
    orange = (210, 120, 30)
    kinds = np.array([0, 1])
    for one, other in ((red, blue), (orange, blue)):
        frames = painted(one, other, other)[..., ::-1]
        says = call(function, painted(one, other), kinds, frames, np.array([0, 1, 1]))[0]
        need(np.shape(says) == (3,), "three frames need three answers.")
        need(
            says.tolist() not in ([1, 1, 0], [0, 0, 1]),
            "the frames come out in another order: which axis is it?",
        )
        need(says.tolist() != [1, 0, 0], "a blue frame is still taken for a red one.")
        need(says.tolist() == [0, 1, 1], "plain red and blue frames are not told apart.")
    greens = painted((60, 200, 30), (30, 200, 60))
    says = call(function, greens, kinds, greens[..., ::-1], kinds)[0]
    need(says.tolist() == [0, 1], "the three colours are not each in its place: green stays.")
    outdoors = camera()
    says, score = call(function, *outdoors)
    honest = drill_11(*outdoors)[1]
    need(close(score, right(says, outdoors.truth)), "the score is not the share of these answers.")
    need(close(score, honest), f"the share right is {honest:.2f}, and you return {score:.2f}.")
    return f"red is red, and the share right is honestly {honest:.2f}."


def camera():
    """Return mountains and seas, of which those to be judged come as OpenCV reads them."""
    outdoors = lesson("scenes", 16, (3, 4))
    return outdoors._replace(test=outdoors.test[..., ::-1])


def drill_13(shrink, train, labels, test, truth):
    """Learn from rooms made small, and judge others made small; return the share right."""
    side = 16
    small = np.stack([shrink(picture, side, "area") for picture in train])
    inputs = edges(small, 2)
    average = inputs.mean(axis=0)
    weights = learn(inputs - average, labels)
    served = np.stack([shrink(picture, side, "area") for picture in test])
    says = ask(weights, edges(served, 2) - average)
    return ((says > 0.5) == truth).mean()


def judge_13(function):
    """Watch how each picture is made small, and hold the score against that of one way."""
    rooms = lesson("rooms", 96)
    ways: dict[str, set] = {"train": set(), "test": set()}
    known = {picture.tobytes() for picture in rooms.train}

    def watched(picture, side, method):
        ways["train" if picture.tobytes() in known else "test"].add((method, side))
        return shrink(picture, side, method)

    score = call(function, watched, *rooms)
    need(ways["test"], "the test pictures are not made small at all.")
    need(ways["train"], "the training pictures are not made small at all.")
    sides, methods = ({kind: {way[i] for way in ways[kind]} for kind in ways} for i in (1, 0))
    need(sides["train"] == sides["test"], f"their sides differ: {sides}.")
    need(methods["train"] == methods["test"], f"two ways are still in use: {methods}.")
    method, side = next(iter(ways["train"]))
    honest = drill_13(lambda picture, *_: shrink(picture, side, method), *rooms)
    need(close(score, honest), f"the share right is {honest:.2f}, and you return {score:.2f}.")
    return f"all go through {method!r}, and the share right is honestly {honest:.2f}."


def drill_14(files, known, kinds, truth):
    """Open photos of a phone, and judge each by the known picture that is most like it."""
    opened = []
    for content in files:
        file = io.BytesIO(content)
        photo = ImageOps.exif_transpose(Image.open(file))
        small = photo.convert("RGB").resize((16, 16))
        opened.append(np.asarray(small))
    pictures = np.stack(opened)
    says = nearest(flat(known), kinds, flat(pictures))
    score = (says == truth).mean()
    return pictures, score


def judge_14(function):
    """Open one photo held in each way, and then those of a phone."""
    bikes = lesson("bikes", 16)
    for turn, held in TURNS.items():
        files = phone(bikes.test[:3], (turn,))
        found = call(function, files, bikes.train, bikes.labels, bikes.truth[:3])[0]
        need(np.shape(found) == (3, 16, 16, 3), "three photos give pictures of 16 x 16 pixels.")
        off = np.abs(np.asarray(found, float) - bikes.test[:3]).mean()
        hint = f"a photo that is stored {held} (orientation {turn}) does not come out upright."
        need(off < 12, hint)
    files = phone(bikes.test)
    score = call(function, files, bikes.train, bikes.labels, bikes.truth)[1]
    honest = drill_14(files, bikes.train, bikes.labels, bikes.truth)[1]
    need(close(score, honest), f"the share right is {honest:.2f}, and you return {score:.2f}.")
    return f"every photo is upright, and the share right is honestly {honest:.2f}."


check_1 = of_mistake(
    1,
    drill_1,
    title="Is it a hard task?",
    story="""\
A rule with a weight for each of sixteen numbers learns from 160 rooms what messy looks like,
and is asked about 40 others.""",
    looks="""\
Half are right, as many as a coin would get. Are rooms that hard? It is sure of every one.""",
    judge=judge_1,
    show="""\
rooms_1 = lesson("rooms")
said_1, score_1 = drill_1(*rooms_1)
sure = np.mean(np.abs(said_1 - 0.5) > 0.49)
print(f"right: {score_1:.2f}, surer than 99 percent: {sure:.2f}")""",
    hint_text="Print the smallest and the largest of what the weights learn from, and are asked.",
)
check_2 = of_mistake(
    2,
    drill_2,
    title="Names on photographs",
    story="""\
Rooms come with the names of their folders, and the rule names the folders of others.""",
    looks="""\
0.95 is as good as it gets with so few numbers. Would you hang this name on the first messy
room?""",
    judge=judge_2,
    show="""\
rooms_32 = lesson("rooms")
names = np.array(["clean", "messy"])
words, score_2 = drill_2(rooms_32.train, names[rooms_32.labels],
                         rooms_32.test, names[rooms_32.truth])
print(f"right: {score_2:.2f}; of the first messy room it says {words[rooms_32.truth.argmax()]}")""",
    hint_text="Follow one messy room from its folder to its word: which index has `messy`?",
)
check_11 = of_mistake(
    11,
    drill_11,
    title="A camera's frames",
    story="""\
Mountain or sea? The mean colour of each class is learnt from RGB pictures; the frames to be
judged come from a camera's library, as BGR.""",
    looks="""\
Better than a coin, and it looks at nothing but the mean colour.""",
    judge=judge_11,
    show="""\
frames = camera()
said_11, score_11 = drill_11(*frames)
print(f"right: {score_11:.2f} of {len(said_11)}")""",
    hint_text="Make a picture that is all red, as BGR, and see what `seen` holds for it.",
)
check_13 = of_mistake(
    13,
    drill_13,
    title="Small rooms",
    story="""\
Rooms of 96 pixels are shrunk to 16, those to learn from and those to be judged.""",
    looks="""\
A good score for so few pixels, and no error.""",
    judge=judge_13,
    show="""\
rooms_96 = lesson("rooms", 96)
print(f"right: {drill_13(shrink, *rooms_96):.2f}")""",
    hint_text="Draw one room as it is learnt from and as it is asked about, side by side.",
)
check_14 = of_mistake(
    14,
    drill_14,
    title="Bikes from a phone",
    story="""\
Bikes are judged by the known bike most like them. The photos come from phones held in four
ways; a phone does not turn the pixels, but notes how it was held.""",
    looks="""\
Better than a coin. At 16 pixels bikes are hard to tell apart, one would think.""",
    judge=judge_14,
    show="""\
bikes = lesson("bikes", 16)
opened, score_14 = drill_14(phone(bikes.test), bikes.train, bikes.labels, bikes.truth)
print(f"right: {score_14:.2f} of {len(opened)}")""",
    hint_text="Draw the first four of `opened`: on which side do the wheels stand?",
)
DRILLS = (check_1, check_2, check_11, check_13, check_14)
