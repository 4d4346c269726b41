"""The front door of the web app: waitress, a production server, made strict for strangers."""

import contextlib
import ipaddress
import json
import logging
import signal
import socket
import sys
import time
from collections import Counter
from typing import Any

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
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

from apps.web.lanes import Lanes
from helpers.errors import CourseError

MAX_BODY = 20_000_000  # bytes of a whole request
REQUEST_SECONDS = 60  # from its first byte to its last
ANSWER_SECONDS = 60  # for a client to take an answer
FLUSH_SECONDS = 5  # for clients to take their answers when the server is told to end
WAIT_SECONDS = 8  # for a thread, and then for a decoder
OF_ADDRESS = 64  # connections of one address, of a proxy's all
OF_ALL = 90  # connections, from which on those that only wait are closed for others
LIMITS = {
    "max_request_body_size": MAX_BODY + 1,  # waitress refuses this size already, Flask above it
    "max_request_header_size": 16_384,  # bytes
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
BUSY = "The server has too many photos to open: send this again in some seconds."
FAULT = "The server failed at this request: its log says why."
# By status: waitress' own words are no sentences, and may quote the client's bytes.
SENTENCES = {
    400: "This is no HTTP request that can be read.",
    411: "Send the body whole, with a Content-Length.",
    431: "The headers of this request are too long: send at most 16 kB of them.",
    500: FAULT,
    501: "Send the body as it is: no Transfer-Encoding is read.",
    503: BUSY,
}


class LengthRequired(BadRequest):
    """An error that waitress knows no class of."""

    code = 411
    reason = "Length Required"


class Busy(Error):
    """A request that has waited for too long."""

    code = 503
    reason = "Service Unavailable"


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
        if error.code == Busy.code:
            self.response_headers.append(("Retry-After", str(WAIT_SECONDS)))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection with the two of them, on which nothing may take for ever.

    Waitress closes a connection on which nothing arrives; one byte now and then would keep it, and
    what it has sent, without end. The same holds for an answer that is taken a byte now and then.
    """

    parser_class = Parser
    error_task_class = Refusal
    queued = 0.0  # since when its request waits for a thread: `Lanes` says so
    answering = 0.0  # since when an answer waits for the client; 0 where none does

    def readable(self) -> bool:
        """Say whether more may arrive; waitress asks each second at least."""
        now = time.monotonic()
        half = self.request
        if half and not self.requests and now > half.begun + REQUEST_SECONDS:
            self.will_close = True
        self.answering = (self.answering or now) if self.total_outbufs_len else 0.0
        if self.answering and now > self.answering + ANSWER_SECONDS:
            self.drop()
        return super().readable()

    def service(self) -> None:
        """Answer a request, in a thread; one that has waited for too long is told so at once."""
        request = self.requests[0]
        if not request.error and time.monotonic() > self.queued + WAIT_SECONDS:
            request.error = Busy("waited")
        super().service()

    def idle(self) -> bool:
        """Say whether nothing is being answered: it waits for a request, or for the rest of one."""
        return not self.requests and not self.total_outbufs_len

    def drop(self) -> None:
        """Close the connection, even where the client takes nothing more."""
        self.will_close = True
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # so that waitress is told that it may write


def welcome(server: Any, sock: socket.socket, peer: tuple, adj: Adjustments, map: dict) -> None:
    """Take a connection; where there are too many, the longest idle one of its kind goes for it.

    Those of one address are bounded, so that others find a place; a proxy's are everybody's. Where
    all places are taken, whoever has most of them loses one.
    """
    newcomer = Channel(server, sock, peer, adj, map)
    channels = [one for one in server.active_channels.values() if not one.will_close]
    held = Counter(one.addr[0] for one in channels)
    address = peer[0]
    if held[address] <= OF_ADDRESS or address == adj.trusted_proxy:
        if len(channels) <= OF_ALL:
            return
        address = held.most_common(1)[0][0]
    idle = [one for one in channels if one.addr[0] == address and one.idle()]
    oldest = min(idle, key=lambda one: one.creation_time, default=newcomer)
    if oldest is not newcomer or len(channels) > OF_ALL:
        oldest.drop()


def listen(host: str, port: int) -> socket.socket:
    """Open a port (0: any free one), on which clients wait until `serve`.

    Raises:
        CourseError: the host is empty or no name, the address is not this machine's, or the port
            is taken.
    """
    if not host.strip():
        raise CourseError(
            "--host is empty: leave it out to be asked by this computer only, or say 0.0.0.0 to be "
            "asked by all that reach it."
        )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError, TypeError, ValueError) as error:  # the latter: no host's name
        why = str(getattr(error, "strerror", None) or error).split(" (")[0]
        named = "".join(c if c.isprintable() else "?" for c in host[:80])
        raise CourseError(f"port {port} of {named} is not to be had ({why}): try --port.") from None


def reach(listening: socket.socket, host: str) -> tuple[str, str]:
    """Return the page's address on this computer, and a sentence where others reach it, too.

    Args:
        listening: From `listen`.
        host: What it was asked for: a name, or an address.
    """
    bound, port = listening.getsockname()[:2]
    at = ipaddress.ip_address(bound)
    if at.is_unspecified:  # every address of this computer: no browser opens that
        host = "127.0.0.1" if at.version == 4 else "::1"
    url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
    if at.is_loopback:
        return url, ""
    return url, "Other computers that reach this one can ask it, too: --host 127.0.0.1 ends that."


def serve(app: Flask, listening: socket.socket, proxy: str | None = None) -> None:
    """Answer requests until Ctrl-C or SIGTERM; what is being answered then gets its answer.

    Args:
        app: What answers.
        listening: From `listen`.
        proxy: The address of the reverse proxy whose X-Forwarded headers are believed.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no news
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"} if proxy else set()
    server = create_server(
        app,
        sockets=[listening],
        trusted_proxy=proxy,
        trusted_proxy_headers=headers,
        _dispatcher=Lanes(),
        **LIMITS,
    )
    server.channel_class = welcome
    signal.signal(signal.SIGTERM, _end)
    server.run()
    server.accepting = False
    over = time.monotonic() + FLUSH_SECONDS
    while time.monotonic() < over and any(
        one.total_outbufs_len for one in server.active_channels.values()
    ):
        server.asyncore.loop(0.1, use_poll=True, map=server._map, count=1)


def _end(*_: Any) -> None:
    """End in good order; a second signal must not cut that short."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)
