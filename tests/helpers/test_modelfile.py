"""A model file comes from somebody: what it holds is looked at before it is believed."""

import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pictures import ROOT, encoded, picture

from helpers import CourseError

SIZE = (8, 10)


@pytest.fixture
def made(keras, tmp_path):
    """Save a model, its output layer's arguments given, as a classifier of these names."""
    from helpers.classifier import Classifier, save_classifier

    def make(*output, names=("a", "b"), shape=(*SIZE, 3), before=(), **options) -> Path:
        layers = [keras.Input(shape), *before, keras.layers.Flatten()]
        model = keras.Sequential([*layers, keras.layers.Dense(*output, **options)])
        save_classifier(Classifier(model, names), tmp_path / "m.keras")
        return tmp_path / "m.keras"

    return make


def rewritten(path: Path, **members) -> Path:
    """Write a file anew with some members changed: bytes, or a function of what stood there."""
    names = {"facts": "classifier.json", "config": "config.json", "metadata": "metadata.json"}
    names["weights"] = "model.weights.h5"
    to = path.with_name("changed.keras")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for member, change in members.items():
                if names[member] == name:
                    content = change(content) if callable(change) else change
            new.writestr(name, content)
    return to


def refused(path: Path, said: str) -> None:
    from helpers.classifier import load_classifier

    with pytest.raises(CourseError, match=said) as caught:
        load_classifier(path)
    text = str(caught.value)
    assert path.name in text and text.isprintable() and text.endswith(".")


# --- what a model must be


@pytest.mark.parametrize(
    "output, names",
    [
        ((3,), ("a", "b", "c")),
        ((1,), ("a", "b")),
        ((3, "sigmoid"), ("a", "b", "c")),
        ((2, "tanh"), ("a", "b")),
        ((1, "softmax"), ("a", "b")),
        ((1, "relu"), ("a", "b")),
    ],
)
def test_an_output_that_is_no_probability(made, output, names):
    refused(made(*output, names=names), "returns no probabilities: end it in a s")


def test_logits_that_lie_in_0_to_1_by_chance_are_none(made):
    zero = {"kernel_initializer": "zeros", "bias_initializer": "zeros"}
    refused(made(1, **zero), "returns no probabilities")


@pytest.mark.parametrize("layer", ["softmax", "activation"])
def test_the_activation_may_be_a_layer_of_its_own(keras, tmp_path, layer):
    from helpers.classifier import Classifier, load_classifier, save_classifier

    end = keras.layers.Softmax() if layer == "softmax" else keras.layers.Activation("softmax")
    layers = [keras.Input((*SIZE, 3)), keras.layers.Flatten(), keras.layers.Dense(3), end]
    save_classifier(Classifier(keras.Sequential(layers), ("a", "b", "c")), tmp_path / "m.keras")
    assert load_classifier(tmp_path / "m.keras").class_names == ("a", "b", "c")


@pytest.mark.parametrize(
    "units, names", [(3, ("a", "b")), (2, ("a", "b", "c")), (1, ("a", "b", "c"))]
)
def test_another_number_of_outputs_than_names(made, units, names):
    end = "sigmoid" if units == 1 else "softmax"
    refused(made(units, end, names=names), f"names {len(names)} classes, .* has {units} units")


@pytest.mark.parametrize("shape", [(*SIZE, 1), (*SIZE, 4), (3, *SIZE)])
def test_other_channels(made, shape):
    refused(made(2, "softmax", shape=shape), "3 channels are needed")


def test_a_size_that_is_not_fixed(keras, tmp_path):
    from helpers.classifier import Classifier, save_classifier

    pool = keras.layers.GlobalAveragePooling2D()
    layers = [keras.Input((None, None, 3)), pool, keras.layers.Dense(1, "sigmoid")]
    save_classifier(Classifier(keras.Sequential(layers), ("a", "b")), tmp_path / "any.keras")
    refused(tmp_path / "any.keras", "takes images of any size: give its input a height")


