"""Figures in one style, each with a text for those who do not see it."""

import base64
import html
import io
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

# Okabe and Ito, "Color universal design", 2008: told apart by colour-blind readers too.
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
GREY = "#7F7F7F"
CLASS_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)

# JupyterLab, Colab, VS Code and nbconvert drop the text that Jupyter keeps beside a bare picture;
# in HTML it arrives. The caption is for the eye: whoever listens has heard the same. No formula is
# set in it, for a file may be called a$b$.jpg.
FIGURE = """<figure style="margin: 0">
<img alt="{alt}" src="data:image/png;base64,{png}" style="max-width: 100%; height: auto">
<figcaption aria-hidden="true" class="mathjax_ignore tex2jax_ignore"
 style="max-width: 50em; opacity: 0.8">{alt}</figcaption>
</figure>"""


def set_style() -> None:
    """Set Matplotlib's defaults for the whole course."""
    plt.switch_backend(plt.get_backend())  # so that a notebook knows how to show a Figure
    plt.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=CLASS_COLOURS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": "medium",
            "font.size": 10,
            "image.cmap": "viridis",
            "image.interpolation": "nearest",
            "text.parse_math": False,  # a class may be called $10_$20
        }
    )


def show(fig: Figure, alt: str) -> None:
    """Display a figure once, with an alternative text, and close it.

    Args:
        fig: The figure.
        alt: What it shows, in a sentence for a reader who does not see it.
    """
    display(with_text(fig, alt), raw=True)
    plt.close(fig)


def with_text(fig: Figure, alt: str) -> dict[str, str]:
    """Return what `display(..., raw=True)` takes to show a figure with its alternative text.

    Args:
        fig: The figure.
        alt: What it shows; it stands below the figure, too.

    Returns:
        An HTML figure around the PNG, at the figure's own dots per inch, and the text alone for
        where no HTML is shown, by MIME type.
    """
    png = io.BytesIO()
    parse_powers(fig)
    fig.savefig(png, format="png", dpi=fig.dpi, bbox_inches="tight")
    code = base64.b64encode(png.getvalue()).decode()
    page = FIGURE.format(alt=html.escape(alt), png=code)
    return {"text/html": page, "text/plain": f"[figure] {alt}"}


def is_white(image: np.ndarray) -> bool:
    """Say whether an image, uint8 in 0 to 255 or float in [0, 1], is as white as a page."""
    return bool(image.min() > (250 if image.dtype == np.uint8 else 0.98))


def parse_powers(fig: Figure) -> None:
    """Let the numbers at logarithmic axes be formulas, which they are; no other text is one."""
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if axis.get_scale() == "log":
                for label in axis.get_ticklabels(which="both"):
                    label.set_parse_math(True)


def show_images(
    images: Sequence[np.ndarray],
    titles: Sequence[str],
    alt: str,
    columns: int = 6,
    colours: Sequence[str] | None = None,
    height: float = 1.8,
) -> None:
    """Show images in a grid, each under its title.

    Args:
        images: Arrays of shape (height, width, 3): uint8 in 0 to 255, or float in [0, 1].
        titles: One for each image.
        alt: What the figure shows.
        columns: Images a row.
        colours: The colours of the titles; black without.
        height: Inches of a row with its titles; less for what is wider than high.
    """
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    # Not pyplot's: an upload is answered in a thread of its own, and pyplot's list is for one.
    fig = Figure(figsize=(1.6 * columns, height * rows))
    axes = fig.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for i, (ax, image, title) in enumerate(zip(axes.flat, images, titles, strict=False)):
        ax.imshow(image)
        if is_white(image):  # or nobody would see it on a white page
            frame = Rectangle((0, 0), 1, 1, fill=False, edgecolor=GREY, clip_on=False)
            frame.set_transform(ax.transAxes)
            ax.add_artist(frame)
        lines = [t if len(t) <= 24 else f"{t[:23]}…" for t in title.splitlines()]
        # A file may be called a$b$.jpg, which is no formula.
        colour = colours[i] if colours else "black"
        ax.set_title("\n".join(lines), color=colour, fontsize=9, parse_math=False)
    show(fig, alt)


def draw_confusion(table: np.ndarray, class_names: Sequence[str]) -> Figure:
    """Draw what `confusion` counted; a cell is the darker, the more of its row it holds.

    Args:
        table: int array of shape (classes, classes), from `helpers.evaluate.confusion`.
        class_names: By index.

    Returns:
        The figure, not yet shown.
    """
    fig = Figure(figsize=(2.6 + 0.8 * len(table), 1.6 + 0.7 * len(table)))
    ax = fig.subplots()
    share = table / table.sum(axis=1, keepdims=True).clip(1)
    fig.colorbar(ax.imshow(share, cmap="Blues", vmin=0, vmax=1), label="share of the row")
    for (row, column), count in np.ndenumerate(table):
        colour = "white" if share[row, column] > 0.5 else "black"
        ax.text(column, row, str(count), color=colour, ha="center", va="center")
    ax.set_xticks(range(len(table)), class_names)
    ax.set_yticks(range(len(table)), class_names)
    ax.set(xlabel="what the network says (images)", ylabel="truth (images)")
    return fig
