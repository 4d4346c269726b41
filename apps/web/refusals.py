"""What the web app says to whom it refuses: one sentence for each cause."""

import re
from urllib.parse import SplitResult, urlsplit

from flask import abort, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.wrappers import Response as BaseResponse

from apps.web.front import FAULT, MAX_BODY

MAX_IMAGES = 16  # in one request
SIZES = f"at most {MAX_IMAGES} photos, of {MAX_BODY // 1_000_000} MB together"
LISTED = "openapi.json, beside the page,"
SENTENCES = {
    404: f"There is nothing here: {LISTED} lists what there is.",
    405: f"This address takes another method: {LISTED} says which.",
    413: f"This is too much for one request: send {SIZES}.",
    500: FAULT,
}
OLD_FORM = "This form was out of date: choose the photos again and send it once more."
NO_TOKEN = "This form came without its token: open the page, and send the form that it shows."
NO_COOKIE = (
    "No cookie came with this form, so it was out of date or the browser keeps none of this site: "
    "choose the photos again, and allow cookies if this comes back."
)
LONGEST = 100  # characters that are shown of what a client names
PREFIX = re.compile(r"(/[A-Za-z0-9._~%@+=:,-]+)+", re.ASCII)


def address() -> str:
    """Return where the page stands, as its visitors write it, without a slash at the end.

    Below a path, the proxy takes that path off and may name it in X-Forwarded-Prefix. It is only
    shown, and only to whoever sent it: so it is taken from anybody.
    """
    prefix = request.headers.get("X-Forwarded-Prefix", "").rstrip("/")
    known = prefix if len(prefix) <= LONGEST and PREFIX.fullmatch(prefix) else ""
    return f"{request.scheme}://{request.host}{known or request.script_root}"


def refuse_foreign_form() -> None:
    """Refuse, behind TLS, a form whose page has another origin than this one, and say why.

    The token has been found right, and its cookie is SameSite=Strict: a form without a referrer, as
    some browsers and networks leave it out, is believed. A proxy that passes another host or port
    than its visitors see is told from a page of another site as far as can be.
    """
    page = _split(request.referrer or "")
    if not request.is_secure or not page.hostname:
        return
    ours = _split(f"https://{request.host}/")
    named = page.netloc[:LONGEST]
    here = request.host[:LONGEST]
    if (page.scheme, page.hostname, _port(page)) == ("https", ours.hostname, _port(ours)):
        return
    if page.hostname == ours.hostname and page.scheme != "https":
        why = (
            f"The page came over {page.scheme[:10]}, and its form over https: open https://{here}/."
        )
    elif page.hostname == ours.hostname:
        why = (
            f"The proxy passes {here} on, where the page's address has {named}: let it send the "
            "port, too, in X-Forwarded-Host."
        )
    elif "X-Forwarded-Host" not in request.headers:
        why = (
            f"The proxy passes another host ({here}) than the page's ({named}): let it send "
            "X-Forwarded-Host."
        )
    else:
        why = (
            f"This form comes from a page of {named}, and not from this one: open https://{here}/ "
            "and choose the photos there."
        )
    abort(400, why)


def _split(url: str) -> SplitResult:
    """Return the parts of an address, or nothing of one that cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def _port(parts: SplitResult) -> int | None:
    """Return the port of an address, also where it is not said."""
    return parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _of_the_form(error: CSRFError) -> str:
    """Tell apart why a form's token was refused."""
    if "session" in error.description:  # a cookie signed before a restart counts as none
        cookie = current_app.config["SESSION_COOKIE_NAME"]
        return OLD_FORM if cookie in request.cookies else NO_COOKIE
    return NO_TOKEN if "missing" in error.description else OLD_FORM


def failed(error: HTTPException) -> BaseResponse:
    """Put an error into one sentence: on the page for the page, as JSON for all else."""
    response = error.get_response()
    message = SENTENCES.get(error.code or 500, error.description or FAULT)
    if isinstance(error, BadHost):
        message = "The Host header of this request is no name of a host."
    if isinstance(error, CSRFError):
        message = _of_the_form(error)
    if error.code == 429:
        message = f"These are too many requests, more than {error.description}: wait a little."
    if request.path == "/":
        response.data = render_template("page.html", error=message)
    else:
        said = {"code": error.name.lower().replace(" ", "_"), "message": message}
        response.data = current_app.json.dumps({"error": said})
        response.content_type = "application/json"
    return response