def test_features_two_inputs_two_outputs_and_maps(keras, tmp_path):
    from helpers.classifier import Classifier, save_classifier

    one, other = keras.Input((*SIZE, 3)), keras.Input((*SIZE, 3))
    dense = lambda x: keras.layers.Dense(2, "softmax")(keras.layers.Flatten()(x))  # noqa: E731
    maps = keras.layers.Conv2D(2, 1, activation="softmax")
    row = keras.Input((9,))
    for model, said in (
        (keras.Model(row, keras.layers.Dense(2, "softmax")(row)), "no images but features"),
        (keras.Model(one, [dense(one), dense(one)]), "has 2 outputs"),
        (keras.Model(one, maps(one)), "returns arrays of shape"),
    ):
        save_classifier(Classifier(model, ("a", "b")), tmp_path / "m.keras")
        refused(tmp_path / "m.keras", said)
    both = keras.Model([one, other], dense(keras.layers.Add()([one, other])))
    both.save(tmp_path / "two.keras")
    with zipfile.ZipFile(tmp_path / "two.keras", "a") as archive:
        archive.writestr("classifier.json", '{"class_names": ["a", "b"], "threshold": 0.5}')
    refused(tmp_path / "two.keras", "takes 2 inputs at once")


def test_weights_that_are_no_numbers(keras, tmp_path):
    from helpers.classifier import Classifier, save_classifier

    layers = [keras.Input((*SIZE, 3)), keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential(layers)
    model.set_weights([weight * np.nan for weight in model.get_weights()])
    save_classifier(Classifier(model, ("a", "b")), tmp_path / "nan.keras")
    refused(tmp_path / "nan.keras", "answers with numbers that are none")


@pytest.mark.parametrize("last", ["float32", None])
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_a_model_of_16_bits_answers(made, keras, policy, last):
    from helpers.classifier import load_classifier

    keras.mixed_precision.set_global_policy(policy)
    try:
        path = made(3, "softmax", names=("a", "b", "c"), dtype=last)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    classifier = load_classifier(path)
    answer = classifier.answer(encoded(picture(1)))
    assert sum(answer.probabilities.values()) == pytest.approx(1, abs=0.01)
    assert classifier.probabilities(np.zeros((2, *SIZE, 3), np.uint8)).dtype == np.float32


# --- what its facts must be


@pytest.mark.parametrize(
    "threshold", [float("nan"), float("inf"), -0.1, 1.1, "0.5", [0.5], True, None]
)
def test_a_threshold_that_is_no_number_from_0_to_1(made, threshold):
    facts = json.dumps({"class_names": ["a", "b"], "threshold": threshold})
    refused(rewritten(made(1, "sigmoid"), facts=facts.encode()), "threshold that is no number")


@pytest.mark.parametrize(
    "names",
    [[], ["a"], ["a", "a"], ["a", 1], ["a", None], ["a", ""], ["a", " "], "ab", {"a": 1}, None],
)
def test_class_names_that_are_none(made, names):
    facts = json.dumps({"class_names": names, "threshold": 0.5})
    refused(rewritten(made(1, "sigmoid"), facts=facts.encode()), "class names that are none")


def test_a_million_names_and_an_unknown_fit(made):
    many = {"class_names": [str(n) for n in range(1_000_000)], "threshold": 0.5}
    path = made(1, "sigmoid")
    refused(
        rewritten(path, facts=json.dumps(many).encode()), "names 1000000 classes|unpacks to more"
    )
    crop = {"class_names": ["a", "b"], "threshold": 0.5, "fit": "crop"}
    refused(rewritten(path, facts=json.dumps(crop).encode()), "none of cut, pad, squeeze")


@pytest.mark.parametrize("facts", [b"[" * 200_000, b"{", b"", b"\xff\xfe", b"null", b"7", b'"ab"'])
def test_facts_that_are_no_facts(made, facts):
    refused(rewritten(made(1, "sigmoid"), facts=facts), "can be read|no class names")


@pytest.mark.parametrize("threshold, names", [(float("nan"), ("a", "b")), (0.5, ("a", "a"))])
def test_what_could_not_be_loaded_is_not_saved(keras, tmp_path, threshold, names):
    from helpers.classifier import Classifier, save_classifier

    layers = [keras.Input((*SIZE, 3)), keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")]
    with pytest.raises(CourseError, match=r"m\.keras has"):
        save_classifier(
            Classifier(keras.Sequential(layers), names, threshold), tmp_path / "m.keras"
        )
    assert not any(tmp_path.iterdir())


# --- where it comes from


@pytest.mark.parametrize("version", ["3.99.0", "4.0.0"])
@pytest.mark.parametrize("change", ["argument", "layer"])
def test_a_file_of_a_newer_keras_says_so(made, keras, version, change):
    def newer(config: bytes) -> bytes:
        if change == "layer":
            return config.replace(b'"Flatten"', b'"FlattenAnew"')
        return config.replace(b'"units": 1', b'"units": 1, "quickly": true')

    metadata = json.dumps({"keras_version": version}).encode()
    path = rewritten(made(1, "sigmoid"), config=newer, metadata=metadata)
    refused(path, f"saved by Keras {version}, and this is {keras.__version__}: install keras==")


def test_a_layer_that_this_keras_has_not(made):
    path = rewritten(made(1, "sigmoid"), config=lambda c: c.replace(b'"Flatten"', b'"FlattenAnew"'))
    refused(path, "has a layer that Keras cannot build")


@pytest.mark.parametrize(
    "metadata", [b"{}", b"[]", b"null", b'{"keras_version": "x\\u001b[2J"}', b"["]
)
def test_metadata_that_says_nothing_is_no_harm_or_a_sentence(made, metadata):
    from helpers.classifier import load_classifier

    path = rewritten(made(1, "sigmoid"), metadata=metadata)
    try:
        assert load_classifier(path).class_names == ("a", "b")
    except CourseError as error:
        assert str(error).isprintable()


@pytest.mark.parametrize("name", ["Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer"])
def test_a_layer_with_code_of_its_own(made, name):
    path = rewritten(
        made(1, "sigmoid"), config=lambda c: c.replace(b'"Flatten"', f'"{name}"'.encode())
    )
    refused(path, f"has a {name} layer, whose code the course does not run")


def test_code_is_not_run(keras, tmp_path):
    from helpers.classifier import Classifier, save_classifier

    ran = tmp_path / "ran"
    layers = [
        keras.Input((*SIZE, 3)),
        keras.layers.Lambda(eval(f"lambda x: (open({str(ran)!r}, 'w').close(), x)[1]")),
        keras.layers.Flatten(),
        keras.layers.Dense(1, "sigmoid"),
    ]
    save_classifier(Classifier(keras.Sequential(layers), ("a", "b")), tmp_path / "m.keras")
    ran.unlink()  # building it here has run it
    keras.config.enable_unsafe_deserialization()
    try:
        refused(tmp_path / "m.keras", "has a Lambda layer")
    finally:
        keras.src.backend.common.global_state.set_global_attribute("safe_mode_saving", True)
    assert not ran.exists()


# --- what it may cost


def larger(part: str, number: int):
    """Say in the description that a layer has so many units, or an input so many pixels."""

    def change(config: bytes) -> bytes:
        facts = json.loads(config)
        for layer in facts["config"]["layers"]:
            if part in layer["config"]:
                layer["config"][part] = number if part == "units" else [None, number, number, 3]
            layer.pop("build_config", None)
        facts.pop("build_config", None)
        return json.dumps(facts).encode()

    return change


@pytest.mark.parametrize(
    "part, number", [("units", 10**9), ("units", 10**6), ("batch_shape", 10**6)]
)
def test_layers_larger_than_any_machine(made, part, number):
    before = time.process_time()
    refused(
        rewritten(made(1, "sigmoid"), config=larger(part, number)),
        "larger than its weights|numbers for one image",
    )
    assert time.process_time() - before < 5


def test_maps_larger_than_any_machine(made, keras):
    """They have no weights, so the file says nothing about them."""
    from helpers.classifier import Classifier, save_classifier

    image = keras.Input((*SIZE, 3))
    wide = keras.layers.UpSampling2D(3000)(image)
    out = keras.layers.Dense(1, "sigmoid")(keras.layers.GlobalAveragePooling2D()(wide))
    path = made(1, "sigmoid")
    save_classifier(Classifier(keras.Model(image, out), ("a", "b")), path)
    refused(path, "would hold .* numbers for one image")


def test_a_member_that_unpacks_to_much_is_not_unpacked(made):
    good = made(1, "sigmoid")
    bombs = []
    for member in ("config", "facts", "metadata", "weights"):
        bomb = rewritten(good, **{member: bytes(2**27)})
        bombs.append(bomb.rename(bomb.with_name(f"{member}.keras")))
        refused(bombs[-1], "unpacks to more than a classifier has")
    # In a process of its own, for this one's peak is that of making the files.
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom helpers import CourseError\n"
        "from helpers.modelfile import contents\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "for path in sys.argv[1:]:\n"
        "    try: contents(Path(path))\n"
        "    except CourseError: print(peak() - before)\n"
    )
    command = [sys.executable, "-c", code, *map(str, bombs)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    grown = [int(line) for line in done.stdout.split()]  # in kilobytes
    assert len(grown) == 4 and max(grown) < 50_000, done.stderr[-500:]


def test_weights_that_claim_more_than_they_are(made):
    import h5py

    def grown(weights: bytes) -> bytes:
        buffer = io.BytesIO(weights)
        with h5py.File(buffer, "a") as file:
            file.create_dataset("vars/0", (2**30,), "f4", chunks=(2**20,), compression="gzip")
        return buffer.getvalue()

    refused(rewritten(made(1, "sigmoid"), weights=grown), "weights that unpack to more")


@pytest.mark.parametrize("weights", [b"", b"no weights", b"\x89HDF\r\n\x1a\n" + b"\0" * 99])
def test_weights_that_are_none(made, weights):
    refused(rewritten(made(1, "sigmoid"), weights=weights), "is not a .keras file that can be read")


def test_a_description_of_200_000_brackets(made):
    nested = b'{"a": ' * 100_000 + b"1" + b"}" * 100_000
    refused(rewritten(made(1, "sigmoid"), config=nested), "is not a .keras file that can be read")


def test_bits_that_flip_get_a_sentence_or_do_not_matter(made):
    from helpers.classifier import load_classifier

    path = made(1, "sigmoid")
    good = path.read_bytes()
    rng = np.random.default_rng(0)
    loaded = 0
    for _ in range(60):
        bad = bytearray(good)
        for place in rng.integers(0, len(bad), 4):
            bad[place] = rng.integers(256)
        path.write_bytes(bad)
        try:
            load_classifier(path)
            loaded += 1
        except CourseError as error:
            assert str(error).isprintable()
    assert loaded < 60


def test_a_folder_and_a_pipe_are_no_model(tmp_path):
    (tmp_path / "m.keras").mkdir()
    refused(tmp_path / "m.keras", "is not a .keras file")
    refused(tmp_path / "none.keras", "is not there: run chapter 4")


def test_looking_costs_little_beside_loading(made, keras):
    from helpers.contract import check_model
    from helpers.modelfile import build, contents

    path = made(1, "sigmoid")
    model = build(path, contents(path))
    seconds = []
    for _ in range(5):
        before = time.process_time()
        contents(path)
        check_model(path, model, ("a", "b"))
        seconds.append(time.process_time() - before)
    assert min(seconds) < 0.2
