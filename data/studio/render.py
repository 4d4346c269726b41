"""Command line: `python -m data.studio.render rooms --out data/sample`.

Renders both twins of every seed, their masks, and one line of parameters a picture. What exists is
left alone, so a run that was stopped goes on where it ended.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from . import seeds
from .layout import make_plan

SIZE, SAMPLES = 300, 8
MASKED = ("val", "test")  # the splits whose masks are kept


def image_path(out: Path, seed: int, kind: str) -> Path:
    """Where the picture of a seed and class lies; the unlabelled ones share one folder."""
    split = seeds.split_of(seed)
    return out / split / ("" if split == "predict" else kind) / f"room_{seed:04d}.jpg"


def mask_path(out: Path, seed: int, kind: str) -> Path:
    """Where the mask of a seed and class lies."""
    return out / "masks" / seeds.split_of(seed) / kind / f"room_{seed:04d}.png"


def photograph(
    out: Path, seed: int, kind: str, size: int, samples: int, cloths: dict, masked: bool
) -> None:
    """Render one picture, and its mask if wanted, unless both are there."""
    from . import camera, output, room

    picture, mask = image_path(out, seed, kind), mask_path(out, seed, kind)
    if picture.exists() and (mask.exists() or not masked):
        return
    plan = make_plan(seed)
    room.build(plan, kind == "messy", cloths)
    output.prepare(size, samples, seed)
    linear = output.shoot()
    if masked:
        output.save_mask(output.mask(), mask)
    output.save_photograph(camera.develop(linear, plan.light, seed), picture)


def write_parameters(out: Path, size: int, samples: int) -> None:
    """One JSON Lines file a split, with a line for every picture that is there."""
    from . import output

    for split, numbers in seeds.SPLITS.items():
        rows = [
            {
                "file": image_path(out, seed, kind).relative_to(out).as_posix(),
                "twin": f"room_{seed:04d}",
                **make_plan(seed).parameters(kind == "messy"),
                **output.settings(size, samples),
            }
            for seed in numbers
            for kind in seeds.classes_of(seed)
            if image_path(out, seed, kind).exists()
        ]
        if rows:
            output.save_parameters(rows, out / "parameters" / f"{split}.jsonl")


def render(
    out: Path, chosen: list[int], size: int, samples: int, cloths: dict, all_masks: bool
) -> None:
    """Render the chosen seeds one after the other in this process."""
    for seed in chosen:
        split = seeds.split_of(seed)
        for kind in seeds.classes_of(seed):
            photograph(out, seed, kind, size, samples, cloths, all_masks or split in MASKED)
            print(f"{split} {kind} {seed}", flush=True)


def share_out(words: argparse.Namespace, chosen: list[int]) -> None:
    """Render in several processes, each with every n-th seed.

    They are started afresh, because Blender cannot be imported in a process that Python's own
    multiprocessing has prepared. Raises CalledProcessError where one of them fails.
    """
    command = [sys.executable, "-m", "data.studio.render", words.set, "--jobs", "1", "--worker"]
    for name in ("out", "size", "samples", "cache"):
        command += [f"--{name}", str(getattr(words, name))]
    command += ["--all-masks"] * words.all_masks + ["--only"]
    parts = [chosen[i :: words.jobs] for i in range(min(words.jobs, len(chosen)))]
    workers = [subprocess.Popen(command + [str(seed) for seed in part]) for part in parts]
    for status in [worker.wait() for worker in workers]:
        if status:
            raise subprocess.CalledProcessError(status, command)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line's words."""
    parser = argparse.ArgumentParser(prog="data.studio.render", description=__doc__)
    parser.add_argument("set", choices=("rooms",), help="which sample set to render")
    parser.add_argument("--out", type=Path, default=Path("data/sample"), help="folder of the sets")
    parser.add_argument(
        "--only", type=int, nargs="+", metavar="SEED", help="render these seeds only"
    )
    parser.add_argument(
        "--jobs", type=int, default=min(8, os.cpu_count() or 1), help="processes at a time"
    )
    parser.add_argument("--size", type=int, default=SIZE, help="pixels a side")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples a pixel")
    parser.add_argument("--tiny", action="store_true", help="48 pixels and 2 samples, for tests")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--all-masks", action="store_true", help="keep the masks of every split")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path("data/studio/.cache/cloth.npz"),
        help="where the simulated cloth is kept",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Render what the command line asks for."""
    from . import cloth

    words = parse(arguments)
    out = words.out / words.set
    if words.tiny:
        words.size, words.samples = 48, 2
    chosen = words.only or [seed for numbers in seeds.SPLITS.values() for seed in numbers]
    cloths = cloth.library(words.cache)  # before other processes want it, too
    if words.jobs > 1:
        share_out(words, chosen)
    else:
        render(out, chosen, words.size, words.samples, cloths, words.all_masks)
    if not words.worker:
        write_parameters(out, words.size, words.samples)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
