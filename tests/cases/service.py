"""The web app and the page: proxies before them, proxies in the environment, and ill will."""

import functools
import html
import http.server
import importlib.util
import io
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
from pictures import ROOT, encoded, picture
from verdict import Untried, case, refused, said

PHOTO = encoded(picture(1), "JPEG")
ONE_SENTENCE = "one sentence for five causes"
ABSOLUTE = "absolute addresses"
PREFIX = "/user/ada/proxy/8000"


@functools.cache
def predictor():
    """Return the small untrained model that is served, kept ready."""
    from apps.predictor import Predictor
    from helpers import start

    start()
    import keras

    from helpers.classifier import Classifier, save_classifier
    from helpers.network import three_blocks

    keras.utils.set_random_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rooms.keras"
        save_classifier(Classifier(three_blocks((32, 40)), ("clean", "messy")), path)
        return Predictor(path)


def visitor(**options):
    """Return a client of the web app in this process.

    Raises:
        Untried: what the app needs is not installed.
    """
    try:
        from apps.web.app import create_app
    except ImportError as error:
        raise Untried(f"{error.name} is not installed: make apps") from None
    return create_app(predictor(), "rooms.keras", "1000000 per second").test_client(**options)


def form_sent(client, headers, token=None):
    """Fetch the page and send its form, through a proxy that speaks TLS; return the answer."""
    options = {"base_url": "https://127.0.0.1:8000", "headers": headers}
    shown = client.get("/", **options).text
    token = token or re.search('name="csrf_token" value="(.+?)"', shown)[1]
    data = {"csrf_token": token, "images": (io.BytesIO(PHOTO), "a.jpg")}
    return client.post("/", data=data, content_type="multipart/form-data", **options)


def alert(answer):
    """Return the one sentence of a page that refuses."""
    assert answer.status_code == 400, answer.status_code
    (sentence,) = re.findall('role="alert">(.+?)</p>', answer.text)
    assert sentence.endswith("."), sentence
    return html.unescape(sentence)


@case(15, ONE_SENTENCE)
def a_form_without_a_referrer(folder):
    answer = form_sent(visitor(), {})
    assert answer.status_code == 200 and "confidence" in answer.text
    return "answered"


@case(15, ONE_SENTENCE)
def a_proxy_that_passes_its_own_host(folder):
    said = alert(form_sent(visitor(), {"Referer": "https://photos.example.org/"}))
    assert "(127.0.0.1:8000) than the page's (photos.example.org)" in said, said
    assert "X-Forwarded-Host" in said
    return said


@case(15, ONE_SENTENCE)
def a_proxy_that_loses_the_port(folder):
    headers = {"Host": "photos.example.org", "Referer": "https://photos.example.org:8443/"}
    said = alert(form_sent(visitor(), headers))
    assert "port" in said and "photos.example.org:8443" in said, said
    kept = headers | {"Host": "photos.example.org:8443"}
    assert form_sent(visitor(), kept).status_code == 200
    usual = {"Host": "photos.example.org:443", "Referer": "https://photos.example.org/"}
    assert form_sent(visitor(), usual).status_code == 200
    return said


@case(15, ONE_SENTENCE)
def a_form_of_another_site(folder):
    headers = {"X-Forwarded-Host": "photos.example.org", "Referer": "https://evil.example/"}
    said = alert(form_sent(visitor(), headers))
    assert "comes from a page of evil.example" in said, said
    return said


@case(15, ONE_SENTENCE)
def a_browser_that_keeps_no_cookie(folder):
    said = alert(form_sent(visitor(use_cookies=False), {}))
    assert "allow cookies" in said, said
    return said


@case(15, ONE_SENTENCE)
def a_form_from_before_a_restart(folder):
    before = visitor()
    shown = before.get("/").text
    after = visitor()
    after.set_cookie("session", before.get_cookie("session").value)
    token = re.search('name="csrf_token" value="(.+?)"', shown)[1]
    data = {"csrf_token": token, "images": (io.BytesIO(PHOTO), "a.jpg")}
    said = alert(after.post("/", data=data, content_type="multipart/form-data"))
    assert "out of date" in said, said
    return said


@case(16, ABSOLUTE)
def a_page_below_a_path(folder):
    for headers in ({}, {"X-Forwarded-Prefix": PREFIX}):
        client = visitor()
        page = client.get("/", headers=headers).text
        here = f"http://localhost{PREFIX}/"
        links = re.findall(r'(?:href|action|src)="((?!data:)[^"]*)"', page)
        assert len(links) == 3, links
        for link in links:
            assert urljoin(here, link).startswith(here), link
        described = client.get("/openapi.json").json["servers"][0]["url"]
        assert urljoin(f"{here}openapi.json", described) == here
    assert f"http://localhost{PREFIX}/api/predict" in page
    return f"{', '.join(links) or 'itself'}; servers: {described}"


@case(16, ABSOLUTE)
def a_prefix_that_is_none(folder):
    for prefix in ("//evil.example", "javascript:x", "/a b", "/<b>", "/" + "a" * 5000, "a"):
        page = visitor().get("/", headers={"X-Forwarded-Prefix": prefix}).text
        assert "http://localhost/api/predict" in page, prefix
    return "ignored"


