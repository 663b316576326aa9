"""browser.py - a headless Chromium, driven through its own pipe: no port, no driver, nothing beside the browser itself.

Events are those of a user: the browser is told where a finger or a mouse is and which key is down, and finds by itself
what lies there. `Browser.asked` lists the addresses that a page has asked for, `Browser.broken` what its scripts threw and was refused it.
"""
from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from pathlib import Path

PATIENCE = 120  # seconds


class Browser:
    def __init__(self, program: str) -> None:
        self.home = tempfile.mkdtemp(prefix="stoa-page-")
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()

        def ends() -> None:  # it reads from 3 and writes to 4
            a, b = os.dup(to_read), os.dup(from_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--force-color-profile=srgb",
             "--font-render-hinting=none", "--disable-lcd-text", f"--user-data-dir={self.home}",
             "--remote-debugging-pipe", "about:blank"],
            preexec_fn=ends, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.to, self.answers = to_write, os.fdopen(from_read, "rb")
        self.rest, self.number, self.session = b"", 0, None
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.loaded = False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def close(self) -> None:
        os.close(self.to)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.answers.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hear(self) -> dict:
        while b"\0" not in self.rest:
            if not select.select([self.answers], [], [], PATIENCE)[0]:
                self.process.kill()
                raise RuntimeError(f"the browser has said nothing for {PATIENCE} s")
            more = os.read(self.answers.fileno(), 1 << 16)
            if not more:
                raise RuntimeError("the browser has ended")
            self.rest += more
        one, self.rest = self.rest.split(b"\0", 1)
        said = json.loads(one)
        what, about = said.get("method"), said.get("params", {})
        if what == "Network.requestWillBeSent":
            if not about["request"]["url"].startswith("data:"):
                self.asked.append(about["request"]["url"])
        elif what == "Runtime.exceptionThrown":
            self.broken.append(json.dumps(about["exceptionDetails"])[:600])
        elif what == "Log.entryAdded" and about["entry"]["level"] == "error":
            self.broken.append(about["entry"]["text"][:600])
        elif what == "Page.loadEventFired":
            self.loaded = True
        return said

    def call(self, method: str, **params: object) -> dict:
        self.number += 1
        said = {"id": self.number, "method": method, "params": params}
        if self.session:
            said["sessionId"] = self.session
        os.write(self.to, json.dumps(said).encode() + b"\0")
        while True:
            answer = self._hear()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, page: Path, width: int, height: int, dark: bool = False, phone: bool = False,
             script: bool = True) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone, maxTouchPoints=2 if phone else 1)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                            {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.asked, self.broken, self.loaded = [], [], False
        self.call("Page.navigate", url=page.resolve().as_uri())
        while not self.loaded:
            self._hear()
        if script:
            self.settle()

    def ask(self, expression: str) -> object:
        """The value of an expression in the page; it is awaited."""
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise RuntimeError(f"{expression[:200]}: {json.dumps(got['exceptionDetails'])[:800]}")
        return got["result"].get("value")

    def settle(self) -> None:
        """Until what was caused is drawn."""
        self.ask("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(() => f(1))))")

    def middle(self, selector: str) -> tuple[float, float]:
        """Where an element is, scrolled to."""
        self.ask(f"document.querySelector({json.dumps(selector)})"
                 ".scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})")
        self.settle()  # what a page does when it is scrolled is over
        x, y = self.ask(f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
                        "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()")
        return x, y

    def mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, selector: str) -> None:
        x, y = self.middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y, button="left", clickCount=1)
        self.settle()

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        self.call("Input.dispatchTouchEvent", type=kind,
                  touchPoints=[{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)])

    def key(self, key: str, code: int) -> None:
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)
        self.settle()

    def picture(self, whole: bool = False) -> bytes:
        """A PNG of what is seen, or of the whole page."""
        more: dict = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            more = {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size["width"],
                                                            "height": min(size["height"], 16000), "scale": 1}}
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", **more)["data"])
