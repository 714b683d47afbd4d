"""A real browser (any Chromium that is installed), driven over its debugging port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WORRY = r"""(() => {
  // Do to every element of a page what a reader could do to it; links that only lead elsewhere are not followed.
  document.addEventListener("click", (event) => {
    const href = event.target.closest("a")?.href ?? "";
    if (!/^(javascript|data|vbscript|blob):/i.test(href)) event.preventDefault();
  }, true);
  const inside = document.querySelector("#notebook-container") ?? document.body;
  const list = inside === document.body && location.pathname.startsWith("/formgrader/");  // its buttons are nbgrader's own
  const events = ["mouseover", "mouseenter", "pointerenter", "pointerover", "focus", "focusin", "toggle", "input", "animationstart"];
  for (const element of [...inside.querySelectorAll("*")].filter((e) => !e.closest(".scoring-buttons, .score, .comment, .extra-credit"))) {
    for (const name of events) element.dispatchEvent(new Event(name, {bubbles: true}));
    if (!list) element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
  }
  return inside.querySelectorAll("*").length;
})()"""


@cache
def installed() -> str | None:
    """The path of a browser, if there is one that says who it is."""
    for path in filter(None, map(shutil.which, NAMES)):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0:
                return path
    return None


class Page:
    """One tab: goes to addresses, and remembers what was asked for, what was said, and what was opened."""

    def __init__(self, address: str, own: str) -> None:
        self._socket = websocket.create_connection(address, timeout=30, suppress_origin=True)
        self._number = 0
        self.own = own
        self.requests: list[str] = []
        self.said: list[str] = []
        for method in ("Page.enable", "Runtime.enable", "Log.enable"):
            self.call(method)
        self.call("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def call(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        mine = self._number
        self._socket.send(json.dumps({"id": mine, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == mine:
                return message.get("result", {"error": message.get("error")})
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, about = message.get("method"), message.get("params", {})
        if method == "Fetch.requestPaused":
            url = about["request"]["url"]
            self.requests.append(url)
            self._number += 1
            ours = url.startswith((self.own, "file:", "data:", "about:"))
            reply = {"method": "Fetch.continueRequest", "params": {}} if ours else {
                "method": "Fetch.failRequest", "params": {"errorReason": "AccessDenied"}}  # fmt: skip
            reply["params"]["requestId"] = about["requestId"]
            self._socket.send(json.dumps({"id": self._number, **reply}))
        elif method == "Page.javascriptDialogOpening":
            self.said.append(f"dialog: {about['message']}")
            self._number += 1
            self._socket.send(json.dumps({"id": self._number, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}))
        elif method == "Runtime.consoleAPICalled":
            self.said += [str(item.get("value")) for item in about["args"]]
        elif method == "Page.windowOpen":
            self.said.append(f"window: {about['url']}")

    def wait(self, seconds: float) -> None:
        """Handle what comes in for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            with contextlib.suppress(websocket.WebSocketTimeoutException):
                self._note(json.loads(self._socket.recv()))
        self._socket.settimeout(30)

    def value(self, script: str) -> Any:
        return self.call("Runtime.evaluate", expression=script, returnByValue=True).get("result", {}).get("value")

    def visit(self, address: str, patience: float = 15.0) -> None:
        self.requests.clear()
        self.said.clear()
        self.call("Page.navigate", url=address)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self.wait(0.15)
            if self.value("document.readyState") == "complete" and self.value("location.href") != "about:blank":
                break
        self.wait(0.25)

    def worry(self) -> int:
        """Do to every element of the page what a reader could do to it; how many there were."""
        seen = self.value(WORRY)
        self.wait(0.4)
        return seen or 0


@contextlib.contextmanager
def opened(own: str) -> Iterator[Page]:
    """A fresh browser with one tab; requests to anything but `own` and local files are refused, and remembered."""
    program = installed()
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="dlkit-browser-", ignore_cleanup_errors=True) as folder:
        options = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--no-first-run", "--disable-gpu",
                   "--disable-dev-shm-usage", "--disable-background-networking", "--remote-allow-origins=*",
                   "--allow-file-access-from-files"]  # fmt: skip
        if not hasattr(os, "geteuid") or os.geteuid() == 0 or os.environ.get("CI"):
            options.append("--no-sandbox")
        process = subprocess.Popen([program, *options, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Page(_address(Path(folder), process), own)
        finally:
            process.terminate()
            process.wait(20)


def _address(folder: Path, process: subprocess.Popen) -> str:
    """Where the tab is to be reached."""
    from urllib.request import urlopen

    end = time.monotonic() + 40
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, IndexError, KeyError):
            port = int((folder / "DevToolsActivePort").read_text().split()[0])
            with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as reply:
                tabs = [tab for tab in json.load(reply) if tab["type"] == "page"]
            return tabs[0]["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise RuntimeError("the browser did not come up")
