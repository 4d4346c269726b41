"""Drills on what happens in a network: steps, names of layers, averages, and dead filters."""

from functools import cache

import keras
import numpy as np

from exercises.clinic.drill import of_mistake
from exercises.clinic.pictures import close, right
from exercises.clinic.stock import ask, edges, frozen, learn, lesson
from helpers.exercises import call, need


def drill_3(inputs, labels, epochs):
    """Train by batches of 16; return how often each row was looked at, and the loss."""
    rows = np.arange(len(inputs))
    batches = [rows[first : first + 16] for first in range(0, len(inputs), 16)]
    steps_per_epoch = len(batches)
    weights = np.zeros(inputs.shape[1] + 1)
    looks = np.zeros(len(inputs), int)
    for step in range(epochs * steps_per_epoch):
        some = batches[step % len(batches)]
        wrong_by = ask(weights, inputs[some]) - labels[some]
        weights[:-1] -= 0.1 * wrong_by @ inputs[some] / len(some)
        looks[some] += 1
    of_truth = np.where(labels == 1, ask(weights, inputs), 1 - ask(weights, inputs))
    return looks, -np.log(of_truth).mean()


@cache
def scaled_rooms(kept=160):
    """Return the edges of training rooms in deviations, shuffled, and their labels."""
    rooms = lesson("rooms")
    order = np.random.default_rng(0).permutation(len(rooms.train))[:kept]
    inputs = edges(rooms.train[order])
    return frozen((inputs - inputs.mean(axis=0)) / inputs.std(axis=0), rooms.labels[order])


def judge_3(function):
    """Count the looks at each row, for numbers of rows that 16 divides and does not divide."""
    for rows, epochs in ((160, 2), (37, 3), (16, 1)):
        inputs, labels = scaled_rooms(rows)
        looks, loss = call(function, inputs, labels, epochs)
        least = int(np.min(looks))
        most = int(np.max(looks))
        what = f"{rows} rows, {epochs} epochs"
        need(np.shape(looks) == (rows,), "each row has a number of looks.")
        need(most <= epochs, f"{what}: some rows are looked at {most} times.")
        need(least < most or least >= epochs, f"{what}: each is looked at {least} times.")
        need(least == epochs, f"{what}: some rows are looked at only {least} times.")
        honest = drill_3(inputs, labels, epochs)[1]
        need(close(loss, honest, 1e-6), f"{what}: so many looks give {honest:.3f}, not {loss:.3f}.")
    inputs, labels = scaled_rooms()
    loss = drill_3(inputs, labels, 2)[1]
    return f"an epoch looks at each row once, and after two the loss is honestly {loss:.3f}."


def drill_4(model, picture):
    """Return how strongly each layer responds to a picture, by the layer's name."""
    names = [layer.name for layer in model.layers]
    outputs = [layer.output for layer in model.layers]
    tap = keras.Model(model.inputs, outputs)
    maps = tap([picture[None] / 255], training=False)
    strengths = [float(np.abs(one).mean()) for one in maps]
    return dict(zip(names, strengths))


@cache
def eyes(convolutions=2):
    """Return a small network that was never trained."""
    keras.utils.set_random_seed(convolutions)
    stack = [keras.Input((16, 16, 3))]
    for number in range(1, convolutions + 1):
        name = f"conv_{number}"
        stack.append(keras.layers.Conv2D(8, 3, padding="same", activation="relu", name=name))
        stack.append(keras.layers.MaxPooling2D(name=f"pool_{number}"))
    stack += [keras.layers.Flatten(name="flatten"), keras.layers.Dense(1, name="says")]
    return keras.Sequential(stack)


def passed_on(model, picture):
    """Hand a picture from layer to layer; return what comes out of each by name, and goes in."""
    x = keras.ops.convert_to_tensor(picture[None] / 255, "float32")
    out = {}
    into = {}
    for layer in model.layers:
        into[layer.name] = float(np.abs(x).mean())
        x = layer(x)
        out[layer.name] = float(np.abs(x).mean())
    return out, into