NETWORK = "this computer asked through the network's settings"
PROXIED = {"HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "socks5://127.0.0.1:9"}


def among_proxies(no_proxy, *command):
    """Run Python where the network has proxies that lead nowhere; return the process."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    given = kept | PROXIED | {"NO_PROXY": no_proxy, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=given, **pipes)


@case(9, NETWORK)
def a_page_where_there_are_proxies(folder):
    """HTTP, SOCKS, and hosts without one that httpx cannot read."""
    if importlib.util.find_spec("gradio") is None:
        raise Untried("gradio is not installed: make apps")
    saved = folder / "rooms.keras"
    classifier = predictor().classifier
    importlib.import_module("helpers.classifier").save_classifier(classifier, saved)
    with among_proxies("[::1]:x", "-m", "apps.page", "--model", str(saved)) as program:
        try:
            line = program.stdout.readline()
        finally:
            program.terminate()
        said = program.stderr.read()
    assert line.startswith("Open http://127.0.0.1:") and "Traceback" not in said, said[-600:]
    return line


@case(9, NETWORK)
def a_notebook_that_asks_this_computer(folder):
    """As chapter 16 does; others are asked as before."""
    code = (
        "import apps, os, requests, sys\n"
        "print(requests.get(sys.argv[1], timeout=60).status_code)\n"
        "print(os.environ['NO_PROXY'])\n"
        "print(requests.utils.get_environ_proxies('http://photos.example.org/')['http'])\n"
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/"
            with among_proxies("intranet", "-c", code, address) as program:
                said, failed = program.communicate(timeout=100)
        finally:
            server.shutdown()
    assert said.split() == ["204", "intranet,127.0.0.1,localhost", PROXIED["HTTP_PROXY"]], failed
    return said


class Nothing(http.server.BaseHTTPRequestHandler):
    """Answers that there is nothing to say."""

    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


ONE_DTYPE = "one dtype assumed"


def half(folder, last):
    """Save a model of mixed precision whose last layer is of this dtype; return its path."""
    predictor()  # Keras, imported quietly
    import keras

    from helpers.classifier import Classifier, save_classifier

    mixed = {"dtype": "mixed_float16"}
    layers = [
        keras.Input((16, 20, 3)),
        keras.layers.Rescaling(1 / 255, **mixed),
        keras.layers.Conv2D(4, 3, **mixed),
        keras.layers.Flatten(**mixed),
        keras.layers.Dense(2, activation="softmax", dtype=last),
    ]
    save_classifier(Classifier(keras.Sequential(layers), ("a", "b")), folder / "half.keras")
    return folder / "half.keras"


@case(10, ONE_DTYPE)
def a_model_of_mixed_precision(folder):
    from apps.predictor import Predictor
    from helpers.gradcam import explainer

    for last in ("float32", "mixed_float16"):
        served = Predictor(half(folder, last))
        image = picture(1, (16, 20))
        answer = served.probabilities(image[None])
        assert answer.dtype == np.float32 and abs(answer.sum() - 1) < 0.01, answer
        heat = explainer(served.classifier.model)(image, 0)
        assert heat.dtype == np.float32 and heat.shape == (16, 20) and np.isfinite(heat).all()
        assert heat.max() <= 1.001
    return f"answered {answer.round(3).tolist()}, with a map"


@case(10, ONE_DTYPE)
def a_model_of_mixed_precision_to_export(folder):
    from apps.export.formats import export

    path = half(folder, "float32")
    images = np.zeros((2, 16, 20, 3), np.uint8)
    return refused(lambda: export(path, folder / "to", images), "16 bits", "float32")


@case(28, "one bad file stops all")
def a_broken_photo_to_calibrate_with(folder):
    from apps.export.cli import pictures

    (folder / "photos").mkdir()
    for number in range(4):
        (folder / "photos" / f"{number}.png").write_bytes(encoded(picture(number)))
    (folder / "photos" / "broken.jpg").write_bytes(PHOTO[:300])
    found, text = said(lambda: pictures(predictor().classifier, folder / "photos"))
    assert len(found[0]) == len(found[1]) == 2 and "broken.jpg" in text, text
    return text


UNCHECKED = "a contract not checked"


@case(20, UNCHECKED)
def a_model_that_answers_other_numbers(folder):
    """Nothing is found out at the first answer only, whoever checks it."""
    predictor()  # Keras, imported quietly
    import keras

    from apps.predictor import Predictor
    from helpers.classifier import Classifier, save_classifier

    told = []
    for units, names in ((3, ("a", "b")), (1, ("a", "b", "c")), (2, ("a", "b", "c"))):
        kind = "sigmoid" if units == 1 else "softmax"
        layers = [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(units, kind)]
        path = folder / f"{units}.keras"
        call = functools.partial(
            lambda model, names, path: (
                save_classifier(Classifier(model, names), path),
                Predictor(path),
            ),
            keras.Sequential(layers),
            names,
            path,
        )
        told.append(refused(call))
    return told[0]


@case(20, UNCHECKED)
def a_model_that_answers_no_numbers(folder):
    predictor()  # Keras, imported quietly
    import keras

    from apps.predictor import Predictor
    from helpers.classifier import Classifier, save_classifier

    head = keras.layers.Dense(2, activation="softmax", bias_initializer="ones")
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), head])
    head.kernel.assign(head.kernel * float("nan"))
    call = lambda: (  # noqa: E731
        save_classifier(Classifier(model, ("a", "b")), folder / "nan.keras"),
        Predictor(folder / "nan.keras"),
    )
    return refused(call)
