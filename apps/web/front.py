"""The front door of the web app: waitress, a production server, made strict for strangers."""

import json
import logging
import socket
import time

from flask import Flask
from secure import (
    CacheControl,
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    ReferrerPolicy,
    Secure,
    XContentTypeOptions,
    XFrameOptions,
)
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from helpers.errors import CourseError

MAX_BODY = 20_000_000  # bytes of a whole request
REQUEST_SECONDS = 60  # from its first byte to its last
LIMITS = {
    "max_request_body_size": MAX_BODY + 1,  # waitress refuses this size already, Flask above it
    "max_request_header_size": 16_384,  # bytes
    # Many requests may wait for a client's next byte, or for a place among the decoders, before
    # nobody is left to answer /health.
    "threads": 16,
    # Each may have sent nearly `MAX_BODY`, which waitress keeps in a temporary file: 2 GB in all.
    "connection_limit": 100,
    "asyncore_use_poll": True,  # select would stop at file descriptor 1024
    "channel_timeout": 20,  # seconds without a byte
    "cleanup_interval": 5,  # seconds
    "log_socket_errors": False,  # clients come and go
    "ident": None,
}
# Nothing but the page's own style sheet, its thumbnails, and its form. Without a referrer of the
# same origin, Flask-WTF would refuse the form behind TLS. HSTS is for the proxy that does TLS.
HEADERS = Secure(
    cache=CacheControl().no_store(),
    coop=CrossOriginOpenerPolicy().same_origin(),
    corp=CrossOriginResourcePolicy().same_origin(),
    csp=ContentSecurityPolicy()
    .default_src("'none'")
    .style_src("'self'")
    .img_src("data:")
    .form_action("'self'")
    .base_uri("'none'")
    .frame_ancestors("'none'"),
    referrer=ReferrerPolicy().same_origin(),
    xcto=XContentTypeOptions().nosniff(),
    xfo=XFrameOptions().deny(),
)
FAULT = "The server failed at this request: its log says why."
# By status: waitress' own words are no sentences, and may quote the client's bytes.
SENTENCES = {
    400: "This is no HTTP request that can be read.",
    411: "Send the body whole, with a Content-Length.",
    431: "The headers of this request are too long: send at most 16 kB of them.",
    500: FAULT,
    501: "Send the body as it is: no Transfer-Encoding is read.",
}


class LengthRequired(BadRequest):
    """An error that waitress knows no class of."""

    code = 411
    reason = "Length Required"


class Parser(HTTPRequestParser):
    """Reads no body that is too large or comes in chunks, and refuses what waitress trips over.

    Waitress would read `MAX_BODY` bytes of it from a client that asks first ("Expect:
    100-continue", as curl does), or that sends chunks: and the time that an endless line between
    two chunks takes grows with its square, to a minute and a half.
    """

    def __init__(self, adj: Adjustments) -> None:
        """Begin a request, with its first byte."""
        super().__init__(adj)
        self.begun = time.monotonic()

    def received(self, data: bytes) -> int:
        """Take more of a request, and return how many bytes were taken."""
        try:
            taken = super().received(data)
        except ValueError:  # Python's own, of "http://[" and of a number of 5000 digits
            self.error = BadRequest("unreadable")
            self.completed = True
            return len(data)  # nobody knows where the next request would begin
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None  # Flask says so in its own words, by the length alone
            self.connection_close = True
            self.headers["CONNECTION"] = "close"
        elif self.chunked:
            self.error = LengthRequired("chunked")
            self.completed = True
        else:
            return taken
        self.close()
        self.body_rcv = None
        self.expect_continue = False
        return len(data)  # what follows is still that body, and no request


class Refusal(ErrorTask):
    """Answers what is not even HTTP as the app answers its errors."""

    def execute(self) -> None:
        """Write the answer."""
        error = self.request.error
        message = SENTENCES.get(error.code, SENTENCES[400])
        said = {"code": error.reason.lower().replace(" ", "_"), "message": message}
        body = json.dumps({"error": said}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/json"), *HEADERS.header_items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection with the two of them, on which no request may take for ever to arrive.

    Waitress closes a connection on which nothing arrives; one byte now and then would keep it, and
    what it has sent, without end.
    """

    parser_class = Parser
    error_task_class = Refusal

    def readable(self) -> bool:
        """Say whether more may arrive; waitress asks each second at least."""
        half = self.request  # requests that are whole stand in self.requests
        if half and not self.requests and time.monotonic() > half.begun + REQUEST_SECONDS:
            self.will_close = True
        return super().readable()


def listen(host: str, port: int) -> socket.socket:
    """Open a port (0: any free one), on which clients wait until `serve`.

    Raises:
        CourseError: the address is not this machine's, or the port is taken.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = str(getattr(error, "strerror", None) or error).split(" (")[0]
        raise CourseError(f"port {port} of {host} is not to be had ({why}): try --port.") from None


def serve(app: Flask, listening: socket.socket, proxy: str | None = None) -> None:
    """Answer requests until Ctrl-C.

    Args:
        app: What answers.
        listening: From `listen`.
        proxy: The address of the reverse proxy whose X-Forwarded headers are believed.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no news
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"} if proxy else set()
    server = create_server(
        app, sockets=[listening], trusted_proxy=proxy, trusted_proxy_headers=headers, **LIMITS
    )
    server.channel_class = Channel
    server.run()
