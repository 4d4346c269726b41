"""A page for one photograph at a time: what the model says, how sure it is, and what decided.

`python -m apps.page --model saved/rooms.keras`, or `build` and `LAUNCH` from a notebook.
"""

import argparse
import contextlib
import html
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.colors import to_hex
from PIL import Image

from apps import check, sentences
from apps.loopback import directly
from apps.page_events import Taken
from apps.page_gate import KEEP, MOST_BYTES, Gate
from apps.predictor import MODEL, Predictor
from helpers.errors import CourseError
from helpers.gradcam import COLOURS, Explainer, explainer, overlay
from helpers.images import Source, open_both, to_array
from helpers.samples import held_out, sample_set

# Both are read when Gradio is imported: nothing is reported, and uploads go when Python ends.
_UPLOADS = tempfile.TemporaryDirectory(prefix="gradio-", ignore_cleanup_errors=True)
UPLOADS = Path(_UPLOADS.name).resolve()
os.environ["GRADIO_TEMP_DIR"] = str(UPLOADS)
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
if __name__ == "__main__":
    with sentences():
        check("page")
_NAMED = os.environ.pop("GRADIO_SERVER_PORT", None)  # what is no number would end the import
with directly():
    import gradio as gr
if _NAMED is not None:
    os.environ["GRADIO_SERVER_PORT"] = _NAMED
from starlette.middleware import Middleware

if TYPE_CHECKING:
    from helpers.classifier import Answer

PREVIEW = 720  # pixels; the longer side of the photograph that the map is laid over
EXAMPLES = 4  # of each class, a row in the CSS below
CSS = """
.gradio-container { max-width: 1080px !important; margin: 0 auto; }
.gradio-container .or { color: inherit; }
#examples .grid-wrap { min-height: 0; }
#examples .grid-container { grid-template-columns: repeat(4, minmax(0, 1fr)); }
@media (max-width: 720px) {  /* on a phone the answer comes before the examples */
  #asked { display: contents; }
  #asked > * { flex: 0 0 100%; }
  #asked > #examples { order: 1; }
}
#said .answer { margin: 0; font-size: 1.6rem; line-height: 1.3; }
#said .error { padding: .6rem .8rem; border-left: 4px solid #D55E00; font-size: 1.1rem; }
#legend .scale { height: .6rem; margin: .4rem 0 .2rem; }
#legend .scale { background: linear-gradient(to right, RAMP); }
#legend .ends { display: flex; justify-content: space-between; }
""".replace("RAMP", ", ".join(to_hex(COLOURS(i / 8)) for i in range(9)))
_FONT = ("system-ui", "sans-serif")  # the reader's own: nothing is fetched
REFUSED = "That photo is not among this page's uploads: upload it again, or choose an example."
NO_EXAMPLE = "There is no such example: choose one of those on the page."
HINT = "<p>Upload a photo, take one or paste one.</p>"
SCALE = '<div class="scale"></div><div class="ends"><span>little</span><span>most</span></div>'
LAUNCH: dict[str, Any] = {
    "theme": gr.themes.Default(
        primary_hue="blue", neutral_hue="slate", font=_FONT, font_mono=("monospace",)
    ),
    "css": CSS,
    "footer_links": [],
    "max_file_size": MOST_BYTES,
    "server_name": "127.0.0.1",
    "share": False,
    "ssr_mode": False,
    "run_history": False,
    "quiet": True,
}


class Seen(NamedTuple):
    """What the page shows of one image.

    Attributes:
        answer: What the model says.
        picture: uint8 (height, width, 3), the image with its map.
        text: What the picture shows, in a sentence.
        mapped: Whether there is a map.
    """

    answer: "Answer"
    picture: np.ndarray
    text: str
    mapped: bool


def as_seen(photo: Image.Image, size: tuple[int, int], fit: str) -> np.ndarray:
    """Return what the model sees of a photo, as large as it can be shown.

    Where the model sees the middle only, or bars beside the photo, a map of its answer lies right
    on these. A squeezed photo is shown in its own shape, into which a map can be stretched.

    Args:
        photo: In mode RGB.
        size: (height, width) in pixels that the model takes.
        fit: How it fits a picture of another shape, one of `helpers.fit.FITS`.

    Returns:
        uint8 array of shape (height, width, 3), the longer side at most `PREVIEW`.
    """
    height, width = photo.size[::-1] if fit == "squeeze" else size
    scale = min(PREVIEW, max(photo.size)) / max(height, width)
    return to_array(photo, (max(1, round(height * scale)), max(1, round(width * scale))), fit)


