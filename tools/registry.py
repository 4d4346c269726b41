"""Write data/registry.json, the SHA-256 of every file that is rendered or trained.

`python -m tools.registry`, after `make samples` or `make backbones`. A test holds the files and the
registry together, so that no sample changes unnoticed.
"""

import hashlib
import json
from pathlib import Path

from helpers.files import whole
from helpers.runtime import ROOT
from tools.commandline import no_words

REGISTRY = ROOT / "data" / "registry.json"
FOLDERS = ("data/sample", "data/backbone")
MADE = {".jpg", ".png", ".jsonl", ".csv", ".h5"}  # the rest are words: cards and licences


def digests(root: Path = ROOT) -> dict[str, str]:
    """Return the SHA-256, in hexadecimal, of each file by its path below the course, sorted."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*"))
    files = sorted(path for path in found if path.suffix in MADE and path.name[0] != ".")
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def main() -> None:
    """Write the registry."""
    found = digests()
    with whole(REGISTRY) as part:
        part.write_text(json.dumps(found, indent=0) + "\n")
    print(f"{REGISTRY.relative_to(ROOT)}: {len(found)} files")


if __name__ == "__main__":
    no_words(__doc__)
    main()
