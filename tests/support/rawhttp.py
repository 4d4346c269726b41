"""Requests to a server on loopback, written by hand: nothing is cleaned, escaped or checked."""

import contextlib
import http.client
import socket

POST = b"POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n"


def form(*parts, close=b"--x--\r\n"):
    """Return a multipart body of (content, name) parts, with nothing cleaned or escaped."""
    head = b'--x\r\nContent-Disposition: form-data; name="images"; filename="%b"\r\n\r\n%b\r\n'
    named = [(n.encode() if isinstance(n, str) else n, content) for content, n in parts]
    return b"".join(head % part for part in named) + close


def ask(port, method, path, body=None, kind="multipart/form-data; boundary=x", **headers):
    """Return the status, and the body as it came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path, body, {"Content-Type": kind, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()


def raw(port, *sent):
    """Send bytes as they are until the server has enough; return status, body, and how many."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        number = 0
        with contextlib.suppress(ConnectionError):
            for piece in sent:
                connection.sendall(piece)
                number += len(piece)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read(), number


def post(port, body):
    return ask(port, "POST", "/api/predict", body)
