"""Exercises of the chapter on heat maps."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.classifier import Classifier
from helpers.exercises import Exercise, call, need

SIDE = 20  # pixels of the square that is tidied
OF_NETWORK = ("Grad-CAM", "occlusion", "saliency")
LIMIT = [[40, 0, 0], [0, -41, 0]]  # of two steps the larger one alone is a change
here = partial(Exercise, "what_does_it_look_at")


def add_even_heat(lit: Any, hits: Any, maps: np.ndarray, share: Callable, hit: Callable) -> str:
    """Judge what even heat does to two marks by adding it; return both, before and after."""
    true = share(maps + maps.mean(axis=(1, 2), keepdims=True)).mean()
    before = share(maps).mean()
    need(np.ndim(lit) == np.ndim(hits) == 0, "two numbers are asked, over all rooms.")
    need(0 <= lit <= 1, "a share of the heat is asked: it lies between 0 and 1.")
    if abs(lit - true) > 0.011:
        hint = "of the even half, too, something lies on mess: as much as mess has of the picture."
        need(abs(lit - before / 2) > 0.011, hint)
        need(abs(lit - before) > 0.011, "the even half lies on mess less often than the other.")
        even = share(np.ones_like(maps)).mean()
        need(abs(lit - even) > 0.011, "half of the heat is not even: it stays where it was.")
        need(False, "one half of the heat has the share of before, the other that of spilt heat.")
    need(hits == 0 or hits >= 1, "the hits are a count of rooms.")
    count = hit(maps).sum()
    need(hits == count, "as much comes to each pixel: which one is the hottest then?")
    return (
        f"the share goes from {before:.2f} to {true:.2f}, and the hits stay {count}: a share hangs "
        "on where a map has its zero, and a hit does not."
    )


def settle(
    hot: Any,
    cold: Any,
    place: Any,
    heat: dict[str, np.ndarray],
    network: Classifier,
    messy: np.ndarray,
    tidy: np.ndarray,
) -> str:
    """Judge a place about which two maps disagree, and tidy it; return what the network says."""
    need("CAM" not in (hot, cold), "CAM belongs to another network.")
    need({hot, cold} <= set(OF_NETWORK), f"the maps are {', '.join(OF_NETWORK)}.")
    need(hot != cold, "that is one map, and it agrees with itself.")
    need(np.shape(place) == (3,), "a room, a row and a column are asked: three numbers.")
    room, top, left = map(int, place)
    need(0 <= room < len(messy), f"the rooms go from 0 to {len(messy) - 1}.")
    most = messy.shape[1] - SIDE
    need(0 <= min(top, left) <= max(top, left) <= most, f"beyond the picture: {most} is the last.")
    square = np.s_[top : top + SIDE, left : left + SIDE]
    high, low = _in_dispute({name: heat[name][room] + 1e-9 for name in (hot, cold)}, top, left)
    patched = messy[room].copy()
    patched[square] = tidy[room][square]
    before, after = network.probabilities(np.stack([messy[room], patched]))[:, 1]
    return (
        f"tidied there, P(messy) goes from {before:.2f} to {after:.2f}. {hot} gives this place "
        f"{high:.1f} times its average, {cold} {low:.1f} times: which was right?"
    )


def _in_dispute(maps: dict[str, np.ndarray], top: int, left: int) -> tuple[float, float]:
    """Ask for a square where two maps, the hotter first, are as far apart as they get, or nearly.

    Args:
        maps: The two maps of one room by name, each (height, width), above 0.
        top: The square's first row.
        left: Its first column.

    Returns:
        How hot the square is in each map, in multiples of the map's average.
    """
    hot, cold = maps
    ratios = np.stack([one / one.mean() for one in maps.values()])
    first, second = sliding_window_view(ratios, (SIDE, SIDE), (1, 2)).mean(axis=(3, 4))
    apart = first - second
    high, low = (float(one[top, left]) for one in (first, second))
    said = f"there {hot} has {high:.1f} times its average, and {cold} {low:.1f} times: "
    near = high - low >= 0.9 * apart.max()
    need(near or high > 1 or low < 2, said + "name the hotter map first.")
    need(first.flat[apart.argmax()] > 1, "in this room they agree too well: choose another room.")
    need(near or high > 1 or low > 1, said + "neither is hot.")
    need(near or low <= max(1, high / 2), said + "the other is not cold there.")
    need(near, said + f"in this room they are {apart.max():.1f} times apart elsewhere.")
    return high, low


def what_changed(
    changed_at: Callable, one: np.ndarray, other: np.ndarray, p_messy: Callable, elsewhere: Callable
) -> str:
    """Judge a mask of what differs, and use it on a pair; return what the network says of it."""
    steps = np.array([[[20, 0, 0], [-20, 0, 0]], [[0, 60, 0], [0, 0, -60]], [[30] * 3] * 2, LIMIT])
    second = (100 - np.tile(steps, (1, 10, 1))).astype("uint8")
    found = np.asarray(call(changed_at, np.full_like(second, 100), second))
    hint = "keep the axis of colours, with a length of 1, so that np.where can use the mask."
    need(found.shape == (4, 20, 1), f"4 x 20 pixels, and the shape is {found.shape}: {hint}")
    need(found.dtype == bool, "a mask is asked, true where the pictures differ.")
    need(not found[0].any(), "100 less 120 is 236 in bytes: turn one to int before you subtract.")
    need(found[1].any(), "one colour is enough: take the largest of three, no mean, no `all`.")
    need(found[1].all(), "brighter or darker, either is a change: take the size alone.")
    need(not found[2].any(), "three colours that differ by 30 do not add up to more than 40.")
    edge = not found[3, ::2].any() and found[3, 1::2].all()
    need(edge, "the limit is 40: a step of 40 is no change yet, and one of 41 is.")
    mask = np.asarray(changed_at(one, other))
    need(mask.any(), "right so far, but this pair differs nowhere: is it one photograph twice?")
    hint = "right so far, but {:.0%} of this pair differ: did the camera move, or the light?"
    need(mask.mean() < 0.8, hint.format(mask.mean()))
    given = [one, other, np.where(mask, other, one), np.where(elsewhere(mask), other, one)]
    said = [f"{p_messy(picture[None])[0]:.2f}" for picture in given]
    return (
        f"{mask.mean():.0%} differ. P(messy) is {said[0]} and, of the tidy one, {said[1]}; tidied "
        f"where they differ it is {said[2]}, and elsewhere {said[3]}."
    )


class Watcher:
    """Stands in for a network: it says 1 where one pixel is not hidden, and keeps what it saw."""

    def __init__(self, row: int, column: int) -> None:
        self.pixel = (row, column)
        self.seen: list[np.ndarray] = []

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """Answer, as P(messy) of each picture."""
        self.seen.append(np.array(pictures))
        return (self.seen[-1][:, *self.pixel] != 128).any(axis=-1).astype(float)


def fifth(
    fifth_map: Callable,
    open_at: np.ndarray,
    pictures: np.ndarray,
    network: Classifier,
    share: Callable,
    tidied: Callable,
    rival: np.ndarray,
) -> str:
    """Judge a map that is made of hidden pictures; return its two marks beside a rival's."""
    planted = np.random.default_rng(4).integers(130, 250, pictures[0].shape, "uint8")
    for row, column in ((24, 72), (72, 8)):
        ask = Watcher(row, column)
        found = np.asarray(call(fifth_map, planted, ask))
        need(ask.seen, "the network that is given, `ask`, is asked nothing.")
        given = np.concatenate(ask.seen)
        _well_hidden(given, planted, open_at == 1)
        _well_summed(found, ask(given), open_at[..., 0].astype(float))

    def p_left(some: np.ndarray) -> np.ndarray:
        return network.probabilities(some)[:, 1]

    maps = np.stack([fifth_map(picture, p_left) for picture in pictures])
    lower = [(p_left(pictures) - tidied(one)).mean() for one in (maps, rival)]
    on_mess = [share(one).mean() for one in (maps, rival)]
    return (
        f"{on_mess[0]:.2f} of its heat lies on mess, where occlusion has {on_mess[1]:.2f}; a fifth "
        f"tidied where it is hottest lowers P(messy) by {lower[0]:.2f}, and by {lower[1]:.2f}."
    )


