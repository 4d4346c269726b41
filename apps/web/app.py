"""A page and an HTTP interface to any model that the course saves.

`python -m apps.web --model saved/rooms.keras`, then open http://127.0.0.1:8000 or
`curl -F images=@photo.jpg http://127.0.0.1:8000/api/predict`.

For the open internet, let a reverse proxy such as Caddy or nginx hold the certificate, speak TLS,
and pass requests on to this port, which stays on 127.0.0.1. Start the app with `--proxy 127.0.0.1`
then: it believes that proxy's X-Forwarded headers, and counts each visitor's requests apart.
"""

import argparse
import base64
import io
import ipaddress
import logging
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import limits
import numpy as np
from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    render_template,
    request,
)
from flask.json.provider import DefaultJSONProvider
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadHost, HTTPException

from apps.predictor import MODEL, Predictor
from apps.web.decoders import decoder
from apps.web.front import HEADERS, MAX_BODY, listen, reach, serve
from apps.web.refusals import MAX_IMAGES, SIZES, address, failed, refuse_foreign_form
from apps.web.together import Together
from helpers.errors import CourseError
from helpers.images import SUFFIXES

MAX_PARTS = 100  # of one request, whatever they are
MAX_PIXELS = 25_000_000  # of one image, as telephones take them; 1.7 seconds' decoding at worst
RATE = "120 per minute"
HEALTH_SECONDS = 5
CONFIG = {
    "SESSION_COOKIE_SAMESITE": "Strict",
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the browser's session
    "WTF_CSRF_SSL_STRICT": False,  # `refuse_foreign_form` looks at the referrer
    "MAX_CONTENT_LENGTH": MAX_BODY,
    "MAX_FORM_PARTS": MAX_PARTS,
    "RATELIMIT_HEADERS_ENABLED": True,
    "RATELIMIT_STORAGE_URI": "memory://",  # of one process, which is all there is
    "SIZES": SIZES,
    "ACCEPT": ",".join(sorted(SUFFIXES)),
}

views = Blueprint("views", __name__)
log = logging.getLogger("apps")


class InMemory(Request):
    """A request whose files are read into memory, where Werkzeug would write the larger to disk.

    What waitress has received of a body over 512 kB lies in a temporary file without a name until
    the request is answered (see `apps.web.front`): this spares the second copy.
    """

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


class InOrder(DefaultJSONProvider):
    """JSON as it was put together: the name first, classes in the order of the model."""

    sort_keys = False


@views.get("/")
def page() -> str:
    """Show the form."""
    return render_template("page.html")


@views.post("/")
def page_with_answers() -> str:
    """Show the form and what the model says of the photos that it brought."""
    refuse_foreign_form()
    chosen = [file for file in request.files.getlist("images") if file.filename]
    return render_template("page.html", answers=answers(chosen, thumbnails=True))


@views.post("/api/predict")
def predict() -> dict:
    """Say of each image what `Answer` holds, or why it was refused."""
    return {"answers": answers(request.files.getlist("images"))}


@views.get("/health")
def health() -> dict:
    """Let the model answer once, and name it; 503 if it does not."""
    predictor: Predictor = current_app.config["PREDICTOR"]
    probe = current_app.config["PROBE"].submit(predictor.try_it)
    try:
        probe.result(HEALTH_SECONDS)
    except Exception:
        probe.cancel()  # or the questions would queue up behind a model that hangs
        log.exception("the model does not answer")
        abort(503, "The model does not answer: restart the server.")
    classes = list(predictor.classifier.class_names)
    return {"status": "ok", "model": current_app.config["NAME"], "classes": classes}


@views.get("/openapi.json")
def openapi() -> Response:
    """Serve the description of all this."""
    return current_app.response_class(
        (Path(__file__).parent / "openapi.json").read_bytes(), mimetype="application/json"
    )


def answers(files: list[FileStorage], thumbnails: bool = False) -> list[dict]:
    """Open and classify uploads, all in one batch.

    Args:
        files: One to `MAX_IMAGES` of them; another number aborts the request.
        thumbnails: Whether to add the picture as the model got it, as a data: URI.

    Returns:
        For each file, in order, its name with either the fields of an `Answer` or the error.
    """
    if not files:
        abort(400, 'No photo could be read from this request: choose one, or send it as "images".')
    if len(files) > MAX_IMAGES:
        abort(400, f"These are {len(files)} photos: send {SIZES}.")
    predictor: Predictor = current_app.config["PREDICTOR"]
    entries = [read_upload(file, clean_name(file, i)) for i, file in enumerate(files, 1)]
    images = [entry["image"] for entry in entries if "image" in entry]
    ask = current_app.config["TOGETHER"]
    rows = iter(ask(np.stack(images)) if images else ())
    for entry in entries:
        if "image" in entry:
            image = entry.pop("image")
            entry |= asdict(predictor.classifier.say(next(rows)))
            if thumbnails:
                entry["thumbnail"] = data_uri(image)
    return entries


