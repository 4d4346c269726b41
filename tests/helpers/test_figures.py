"""Figures: what nobody would see is framed."""

import base64
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from pictures import picture
from PIL import Image

from helpers import figures


@pytest.fixture
def drawn(monkeypatch):
    """Draw images, and return the figure's pixels."""

    def draw(image):
        shown = []
        monkeypatch.setattr(figures, "display", lambda bundle, raw: shown.append(bundle))
        figures.show_images([image], [""], alt="An image.")
        code = re.search('base64,([^"]+)', shown[0]["text/html"])[1]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(code))).convert("L"))

    return draw


@pytest.mark.parametrize("most, kind", [(255, np.uint8), (1, np.float32)])
def test_a_white_image_has_a_frame_on_a_white_page(drawn, most, kind):
    white = drawn(np.full((64, 64, 3), most, kind))
    dark = white < 200
    rows, columns = (np.flatnonzero(dark.any(axis=axis)) for axis in (1, 0))
    assert rows[-1] - rows[0] > 90 and columns[-1] - columns[0] > 90
    inside = white[rows[0] + 5 : rows[-1] - 5, columns[0] + 5 : columns[-1] - 5]
    assert (inside == 255).all()


def test_no_other_image_has_one(monkeypatch, drawn):
    before = drawn(picture(3))
    monkeypatch.setattr(figures, "is_white", lambda image: False)
    assert (drawn(picture(3)) == before).all()


def test_powers_at_a_logarithmic_axis_are_set_and_a_class_with_dollars_is_not():
    with plt.rc_context():
        figures.set_style()
        fig, ax = plt.subplots()
        ax.semilogx([1, 1000], [0, 1], label="$10_$20")
        ax.legend()
        figures.with_text(fig, "A line.")
        power, number = (axis.get_ticklabels()[2] for axis in (ax.xaxis, ax.yaxis))
        plt.close(fig)
    assert "mathdefault" in power.get_text() and power.get_parse_math()
    assert not number.get_parse_math() and not ax.get_legend().get_texts()[0].get_parse_math()
