"""Notebook, page, web app, organiser and exported files say the same of every test image."""

import csv
import io

import numpy as np
import pytest
from pictures import encoded, picture
from PIL import Image

pytest.importorskip("gradio", reason="what the apps need is not installed: make apps")

from helpers.data import SAMPLES
from helpers.fit import FITS


def odd_photos(folder):
    """The same picture in every mode that people have, and turned in every way."""
    pixels = picture(3, (90, 120))
    image = Image.fromarray(pixels)
    folder.mkdir(parents=True)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(folder / f"exif_{orientation}.jpg", exif=exif)
    exif[0x0112] = 6
    image.resize((1607, 1205)).save(folder / "large.jpg", exif=exif)  # is decoded smaller
    for mode in ("L", "CMYK", "YCbCr"):
        image.convert(mode).save(folder / f"{mode}.jpg")
    for mode in ("RGBA", "LA", "P", "1"):
        image.convert(mode).save(folder / f"{mode}.png")
    deep = pixels[..., 0].astype(np.uint16) * 257
    (folder / "deep.png").write_bytes(encoded(deep))
    (folder / "webp.jpg").write_bytes(encoded(pixels, "WEBP"))


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Every test room of the samples, and the odd ones: {path: bytes}."""
    folder = tmp_path_factory.mktemp("photos") / "photos"
    odd_photos(folder / "odd")
    for file in (SAMPLES / "rooms" / "test").rglob("*.jpg"):
        (folder / f"{file.parent.name}_{file.name}").write_bytes(file.read_bytes())
    found = sorted(file for file in folder.rglob("*") if file.is_file())
    assert len(found) >= 40 + 17
    return {file: file.read_bytes() for file in found}


@pytest.fixture(scope="module", params=FITS)
def saved(request, keras, tmp_path_factory):
    """The file of a small untrained model, for each way to fit a picture of another shape."""
    from helpers.classifier import Classifier, save_classifier
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp(request.param) / "rooms.keras"
    save_classifier(Classifier(three_blocks((32, 40)), ("clean", "messy"), fit=request.param), path)
    return path


def test_the_ways_to_fit_a_picture_part(keras, photos):
    """Or the tests below would pass where an app forgets the fit."""
    from helpers.images import open_image

    rooms = [file for file in photos if file.parent.name == "photos"]
    for file in rooms[:3]:
        cut, padded, squeezed = (open_image(file, (32, 40), fit=fit) for fit in FITS)
        assert (cut != squeezed).any() and (padded != squeezed).any() and (cut != padded).any()


@pytest.fixture(scope="module")
def expected(saved, photos):
    """What a notebook says, by `Classifier.answer`: the probability of the second class."""
    from helpers.classifier import load_classifier

    classifier = load_classifier(saved)
    said = {file: classifier.answer(file).probabilities["messy"] for file in photos}
    assert len({round(p, 6) for p in said.values()}) > 40, "the model hardly looks at the photos"
    return said


def test_page(saved, photos, expected):
    from apps.page import look
    from apps.predictor import Predictor
    from helpers.gradcam import explainer

    predictor = Predictor(saved)
    explain = explainer(predictor.classifier.model)
    for file in photos:
        p = look(predictor, explain, str(file)).answer.probabilities["messy"]
        assert p == pytest.approx(expected[file], abs=1e-6), file.name


def test_web(saved, photos, expected):
    from apps.predictor import Predictor
    from apps.web.app import MAX_IMAGES, create_app

    client = create_app(Predictor(saved), saved.name, "1000000 per second").test_client()
    files = list(photos)
    for start in range(0, len(files), MAX_IMAGES):
        some = files[start : start + MAX_IMAGES]
        sent = {"images": [(io.BytesIO(photos[file]), file.name) for file in some]}
        answers = client.post("/api/predict", data=sent).json["answers"]
        for file, answer in zip(some, answers, strict=True):
            assert answer["probabilities"]["messy"] == pytest.approx(expected[file], abs=1e-6)


def test_organiser(saved, photos, expected, tmp_path, monkeypatch):
    from apps.organiser import cli
    from apps.organiser.names import TABLE

    root = min(photos, key=lambda file: len(file.parts)).parent
    asked = ["organise", str(root), "--model", str(saved), "--to", str(tmp_path / "sorted")]
    monkeypatch.setattr("sys.argv", asked)
    assert cli.main() == 0
    with (tmp_path / "sorted" / TABLE).open(newline="", encoding="utf-8-sig") as table:
        rows = {row["file"]: float(row["p(messy)"]) for row in csv.DictReader(table)}
    # The table has six decimals: beside what a batch changes, half of the last one is rounded.
    assert rows == {str(file): pytest.approx(p, abs=2e-6) for file, p in expected.items()}


@pytest.mark.parametrize("kind", ["LiteRT", "ONNX"])
def test_exported(kind, saved, photos, expected, tmp_path):
    from apps.export.formats import export
    from apps.export.runners import runner
    from helpers.classifier import load_classifier

    classifier = load_classifier(saved)
    images = np.stack([classifier.open(file) for file in photos])
    p = runner(export(saved, tmp_path, images[:20])[kind])(images)[:, 1]
    assert p == pytest.approx(np.array(list(expected.values())), abs=1e-5)
