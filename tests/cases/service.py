"""The web app and the page: proxies before them, proxies in the environment, and ill will."""

import functools
import html
import io
import re
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from pictures import encoded, picture
from verdict import Untried, case

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
    assert "cookie" in said and "out of date" not in said, said
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