def look(
    predictor: Predictor, explain: Explainer | None, source: Source, name: str | None = None
) -> Seen:
    """Answer one image, and draw what decided.

    Args:
        predictor: The model.
        explain: What `explainer` made of it.
        source: Where the image comes from, as in `open_image`.
        name: What to call it in an error.

    Raises:
        CourseError: the image cannot be opened.
    """
    classifier = predictor.classifier
    image, photo = open_both(source, classifier.size, classifier.fit, name)
    answer = classifier.say(predictor.probabilities(image[None])[0])
    preview = as_seen(photo, classifier.size, classifier.fit)
    if explain is None:
        said = "This model has no convolution: the photo is shown without a map."
        return Seen(answer, preview, said, False)
    heat = explain(image, classifier.class_names.index(answer.label))
    said = f"spoke for “{answer.label}” in the last convolution"
    if not heat.any():
        return Seen(answer, preview, f"No place {said}: the photo is shown without a map.", False)
    return Seen(answer, overlay(preview, heat), f"Coloured, the places that {said}.", True)


def uploaded(named: str) -> Path:
    """Return the file that a client names, if it is an upload or an example.

    Gradio keeps copies of both in one folder. It looks only at paths that carry its mark, which a
    client may leave out.

    Args:
        named: What the client says; it may be any text.

    Raises:
        CourseError: the file is elsewhere, or too large, or none. Whether there is something at a
            path elsewhere is neither asked nor told.
    """
    path = Path(os.path.normpath(named))
    facts = None
    if path.is_relative_to(UPLOADS):
        # ValueError: no file's name has a null byte. RuntimeError: up to Python 3.12, links that
        # form a circle.
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            path = path.resolve(strict=True)
            facts = path.stat()
    if facts is None or not path.is_relative_to(UPLOADS) or not stat.S_ISREG(facts.st_mode):
        raise CourseError(REFUSED)
    if facts.st_size > MOST_BYTES:
        raise CourseError(
            f"This photo has more than {MOST_BYTES // 2**20} MB: save it smaller first."
        )
    return path


def _answering(
    predictor: Predictor, explain: Explainer | None
) -> Callable[[dict[str, Any] | None], tuple]:
    """Return what Gradio calls when the photo changes: from its file to what the page shows."""

    def changed(photo: dict[str, Any] | None) -> tuple:
        nothing = (gr.Label(visible=False), gr.Image(visible=False), "")
        if not photo or not photo["path"]:
            return HINT, *nothing
        try:
            file = uploaded(photo["path"])
            seen = look(predictor, explain, file, photo.get("orig_name") or file.name)
        except CourseError as error:
            return f'<p class="error" role="alert">{html.escape(str(error))}</p>', *nothing
        answer = seen.answer
        label = f"<b>{html.escape(answer.label)}</b>, confidence {answer.confidence:.0%}"
        return (
            f'<p class="answer" role="status">{label}</p>',
            gr.Label(answer.probabilities, visible=True),
            gr.Image(seen.picture, alt_text=seen.text, visible=True),
            f"{SCALE if seen.mapped else ''}<p>{html.escape(seen.text)}</p>",
        )

    return changed


class Page(gr.Blocks):
    """Gradio's page behind the gate; its launch asks this computer whether all is well."""

    def launch(self, *given: Any, **options: Any) -> Any:
        """Open the page, as Gradio does, but on no other port than one that is named.

        Raises:
            CourseError: the port of `server_port` or else of GRADIO_SERVER_PORT is not to be had.
        """
        events = {
            event["id"]: Taken(
                len(event["inputs"]), any(kind == "select" for _, kind in event["targets"])
            )
            for event in self.config["dependencies"]
        }
        gate = {"middleware": [Middleware(Gate, uploads=UPLOADS, events=events)]}
        port, which = _port(options.get("server_port"))
        try:
            if port is not None and not 0 < port < 2**16:  # Gradio asks port 0 itself
                raise OverflowError
            with directly():
                return super().launch(
                    *given, **({"app_kwargs": gate} | options | {"server_port": port})
                )
        except (OSError, OverflowError):
            raise CourseError(
                f"{which} taken or not to be had: choose another with --port or GRADIO_SERVER_PORT."
            ) from None


