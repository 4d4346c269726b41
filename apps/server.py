"""The front door of the Flask app: waitress, a production server, made strict for strangers."""

import json
import logging
import socket

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
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from helpers import CourseError

MAX_BODY = 20_000_000  # bytes of a whole request
LIMITS = {
    "max_request_body_size": MAX_BODY + 1,  # waitress refuses this size already, Flask above it
    "max_request_header_size": 16_384,  # bytes
    # Many requests may wait for a client's next byte, or for a place among the decoders, before
    # nobody is left to answer /health.
    "threads": 16,
    "connection_limit": 400,
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


class LengthRequired(BadRequest):
    """An error that waitress knows no class of."""

    code = 411
    reason = "Length Required"


class Parser(HTTPRequestParser):
    """Reads no body that is too large, or that comes in chunks.

    Waitress would read `MAX_BODY` bytes of it from a client that asks first ("Expect:
    100-continue", as curl does), or that sends chunks: and the time that an endless line between
    two chunks takes grows with its square, to a minute and a half.
    """

    def received(self, data: bytes) -> int:
        """Take more of a request, and return how many bytes were taken."""
        taken = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None  # Flask says so in its own words, by the length alone
            self.connection_close = True
            self.headers["CONNECTION"] = "close"
        elif self.chunked:
            self.error = LengthRequired("Send the body whole, with a Content-Length")
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
        said = {"code": error.reason.lower().replace(" ", "_"), "message": f"{error.body}."}
        body = json.dumps({"error": said}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/json"), *HEADERS.header_items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection with the two of them."""

    parser_class = Parser
    error_task_class = Refusal


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
