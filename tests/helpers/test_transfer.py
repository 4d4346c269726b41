"""A borrowed network: where it is found, what stands in for it, and the features that are kept."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from helpers import CourseError, cache, start
from helpers.data import SETS, Split, load

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("KERAS_HOME") or ROOT.parent / "shared" / "keras")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "CACHE", tmp_path / "cache")


@pytest.fixture(scope="module")
def transfer(keras):
    from helpers import transfer

    return transfer


@pytest.fixture(scope="module")
def data():
    return load("rooms")


@pytest.fixture
def tiny(keras, transfer):
    keras.utils.set_random_seed(1)
    layers = keras.layers
    body = [keras.Input((24, 24, 3)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3)]
    return transfer.Backbone("tiny", keras.Sequential([*body, layers.BatchNormalization()]))


@pytest.fixture
def broken(transfer, tmp_path, monkeypatch):
    """A KERAS_HOME whose weights are no weights, so that nothing is downloaded either."""
    (tmp_path / "models").mkdir()
    for _, file in transfer.IMAGENET.values():
        (tmp_path / "models" / file).write_bytes(b"no weights")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


def imagenet(transfer, data, name, monkeypatch, **words):
    file = transfer.IMAGENET[name][1]
    if not (HOME / "models" / file).is_file():
        pytest.skip(f"{file} is not in KERAS_HOME/models")
    monkeypatch.setenv("KERAS_HOME", str(HOME))
    return transfer.pretrained(data, name, **words)


def test_an_unknown_name_is_told_the_known_ones(transfer, data):
    with pytest.raises(CourseError, match="no backbone 'VGG': choose MobileNet, .* or course"):
        transfer.pretrained(data, "VGG")


@pytest.mark.parametrize("name", ["MobileNet", "MobileNetV2"])
def test_without_weights_the_course_s_own_network_stands_in(transfer, data, name, broken, capsys):
    capsys.readouterr()
    backbone = transfer.pretrained(data, name)
    said = capsys.readouterr()
    assert said.err == "" and said.out.count("\n") == 1
    assert said.out.startswith("Backbone: the course's own small network")
    assert f"weights of {name} are neither here" in said.out
    assert backbone.name == "course" and not backbone.imagenet and backbone.size == (96, 96)


def test_the_course_s_own_is_small_frozen_flat_and_of_any_size(transfer, data, keras):
    assert transfer.own_weights("rooms").stat().st_size < 2**20
    backbone = transfer.pretrained(data, "course", side=64)
    assert backbone.size == (64, 64) and not backbone.model.trainable_weights
    assert not any(isinstance(layer, keras.Model) for layer in backbone.model.layers)
    rooms, _ = data.val.take([0]).arrays((64, 64))
    assert backbone.model(rooms).shape == (1, 4, 4, 128)


@pytest.mark.parametrize("name", SETS)
def test_no_file_of_the_course_holds_what_an_older_keras_does_not_know(transfer, name):
    """Keras 3.15 writes settings into a saved model that 3.13 refuses: numbers alone are kept."""
    assert not list((ROOT / "data").rglob("*.keras"))
    network = transfer.own_network((32, 32))
    found = []
    with h5py.File(transfer.own_weights(name)) as file:
        file.visititems(lambda _, item: found.append(item))
        assert not [key for key in file.attrs if "config" in key]
        assert not [key for item in found for key in item.attrs if key != "name"]
        shapes = sorted(item.shape for item in found if isinstance(item, h5py.Dataset))
    assert shapes == sorted(tuple(weight.shape) for weight in network.weights)


@pytest.mark.parametrize("name", ["MobileNet", "MobileNetV2"])
def test_imagenet_s_networks_are_frozen_flat_and_of_any_size(
    transfer, data, keras, name, monkeypatch, capsys
):
    backbone = imagenet(transfer, data, name, monkeypatch, side=64)
    assert f"Backbone: {name}, trained on" in capsys.readouterr().out
    assert backbone.imagenet and backbone.size == (64, 64)
    assert not backbone.model.trainable_weights
    assert not any(isinstance(layer, keras.Model) for layer in backbone.model.layers)


def test_a_path_from_the_course_s_folder_is_found_from_anywhere(transfer, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (ROOT / "saved").mkdir(exist_ok=True)
    monkeypatch.setenv("KERAS_HOME", "saved")
    start()
    assert Path(os.environ["KERAS_HOME"]) == ROOT / "saved"


def test_preprocessing_is_part_of_the_model(transfer, data, keras, monkeypatch):
    backbone = imagenet(transfer, data, "MobileNet", monkeypatch)
    rooms, _ = data.val.take([0, 1]).arrays(backbone.size)
    scaled = keras.applications.mobilenet.preprocess_input(rooms.astype("float32"))
    body = keras.applications.MobileNet(
        input_shape=(*backbone.size, 3),
        alpha=0.25,
        include_top=False,
        pooling="avg",
        weights=str(HOME / "models" / transfer.IMAGENET["MobileNet"][1]),
    )
    ours = transfer.features(data.val.take([0, 1]), backbone)
    np.testing.assert_allclose(ours, body.predict(scaled, verbose=0), atol=1e-4)


def test_features_are_the_model_s_own_and_computed_once(transfer, data, tiny):
    split = data.val.take(range(5))
    first = transfer.features(split, tiny)
    maps = tiny.model(split.arrays(tiny.size)[0], training=False).numpy()
    assert first.shape == (5, 4) and first.dtype == np.float32
    np.testing.assert_allclose(first, maps.mean(axis=(1, 2)), atol=1e-5)

    tiny.model.predict = None  # calling it would now fail
    np.testing.assert_array_equal(transfer.features(split, tiny), first)


def test_other_weights_give_other_features(transfer, data, tiny):
    split = data.val.take(range(5))
    first = transfer.features(split, tiny)
    tiny.model.set_weights([2 * weight for weight in tiny.model.get_weights()])
    assert not np.allclose(transfer.features(split, tiny), first)


def test_only_some_images_are_in_memory_at_once(transfer, data, tiny, monkeypatch):
    whole = transfer.features(data.val, tiny)
    opened, arrays = [], Split.arrays

    def counted(split, size):
        opened.append(len(split))
        return arrays(split, size)

    monkeypatch.setattr(Split, "arrays", counted)
    monkeypatch.setattr(transfer, "TOGETHER", 16)
    monkeypatch.setattr(cache, "CACHE", cache.CACHE / "again")
    np.testing.assert_allclose(transfer.features(data.val, tiny), whole, atol=1e-6)
    assert max(opened) == 16 and sum(opened) == len(data.val)
