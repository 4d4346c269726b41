"""A stand-in for Kaggle on 127.0.0.1, which answers what the real client asks in a download.

The client posts to `IntrospectToken` when it has a token, posts to `DownloadDataset`, is sent on
to the archive, and gets that, by ranges when it resumes.
"""

import hashlib
import json
import re
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INTROSPECT = "/api/v1/security.OAuthService/IntrospectToken"
DOWNLOAD = "/api/v1/datasets.DatasetApiService/DownloadDataset"
BLOB = "/archive.zip"


class KaggleServer(ThreadingHTTPServer):
    """Serves one archive; a test sets the attributes to make it misbehave."""

    daemon_threads = True

    def __init__(self, archive):
        super().__init__(("127.0.0.1", 0), Handler)
        self.archive = archive
        self.slug = "ada/rooms"
        self.accepts = None  # the Authorization header of the only account; None takes everyone
        self.status = None  # answer every download with this HTTP status
        self.cuts = []  # bytes after which to drop the connection, one for each GET
        self.rest = None  # answer every GET after the first with this HTTP status
        self.identity = True  # send an ETag, without which the client cannot resume
        self.md5 = None  # None: the archive's own
        self.gate = threading.Event()  # a GET waits here after its cut when `stall` is set
        self.stall = False
        self.log = []  # (method, path, Authorization, Range), in order
        self.sent = []  # bytes of the archive promised by each answer to a GET
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, path):
        return [entry for entry in self.log if entry[1] == path]

    def stop(self):
        self.gate.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def _json(self, status, reply):
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _error(self, status):
        self._json(status, {"code": status, "message": "No.\nTwo lines. Three sentences."})

    def _note(self):
        headers = self.headers
        self.server.log.append(
            (self.command, self.path, headers["Authorization"], headers["Range"])
        )

    def do_POST(self):
        server = self.server
        self._note()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stranger = server.accepts and self.headers["Authorization"] != server.accepts
        if stranger:
            self._error(401)
        elif self.path == INTROSPECT:
            self._json(200, {"active": True, "username": "ada"})
        elif server.status:
            self._error(server.status)
        elif self.path != DOWNLOAD or f"{asked['ownerSlug']}/{asked['datasetSlug']}" != server.slug:
            self._error(404)
        else:
            self.send_response(302)
            self.send_header("Location", f"{server.url}{BLOB}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_GET(self):
        server, archive = self.server, self.server.archive
        self._note()
        if server.rest and server.sent:
            self._error(server.rest)
            return
        etag = f'"{hashlib.sha256(archive).hexdigest()}"'
        start = int(re.match(r"bytes=(\d+)-", self.headers["Range"] or "bytes=0-")[1])
        if self.headers["If-Range"] not in (None, etag):
            start = 0  # the archive has changed: all of it
        server.sent.append(len(archive) - start)  # before the client can ask again
        self.send_response(206 if start else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(archive) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(archive) - 1}/{len(archive)}")
        if server.identity:
            self.send_header("ETag", etag)
        md5 = server.md5 or b64encode(hashlib.md5(archive).digest()).decode()
        self.send_header("x-goog-hash", f"crc32c=AAAAAA==,md5={md5}")
        self.end_headers()
        end = server.cuts.pop(0) if server.cuts else len(archive)
        try:
            self.wfile.write(archive[start:end])
        except OSError:
            return  # the client asks for the whole, reads its headers, then resumes by a range
        if server.stall:
            server.gate.wait(60)
            self.wfile.write(archive[end:])
