"""A small WebDriver client: enough of the W3C protocol to drive Chromium through chromedriver, standard library only.

Source: W3C WebDriver, https://www.w3.org/TR/webdriver2/; the log and DevTools extensions are chromedriver's.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

KEYS = {"Down": "\ue015", "Escape": "\ue00c", "Tab": "\ue004", "Enter": "\ue007"}


class Chrome:
    """One headless browser; use as a context manager."""

    def __init__(self, *, program: Path, profile: Path) -> None:
        driver = shutil.which("chromedriver")
        assert driver, "needs chromedriver: apt-get install chromium-driver"
        self._process = subprocess.Popen(
            [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                self._root = f"http://127.0.0.1:{found[1]}"
                break
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "--no-first-run"]
        flags += ["--disable-background-networking", "--disable-component-update", "--force-device-scale-factor=1"]
        wanted = {
            "goog:chromeOptions": {"binary": str(program), "args": flags},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{answer['sessionId']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._call("DELETE", self._session, None)
        finally:
            self._process.terminate()
            self._process.wait(timeout=20)
            assert self._process.stdout
            self._process.stdout.close()

    def _call(self, method: str, path: str, body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._root + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as reply:
                return json.loads(reply.read())["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.loads(error.read())["value"]["message"]) from error

    def post(self, path: str, body: Any) -> Any:
        """Call one command of the session."""
        return self._call("POST", self._session + path, body)

    def cdp(self, command: str, **params: Any) -> Any:
        """Call one DevTools command."""
        return self.post("/goog/cdp/execute", {"cmd": command, "params": params})

    def size(self, width: int, height: int) -> None:
        """Set the size of the page."""
        mobile = width < 500
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file of ours and wait until it says that it is ready; forgets what was logged before."""
        self.post("/url", {"url": "about:blank"})
        self.logs("browser"), self.logs("performance")
        self.post("/url", {"url": path.resolve().as_uri() + (f"#{fragment}" if fragment else "")})
        self.until("return document.documentElement.dataset.ready === 'true'")
        self.settle()

    def run(self, script: str, *args: Any) -> Any:
        """Run JavaScript and return its value."""
        return self.post("/execute/sync", {"script": script, "args": list(args)})

    def until(self, script: str, *args: Any) -> None:
        """Wait until a script returns something true."""
        for _ in range(200):
            if self.run(script, *args):
                return
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}; log: {self.logs('browser')}")

    def settle(self) -> None:
        """Wait for two frames, so that what was asked for is drawn."""
        self.post(
            "/execute/async",
            {"script": "const d=arguments[0];requestAnimationFrame(()=>requestAnimationFrame(()=>d()))", "args": []},
        )

    def click(self, selector: str) -> None:
        """Click an element as a user would."""
        found = self.post("/element", {"using": "css selector", "value": selector})
        self.post(f"/element/{next(iter(found.values()))}/click", {})
        self.settle()

    def type(self, selector: str, text: str) -> None:
        """Send keys to an element."""
        found = self.post("/element", {"using": "css selector", "value": selector})
        self.post(f"/element/{next(iter(found.values()))}/value", {"text": text})
        self.settle()

    def mouse(self, *steps: tuple[str, int, int]) -> None:
        """Move, press and release the mouse at points of the page: ("move" | "down" | "up", x, y)."""
        actions: list[dict[str, Any]] = []
        for kind, x, y in steps:
            actions.append({"type": "pointerMove", "duration": 0, "x": x, "y": y})
            if kind != "move":
                actions.append({"type": "pointerDown" if kind == "down" else "pointerUp", "button": 0})
        self.post("/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})
        self.settle()

    def text(self, selector: str) -> str:
        """Text of an element."""
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def logs(self, kind: str) -> list[dict[str, Any]]:
        """What the browser logged since the last call: kind "browser" or "performance"."""
        return list(self.post("/se/log", {"type": kind}))

    def errors(self) -> list[str]:
        """Messages of the console that are warnings or worse."""
        return [entry["message"] for entry in self.logs("browser") if entry["level"] in {"WARNING", "SEVERE"}]

    def requests(self) -> list[str]:
        """Addresses that were asked for since the last call, apart from the page itself and data of its own."""
        asked = []
        for entry in self.logs("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return [url for url in asked if not url.startswith(("file:///", "data:", "blob:", "about:"))] + [
            url for url in asked if url.startswith("file:///") and not url.split("#")[0].endswith(".html")
        ]

    def pdf(self) -> bytes:
        """The page as printed."""
        return base64.b64decode(self.post("/print", {"orientation": "landscape", "background": True}))

    def screenshot(self, path: Path) -> None:
        """Write a PNG of the page as seen."""
        got = self._call("GET", self._session + "/screenshot", None)
        path.write_bytes(base64.b64decode(got))
