"""The gate of the page: what Gradio would take from anybody is bounded, and asked by the page only.

Gradio limits the size of a file, and neither their number nor their sum, and takes them from any
site's page that the visitor's browser has open.
"""

import asyncio
import json
import logging
import stat
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from apps.page_events import MOST_OF_EVENT, Events, why_refused

log = logging.getLogger("apps")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BYTES = 20 * 2**20  # of an upload
MOST_OF_ADDRESS = 100 * 2**20  # bytes that one address may upload within `KEEP`
MOST_KEPT = 200 * 2**20  # bytes of all uploads that are there
MOST_FILES = 500  # uploads that are there
KEEP = 600  # seconds; the age at which an upload is deleted
POSTS = 240  # requests that do something, of one address within a minute; a photo takes two
UPLOAD_SECONDS = 60  # for an upload or an event to arrive
FRAMING = 2**16  # bytes of an upload that are no file's
JOIN = "/queue/join"  # where events go
POSTED = (JOIN, "/cancel", "/reset")  # all that the page's own script posts to, but uploads

FOREIGN = "This comes from another site's page: open the page itself."
UNSIZED = "Send an upload whole, with a Content-Length."
TOO_LARGE = f"This upload has more than {MOST_BYTES // 2**20} MB: save the photo smaller first."
NO_ADDRESS = "The page has no such address: open the page itself."
FAILED = "The page failed at this request: load it anew, and try again."
TOO_OFTEN = f"These are too many requests, more than {POSTS} a minute: wait a little."
TOO_MUCH = f"These are more than {MOST_OF_ADDRESS // 2**20} MB of photos: wait ten minutes."
FULL = "The page holds as many photos as it may: wait some minutes."


class Gate:
    """An ASGI middleware that refuses with a status and one sentence, and passes on all else."""

    def __init__(self, app: App, uploads: Path, events: Events) -> None:
        """Stand before an app.

        Args:
            app: What is guarded.
            uploads: The folder of the uploads.
            events: The page's own, as `page_events` describes them.
        """
        self.app = app
        self.uploads = uploads
        self.events = events
        self.posts: dict[str, deque[float]] = {}  # when each address has asked, by `time.monotonic`
        self.sent: deque[tuple[float, str, int]] = deque()  # the uploads: when, who, bytes
        self.arriving = 0  # bytes announced by uploads that are not yet there

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1"): value for name, value in scope.get("headers", ())}
        if scope["type"] == "websocket" and _foreign(headers):
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self.refused(scope, headers)
        if refused:
            await _say(send, *refused)
        elif scope["method"] == "POST" and _is_upload(scope):
            await self.take(scope, receive, send, int(headers["content-length"]))
        elif scope["method"] == "POST":
            await self.pass_event(scope, receive, send)
        else:
            await self.answered(scope, receive, send)

    async def answered(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let Gradio answer; where it fails, a sentence goes out, and one line into the log."""
        begun = False

        async def sends(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sends)
        except Exception as error:
            log.warning("%s %s: %r", scope["method"], ascii(scope["path"])[1:-1][:80], error)
            if not begun:
                await _say(send, 500, FAILED)

    def refused(self, scope: Message, headers: dict[str, bytes]) -> tuple[int, str] | None:
        """Return the status and the sentence that a request is refused with, or None."""
        page = scope["method"] in ("GET", "HEAD") and "/gradio_api" not in scope["path"]
        if not page and _foreign(headers):
            return 403, FOREIGN
        if scope["method"] != "POST":
            return None
        address = (scope.get("client") or ("",))[0]
        if not self.counted(address):
            return 429, TOO_OFTEN
        if not _is_upload(scope):
            return None if _ends(scope, *POSTED) else (404, NO_ADDRESS)
        length = headers.get("content-length", b"")
        if not length.isdigit() or len(length) > 20:
            return 411, UNSIZED
        return self.room_for(address, int(length))

    def counted(self, address: str) -> bool:
        """Count a request; return whether its address has not asked too often."""
        now = time.monotonic()
        for other in [a for a, times in self.posts.items() if times[-1] < now - 60]:
            del self.posts[other]
        times = self.posts.setdefault(address, deque(maxlen=POSTS))
        often = len(times) == POSTS and times[0] > now - 60
        if not often:
            times.append(now)
        return not often

    def room_for(self, address: str, length: int) -> tuple[int, str] | None:
        """Count an upload of so many bytes; return why there is no room for it, or None."""
        now = time.monotonic()
        while self.sent and self.sent[0][0] < now - KEEP:
            self.sent.popleft()
        of_address: Counter[str] = Counter()
        for _, sender, size in self.sent:
            of_address[sender] += size
        if length > MOST_BYTES + FRAMING:
            return 413, TOO_LARGE
        if of_address[address] + length > MOST_OF_ADDRESS:
            return 429, TOO_MUCH
        sizes = _sizes(self.uploads)
        if len(sizes) >= MOST_FILES or sum(sizes) + self.arriving + length > MOST_KEPT:
            return 503, FULL
        self.sent.append((now, address, length))
        return None

    async def take(self, scope: Message, receive: Receive, send: Send, length: int) -> None:
        """Let an upload through, which holds its room until it is there, and not for ever."""
        self.arriving += length
        try:
            await self.answered(scope, _in_time(receive), send)
        finally:
            self.arriving -= length

    async def pass_event(self, scope: Message, receive: Receive, send: Send) -> None:
        """Read an event whole and look at it first: Gradio fetches what a path's address names."""
        in_time = _in_time(receive)
        body = b""
        more = True
        while more and len(body) <= MOST_OF_EVENT:
            message = await in_time()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        refused = why_refused(body, self.events if _ends(scope, JOIN) else None)
        if refused:
            await _say(send, *refused)
            return
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Message:
            return next(messages, None) or await receive()

        await self.answered(scope, again, send)


def _in_time(receive: Receive) -> Receive:
    """Return the same messages, for as long as a body may take to arrive."""
    end = time.monotonic() + UPLOAD_SECONDS

    async def in_time() -> Message:
        try:
            return await asyncio.wait_for(receive(), max(0, end - time.monotonic()))
        except TimeoutError:
            return {"type": "http.disconnect"}

    return in_time


def _is_upload(scope: Message) -> bool:
    """Say whether a request brings files."""
    return _ends(scope, "/upload")


def _ends(scope: Message, *addresses: str) -> bool:
    """Say whether a request is for one of these; the page may stand below a path."""
    return scope["path"].rstrip("/").endswith(addresses)


def _foreign(headers: dict[str, bytes]) -> bool:
    """Say whether a browser sends a request for another site's page.

    Its word in Sec-Fetch-Site goes first, for a proxy may have put another Host. Programs send
    neither.
    """
    site = headers.get("sec-fetch-site", b"").decode("latin-1")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", b"").decode("latin-1")
    try:
        return bool(origin) and urlsplit(origin).netloc != headers.get("host", b"").decode(
            "latin-1"
        )
    except ValueError:  # "http://["
        return True


def _sizes(folder: Path) -> list[int]:
    """Return the bytes of each file below a folder; files may go meanwhile."""
    found = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            facts = path.lstat()
            if not stat.S_ISDIR(facts.st_mode):
                found.append(facts.st_size)
    return found


async def _say(send: Send, status: int, sentence: str) -> None:
    """Answer with a status and a sentence, as Gradio's own refusals look."""
    body = json.dumps({"detail": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if status in (429, 503):
        headers.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
