"""What happens while a network trains, for a person who watches and for a test that reads."""

import keras
import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.evaluate import wilson
from helpers.figures import BLUE, VERMILLION, show, with_text
from helpers.runtime import is_live


class Progress(keras.callbacks.Callback):
    """Print a line an epoch: what Keras' own bar says, in a form that can be compared."""

    def __init__(self, every: int = 1) -> None:
        super().__init__()
        self.every = every

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Print the epoch's losses and metrics."""
        last = epoch + 1 == self.params["epochs"]
        if (epoch + 1) % self.every == 0 or last:
            said = "  ".join(f"{key} {value:.2f}" for key, value in (logs or {}).items())
            print(f"epoch {epoch + 1:2}  {said}")


class LiveCurves(keras.callbacks.Callback):
    """Draw accuracy and loss while the network trains; one still figure where nobody looks on.

    Args:
        alt: What the figure shows.
        images: Of how many validation images, to shade the 95 percent Wilson interval.
        last: Whether `alt` goes on with what the last epoch came to.
    """

    def __init__(self, alt: str, images: int | None = None, last: bool = False) -> None:
        super().__init__()
        self.alt = alt
        self.images = images
        self.last = last

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Forget the last training."""
        self.history: dict[str, list[float]] = {}
        self.handle = None
        self.live = is_live()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add a point to each curve, and redraw the figure in its place."""
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        if self.live:
            fig = draw_curves(self.history, self.images, self.params["epochs"])
            page = with_text(fig, self.text())
            if self.handle is None:
                self.handle = display(page, raw=True, display_id=True)
            else:
                self.handle.update(page, raw=True)
            plt.close(fig)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Show the whole, where it has not been growing."""
        if not self.live:
            show(draw_curves(self.history, self.images), self.text())

    def text(self) -> str:
        """Return what the figure shows, by now."""
        if not self.last or not self.history:
            return self.alt
        epochs = max(map(len, self.history.values()))
        values = ", ".join(f"{key} {values[-1]:.2f}" for key, values in self.history.items())
        return f"{self.alt} Epoch {epochs}: {values}."


def draw_curves(
    history: dict[str, list[float]], images: int | None = None, epochs: int | None = None
) -> plt.Figure:
    """Draw accuracy and loss against the epoch, training solid and validation dashed.

    Args:
        history: What `fit` recorded: "accuracy", "loss", and "val_" of each where validated.
        images: Of how many validation images, to shade the 95 percent Wilson interval.
        epochs: Where the axis ends; the last epoch so far without.

    Returns:
        The figure, not yet shown.
    """
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.2))
    for ax, key in zip(axes, ("accuracy", "loss"), strict=True):
        for name, label, style, colour in (
            (key, "training", "-", BLUE),
            (f"val_{key}", "validation", "--", VERMILLION),
        ):
            if values := history.get(name):
                x = range(1, len(values) + 1)
                ax.plot(x, values, style, color=colour, label=label, marker=".")
        end = epochs or max(map(len, history.values()), default=1)
        ax.set(xlabel="epoch", ylabel=key, xlim=(0.5, end + 0.5))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].set(ylim=(0, 1.02), title="Accuracy (share right)")
    axes[1].set(ylim=(0, None), title="Loss (cross-entropy)")
    if images and "val_accuracy" in history:
        shade_wilson(axes[0], history["val_accuracy"], images)
    if axes[0].lines:
        axes[0].legend(loc="lower right")
    return fig


def shade_wilson(ax: Axes, values: list[float], images: int) -> None:
    """Shade the 95 percent Wilson interval of each accuracy, measured on so many images."""
    low, high = zip(*(wilson(round(v * images), images) for v in values), strict=True)
    ax.fill_between(range(1, len(low) + 1), low, high, color=VERMILLION, alpha=0.15, lw=0)
