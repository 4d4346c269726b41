"""What the site shows of the project: pages and notebooks, made ready for Sphinx.

Nothing is written twice: each page is a file of the project, copied to the same place below the
site's sources, so that links from one to another hold. A link to a file that is no page leads to
the repository, and where the course is not published its text stays without a link. In a notebook
pictures become files of their own, each with the text that the notebook stores for it.
"""

import base64
import html
import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from helpers.questions import read_questions
from helpers.quiz import as_html
from tools.chapters import ROOT, Chapter, read_chapters
from tools.glossary import read_terms, read_texts
from tools.published import Address, read_address
from tools.questions import asked
from tools.stamp import fill

HOME = "docs/index.md"  # the one page that moves: the site opens with it
QUESTIONS = "questions/index.md"
GLOSSARY = "docs/glossary.md"
LABORATORY = "laboratory.md"
PICTURES = ("figures", "data/sheets")  # what pages show, besides what notebooks store
LINK = re.compile(r"(!?)\[((?:!\[[^\]]*\]\([^)]*\)|[^\[\]])*)\]\(([^)\s]+)\)")
PICTURE = re.compile(r'<img\b[^>]*?\bsrc="data:image/png;base64,([^"]+)"[^>]*>', re.DOTALL)
TAKE_ALONG = (
    'All of it is to be had <a href="room-by-room.zip">as one zip</a>, which opens from disk: '
    "unpack it, and open `index.html`. It needs no network."
)
# Each caption of the side bar, with its pages after the chapters and the clinic, which are found.
PRACTICE = [QUESTIONS, "docs/cheatsheet.md"]
FACTS = [GLOSSARY, "data/README.md", "docs/results.md", "docs/seeds.md"]
TEACHING = ["docs/teaching.md", "docs/lessons.md", "docs/class.md", "docs/fork.md"]
TEACHING += ["docs/deploy.md", "docs/environment.md", "docs/maintaining.md"]
TEACHING += ["CONTRIBUTING.md", "studio/README.md", "CHANGELOG.md"]
SHORT = {
    "README.md": "Set up",
    "docs/environment.md": "Environment variables",
    "docs/cheatsheet.md": "Two pages to print",
    "docs/teaching.md": "Teach with it",
    "studio/README.md": "The studio",
}


def cards(root: Path = ROOT) -> list[str]:
    """Return the pages that describe the sample sets."""
    found = sorted((root / "data" / "sample").glob("*/README.md"))
    return [path.relative_to(root).as_posix() for path in found]


def notebooks(root: Path = ROOT) -> list[str]:
    """Return the chapters, then the clinic, as paths below the project."""
    clinic = sorted((root / "notebooks" / "clinic").glob("*.ipynb"))
    chapters = [f"notebooks/{chapter.name}" for chapter in read_chapters(root)]
    return chapters + [path.relative_to(root).as_posix() for path in clinic]


def laboratory_is_built(root: Path = ROOT) -> bool:
    """Say whether `make laboratory` has come to its end: it writes this file last."""
    return (root / "lab" / "built" / "files.js").exists()