def judge_4(function):
    """Compare with a picture that is handed on from layer to layer, in two networks."""
    picture = lesson("rooms", 16).train[0]
    for model in (eyes(2), eyes(1)):
        out, into = passed_on(model, picture)
        found = call(function, model, picture)
        need(isinstance(found, dict), "a dict is asked for, from names to numbers.")
        missing = [name for name in out if name not in found]
        need(not missing, f"there is no number for {', '.join(missing)}.")
        need(
            list(found) == list(out), f"the layers are {', '.join(out)}, each once, in this order."
        )
        wrong = [name for name in out if not close(found[name], out[name], 1e-5)]
        fed = [name for name in wrong if close(found[name], into[name], 1e-5)]
        need(not wrong or wrong != fed, "that is what goes into each layer, not what comes out.")
        need(
            not wrong, f"{wrong[:1]} has another layer's number: hand the picture on, and compare."
        )
    out = passed_on(eyes(2), picture)[0]
    return f"each number stands under its own layer; conv_1 honestly has {out['conv_1']:.3f}."


def drill_5(maps):
    """Scale maps for drawing, 128 for a filter's average; return them, and their mean contrast."""
    centred = maps - maps.mean(axis=(0, 1))
    spread = centred.std(axis=(0, 1))
    with np.errstate(invalid="ignore"):
        scaled = centred / np.maximum(spread, 1e-6)
    tiles = np.clip(128 + 64 * scaled, 0, 255)
    contrast = np.nanmean(tiles.std(axis=(0, 1)))
    return tiles, contrast


@cache
def responses():
    """Return the maps of eight filters for a room, of which two are dead: (16, 16, 8)."""
    layer = eyes(2).layers[0]
    maps = np.array(layer(lesson("rooms", 16).train[:1] / 255.0))[0]
    maps[..., [2, 5]] = 0
    return frozen(maps)[0]


def judge_5(function):
    """Look at maps with dead filters, with none, and with one that answers everywhere alike."""
    maps = responses()
    alike = maps.copy()
    alike[..., 0] = 3.0
    for some in (maps, alike, np.delete(maps, [2, 5], axis=-1)):
        tiles, contrast = call(function, some)
        need(np.shape(tiles) == some.shape, "each filter keeps its tile: the shape has changed.")
        dead = some.std(axis=(0, 1)) < 1e-6
        gone = int(np.isnan(tiles).any(axis=(0, 1)).sum())
        need(not gone, f"{gone} tiles still hold nan, which is no number.")
        honest, honest_contrast = drill_5(some)
        need(close(tiles[..., ~dead], honest[..., ~dead], 0.5), "the living filters have changed.")
        hint = "a dead filter lies at its own average, so its tile is 128 everywhere."
        need(close(tiles[..., dead], honest[..., dead], 0.5), hint)
        hint = f"the mean contrast of these tiles is {honest_contrast:.1f}, you return {contrast}."
        need(close(contrast, honest_contrast, 0.05), hint)
    return f"every tile can be drawn, and their mean contrast is honestly {drill_5(maps)[1]:.1f}."


def drill_12(inputs, labels, asked, truth):
    """Normalize by batches of 16 and learn; return what is said of other rooms, and its score."""
    norm = keras.layers.BatchNormalization(momentum=0.5)
    for _ in range(2):
        for first in range(0, len(inputs), 16):
            norm(inputs[first : first + 16], training=True)
    weights = learn(np.array(norm(inputs, training=True)), labels)
    says = ask(weights, np.array(norm(asked, training=False)))
    score = ((says > 0.5) == truth).mean()
    return says, score