def read_upload(file: FileStorage, name: str) -> dict:
    """Return the name of an upload, with the array that the model takes or why there is none."""
    classifier = current_app.config["PREDICTOR"].classifier
    try:
        with decoder(file.stream.read()):  # in memory: see `InMemory`
            file.stream.seek(0)
            return {"name": name, "image": classifier.open(file.stream, name, MAX_PIXELS)}
    except CourseError as error:
        return {"name": name, "error": str(error)}


def clean_name(file: FileStorage, number: int) -> str:
    """Return what to call an upload: its last name only, printable, of at most 80 characters."""
    last = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c if c.isprintable() else "?" for c in last[:80]).strip() or f"image {number}"


def data_uri(image: np.ndarray) -> str:
    """Return a uint8 (height, width, 3) image as a JPEG that a page can hold."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def before() -> None:
    """Refuse what is no upload before anything parses it: 20 MB of `a&a&a` take seconds.

    Refuse a host, too, whose address nobody could write down, as "xn--a": Flask lets it through.
    """
    g.start = time.perf_counter()
    try:
        request.host.partition(":")[0].encode().decode("idna")
    except UnicodeError:
        raise BadHost from None
    if request.endpoint and request.method == "POST" and request.mimetype != "multipart/form-data":
        abort(415, 'Send the photos as multipart/form-data, in fields named "images".')


def after(response: Response) -> Response:
    """Add the security headers, and write the request's one line."""
    HEADERS.set_headers(response)
    took = 1000 * (time.perf_counter() - g.start) if "start" in g else 0
    path = quote(request.path)[:100]
    log.info("%s %s %s %.0f ms", request.method, path, response.status_code, took)
    return response


def create_app(predictor: Predictor, name: str, rate: str = RATE) -> Flask:
    """Build the app.

    Args:
        predictor: The model.
        name: What to call it.
        rate: How often one address may ask for one thing, as "120 per minute".
    """
    app = Flask(__name__)
    app.request_class = InMemory
    app.json = InOrder(app)
    app.config.update(CONFIG, PREDICTOR=predictor, NAME=name, PROBE=ThreadPoolExecutor(1))
    app.config["TOGETHER"] = Together(lambda images: predictor.probabilities(images))
    app.secret_key = secrets.token_bytes()  # signs the form's token; a restart makes a new one
    app.after_request(after)
    app.before_request(before)
    Limiter(get_remote_address, app=app, default_limits=[rate])
    # A stranger's page may send this too, and gains nothing: there is no cookie that the interface
    # looks at, no account, and nothing that it changes or that the stranger may read.
    CSRFProtect(app).exempt(predict)
    app.context_processor(lambda: {"address": address()})
    app.register_error_handler(HTTPException, failed)
    app.register_blueprint(views)
    return app


def arguments() -> argparse.Namespace:
    """Read the command line."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("apps.web", description=__doc__, formatter_class=form)
    parser.add_argument("--model", type=Path, default=MODEL, help="a .keras file of the course")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port; 0 takes a free one")
    parser.add_argument("--rate", default=RATE, help=f"requests from one address ({RATE})")
    parser.add_argument("--proxy", help="the address of a reverse proxy to believe")
    given = parser.parse_args()
    try:
        limits.parse_many(given.rate)
    except ValueError:
        raise CourseError(f'--rate {given.rate} is no rate: try "{RATE}".') from None
    try:
        if given.proxy is not None:  # spelt as a client's is, with which it is compared
            given.proxy = str(ipaddress.ip_address(given.proxy))
    except ValueError:
        raise CourseError(
            f"--proxy {given.proxy!r} is no address: give the one from which the proxy's requests "
            "come, as 127.0.0.1."
        ) from None
    return given


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    given = arguments()
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    with listen(given.host, given.port) as listening:
        app = create_app(Predictor(given.model), given.model.name, given.rate)
        url, others = reach(listening, given.host)
        print(f"Ready: {url}", flush=True)
        if others:
            print(others, flush=True)
        serve(app, listening, given.proxy)
