"""A page for one photograph at a time: what the model says, how sure it is, and what decided.

`python -m apps.gradio_app --model saved/rooms.keras`, or `build` and `LAUNCH` from a notebook.
"""

import argparse
import contextlib
import html
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from PIL import Image

from apps import check
from apps.export import sample_set, tests_of
from apps.serving import MODEL, Served, run, sentences
from helpers import CourseError
from helpers.images import Source, open_image

# Both are read when Gradio is imported: nothing is reported, and uploads go when Python ends.
_UPLOADS = tempfile.TemporaryDirectory(prefix="gradio-", ignore_cleanup_errors=True)
UPLOADS = Path(_UPLOADS.name).resolve()
os.environ["GRADIO_TEMP_DIR"] = str(UPLOADS)
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
if __name__ == "__main__":
    with sentences():
        check()
import gradio as gr

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from helpers.classifier import Answer

Explain = Callable[[np.ndarray, int], np.ndarray]

SHOWN = 720  # pixels; the longer side of the photograph that the map is laid over
EXAMPLES = 4  # of each class, a row in the CSS below
KEEP = 600  # seconds; the age at which an upload is deleted
MOST_BYTES = 20 * 2**20  # of an upload
COLOURS = colormaps["viridis"]
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


def _flat(model: "keras.Model") -> Iterator["keras.Layer"]:
    """Yield the layers in order, those of a network inside the network too."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _flat(layer)
        else:
            yield layer


def last_maps(model: "keras.Model") -> "list[keras.Layer]":
    """Return the layers up to the last convolution, and what only normalises or activates it.

    Returns:
        The layers in order; the maps are what the last of them returns. Empty without convolution.
    """
    from keras import layers

    flat = list(_flat(model))
    kinds = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)
    last = max((i for i, layer in enumerate(flat) if isinstance(layer, kinds)), default=-1)
    after = (layers.BatchNormalization, layers.Activation, layers.ReLU, layers.LeakyReLU)
    while 0 <= last < len(flat) - 1 and isinstance(flat[last + 1], after):
        last += 1
    return flat[: last + 1]


@contextlib.contextmanager
def _opened(place: "keras.Layer", last: "keras.Layer", tape: "tf.GradientTape") -> Iterator[list]:
    """Collect what `place` returns, watched by the tape; the last layer goes without activation.

    A hook, because the layer may lie in a network inside the network, where Keras offers no tensor
    to build a second model from.
    """
    from keras.activations import linear

    seen, call, activation = [], place.call, getattr(last, "activation", None)

    def watched(*args: Any, **kwargs: Any) -> "tf.Tensor":
        seen.append(call(*args, **kwargs))
        tape.watch(seen[-1])
        return seen[-1]

    place.call, last.activation = watched, linear
    try:
        yield seen
    finally:
        place.call, last.activation = call, activation


def explainer(model: "keras.Model") -> Explain | None:
    """Prepare Grad-CAM: which places of the last convolution spoke for a class, and how much.

    Source: R. R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks via
    gradient-based localization", ICCV 2017.

    Args:
        model: As in `Classifier`.

    Returns:
        A function from a uint8 image (height, width, 3) and a class index to a float32 map (height,
        width): in [0, 1], 1 at the strongest place, 0 everywhere where no place spoke for the
        class. None where the model has no convolution.
    """
    import tensorflow as tf

    layers = last_maps(model)
    if not layers:
        return None
    size, last = tuple(model.input_shape[1:3]), list(_flat(model))[-1]
    batch = tf.TensorSpec((1, *size, 3), tf.float32)

    @tf.function(input_signature=[batch, tf.TensorSpec((), tf.int32)], autograph=False)
    def weighed(image: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape, _opened(layers[-1], last, tape) as seen:
            logits = model(image, training=False)[0]
            # One sigmoid unit speaks for class 1, and its negative for class 0.
            score = (
                tf.concat([-logits, logits], 0)[index] if logits.shape[0] == 1 else logits[index]
            )
        weights = tf.reduce_mean(tape.gradient(score, seen[-1]), axis=(1, 2), keepdims=True)
        return tf.nn.relu(tf.reduce_sum(weights * seen[-1], axis=-1))[0]

    def explain(image: np.ndarray, index: int) -> np.ndarray:
        spoke = weighed(image[None].astype(np.float32), np.int32(index)).numpy()
        return placed(spoke / (spoke.max() or 1), layers, size)

    explain(np.zeros((*size, 3), np.uint8), 0)  # trace it now, while nobody else uses the model
    return explain


def covered(layers: "list[keras.Layer]", n: int, cells: int, axis: int) -> tuple[float, float]:
    """Return where a map lies: the first and last edge of its cells, in pixels of the input.

    A cell is centred where it looks, as in chapter 6: without padding the map ends before the image
    does, and where a stride meets padding at one end only, it is pushed towards that end.

    Args:
        layers: Those from the input to the map.
        n: Pixels of the input.
        cells: Cells of the map.
        axis: 0 along the height, 1 along the width.
    """
    low, step, size = 0.0, 1.0, n
    for layer in layers:
        kernel = getattr(layer, "kernel_size", getattr(layer, "pool_size", None))
        if kernel:
            width, stride, before = kernel[axis], layer.strides[axis], 0
            after = (size - width) // stride + 1
            if layer.padding == "same":  # what does not go evenly stands at the far end
                after = -(-size // stride)
                before = max((after - 1) * stride + width - size, 0) // 2
            low += step * ((width - stride) / 2 - before)
            step, size = step * stride, after
        elif type(layer).__name__ == "ZeroPadding2D":
            low, size = low - step * layer.padding[axis][0], size + sum(layer.padding[axis])
    # Where paths part and meet again, counting along one line may go wrong: then it is stretched.
    return (low, low + step * size) if size == cells else (0.0, float(n))


def placed(spoke: np.ndarray, layers: "list[keras.Layer]", size: tuple[int, int]) -> np.ndarray:
    """Draw a float32 map (rows, columns) at its place in an image of this size, smoothly."""
    (top, bottom), (left, right) = (
        covered(layers, size[axis], spoke.shape[axis], axis) for axis in (0, 1)
    )
    wide = max(round(right) - round(left), 1), max(round(bottom) - round(top), 1)
    drawn = Image.new("F", size[::-1])
    drawn.paste(
        Image.fromarray(spoke).resize(wide, Image.Resampling.BILINEAR), (round(left), round(top))
    )
    return np.asarray(drawn)


def overlay(photo: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """Lay a map over the photograph: grey where nothing spoke, from violet to yellow elsewhere.

    Args:
        photo: uint8 (height, width, 3).
        heat: float32 in [0, 1], of any height and width.

    Returns:
        uint8 array of the photograph's shape.
    """
    size = photo.shape[1::-1]
    heat = np.asarray(Image.fromarray(heat).resize(size, Image.Resampling.BILINEAR)).clip(0, 1)
    grey = np.asarray(Image.fromarray(photo).convert("L"))[..., None].astype(np.float32)
    alpha = 0.75 * np.sqrt(heat)[..., None]
    mixed = (1 - alpha) * grey + alpha * 255 * COLOURS(heat)[..., :3]
    return mixed.round().astype(np.uint8)


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


def look(served: Served, explain: Explain | None, source: Source, name: str | None = None) -> Seen:
    """Answer one image, and draw what decided.

    Args:
        served: The model.
        explain: What `explainer` made of it.
        source: Where the image comes from, as in `open_image`.
        name: What to call it in an error.

    Raises:
        CourseError: the image cannot be opened.
    """
    classifier = served.classifier
    image = open_image(source, classifier.size, name)
    answer = classifier.say(served.probabilities(image[None])[0])
    photo = Image.fromarray(open_image(source, None, name))
    photo.thumbnail((SHOWN, SHOWN))
    shown = np.asarray(photo)
    if explain is None:
        said = "This model has no convolution: the photo is shown without a map."
        return Seen(answer, shown, said, False)
    heat = explain(image, classifier.class_names.index(answer.label))
    said = f"spoke for “{answer.label}” in the last convolution"
    if not heat.any():
        return Seen(answer, shown, f"No place {said}: the photo is shown without a map.", False)
    return Seen(answer, overlay(shown, heat), f"Coloured, the places that {said}.", True)


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


def _page(served: Served, explain: Explain | None) -> Callable[[dict[str, Any] | None], tuple]:
    """Return what Gradio calls when the photo changes: from its file to what the page shows."""

    def changed(photo: dict[str, Any] | None) -> tuple:
        nothing = gr.Label(visible=False), gr.Image(visible=False), ""
        if not photo or not photo["path"]:
            return HINT, *nothing
        try:
            file = uploaded(photo["path"])
            seen = look(served, explain, file, photo.get("orig_name") or file.name)
        except CourseError as error:
            return f'<p class="error" role="alert">{html.escape(str(error))}</p>', *nothing
        answer, text = seen.answer, html.escape(seen.text)
        label = f"<b>{html.escape(answer.label)}</b>, confidence {answer.confidence:.0%}"
        return (
            f'<p class="answer" role="status">{label}</p>',
            gr.Label(answer.probabilities, visible=True),
            gr.Image(seen.picture, alt_text=seen.text, visible=True),
            f"{SCALE if seen.mapped else ''}<p>{text}</p>",
        )

    return changed


def build(served: Served) -> gr.Blocks:
    """Build the page; `build(served).launch(**LAUNCH)` opens it.

    Args:
        served: The model.
    """
    names = served.classifier.class_names
    heading = html.escape(f"{', '.join(names[:-1])} or {names[-1]}?".replace("_", " ").capitalize())
    with gr.Blocks(title="Room by Room", delete_cache=(KEEP, KEEP)) as page:
        gr.HTML(f"<h1>{heading}</h1>")
        with gr.Row():
            with gr.Column(elem_id="asked"):
                photo = gr.Image(type="filepath", label="Your photo", height=380)
                _examples(names, photo)
            with gr.Column():
                said = gr.HTML(HINT, elem_id="said")
                bars = gr.Label(label="Confidence", show_heading=False, visible=False)
                seen = {"interactive": False, "visible": False, "buttons": [], "height": 380}
                picture = gr.Image(label="What decided", elem_id="shown", format="png", **seen)
                legend = gr.HTML(elem_id="legend")
        # Without Gradio's preprocessing, which encodes a photo anew, and answers by itself a file
        # that is no image.
        photo.change(
            _page(served, explainer(served.classifier.model)),
            photo,
            [said, bars, picture, legend],
            preprocess=False,
            concurrency_limit=2,
            api_visibility="private",
        )
    return page.queue(max_size=32)


def _examples(class_names: tuple[str, ...], photo: gr.Image) -> None:
    """Offer test pictures of the sample set that has these classes, where there is one."""
    name = sample_set(class_names)
    if name is None:
        return
    shown = []
    for label in class_names:
        files = sorted(tests_of(name)[label].glob("*.jpg"))
        shown += [(str(file), label) for file in files[:EXAMPLES]]

    def choose(event: gr.SelectData) -> str:
        # The client says which, in any JSON.
        if type(event.index) is not int or not 0 <= event.index < len(shown):
            raise gr.Error(NO_EXAMPLE, print_exception=False)
        return shown[event.index][0]

    plain = {"allow_preview": False, "show_label": False, "buttons": []}
    with gr.Column(elem_id="examples"):
        gr.HTML("<p>Or choose one of these:</p>")
        gallery = gr.Gallery(shown, columns=EXAMPLES, label="Examples", **plain)
    gallery.select(choose, None, photo, show_progress="hidden", api_visibility="private")


def _end(*_: Any) -> None:
    """End in good order, or the uploads would stay; a second signal must not cut that short."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def main() -> None:
    """Serve the page until Ctrl+C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=MODEL, help="the .keras file (%(default)s)")
    parser.add_argument("--port", type=int, help="the first free one from 7860 unless given")
    chosen = parser.parse_args()
    page = build(Served(chosen.model))
    signal.signal(signal.SIGTERM, _end)
    try:
        page.launch(**LAUNCH, server_port=chosen.port, prevent_thread_lock=True)
    except (OSError, OverflowError):
        raise CourseError(
            f"Port {chosen.port} is taken or not to be had: choose another with --port."
        ) from None
    print(f"Open {page.local_url} in a browser; Ctrl+C ends.", flush=True)
    page.block_thread()


if __name__ == "__main__":
    run(main)
