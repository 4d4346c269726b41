"""What is taught in the page: scored on photos that it has not seen, and carried home as a file."""

import numpy as np
import pytest
from pictures import encoded, picture

from helpers.data import SAMPLES
from helpers.evaluate import wilson

TRAIN, TEST = (SAMPLES / "rooms" / split for split in ("train", "test"))
SIX = {name: sorted((TRAIN / name).glob("*.jpg"))[:6] for name in ("clean", "messy")}


def teach(page, photos):
    """Give each class its name and its photos; return (right, total) of the score."""
    page.locator("#tab-teach").click()
    for index, (name, files) in enumerate(photos.items()):
        if index >= page.locator(".class").count():
            page.locator("#teach-add").click()
        one = page.locator(".class").nth(index)
        one.locator(".name input").fill(name)
        one.locator(".name input").blur()
        one.locator("input[type=file]").set_input_files(files)
        one.locator("canvas").nth(len(files) - 1).wait_for()
    score = page.locator(".score")
    score.wait_for()
    return int(score.get_attribute("data-right")), int(score.get_attribute("data-total"))


def test_the_score_and_its_interval(page):
    right, total = teach(page, SIX)
    assert total == 12
    low, high = wilson(right, total)
    said = page.locator("#teach-score").inner_text().replace("\xa0", " ")
    assert f"from {100 * low:.1f} % to {100 * high:.1f} %" in said
    assert not page.locator("#teach-alike").is_visible()


def test_look_alikes_count_once(page, tmp_path):
    """A photo five times over is one case, and in two classes is told."""
    copies = [tmp_path / f"copy_{n}.jpg" for n in range(4)]
    for copy in copies:
        copy.write_bytes(SIX["clean"][0].read_bytes())
    _, total = teach(page, {"clean": [*SIX["clean"], *copies], "messy": SIX["messy"]})
    assert total == 12
    assert "5 photos look nearly the same" in page.locator("#teach-alike").inner_text()
    page.locator(".class").nth(1).locator("input[type=file]").set_input_files(copies[:1])
    page.locator("#teach-alike", has_text="Some of them stand in two classes").wait_for()


def test_what_tells_nothing_scores_like_nothing(page):
    """Names that go with neither mess nor room, for each room is here clean and messy."""
    mixed = {
        "heads": SIX["clean"][::2] + SIX["messy"][1::2],
        "tails": SIX["clean"][1::2] + SIX["messy"][::2],
    }
    right, total = teach(page, mixed)
    low, high = wilson(right, total)
    assert low <= 0.5, "labels that mean nothing were learnt: something leaks"
    assert "cannot tell whether it has learnt anything" in page.locator("#teach-score").inner_text()


def test_the_head_at_home_says_the_same(page, keras, tmp_path):
    from helpers.classifier import load_classifier

    teach(page, SIX)
    with page.expect_download() as download:
        page.locator("#teach-save").click()
    download.value.save_as(tmp_path / "head.json")
    classifier = load_classifier(tmp_path / "head.json")
    assert classifier.class_names == ("clean", "messy")
    for file in sorted(TEST.rglob("*.jpg"))[::4]:
        page.locator("#teach-bars").evaluate("body => body.replaceChildren()")
        page.locator("#teach-file").set_input_files(file)
        page.locator("#teach-bars tr").first.wait_for()
        rows = page.locator("#teach-bars tr").all()
        said = {r.get_attribute("data-class"): float(r.get_attribute("data-p")) for r in rows}
        assert said == pytest.approx(classifier.answer(file).probabilities, abs=1e-5), file.name


def test_training_ends_where_others_end(page):
    """The head is the one that minimises its loss, as SciPy finds it."""
    from scipy.optimize import minimize

    rng = np.random.default_rng(0)
    rows, labels = rng.normal(size=(20, 5)) * [1, 2, 3, 4, 5], np.repeat([0, 1, 2], [4, 6, 10])
    head = page.evaluate(
        """async ([rows, labels]) => {
          const { train } = await import("./js/head.js");
          const { kernel, bias } = train(rows.map((row) => Float32Array.from(row)), labels, 3);
          return [Array.from(kernel), Array.from(bias)];
        }""",
        [rows.tolist(), labels.tolist()],
    )
    scaled = (rows - rows.mean(0)) / rows.std(0)
    share = 1 / (3 * np.bincount(labels)[labels])

    def loss(flat):
        kernel, bias = flat[:15].reshape(5, 3), flat[15:]
        logits = scaled @ kernel + bias
        logits -= np.log(np.exp(logits).sum(1, keepdims=True))
        return -(share * logits[np.arange(20), labels]).sum() + 0.01 * (kernel**2).sum()

    found = minimize(loss, np.zeros(18), tol=1e-10).x
    expected = found[:15].reshape(5, 3) / rows.std(0)[:, None]
    np.testing.assert_allclose(np.array(head[0]).reshape(5, 3), expected, atol=0.01)


def test_bad_photos_are_named_and_the_others_kept(page, tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    files = [*SIX["clean"][:2], tmp_path / "text.jpg"]
    page.locator("#tab-teach").click()
    page.locator(".class input[type=file]").first.set_input_files(files)
    page.locator("#teach-error", has_text="text.jpg is not a picture").wait_for()
    assert page.locator(".class").first.locator("canvas").count() == 2


def test_the_camera_and_six_classes(page):
    page.locator("#tab-teach").click()
    for _ in range(4):
        page.locator("#teach-add").click()
    assert page.locator("#teach-add").is_disabled()
    page.get_by_label("Camera for Class A").click()
    for count in (1, 2):
        page.locator("#shoot:not(:disabled)").click()
        page.locator(".class").first.locator("canvas").nth(count - 1).wait_for()
    page.locator("#camera-close").click()
    page.get_by_label("Remove class Class F").click()
    assert page.locator(".class").count() == 5


def test_no_more_than_a_minute_can_judge(page, tmp_path):
    (tmp_path / "one.png").write_bytes(encoded(picture(1)))
    page.locator("#tab-teach").click()
    one = page.locator(".class").first
    for _ in range(3):
        one.locator("input[type=file]").set_input_files([tmp_path / "one.png"] * 45)
        page.wait_for_timeout(1500)
    page.locator("#teach-error", has_text="120 photos are taught at most").wait_for()
    assert one.locator("canvas").count() == 120
