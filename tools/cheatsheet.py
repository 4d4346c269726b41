"""Set docs/cheatsheet.md for paper: `python -m tools.cheatsheet` writes a page of HTML to saved/.

The page is written by hand. Above each block of code a comment names the cells from which its lines
are taken, and a test compares them.
"""

import re
from pathlib import Path

from helpers.runtime import SAVED
from tools.chapters import ROOT
from tools.commandline import no_words

PAGE = Path("docs") / "cheatsheet.md"
BLOCK = re.compile(
    r"\((?:\.\./)?notebooks/([\w.]+)\)[^\n]*\n+<!-- cells (.+) -->\n```python\n([^`]+)```"
)
STYLE = """@page { size: A4; margin: 12mm; } body { font: 8.5pt/1.3 sans-serif; margin: 0; }
h1 { display: none; } h1 + p { display: none; } h2 { font-size: 13pt; margin: 0 0 2mm; }
h2:nth-of-type(2) { break-before: page; } a { color: inherit; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; }
td, th { border-bottom: 0.5pt solid #888; padding: 1.6mm 2mm 1.6mm 0; vertical-align: top; }
.lines { columns: 2; column-gap: 6mm; } .lines p { margin: 0; break-after: avoid; }
pre { font: 6.6pt/1.4 monospace; white-space: pre-wrap; margin: 0 0 3mm; break-inside: avoid; }"""


def lines(text: str) -> list[tuple[str, list[str], list[str]]]:
    """Return for each block of code its notebook, the ids of its cells and its lines."""
    found = BLOCK.findall(text)
    return [(name, ids.split(), code.splitlines()) for name, ids, code in found]


def sheet(text: str) -> str:
    """Return the page as HTML that is set for two pages of paper."""
    import mistune

    body = str(mistune.create_markdown(escape=False, plugins=["table"])(text))
    curves, second, code = body.rpartition("<h2>")
    title, _, blocks = code.partition("</h2>")
    body = f'{curves}{second}{title}</h2>\n<div class="lines">{blocks}</div>'
    head = f'<meta charset="utf-8"><title>Room by Room</title>\n<style>\n{STYLE}\n</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}</body></html>\n'


def main() -> None:
    """Write the sheet, and name it."""
    path = SAVED / "questions" / "cheatsheet.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    html = sheet((ROOT / PAGE).read_text("utf-8"))
    path.write_text(html, encoding="utf-8", newline="\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    no_words(__doc__)
    main()
