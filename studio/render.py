"""Command line: `python -m studio.render [rooms bikes] [--out data/sample]`.

Renders the pictures of the sets named, or of all, the masks of what makes their class, and one
line of parameters a picture. What exists is left alone, so a run that was stopped goes on where it
ended.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from . import sets
from .sets import SampleSet, Shot


def photograph(
    sample_set: SampleSet, shot: Shot, out: Path, size: tuple[int, int], samples: int, masked: bool
) -> None:
    """Render one picture into the set's folder, and its mask if wanted; what is there stays."""
    from .core import output

    picture = out / shot.file
    mask = out / shot.mask
    unmasked = masked and not mask.exists()
    if picture.exists() and not unmasked:
        return
    plan = sample_set.make_plan(shot)
    sample_set.build(plan)
    output.prepare(size, samples, shot.seed)
    if not picture.exists():
        output.save_photograph(sample_set.develop(output.shoot(), plan), picture)
    if unmasked:
        output.save_mask(output.mask(), mask)


def write_parameters(sample_set: SampleSet, out: Path, size: tuple[int, int], samples: int) -> None:
    """One JSON Lines file a split, a line for every picture that is there, and their groups."""
    from .core import output

    rows: dict[str, list[dict]] = {}
    for shot in sample_set.SHOTS:
        if (out / shot.file).exists():
            row = {"file": shot.file, **sample_set.make_plan(shot).parameters()}
            rows.setdefault(shot.split, []).append(row | output.settings(size, samples))
    for split, lines in rows.items():
        output.save_parameters(lines, out / "parameters" / f"{split}.jsonl")
    output.save_groups([row for lines in rows.values() for row in lines], out / "groups.csv")


def render(name: str, words: argparse.Namespace) -> None:
    """Render every n-th picture of a set, one after the other, in this process."""
    sample_set = sets.find(name)
    size = sample_set.SIZE
    samples = sample_set.SAMPLES
    if words.tiny:
        size = tuple(side * 48 // max(size) for side in size)
        samples = 2
    chosen = [s for s in sample_set.SHOTS if words.only is None or s.seed in words.only]
    first, step = words.part
    for shot in chosen[first::step]:
        masked = words.all_masks or shot.split in sample_set.MASKED
        photograph(sample_set, shot, words.out / name, size, samples, masked)
        print(name, shot.file, flush=True)
    if step == 1:
        write_parameters(sample_set, words.out / name, size, samples)


def share_out(words: argparse.Namespace, arguments: list[str]) -> None:
    """Render in several processes, each every n-th picture, then write the parameters.

    They are started afresh, because Blender cannot be imported in a process that Python's own
    multiprocessing has prepared. Raises CalledProcessError where one of them fails.
    """
    command = [sys.executable, "-m", "studio.render", *arguments, "--part"]
    parts = [[str(n), str(words.jobs)] for n in range(words.jobs)]
    workers = [subprocess.Popen(command + part) for part in parts]
    for status in [worker.wait() for worker in workers]:
        if status:
            raise subprocess.CalledProcessError(status, command)


def known(name: str) -> str:
    """The name of a set. Raises ArgumentTypeError for a name that is none."""
    if name not in sets.NAMES:
        raise argparse.ArgumentTypeError(f"no sample set is called {name!r}")
    return name


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line's words."""
    parser = argparse.ArgumentParser(prog="studio.render", description=__doc__)
    names = ", ".join(sets.NAMES)
    parser.add_argument("set", nargs="*", type=known, help=f"which of {names}; all if none")
    parser.add_argument("--out", type=Path, default=Path("data/sample"), help="folder of the sets")
    parser.add_argument("--only", type=int, nargs="+", metavar="SEED", help="these seeds only")
    jobs = min(8, os.cpu_count() or 1)
    parser.add_argument("--jobs", type=int, default=jobs, help="processes at a time")
    parser.add_argument("--part", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--tiny", action="store_true", help="48 pixels and 2 samples, for tests")
    parser.add_argument("--all-masks", action="store_true", help="keep the masks of every split")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Render what the command line asks for."""
    words = parse(arguments)
    if words.part is None and words.jobs > 1:
        share_out(words, arguments)
    words.part = words.part or (0, 1)  # what the workers rendered is found, and left alone
    for name in words.set or sets.NAMES:
        render(name, words)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
