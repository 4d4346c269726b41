"""Firefox, driven over WebDriver BiDi: Playwright would need a Firefox of its own."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from tornado.websocket import WebSocketClientConnection, websocket_connect

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
LONG = 240  # seconds; what is waited for usually comes within a tenth of it


class Firefox:
    """One page of a Firefox with a profile of its own; nothing of it is left."""

    def __init__(self, profile: Path) -> None:
        profile.mkdir()
        command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile)]
        command += ["--remote-debugging-port", "0"]
        # Firefox refuses root in the home of another; the profile will do for a home.
        environment = {**os.environ, "HOME": str(profile)}
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment)
        self.loop = asyncio.new_event_loop()
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.number = 0
        try:
            self.open(profile / "WebDriverBiDiServer.json")
        except BaseException:
            self.close()
            raise

    def open(self, port: Path) -> None:
        """Connect, begin a session, and listen to what the page asks for and complains of."""
        end = time.monotonic() + LONG
        while not (port.exists() and (text := port.read_text())):  # it is written, then filled
            assert time.monotonic() < end and self.process.poll() is None, "Firefox did not start"
            time.sleep(0.1)
        where = json.loads(text)
        address = f"ws://{where['ws_host']}:{where['ws_port']}/session"

        async def connected() -> WebSocketClientConnection:
            return await websocket_connect(address, connect_timeout=LONG, max_message_size=2**28)

        self.socket = self.loop.run_until_complete(connected())
        self.command("session.new", capabilities={})
        events = ["network.beforeRequestSent", "log.entryAdded"]
        self.command("session.subscribe", events=events)
        self.page = self.command("browsingContext.create", type="tab")["context"]

    def command(self, method: str, **params: object) -> dict:
        """Send one command; return its result, and note the events that come before it."""
        self.number += 1
        said = json.dumps({"id": self.number, "method": method, "params": params})

        async def answered() -> dict:
            await self.socket.write_message(said)
            while True:
                message = await asyncio.wait_for(self.socket.read_message(), LONG)
                assert message is not None, "Firefox hung up"
                answer = json.loads(message)
                if answer.get("id") == self.number:
                    return answer
                self.note(answer)

        answer = self.loop.run_until_complete(answered())
        assert answer["type"] == "success", answer
        return answer["result"]

    def note(self, event: dict) -> None:
        """Keep an event: what was asked for, or what went wrong."""
        params = event.get("params", {})
        if event.get("method") == "network.beforeRequestSent":
            self.asked.append(params["request"]["url"])
        elif event.get("method") == "log.entryAdded" and params["level"] == "error":
            self.faults.append(params["text"])

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""
        self.command("browsingContext.navigate", context=self.page, url=url, wait="complete")

    def evaluate(self, code: str) -> object:
        """Return what an expression comes to, a promise's value included, by way of JSON."""
        result = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({code}) ?? null))()",
            target={"context": self.page},
            awaitPromise=True,
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"]["value"])

    def wait_for(self, condition: str) -> None:
        """Wait until an expression is true."""
        steps = f"for (let n = 0; n < {LONG * 10} && !({condition}); n += 1)"
        waiting = f"{steps} await new Promise((go) => setTimeout(go, 100))"
        assert self.evaluate(f"(async () => {{ {waiting}; return Boolean({condition}); }})()"), (
            f"{condition} did not come to be"
        )

    def choose(self, selector: str, *files: Path) -> None:
        """Hand files to an input, as who chooses them does."""
        found = self.command(
            "browsingContext.locateNodes",
            context=self.page,
            locator={"type": "css", "value": selector},
        )
        element = {"sharedId": found["nodes"][0]["sharedId"]}
        names = [str(file) for file in files]
        self.command("input.setFiles", context=self.page, element=element, files=names)

    def close(self) -> None:
        """End Firefox."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.loop.close()
