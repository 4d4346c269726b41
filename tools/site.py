"""Build the site: `python -m tools.site`, or `make site`, which sets up what it needs.

    build/site               the pages, which open from disk or from any web server
    build/site/pdf           each notebook to be printed, where Chromium is installed
    build/site/room-by-room.zip  all of it, to be carried along

Sphinx reads what tools/pages.py makes of the project's pages; docs/conf.py says how it looks. A
warning is an error: a link that leads nowhere does not get past.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.chapters import ROOT
from tools.pages import laboratory_is_built, notebooks, write_pages

BUILD = ROOT / "build"
SOURCES = BUILD / "site-sources"
SITE = BUILD / "site"
ZIP = "room-by-room.zip"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-extensions"]
LONG = 120  # seconds; a chapter takes three


def render(with_pdf: bool) -> None:
    """Let Sphinx make the pages; stop where it warns."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-j", "auto"]
    command += ["-c", str(ROOT / "docs"), "-d", str(BUILD / "site-doctrees")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SITE_PDF": str(int(with_pdf))}
    done = subprocess.run([*command, str(SOURCES), str(SITE)], env=environment, cwd=ROOT)
    if done.returncode:
        sys.exit("The site was not built: see what Sphinx says above.")


def print_page(chromium: str, page: str) -> None:
    """Print one page of the site as a tagged PDF.

    Raises:
        RuntimeError: no PDF came of it.
    """
    source = (SITE / page).with_suffix(".html")
    target = SITE / "pdf" / f"{source.stem}.pdf"
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, *FLAGS, f"--user-data-dir={profile}", "--no-pdf-header-footer"]
        command += ["--generate-pdf-document-outline", f"--print-to-pdf={target}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONG)
        except subprocess.TimeoutExpired:
            done = subprocess.CompletedProcess(command, 1, "", f"it took over {LONG} seconds")
    if not target.exists() or not target.read_bytes().startswith(b"%PDF"):
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RuntimeError(f"{page} was not printed ({why}): make site ARGS=--no-pdf does without.")


def print_pages(chromium: str) -> None:
    """Print every notebook, two at a time."""
    (SITE / "pdf").mkdir()
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda page: print_page(chromium, page), notebooks()):
            pass


def tidy() -> None:
    """Take out what only Sphinx needs, and what names this machine or this day."""
    for name in (".buildinfo", "objects.inv", "_sources"):
        path = SITE / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for source_map in SITE.rglob("*.map"):
        source_map.unlink()


def pack() -> None:
    """Write the zip: the same bytes for the same site."""
    files = sorted(path for path in SITE.rglob("*") if path.is_file())
    with zipfile.ZipFile(SITE / ZIP, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            name = f"room-by-room/{path.relative_to(SITE).as_posix()}"
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def cleared(folder: Path) -> None:
    """Remove a folder; stop where that fails, for a page that is gone would stay on the site."""
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        sys.exit(f"{folder} cannot be emptied ({error.strerror or error}): remove it by hand.")


def lead_back(page: Path) -> None:
    """Let the laboratory's title lead to the site: only as a part of it has it one to lead to."""
    name = "Room by Room"
    text = page.read_text(encoding="utf-8")
    linked = text.replace(f"<span>{name} ", f'<span><a href="../index.html">{name}</a> ')
    page.write_text(linked, encoding="utf-8", newline="\n")


def build(chromium: str | None) -> None:
    """Build the site anew; without Chromium, it has no PDFs."""
    for folder in (SOURCES, SITE, BUILD / "site-doctrees"):
        cleared(folder)
    write_pages(SOURCES, SITE / "pictures")
    render(bool(chromium))
    if laboratory_is_built():
        left_out = shutil.ignore_patterns("node_modules", "package*.json", "*.md", "*.py", ".*")
        shutil.copytree(ROOT / "lab", SITE / "lab", ignore=left_out)
        lead_back(SITE / "lab" / "index.html")
    else:
        print("The laboratory is not built (make laboratory): the site is without it.")
    tidy()
    if chromium:
        print_pages(chromium)
    pack()


def main() -> None:
    """Build, and say where the site is, how large, and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-pdf", action="store_true", help="leave the PDFs out")
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if parser.parse_args().no_pdf:
        chromium = None
    elif not chromium:
        print("Chromium is not installed: the site has no PDFs.")
    start = time.monotonic()
    try:
        build(chromium)
    except RuntimeError as error:
        sys.exit(str(error))
    megabytes = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file()) / 1e6
    home = (SITE / "index.html").relative_to(ROOT)
    print(f"{home}: {megabytes:.0f} MB in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
