"""Exercises of the chapter on training curves."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from helpers.evaluate import wilson
from helpers.exercises import Exercise, call, need

here = partial(Exercise, "training_curves")
# Curves with one trap each: losses, patience, and the hint for whoever steps into it.
TRAPS = (
    ((5, 4, 3, 4, 5, 6, 2), 2, "the last epochs of this curve are never trained: do not use them."),
    ((3, 2, 2, 2, 1), 2, "an epoch as good as the best is no better: it goes on waiting."),
    ((5, 2, 4, 3.5, 3, 2.5, 2), 3, "better than the epoch before is not better than the best."),
    ((4, 3, 3.5, 2, 3, 3, 3), 2, "a new best sets the waiting back to nothing."),
    ((5, 4, 3, 2, 1), 2, "a curve that falls to the end is never stopped."),
)


def clear_the_floor(needed: Any, total: int, floor: float) -> str:
    """Judge how many right answers lift the whole interval above the baseline."""
    low = [wilson(right, total)[0] for right in range(total + 1)]
    enough = next((right for right in range(total + 1) if low[right] > floor), None)
    if enough is None:
        hint = f"even with all {total} right the interval begins at {low[-1]:.2f}: answer None."
        need(needed is None, hint)
        return f"{total} images are too few to tell any network from the baseline, {floor:.2f}."
    need(needed is not None, "there is such a number: try them, from the lowest on.")
    need(needed == int(needed), "a count of images is wanted, no share of them.")
    right = int(needed)
    need(0 <= right <= total, f"there are {total} validation images.")
    need(right / total > floor, f"{right} of {total} do not even lie above the baseline.")
    hint = (
        f"{right} of {total} lie above the baseline, but the interval begins at {low[right]:.3f}."
    )
    need(low[right] > floor, hint)
    need(right == enough, f"{right} are enough, and fewer are, too: look for the smallest number.")
    return (
        f"with {right} of {total} right the interval begins at {low[right]:.3f}, above the "
        f"baseline of {floor:.3f}; with one less it begins at {low[right - 1]:.3f}."
    )


def stopped(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Return how many epochs `EarlyStopping` trains, and the best of them, counted from 1."""
    best = 0
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] else best
        if epoch - best >= patience:
            break
    return epoch + 1, best + 1


def stop_in_time(stop_at: Callable, losses: Sequence[float]) -> str:
    """Judge a function that does what `EarlyStopping` does; return what patience costs."""
    for curve, patience, trap in TRAPS:
        found = call(stop_at, list(curve), patience)
        need(isinstance(found, tuple | list) and len(found) == 2, "return two epochs, not one.")
        found = tuple(found)
        trained, best = stopped(curve, patience)
        hint = f"losses {', '.join(map(str, curve))}, patience {patience}: you say {found}; "
        if trained != best:
            need(found != (best, trained), hint + "first the epochs trained, then the best.")
            need(found != (trained, trained), hint + "go back to the best, not to the last.")
        if trained < len(curve):
            need(found != (len(curve), best), hint + "training does not stop at all.")
            need(found != (trained + 1, best), hint + "that is one epoch more than it waits.")
        need(found != (trained - 1, best - 1), hint + "count the epochs from 1.")
        need(found == (trained, best), hint + trap)
    told = []
    for patience in (1, 4, 10):
        trained, best = call(stop_at, list(losses), patience)
        need((trained, best) == stopped(losses, patience), "on the chapter's own run it differs.")
        told.append(f"patience {patience} trains {trained} and keeps {losses[best - 1]:.2f}")
    return "of the run with 20 images, " + ", ".join(told) + ": epochs, and validation loss."


