"""A head from the laboratory: on its backbone it answers, and a bad file gets its sentence."""

import hashlib
import json
import warnings

import numpy as np
import pytest
from pictures import picture

from helpers import CourseError
from helpers.transfer import own_weights


def head(**other):
    """The content of a sound file, but for what is given."""
    rng = np.random.default_rng(0)
    file = own_weights("rooms")
    said = {
        "format": "room-by-room head",
        "version": 1,
        "backbone": {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()},
        "class_names": ["cup", "plate", "bowl"],
        "threshold": 0.5,
        "fit": "cut",
        "kernel": rng.normal(size=(128, 3)).tolist(),
        "bias": [0.1, 0.2, 0.3],
    }
    return said | other


def written(tmp_path, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "head.json").write_text(text)
    return tmp_path / "head.json"


def test_a_head_is_a_classifier_and_can_be_saved_as_one(keras, tmp_path):
    from helpers.classifier import load_classifier, save_classifier
    from helpers.transfer import own_network

    said = head(class_names=["cup & <b>saucer</b>", "\u76bf", "bowl \N{BOWL WITH SPOON}"])
    path = written(tmp_path, said).rename(tmp_path / "HEAD (1).JSON")  # as some systems name it
    with warnings.catch_warnings(action="error", category=UserWarning):
        classifier = load_classifier(path)
    images = np.stack([picture(n, (96, 96)) for n in range(3)])
    body = own_network((96, 96))
    body.load_weights(own_weights("rooms"))
    features = body.predict(images, verbose=0).mean(axis=(1, 2))
    logits = features @ np.array(said["kernel"]) + said["bias"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(classifier.probabilities(images), expected, atol=1e-4)
    save_classifier(classifier, tmp_path / "mine.keras")
    again = load_classifier(tmp_path / "mine.keras")
    assert again.class_names == tuple(said["class_names"]) and again.fit == "cut"
    np.testing.assert_allclose(again.probabilities(images), expected, atol=1e-4)


BAD = {
    "no text": ("\x00\x01", "is no head"),
    "no object": ("[1, 2]", "is no head"),
    "nested without end": ("[" * 100_000, "is no head"),
    "another file": ({"format": "else"}, "is no head"),
    "another version": (head(version=2), "another version"),
    "another backbone": (head(backbone={"file": "x", "sha256": "y"}), "not in data/backbone"),
    "a path for a backbone": (
        head(backbone={"file": "../../saved/rooms.keras", "sha256": ""}),
        "not in data/backbone",
    ),
    "other weights": (
        head(backbone={"file": "without_rooms.weights.h5", "sha256": "0" * 64}),
        "not in data/backbone",
    ),
    "one class": (head(class_names=["a"]), "names no 2 to 6 classes"),
    "a name twice": (head(class_names=["a", "a", "b"]), "class names that are none"),
    "a name with a command": (head(class_names=["a", "b", "c\x1b[2J"]), "control character"),
    "a name of two lines": (head(class_names=["a", "b\nc", "d"]), "control character"),
    "half a letter": (head(class_names=["a", "b", "\ud800"]), "control character"),
    "a name without end": (head(class_names=["a" * 201, "b", "c"]), "more than 200 characters"),
    "names that stand twice": (
        json.dumps(head())[:-1] + ', "class_names": ["x", "y", "z"]}',
        "is no head",
    ),
    "a row too few": (head(kernel=[[0.0] * 3] * 127), "does not hold 128 by 3"),
    "a bias too many": (head(bias=[0.0] * 4), "does not hold 128 by 3"),
    "no numbers": (head(kernel=[["1"] * 3] * 128), "does not hold 128 by 3"),
    "NaN": (json.dumps(head(bias=[0.0, 0.0, float("nan")])), "does not hold 128 by 3"),
    "beyond all numbers": (head(bias=[0.0, 0.0, 10**400]), "does not hold 128 by 3"),
    "a threshold that is none": (head(threshold="high"), "threshold"),
    "a fit that is none": (head(fit="stretch"), "fits pictures"),
}


@pytest.mark.parametrize("content, sentence", BAD.values(), ids=BAD)
def test_a_bad_file_gets_its_sentence(keras, tmp_path, content, sentence):
    from helpers.classifier import load_classifier

    with pytest.raises(CourseError, match=sentence) as raised:
        load_classifier(written(tmp_path, content))
    assert str(raised.value).count("\n") == 0


def test_no_file_and_a_giant_one(keras, tmp_path):
    from helpers.classifier import load_classifier

    with pytest.raises(CourseError, match="is not there"):
        load_classifier(tmp_path / "none.json")
    for name in ("x" * 300 + ".json", "x" * 300 + ".keras", "no\0name.json"):
        with pytest.raises(CourseError) as raised:
            load_classifier(tmp_path / name)
        assert len(str(raised.value).splitlines()) == 1
    with (tmp_path / "giant.json").open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(CourseError, match="more than 1 MB"):
        load_classifier(tmp_path / "giant.json")