def _well_hidden(given: np.ndarray, planted: np.ndarray, shown: np.ndarray) -> None:
    """Ask that the pictures that a network was asked about are grey where a grid is 0."""
    need(len(given) == len(shown), f"{len(given)} are asked about, there are {len(shown)} grids.")
    need(given.shape[1:] == planted.shape, f"the shape of a picture is {given.shape[1:]}.")
    shown = np.broadcast_to(shown, given.shape)
    need(not (given[shown] == 128).all(), "what a grid shows is hidden: grey is where it is 0.")
    need((given[~shown] == 128).all(), "where a grid is 0, its picture should be grey: 128.")
    need((given == planted)[shown].all(), "where a grid is 1, its picture should be as it was.")


def _well_summed(found: np.ndarray, said: np.ndarray, places: np.ndarray) -> None:
    """Ask for a map of the mean answers of those grids that show a place, from 0 up."""
    need(found.shape == places.shape[1:], f"the shape is {found.shape}: a number for each pixel.")
    need(np.ptp(found) > 1e-6, "the map is the same everywhere: weigh each grid by its answer.")
    sums = np.tensordot(said, places, axes=1)
    true = sums / places.sum(axis=0)
    like = [np.corrcoef(found.ravel(), one.ravel())[0, 1] for one in (sums, true)]
    need(like[0] < 0.99999, "a place that more grids show has more: divide by their sum.")
    need(like[1] > -0.99, "the map is coldest where the answer hangs on: the sign is wrong.")
    hint = "each place: the mean answer to the grids that show it."
    need(like[1] > 0.99999, hint)
    need(abs(found.min()) < 1e-6, "its smallest value is not 0: a share of heat needs a zero.")
    need(np.allclose(found, true - true.min(), atol=1e-4), hint)


