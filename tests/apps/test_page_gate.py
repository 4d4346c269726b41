"""The page's gate: uploads are bounded in number and sum, and no other site's page may ask."""

import asyncio
import json

import pytest

from apps import page_events, page_gate
from apps.page_events import Taken
from apps.page_gate import Gate

EVENTS = {0: Taken(0, True), 1: Taken(1, False)}  # an example is chosen, a photo changes
HOME = {"host": "127.0.0.1:7860"}
UPLOAD = "/gradio_api/upload"


async def passed_on(scope, receive, send):
    """Stand for Gradio: read the body and say yes."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"[]"})


def ask(gate, method="POST", path=UPLOAD, address="192.0.2.1", receive=None, body=b"", **headers):
    """Send a request; return its status, and the sentence of a refusal."""
    pairs = [
        (name.replace("_", "-").encode(), str(value).encode())
        for name, value in (HOME | headers).items()
    ]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs}
    scope["client"] = (address, 5)
    sent = []

    async def arrives():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(gate(scope, receive or arrives, send))
    said = sent[1]["body"]
    return sent[0]["status"], json.loads(said)["detail"] if sent[0]["status"] != 200 else ""


@pytest.fixture
def gate(tmp_path):
    return Gate(passed_on, tmp_path, EVENTS)


def test_the_page_itself_and_programs_are_let_in(gate):
    for headers in (
        {},
        {"origin": "http://127.0.0.1:7860"},
        {"sec_fetch_site": "same-origin"},
        # A proxy that puts another host, before a browser that knows.
        {"sec_fetch_site": "same-origin", "origin": "https://hub.example.org"},
    ):
        assert ask(gate, content_length=5, **headers) == (200, "")
    # A link on another site may lead here.
    assert ask(gate, "GET", "/", sec_fetch_site="cross-site") == (200, "")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8888"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "http://127.0.0.1:7860"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", UPLOAD),
        ("POST", "/user/ada/gradio_api/upload"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data"),
        ("GET", "/gradio_api/file=/x.png"),
        ("POST", "/"),
    ],
)
def test_foreign_origins_are_refused(gate, headers, method, path):
    status, said = ask(gate, method, path, content_length=5, **headers)
    assert (status, said) == (403, page_gate.FOREIGN)


def test_an_address_may_ask_so_often(gate, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(page_gate.time, "monotonic", lambda: now[0])
    join = "/gradio_api/reset"
    for _ in range(page_gate.POSTS):
        assert ask(gate, path=join, body=b"{}")[0] == 200
    assert ask(gate, path=join) == (429, page_gate.TOO_OFTEN)
    assert ask(gate, path=join, address="192.0.2.2", body=b"{}")[0] == 200
    now[0] += 61
    assert ask(gate, path=join, body=b"{}")[0] == 200
    assert len(gate.posts) == 1, "who went long ago is forgotten"


def test_one_address_fills_its_own_share_only(gate, monkeypatch):
    most = page_gate.MOST_BYTES
    fits = page_gate.MOST_OF_ADDRESS // most
    for _ in range(fits):
        assert ask(gate, content_length=most)[0] == 200
    assert ask(gate, content_length=most) == (429, page_gate.TOO_MUCH)
    assert ask(gate, content_length=most, address="192.0.2.2")[0] == 200
    later = page_gate.time.monotonic() + page_gate.KEEP + 1
    monkeypatch.setattr(page_gate.time, "monotonic", lambda: later)
    assert ask(gate, content_length=most)[0] == 200


def test_what_is_there_is_bounded_in_number_and_sum(gate, tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(page_gate.MOST_KEPT - 1000)
    assert ask(gate, content_length=1000)[0] == 200
    assert ask(gate, content_length=1001) == (503, page_gate.FULL)
    (tmp_path / "large").unlink()
    for number in range(page_gate.MOST_FILES):
        (tmp_path / str(number)).touch()
    assert ask(gate, content_length=1) == (503, page_gate.FULL)


def test_uploads_that_arrive_together_are_counted_together(tmp_path):
    """Their files are not there yet when the next one asks."""
    inside = []

    async def slow(scope, receive, send):
        inside.append(gate.arriving)
        other = {"content_length": page_gate.MOST_BYTES, "address": f"192.0.2.{len(inside)}"}
        room = gate.room_for(other["address"], other["content_length"])
        if room is None:
            scope = dict(scope, headers=[(b"content-length", b"%d" % page_gate.MOST_BYTES)])
            await gate.take(scope, receive, send, page_gate.MOST_BYTES)
        else:
            inside.append(room)
            await passed_on(scope, receive, send)

    gate = Gate(slow, tmp_path, EVENTS)
    assert ask(gate, content_length=page_gate.MOST_BYTES)[0] == 200
    assert inside[-1] == (503, page_gate.FULL)
    assert max(inside[:-1]) <= page_gate.MOST_KEPT and gate.arriving == 0


@pytest.mark.parametrize("length", ["", "-1", "1e3", "9" * 30, None])
def test_an_upload_says_how_long_it_is(gate, length):
    headers = {} if length is None else {"content_length": length}
    assert ask(gate, **headers) == (411, page_gate.UNSIZED)
    large = page_gate.MOST_BYTES + page_gate.FRAMING + 1
    assert ask(gate, content_length=large) == (413, page_gate.TOO_LARGE)


def test_an_upload_that_never_ends_is_cut_off(gate, monkeypatch):
    monkeypatch.setattr(page_gate, "UPLOAD_SECONDS", 0.1)

    async def never():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    assert ask(gate, content_length=5000, receive=never)[0] == 200
    assert gate.arriving == 0


JOIN = "/gradio_api/queue/join"
EVENT = {"fn_index": 1, "session_hash": "mine", "data": [None], "event_data": None}


@pytest.mark.parametrize("below", ["", "/user/ada/proxy/7860"])
def test_an_event_that_names_an_upload_passes_whole(tmp_path, below):
    """What the gate has read, Gradio reads again."""
    heard = []

    async def listens(scope, receive, send):
        heard.append((await receive())["body"])
        await passed_on(scope, receive_nothing, send)

    async def receive_nothing():
        return {"type": "http.request", "body": b"", "more_body": False}

    gate = Gate(listens, tmp_path, EVENTS)
    event = json.dumps(EVENT | {"data": [{"path": "/tmp/uploads/a.jpg", "url": "http://x/a"}]})
    assert ask(gate, path=below + JOIN, body=event.encode()) == (200, "")
    assert heard == [event.encode()]


@pytest.mark.parametrize("path", [JOIN, "/gradio_api/cancel", "/gradio_api/reset"])
@pytest.mark.parametrize(
    "data",
    [
        [{"path": "http://example.org/a.jpg", "meta": {"_type": "gradio.FileData"}}],
        [{"path": "https://example.org/a.jpg"}],
        [[{"x": [{"path": "ftp://example.org/a.jpg"}]}]],
    ],
)
def test_nothing_is_fetched_from_an_address(gate, path, data):
    """Gradio would fetch it, whole and before any limit on bytes is looked at."""
    event = json.dumps(EVENT | {"data": data}).encode()
    assert ask(gate, path=path, body=event) == (400, page_events.FETCHES_NOTHING)


def test_an_event_is_small_and_json(gate):
    """An event names uploads, and holds none."""
    for body in (b"", b"{", b"[]", b"1", b"[" * 60_000, b'{"a": \xff}', b'{"a": "\\ud800"}'):
        for path in (JOIN, "/gradio_api/reset"):
            assert ask(gate, path=path, body=body) == (400, page_events.NO_EVENT)
    long = json.dumps({"data": "x" * page_events.MOST_OF_EVENT}).encode()
    assert ask(gate, path=JOIN, body=long) == (413, page_events.EVENT_TOO_LARGE)


ODD = (None, [], {}, "x", -1, 10**30, 1.5, True, [[[]]], {"index": 0})


def test_an_event_is_one_of_the_pages(gate):
    chosen = EVENT | {"fn_index": 0, "data": [], "event_data": {"index": 2, "value": "a"}}
    for event in (EVENT, chosen, EVENT | {"event_data": "x"}):
        assert ask(gate, path=JOIN, body=json.dumps(event).encode()) == (200, "")
    wrong = [{name: value for name, value in EVENT.items() if name != gone} for gone in EVENT]
    wrong = [event for event in wrong if "event_data" in event]  # which it need not have
    wrong += [EVENT | {"fn_index": value} for value in ODD]
    wrong += [EVENT | {"session_hash": value} for value in ODD if value != "x"]
    wrong += [EVENT | {"data": value} for value in (*ODD, [1, 2]) if value != [[[]]]]
    wrong += [chosen | {"event_data": value} for value in ODD]
    assert len(wrong) == 42
    for number, event in enumerate(wrong):
        said = ask(gate, path=JOIN, body=json.dumps(event).encode(), address=f"192.0.2.{number}")
        assert said == (400, page_events.NO_EVENT), event


def test_what_the_page_never_posts_to_is_not_there(gate):
    for path in ("run/predict", "call/answer", "component_server", "login", "queue/join/x"):
        asked = ask(gate, path=f"/gradio_api/{path}", body=json.dumps(EVENT).encode())
        assert asked == (404, page_gate.NO_ADDRESS), path


@pytest.mark.parametrize("begun", [False, True])
def test_where_gradio_fails_there_is_a_sentence_and_a_line(tmp_path, caplog, begun):
    async def fails(scope, receive, send):
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"[", "more_body": True})
        raise KeyError("no such session")

    said = ask(Gate(fails, tmp_path, EVENTS), "GET", "/gradio_api/queue/data")
    assert said == ((200, "") if begun else (500, page_gate.FAILED))
    (record,) = caplog.records
    assert record.getMessage() == "GET /gradio_api/queue/data: KeyError('no such session')"
    assert not record.exc_info
