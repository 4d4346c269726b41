"""How the site looks. `make site` builds it: tools/site.py gathers the pages, and calls Sphinx.

Besides what Sphinx and its theme do: formulas become MathML, which needs neither script nor font;
the first time that a page uses a word of the glossary, the word leads there and explains itself
(_static/site.js); a notebook has buttons for its PDF and, once the course is published, for the
places that run it.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx import addnodes
from sphinx.application import Sphinx

from tools.chapters import ROOT
from tools.glossary import read_terms
from tools.published import hosts, read_address

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ADDRESS = read_address(ROOT)
LOGO = str(ROOT / "docs" / "_static" / "rooms.svg")
PDF = os.environ.get("SITE_PDF") == "1"

project = "Room by Room"
version = release = PROJECT["version"]
language = "en"
extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
nb_ipywidgets_js: dict[str, Any] = {}  # no widget's script is fetched from anywhere
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 4

html_theme = "sphinx_book_theme"
html_title = "Room by Room"
html_static_path = ["_static", str(ROOT / "build" / "site-sources" / "_static")]
templates_path = ["_templates"]
html_sidebars = {
    "**": ["home.html", "icon-links.html", "search-button-field.html", "sbt-sidebar-nav.html"]
}
html_css_files = ["site.css"]
html_js_files = ["terms.js", "site.js"]
html_favicon = "_static/rooms.svg"
html_math_renderer = "mathml"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"image_light": LOGO, "image_dark": LOGO, "text": "Room by Room", "alt_text": ""},
    "search_bar_text": "Search the course",
    "navbar_persistent": [],
    "toc_title": "On this page",
    "repository_url": ADDRESS.repository,
    "repository_branch": ADDRESS.branch,
    "use_repository_button": bool(ADDRESS.repository),
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "footer_content_items": "extra-footer.html",
    "extra_footer": f"<p>Room by Room {release}. Code and text: MIT licence; rendered photographs:"
    " CC0. Made from the notebooks as they stand.</p>",
}
pygments_style = "a11y-high-contrast-light"

# Where a word is no prose: it leads elsewhere, is code, or is a name.
NO_PROSE = (
    nodes.title,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.raw,
    nodes.caption,
    nodes.image,
    nodes.math,
    nodes.math_block,
    addnodes.pending_xref,
    addnodes.glossary,
    nodes.table,
)


def formula(as_block: bool) -> Any:
    """Return how a node with LaTeX is written as MathML."""

    def visit(translator: Any, node: nodes.Element) -> None:
        translator.body.append(tex2mathml(node.astext(), as_block=as_block))
        raise nodes.SkipNode

    return visit, None


def prose(doctree: nodes.document) -> Iterator[nodes.Text]:
    """Yield the texts of a page that are prose, in order."""
    for text in list(doctree.findall(nodes.Text)):
        above = text.parent
        while above is not None and not isinstance(above, NO_PROSE):
            above = above.parent
        if above is None:
            yield text


def pointed(word: str, name: str, page: str) -> addnodes.pending_xref:
    """Return a word as a link to its term."""
    link = addnodes.pending_xref(
        "",
        refdomain="std",
        reftype="term",
        reftarget=name,
        refdoc=page,
        refexplicit=True,
        refwarn=True,
    )
    link += nodes.inline(word, word, classes=["term"])
    return link


def explain_words(app: Sphinx, doctree: nodes.document) -> None:
    """Let the first use of each term on a page point at the glossary."""
    page = app.env.docname
    if not page.startswith("notebooks/"):
        return
    left = {
        term.name: re.compile(rf"(?<![\w-])(?:{term.words})(?![\w-])", re.IGNORECASE)
        for term in sorted(read_terms(), key=lambda term: -len(term.name))
    }
    for text in prose(doctree):
        parts: list[nodes.Node] = [text]
        for name, pattern in list(left.items()):
            for place, part in enumerate(parts):
                match = pattern.search(part) if isinstance(part, nodes.Text) else None
                if match:
                    before = nodes.Text(part[: match.start()])
                    after = nodes.Text(part[match.end() :])
                    parts[place : place + 1] = [before, pointed(match[0], name, page), after]
                    del left[name]
                    break
        if len(parts) > 1:
            text.parent.replace(text, [part for part in parts if part.astext()])


def behead(app: Sphinx, doctree: nodes.document) -> None:
    """Take the head from a table whose head is empty: Markdown knows no table without one."""
    for head in list(doctree.findall(nodes.thead)):
        if not head.astext().strip():
            head.parent.remove(head)


def add_buttons(app: Sphinx, page: str, _: str, context: dict[str, Any], __: Any) -> None:
    """Add a notebook's buttons to the line above its title."""
    if not page.startswith("notebooks/"):
        return
    buttons = context["header_buttons"]
    if ADDRESS.repository:
        links = [
            {"type": "link", "url": url, "text": host, "icon": "fas fa-play"}
            for host, url in hosts(f"{page}.ipynb", ADDRESS).items()
        ]
        buttons.insert(
            0,
            {
                "type": "group",
                "buttons": links,
                "icon": "fas fa-rocket",
                "tooltip": "Run this chapter",
                "label": "launch-buttons",
            },
        )
    if PDF:
        url = context["pathto"](f"pdf/{Path(page).name}.pdf", 1)
        buttons.append(
            {
                "type": "link",
                "url": url,
                "icon": "fas fa-file-pdf",
                "text": "PDF",
                "label": "pdf-button",
                "tooltip": "This page to print",
            }
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the functions above."""
    app.add_html_math_renderer("mathml", formula(False), formula(True))
    app.connect("doctree-read", behead)
    app.connect("doctree-read", explain_words)
    app.connect("html-page-context", add_buttons, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