check_1 = here(
    1,
    "Heat from everywhere",
    4,
    """\
*Predict, then run.* To each map of Grad-CAM as much heat is added as it has, spread evenly over the
picture. What becomes of its two marks: of the share of heat that lies on mess, on average over the
rooms, and of the hits? Write both down from the marks above, as sums where you like; two decimals
will do. The check adds the heat, and marks the maps anew.""",
    """
lit_share = (share(heat["Grad-CAM"]).mean() + area.mean()) / 2  # solution
lit_hits = hit(heat["Grad-CAM"]).sum()  # solution
check_1(lit_share, lit_hits, heat["Grad-CAM"], share, hit)
""",
    add_even_heat,
    (
        "Half of the heat is as before. Of the other half, how much lies on mess?",
        "`area` is the share of each picture that is mess, and `share` does the marking.",
    ),
)
check_2 = here(
    2,
    "A place in dispute",
    6,
    """\
Where do two maps of this network disagree most, hot in the one, cold in the other? Take the two
below or others of Grad-CAM, occlusion and saliency, the hotter first. `apart_by` says by how much,
each map in multiples of its average, for every square of `20` pixels: by room, top row and left
column. Find the square where they are furthest apart, in all rooms or in one of your choice, and
look at that room in the cell that draws room 24. The check tidies the square. Before you run it:
will the answer change?""",
    """
from scipy.ndimage import uniform_filter

hot_map = "Grad-CAM"
cold_map = "occlusion"
both_maps = [heat[name] + 1e-9 for name in (hot_map, cold_map)]
relative = [values / values.mean(axis=(1, 2), keepdims=True) for values in both_maps]
apart_by = uniform_filter(relative[0] - relative[1], (1, 20, 20))[:, 10:87, 10:87]
disputed = np.unravel_index(apart_by.argmax(), apart_by.shape)  # solution
check_2(hot_map, cold_map, disputed, heat, network, small, small_tidy)
""",
    settle,
    (
        "`disputed` is `(room, top, left)`, as in `(24, 60, 10)`, from the upper left corner.",
        "`apart_by` says it for each square, by room, top and left: where is its maximum?",
    ),
)
check_3 = here(
    3,
    "Your own twins",
    6,
    """\
Stand your phone somewhere, photograph a messy table, tidy it without moving the phone, and
photograph it again. Put the names of both photographs into `my_pair`, the messy one first; until
then two of the course's rooms stand there, and the minutes are for these. There is no mask,
so make one: a function that returns where two pictures differ by more than `40` in at least one of
the colours, as an array of booleans with a last axis of 1. The check tidies the messy picture
there, and elsewhere. (The network has learnt from renderings, and may take both photographs for the
same: [chapter 6](06_upload_and_predict.ipynb) says how often it goes wrong.)""",
    """
my_pair = messy_files[24], tidy_files[24]
my_messy, my_tidy = (open_image(file, (300, 300)) for file in my_pair)

def changed_at(one, other):
    gaps = np.abs(one.astype(int) - other)  # solution
    return gaps.max(axis=-1, keepdims=True) > 40  # solution

check_3(changed_at, my_messy, my_tidy, p_messy, elsewhere)
""",
    what_changed,
    (
        "Bytes cannot be negative: one of them has to become `int` before you subtract.",
        "`max(axis=-1, keepdims=True)` takes the largest of three colours and keeps the axis.",
    ),
)
check_4 = here(
    4,
    "A fifth map",
    9,
    """\
Write a map that asks about pictures of which half is hidden
([Petsiuk et al., 2018](https://arxiv.org/abs/1806.07421)). `open_at` holds `200` grids, each as
large as a picture. Make the picture grey, `128`, wherever a grid is 0, and ask about them all:
`ask` takes pictures, and returns P(messy) of each. The map is the sum of the grids, each times the
answer that it left, divided by the sum of the grids; take its smallest value off, for a share of
heat needs a zero. Does it lie on mess as occlusion does, and does tidying there lower P(messy) as
far?""",
    """
grids = np.random.default_rng(0).random((200, 6, 6)) < 0.5
open_at = np.kron(grids, np.ones((1, 16, 16)))[..., None]

def fifth_map(picture, ask):
    half_hidden = np.where(open_at, picture, 128)  # solution
    weighted = ask(half_hidden)[:, None, None, None] * open_at  # solution
    values = (weighted.sum(axis=0) / open_at.sum(axis=0))[..., 0]  # solution
    return values - values.min()  # solution

check_4(fifth_map, open_at, small, network, share, tidied, heat["occlusion"])
""",
    fifth,
    (
        "`np.where(open_at, picture, 128)` makes all the pictures at once: `(200, 96, 96, 3)`.",
        "`ask` returns 200 numbers; with three axes more they multiply 200 grids.",
        "The last axis of `open_at` is 1, and the map has none: `[..., 0]` takes it away.",
    ),
)
EXERCISES = (check_1, check_2, check_3, check_4)