def two_knobs(
    both: Any,
    seeds: Any,
    experiment: Callable,
    runs: dict[str, Any],
    hits: dict[str, Any],
    twenty: Any,
) -> str:
    """Judge the plan of a comparison, carry it out, and return what came of it."""
    need(isinstance(both, dict), "the changes are a dict, from the names of parameters to values.")
    need("seed" not in both, "the seed is no knob: it stands in seeds, and differs between pairs.")
    need(both.get("augment") is True, "augmentation is off: it has to be on in both of a pair.")
    need(both.get("dropout"), "that is augmentation alone once more: the second knob is missing.")
    need(both["dropout"] == 0.5, "the chapter's dropout was 0.5: another amount is another remedy.")
    rival = len(set(map(str, twenty.files)))
    need("split" in both, f"it would learn from all images, and its rival has {rival}.")
    different = len(set(map(str, both["split"].files)))
    need(different == rival, f"it would learn from {different} images, and its rival has {rival}.")
    same = list(map(str, both["split"].files)) == list(map(str, twenty.files))
    need(same, f"{rival} images, but not those of its rival: the chapter calls them `twenty`.")
    third = ", ".join(sorted(set(both) - {"augment", "dropout", "split"}))
    need(not third, f"{third}: one thing more that differs, and no pair any longer.")
    seeds = seeds.tolist() if isinstance(seeds, np.ndarray) else seeds
    need(isinstance(seeds, list | tuple | range), "the seeds are a list of numbers.")
    need(len(set(seeds)) >= 3, "fewer than three seeds: one throw, or two.")
    need(set(seeds) == {1, 2, 3}, "augmentation alone has seeds 1, 2 and 3: a pair has the same.")
    gains = []
    apart = []
    for seed in sorted(set(seeds)):
        alone = "augmentation" if seed == 1 else f"augmentation, seed {seed}"
        name = f"both, seed {seed}"
        experiment(name, seed=seed, **both)
        ends = [np.mean(runs[run]["val_entropy"][-3:]) for run in (alone, name)]
        gains.append(f"{ends[0] - ends[1]:+.2f}")
        apart.append(str(int((hits[alone] != hits[name]).sum())))
    return (
        f"both knobs lower the validation loss by {', '.join(gains)} against augmentation alone, "
        f"and disagree with it about {', '.join(apart)} images: judge by all three."
    )


check_1 = here(
    1,
    "Above the floor",
    3,
    """\
*Predict, then run.* How many of the validation images must a network get right, so that even the
lower end of its interval lies above the majority-class baseline? Guess first, then find the
smallest number with `lower_ends`. (It is `None` where not even all of them would do.) On a folder
of your own, named in `COURSE_DATA`, it is another number: yours.""",
    """
all_val = len(data.val)
lower_ends = [interval(number, all_val)[0] for number in range(all_val + 1)]
needed = next((n for n, end in enumerate(lower_ends) if end > baseline), None)  # solution
check_1(needed, all_val, baseline)
""",
    clear_the_floor,
    (
        "`lower_ends[n]` is the lower end for `n` right answers.",
        "Go through them from 0 on, and take the first that is above `baseline`.",
    ),
)
check_2 = here(
    2,
    "Patience, by hand",
    6,
    """\
What does a patience cost? Write what `EarlyStopping` does: from a list of validation losses and a
patience, return how many epochs are trained, and which of them was the best, both counted from one.
Before you run it, predict both for the chapter's run with twenty images and a patience of one. The
check says what came of three patiences there.""",
    """
def stop_at(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] else best  # solution
        waited = epoch - best  # solution
        if waited == patience:
            break
    return epoch + 1, best + 1  # solution

check_2(stop_at, runs["20 images"]["val_loss"])
""",
    stop_in_time,
    (
        "`best` is the index of the lowest loss so far: when does it become `epoch`?",
        "It has waited for as many epochs as have gone by since `best`.",
        "Indices begin at 0, and epochs are counted from 1.",
    ),
)
check_3 = here(
    3,
    "Two knobs at once",
    6,
    """\
Does dropout help where augmentation is on already? Plan the comparison: which changes does
`experiment` get, and which seeds, so that each run makes a pair with one of the chapter's runs of
augmentation alone, and differs from it in dropout only? The check looks at the plan, and then
trains it, in some seconds. Before that, write down in how many pairs you expect a lower loss.""",
    """
both = {"split": twenty, "augment": True, "dropout": 0.5}  # solution
pair_seeds = [1, 2, 3]  # solution
check_3(both, pair_seeds, experiment, runs, hits, twenty)
""",
    two_knobs,
    (
        '`both` is a dict such as `{"split": twenty, ...}`: it goes to `experiment`.',
        "The run called dropout had `dropout=0.5`, and the seeds were 1, 2 and 3.",
    ),
)
EXERCISES = (check_1, check_2, check_3)
