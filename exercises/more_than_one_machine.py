"""Exercises of the chapter on more than one machine."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from helpers.exercises import Exercise, call, need

here = partial(Exercise, "more_than_one_machine")


def number(found: Any, hint: str) -> float:
    """Return one number that a learner's function gave, or raise with the hint."""
    need(isinstance(found, int | float | np.number) and not isinstance(found, bool), hint)
    return float(found)


def serial_from(function: Callable) -> str:
    """Judge the serial share that a measured speed-up betrays."""
    rng = np.random.default_rng(0)
    cases = [(3.0, 5), (2.0, 2), *zip(rng.uniform(1, 6, 20), rng.integers(7, 40, 20), strict=True)]
    for speed_up, workers in cases:
        n = int(workers)
        got = number(call(function, float(speed_up), n), "return one number, the serial share.")
        true = (1 / speed_up - 1 / n) / (1 - 1 / n)
        say = f"{n} workers that are {speed_up:.2f} times as fast"
        need(abs(got - speed_up / n) > 1e-9 or abs(got - true) < 1e-9, f"{say}: {got:.3f} is how "
             "well each is used, and not what cannot be shared.")  # fmt: skip
        need(abs(got - (1 - true)) > 1e-9 or abs(got - true) < 1e-9, f"{say}: {got:.3f} is the "
             "share that can be divided; the serial one is the rest.")  # fmt: skip
        need(abs(got - 1 / speed_up) > 1e-9 or abs(got - true) < 1e-9, f"{say}: {got:.3f} is the "
             "time that is left, of which a part is still divided among them.")  # fmt: skip
        away = f"{say} have a serial share of {true:.3f}, and you say {got:.3f}."
        need(abs(got - true) < 1e-6, away)
    return (
        "whatever is 5 times as fast with 10 workers has a serial share of "
        f"{call(function, 5.0, 10):.2f}, and will never be more than "
        f"{1 / call(function, 5.0, 10):.0f} times as fast."
    )


def how_many(function: Callable) -> str:
    """Judge how many machines end first, where each has to be started after the other."""
    rng = np.random.default_rng(0)
    draws = [rng.uniform((5_000, 0.002, 2), (200_000, 0.01, 40)) for _ in range(20)]
    cases = [(round(photos), each, start) for photos, each, start in draws]
    for photos, each, start in [*cases, (100, 0.002, 30.0)]:
        many = np.arange(1, 2000)
        ends = start * many + photos * each / many
        best = int(many[ends.argmin()])
        got = number(call(function, photos, each, start), "return one number of machines.")
        say = f"{photos} photos of {1000 * each:.1f} ms, {start:.1f} s to start one"
        need(got >= 1, f"{say}: with {got:g} machines nothing is answered; one is the least.")
        need(got == int(got), f"{say}: {got:g} machines cannot be rented.")
        took = start * got + photos * each / got
        told = f"{say}: {got:g} machines end after {took:.2f} s"
        hint = f"{told}, and most of that is starting: one more saves less than it costs."
        need(got <= 1.5 * best + 1, hint)
        need(got == best, f"{told}, {best} of them after {ends.min():.2f}.")
    few, most = (call(function, 100_000, 0.004, start) for start in (40, 1))
    return (
        f"100,000 photos of 4 ms, with 40 seconds to start a machine, end first on {few}; with one "
        f"second, on {most}. More than that only start longer."
    )


def dealt(function: Callable) -> str:
    """Judge how photos are dealt to workers that differ in speed."""
    rng = np.random.default_rng(0)
    cases = [(900, [100, 200]), (1000, [300, 300, 300]), (7, [1, 1])]
    cases += [(int(n), [*map(int, rng.integers(50, 600, 4))]) for n in rng.integers(2000, 9000, 10)]
    for photos, rates in cases:
        parts = list(call(function, photos, list(rates)))
        say = f"{photos} photos for rates of {', '.join(map(str, rates))} a second"
        need(len(parts) == len(rates), f"{say}: one number for each worker is asked.")
        need(all(part == int(part) for part in parts), f"{say}: nobody opens half a photo.")
        need(all(part >= 0 for part in parts), f"{say}: {min(parts)} photos are less than none.")
        total = sum(map(int, parts))
        need(total == photos, f"{say}: {total} of them are dealt.")
        ends = [part / rate for part, rate in zip(parts, rates, strict=True)]
        best = photos / sum(rates)
        alike = max(parts) - min(parts) <= 1 and len(set(rates)) > 1
        need(
            not alike,
            f"{say}: dealt alike, all wait {max(ends):.2f} s for the slowest; {best:.2f} would do.",
        )
        slack = 1 / min(rates) + 1e-9  # a photo
        need(max(ends) <= best + slack, f"{say}: the last is done after {max(ends):.3f} s, "
             f"and {best:.3f} would do.")  # fmt: skip
    alike = 300 / 100
    return (
        f"with rates of 100, 200 and 300, 900 photos take {900 / 600:.1f} s, and dealt alike "
        f"{alike:.1f}: all would wait for the slowest."
    )


check_1 = here(
    1,
    "What a speed-up betrays",
    4,
    """\
*Predict, then compute.* Ten workers are five times as fast as one. How large a share of the work is
serial, and how fast could any number of them be? Guess first; then turn Amdahl's law around: a
function that takes a speed-up and the number of workers, and returns the serial share.""",
    """
def serial_from(speed_up, workers):
    return (1 / speed_up - 1 / workers) / (1 - 1 / workers)  # solution

check_1(serial_from)
""",
    serial_from,
    (
        "The law says `1 / speed_up == share + (1 - share) / workers`.",
        "Bring `share` to one side: `1 / speed_up - 1 / workers == share * (1 - 1 / workers)`.",
    ),
)
check_2 = here(
    2,
    "How many to start",
    5,
    """\
Machines are started one after the other, each takes `start` seconds, and all begin when the last is
up: `photos` of `each` seconds then take `start * n + photos * each / n` on n machines. Guess first,
for a hundred thousand photos of four milliseconds and forty seconds a start: 2 machines, 20, 200?
Then write a function that returns the number with which all are answered first.""",
    """
def machines(photos, each, start):
    many = np.arange(1, 1000)
    # Here the number that ends first is returned.
    return int(many[(start * many + photos * each / many).argmin()])  # solution

check_2(machines)
""",
    how_many,
    (
        "`many` is every number of machines; compute the seconds for all of them at once.",
        "`argmin` gives the place of the smallest; what stands there in `many` is the number.",
    ),
)
check_3 = here(
    3,
    "The slowest one decides",
    6,
    """\
Machines are seldom alike. Given how many photos there are, and how many each worker answers a
second, deal them: a list of whole numbers, one for each worker, that add up to `photos`, so that
the last is done as early as it can be, give or take a photo. Guess first: what does it cost to deal
nine hundred photos alike to workers of one, two and three hundred a second?""",
    """
def deal(photos, rates):
    ends = np.cumsum(rates) / sum(rates) * photos
    # Where one's part ends, the next one's begins.
    places = np.rint([0, *ends]).astype(int)  # solution
    return np.diff(places).tolist()  # solution

check_3(deal)
""",
    dealt,
    (
        "`photos * rate / sum(rates)` is each one's part, but for the rounding.",
        "Round the places where parts end, not the parts: then they add up. `np.diff` gives the "
        "parts.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