def _port(given: int | None) -> tuple[int | None, str]:
    """Return the port to open, and how a sentence on it begins; None is the first free one."""
    named = os.environ.get("GRADIO_SERVER_PORT", "")
    if given is not None:
        return given, f"Port {given} is"
    if not named:
        return None, "All the usual ports are"
    try:
        return int(named), f"Port {named}, of GRADIO_SERVER_PORT, is"
    except ValueError:
        return 0, f"Port {named!r}, of GRADIO_SERVER_PORT, is"


def build(predictor: Predictor) -> Page:
    """Build the page; `build(predictor).launch(**LAUNCH)` opens it.

    Args:
        predictor: The model.
    """
    names = predictor.classifier.class_names
    heading = html.escape(f"{', '.join(names[:-1])} or {names[-1]}?".replace("_", " ").capitalize())
    with Page(title="Room by Room", delete_cache=(KEEP, KEEP)) as page:
        gr.HTML(f"<h1>{heading}</h1>")
        with gr.Row():
            with gr.Column(elem_id="asked"):
                photo = gr.Image(type="filepath", label="Your photo", height=380)
                _examples(names, photo)
            with gr.Column():
                answer = _answer_parts()
        # Without Gradio's preprocessing, which encodes a photo anew, and answers by itself a file
        # that is no image.
        photo.change(
            _answering(predictor, explainer(predictor.classifier.model)),
            photo,
            answer,
            preprocess=False,
            concurrency_limit=2,
            api_visibility="private",
        )
    return page.queue(max_size=32)


def _answer_parts() -> list[gr.components.Component]:
    """Add what `_answering` fills: the label, the bars, the picture with its map, the legend."""
    return [
        gr.HTML(HINT, elem_id="said"),
        gr.Label(label="Confidence", show_heading=False, visible=False),
        gr.Image(
            label="What decided",
            elem_id="shown",
            format="png",
            height=380,
            interactive=False,
            visible=False,
            buttons=[],
        ),
        gr.HTML(elem_id="legend"),
    ]


def _examples(class_names: tuple[str, ...], photo: gr.Image) -> None:
    """Offer test pictures of the sample set that has these classes, where there is one."""
    name = sample_set(class_names)
    if name is None:
        return
    examples = []
    folders = held_out(name)
    for label in class_names:
        files = sorted(folders[label].glob("*.jpg"))
        examples += [(str(file), label) for file in files[:EXAMPLES]]

    def choose(event: gr.SelectData) -> str:
        # The client says which, in any JSON.
        if type(event.index) is not int or not 0 <= event.index < len(examples):
            raise gr.Error(NO_EXAMPLE, print_exception=False)
        return examples[event.index][0]

    with gr.Column(elem_id="examples"):
        gr.HTML("<p>Or choose one of these:</p>")
        gallery = gr.Gallery(
            examples,
            columns=EXAMPLES,
            label="Examples",
            show_label=False,
            allow_preview=False,
            buttons=[],
        )
    gallery.select(choose, None, photo, show_progress="hidden", api_visibility="private")


def _end(*_: Any) -> None:
    """End in good order, or the uploads would stay; a second signal must not cut that short."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def main() -> None:
    """Serve the page until Ctrl+C."""
    parser = argparse.ArgumentParser(
        "apps.page", description="A page that answers one photograph at a time."
    )
    parser.add_argument("--model", type=Path, default=MODEL, help="the .keras file (%(default)s)")
    parser.add_argument("--port", type=int, help="the first free one from 7860 unless given")
    chosen = parser.parse_args()
    page = build(Predictor(chosen.model))
    signal.signal(signal.SIGTERM, _end)
    page.launch(**LAUNCH, server_port=chosen.port, prevent_thread_lock=True)
    print(f"Open {page.local_url} in a browser; Ctrl+C ends.", flush=True)
    page.block_thread()


if __name__ == "__main__":
    with sentences():
        main()