def contents(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the pages by the caption under which the side bar lists them, in its order."""
    chapters = [name for name in notebooks(root) if "clinic" not in name]
    start = ["README.md", LABORATORY] if laboratory_is_built(root) else ["README.md"]
    clinic = [name for name in notebooks(root) if "clinic" in name]
    return {
        "Before you start": start,
        "Chapters": chapters,
        "Practice": clinic + PRACTICE,
        "Facts": FACTS[:2] + cards(root) + FACTS[2:],
        "Teach and contribute": TEACHING,
    }


def place(page: str) -> str:
    """Return where a page of the project stands on the site."""
    return "index.md" if page == HOME else page


def relinked(text: str, page: str, pages: Iterable[str], address: Address) -> str:
    """Return Markdown with its links as they hold on the site, and with no picture from outside.

    Args:
        text: Of the page, or of a cell of it.
        page: The page's path below the project.
        pages: The paths of all pages.
        address: Where the course is published.
    """
    known = {HOME, *pages}

    def mended(match: re.Match[str]) -> str:
        mark, says, link = match.groups()
        says = re.sub(r"!\[([^\]]*)\]\(https?:[^)]*\)", r"\1", says)  # a badge would be fetched
        name, hash_sign, anchor = link.partition("#")
        if not name or re.match(r"[a-z]+:", name):
            return f"{'' if 'http' in name else mark}[{says}]({link})"
        target = os.path.normpath(PurePosixPath(page).parent / name).replace(os.sep, "/")
        if target in known or mark:
            here = PurePosixPath(place(page)).parent
            return f"{mark}[{says}]({os.path.relpath(place(target), here)}{hash_sign}{anchor})"
        if address.repository:
            return f"[{says}]({address.repository}/blob/{address.branch}/{target})"
        return says

    parts = re.split(r"(^```.*?^```$|`[^`\n]+`)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if i % 2 else LINK.sub(mended, part) for i, part in enumerate(parts))


def framed(png: bytes, name: str, tag: str, folder: Path) -> str:
    """Write a picture into a folder; return its tag, which names the file and its size."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(png)
    width = int.from_bytes(png[16:20])
    height = int.from_bytes(png[20:24])
    size = f'width="{width}" height="{height}" loading="lazy"'
    return tag.replace("<img", f"<img {size}", 1)


def drawn(output: NotebookNode, name: str, up: str, folder: Path) -> str | None:
    """Return the HTML of an output that holds a picture, and write its files; None without one.

    Args:
        output: Of a code cell.
        name: Of the picture's file, without an ending.
        up: The way from the page to the site's top, "../".
        folder: Where pictures are written.
    """
    source = output.get("data", {}).get("text/html", "")
    found = list(PICTURE.finditer(source))
    for number, match in enumerate(found):
        file = f"{name}-{number}.png" if number else f"{name}.png"
        tag = match[0].replace(f"data:image/png;base64,{match[1]}", f"{up}pictures/{file}")
        tag = framed(base64.b64decode(match[1]), file, tag, folder)
        source = source.replace(match[0], tag, 1)
    return source if found else None


def shown(cell: NotebookNode, name: str, up: str, folder: Path) -> NotebookNode:
    """Return a code cell as the site shows it: pictures as files, no widgets, set-up folded."""
    tags = list(cell.metadata.get("tags", []))
    quiz = bool(re.search(r"^quiz\(", cell.source, re.MULTILINE))
    if "setup" in tags or cell.metadata.get("jupyter", {}).get("source_hidden"):
        tags.append("hide-input")
    if quiz:
        tags.append("remove-input")
    cell.metadata["tags"] = tags
    for number, output in enumerate(cell.outputs):
        picture = drawn(output, f"{name}-{number}", up, folder)
        data = output.get("data", {})
        data.pop("application/vnd.jupyter.widget-view+json", None)
        if picture:
            output["data"] = {"text/html": picture}
        elif quiz and "text/html" in data:
            output["data"] = {"text/html": f'<div class="quiz">{data["text/html"]}</div>'}
    return cell


def notebook_page(page: str, pages: Iterable[str], folder: Path, root: Path = ROOT) -> str:
    """Return a notebook as the site shows it, as JSON; write its pictures into a folder."""
    notebook = nbformat.read(root / page, as_version=4)
    address = read_address(root)
    up = "../" * page.count("/")
    cells = []
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if "badges" in tags:  # the page has buttons for that
            continue
        if cell.cell_type == "code":
            cell = shown(cell, f"{Path(page).stem}-{number:02}", up, folder)
            if "remove-input" in cell.metadata["tags"]:
                cells.append(nbformat.v4.new_markdown_cell("## Questions", id="questions"))
        else:
            cell.source = relinked(cell.source, page, pages, address)
        cells.append(cell)
    notebook.cells = cells
    return nbformat.writes(notebook)


def glossary_page(root: Path = ROOT) -> str:
    """Return the words of the course as Sphinx knows them, so that each can be pointed at."""
    homes = {text.cell: text.chapter for text in read_texts(root)}
    head = (root / GLOSSARY).read_text("utf-8").partition("\n- ")[0]
    lines = [head, "", "```{glossary}"]
    for term in sorted(read_terms(root), key=lambda term: term.name.lower()):
        chapter = homes[term.cell]
        link = f"[Chapter {chapter.number}](../notebooks/{chapter.name})"
        lines += [term.name, f"  {term.says} {link}", ""]
    return "\n".join([*lines[:-1], "```", ""])


def questions_page(root: Path = ROOT) -> str:
    """Return all questions of the course on one page, each with its answer folded."""
    lines = [
        "# Questions",
        "",
        "Answer first, then unfold. Each answer names the cell that shows it.",
    ]
    for chapter in asked(root):
        lines += ["", f"## {chapter.number}. {chapter.title}", ""]
        lines.append(f"From [the chapter](../notebooks/{chapter.name}).")
        lines += ["", f'<div class="quiz">{as_html(read_questions(chapter.slug))}</div>']
    return "\n".join(lines) + "\n"


def card(chapter: Chapter) -> str:
    """Return a chapter as a card of the front page, in HTML."""
    number = f"Chapter {chapter.number}" if chapter.number else "Opening"
    minutes = sum(chapter.minutes.values())
    return (
        f'<li><a href="notebooks/{Path(chapter.name).stem}.html"><span class="kicker">{number} · '
        f"{minutes} minutes</span><strong>{html.escape(chapter.title)}</strong>"
        f"<span>{html.escape(chapter.question)}</span></a></li>"
    )


def trees(root: Path = ROOT) -> str:
    """Return the hidden tables of contents from which the side bar is made."""
    parts = []
    for caption, names in contents(root).items():
        rows = [f"{SHORT[n]} <{Path(n).with_suffix('')}>" if n in SHORT else n for n in names]
        if caption == "Chapters":
            rows[0] = f"Start here <{Path(names[0]).with_suffix('')}>"
        inside = "\n".join([f":caption: {caption}", ":hidden:", "", *rows])
        parts.append(f"```{{toctree}}\n{inside}\n```")
    return "\n\n".join(parts)


def home_page(pages: Iterable[str], root: Path = ROOT) -> str:
    """Return the front page: its text, a card for each chapter, and the tables of contents."""
    text = relinked((root / HOME).read_text("utf-8"), HOME, pages, read_address(root))
    rows = "\n".join(card(chapter) for chapter in read_chapters(root))
    text = fill(text, "chapters", f'<ul class="cards">\n{rows}\n</ul>')
    if LABORATORY in pages:
        text = text.replace("\n\n</div>", f" [Laboratory]({LABORATORY})\n\n</div>", 1)
    return f"{fill(text, 'zip', TAKE_ALONG)}\n{trees(root)}\n"


def laboratory_page() -> str:
    """Return the page that leads to the laboratory, which is no page of Sphinx."""
    link = '<a class="start" href="lab/index.html">Open the laboratory</a>'
    says = "A network in your browser: a photo that you give it never leaves your machine."
    disk = (
        "From a disk, browsers load no networks. In the folder to which the zip was unpacked, run "
        "`python3 -m http.server --bind 127.0.0.1`, and open `http://127.0.0.1:8000/lab/`."
    )
    return f"# Laboratory\n\n{says}\n\n<p>{link}</p>\n\n{disk}\n"


def terms_script(root: Path = ROOT) -> str:
    """Return what each term says as a script: a page that is opened from disk may load no data."""
    terms = read_terms(root)
    says = {re.sub(r"[^a-z0-9]+", "-", f"term-{term.name}".lower()): term.says for term in terms}
    return f"window.TERMS = {json.dumps(says, ensure_ascii=False)};\n"


def write_pages(sources: Path, pictures: Path, root: Path = ROOT) -> None:
    """Write all that Sphinx reads into a folder, and the notebooks' pictures into another."""
    pages = [name for names in contents(root).values() for name in names]
    script = sources / "_static" / "terms.js"
    script.parent.mkdir(parents=True)
    script.write_text(terms_script(root), encoding="utf-8", newline="\n")
    for folder in PICTURES:
        shutil.copytree(root / folder, sources / folder)
    made = {
        HOME: home_page(pages, root),
        GLOSSARY: glossary_page(root),
        QUESTIONS: questions_page(root),
        LABORATORY: laboratory_page(),
    }
    address = read_address(root)
    for page in [HOME, *pages]:
        if page.endswith(".ipynb"):
            text = notebook_page(page, pages, pictures, root)
        elif page in made:
            text = made[page]
        else:
            text = relinked((root / page).read_text("utf-8"), page, pages, address)
        target = sources / place(page)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