@cache
def batched_rooms():
    """Return the edges of rooms, in shuffled order, as float32: to learn from, and to be asked."""
    rooms = lesson("rooms")
    order = np.random.default_rng(1).permutation(len(rooms.train))
    inputs = edges(rooms.train[order]).astype("float32")
    asked = edges(rooms.test).astype("float32")
    return frozen(inputs, rooms.labels[order], asked, rooms.truth)


def judge_12(function):
    """Ask together and alone, and hold the answers against exact averages."""
    inputs, labels, asked, truth = batched_rooms()
    average = inputs.mean(axis=0)
    deviation = np.sqrt(inputs.var(axis=0) + 1e-3)
    weights = learn((inputs - average) / deviation, labels)
    honest = ask(weights, (asked - average) / deviation)
    says, score = call(function, inputs, labels, asked, truth)
    need(np.shape(says) == honest.shape, "one probability for each test room is asked for.")
    alone = call(function, inputs, labels, asked[:20], truth[:20])[0]
    need(close(alone, says[:20], 1e-3), "what it says of a room hangs on who else is asked about.")
    known = call(function, inputs, labels, inputs, labels)[1]
    taught = right(ask(weights, (inputs - average) / deviation) > 0.5, labels)
    hint = (
        f"even of the rooms it learnt from only {known:.2f} are right, where {taught:.2f} can be."
    )
    need(known > taught - 0.06, hint)
    off = float(np.abs(says - honest).mean())
    need(off < 0.1, f"the averages have not arrived: its probabilities are off by {off:.2f}.")
    need(
        close(score, right(np.asarray(says) > 0.5, truth)), "the score is not that of the answers."
    )
    return f"its averages are those of the rooms, and the share right is honestly {score:.2f}."


check_3 = of_mistake(
    3,
    drill_3,
    title="Two epochs",
    story="""\
A weight for each of sixteen numbers is trained by batches of 16 rooms, for two epochs.""",
    looks="""\
The loss began at 0.693, the price of being undecided: it learns quickly.""",
    judge=judge_3,
    show="""\
looks, loss_3 = drill_3(*scaled_rooms(), epochs=2)
print(f"loss after two epochs: {loss_3:.3f}")""",
    hint_text="Print `looks`: how often is a room looked at in two epochs?",
)
check_4 = of_mistake(
    4,
    drill_4,
    title="Layer by layer",
    story="""\
How strongly does each layer respond to the first room? A small network, which was never
trained, is asked for what comes out of its layers.""",
    looks="""\
Every layer that is printed has a number, of the size that one expects.""",
    judge=judge_4,
    show="""\
strengths = drill_4(eyes(), lesson("rooms", 16).train[0])
print({name: round(value, 3) for name, value in strengths.items()})""",
    hint_text="Which name is missing in what is printed, and does pooling leave a mean as it was?",
)
check_5 = of_mistake(
    5,
    drill_5,
    title="Maps to draw",
    story="""\
Eight maps are scaled for drawing: a filter's average becomes 128, a deviation 64. Two of the
filters are dead, and answer 0 everywhere.""",
    looks="""\
Eight tiles, a mean contrast, and no warning.""",
    judge=judge_5,
    show="""\
tiles, contrast = drill_5(responses())
print(f"{tiles.shape[-1]} tiles, mean contrast {contrast:.1f}")""",
    hint_text="Print `tiles[0, 0]`: one number for each filter.",
)
check_12 = of_mistake(
    12,
    drill_12,
    title="Normalized rooms",
    story="""\
Twenty batches of rooms pass a layer that normalizes. As in `fit`, a rule is learnt from what comes
out in training mode; as in use, it is asked about other rooms with training mode off.""",
    looks="""\
While it learnt, with training mode on, it was right about most. These must be harder.""",
    judge=judge_12,
    show="""\
said_12, score_12 = drill_12(*batched_rooms())
print(f"right: {score_12:.2f} of {len(said_12)}")""",
    hint_text="Is `norm.moving_mean` near the average of `inputs`? How many batches has it seen?",
)
DRILLS = (check_3, check_4, check_5, check_12)
