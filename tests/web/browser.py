"""A real browser on the real application, for tests: the server in a thread, Chromium, hands that type and scan.

Only what a person at the screen has: keys, clicks, what stands on the page. Keys of a scanner carry their own time
stamps, and a station's page waits long for the end of a scan, so that a busy machine cannot spoil one.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from mes.people import access
from tests.plant import SamplePlant
from tests.system import chromium
from web.app import create_app
from web.serving import trusting

expect.set_options(timeout=20_000)  # a deadline, not a pause: two busy cores may be slow
PATIENT = "try { localStorage.setItem('runcard.pause.%s', '20000'); } catch (_) {}"
PASSWORD, PIN = "long enough", "246813"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
]
NAMED = {"\r": ("Enter", "Enter", 13), "\t": ("Tab", "Tab", 9)}
SHIFTED = {"+": "Equal", "_": "Minus", ":": "Semicolon", "|": "Backslash", "*": "Digit8", "(": "Digit9", ")": "Digit0"}


@contextmanager
def served(plant: SamplePlant, proxy: str | None = None) -> Iterator[str]:
    """The application on a free port of the loopback, in a thread that ends with the block; gives the address."""
    sockets: dict[int, Any] = {}
    app = create_app(plant.database, plant.clock, "secret", secure_cookies=proxy is not None)
    how: dict[str, Any] = {"threads": 8, "ident": "runcard", "channel_request_lookahead": 1, **trusting(proxy)}
    server = create_server(app, sockets, host="127.0.0.1", port=0, **how)
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(20)
        server.task_dispatcher.shutdown()


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield found
        finally:
            found.close()


class Screen:
    """One browser page: a station's own screen, or a person's office browser."""

    def __init__(self, browser: Browser, address: str, plant: SamplePlant) -> None:
        self.address = address
        self.plant = plant
        self.context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 780})
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def close(self) -> None:
        """Close it, and insist that no script of ours failed."""
        self.context.close()
        assert self.faults == []

    def open(self, path: str) -> Page:
        """Go to a page."""
        self.page.goto(self.address + path)
        return self.page

    def open_station(self, code: str, query: str = "") -> Page:
        """Become a station's own screen."""
        self.context.add_init_script(PATIENT % code)
        invitation = access.invite_station(self.plant.database, code, self.plant.now)
        page = self.open("/enter")
        page.fill("input[name=code]", invitation)
        page.click("main button")
        page.wait_for_url(re.compile(f"/{code}$"), wait_until="load")
        return self.open(f"/screen/{code}{query}") if query else page

    def log_in(self, badge: str) -> Page:
        """Log in to the office with badge and password."""
        access.set_password(self.plant.database, badge, PASSWORD)
        page = self.open("/login")
        page.fill("#badge", badge)
        page.fill("#password", PASSWORD)
        page.click("main button.primary")
        page.wait_for_url(f"{self.address}/", wait_until="load")
        return page

    def follow(self, link: str) -> Page:
        """Click a link; its page stands there whole, with its style, before anything on it is measured."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.click(link)
        return self.page

    def scan(self, code: str, end: str = "\r", apart_ms: int = 5, **how: bool) -> None:
        """Let a keyboard-wedge scanner type a code."""
        self.page.wait_for_selector("html[data-scanner=ready]", state="attached")
        keys = KeyStrokes(self.page)
        for sign in code + end:
            keys.press(sign, apart_ms, **how)


class KeyStrokes:
    """Keys with time stamps of their own."""

    def __init__(self, page: Page) -> None:
        self.wire = page.context.new_cdp_session(page)
        self.at = time.time()

    def press(self, sign: str, apart_ms: int, *, input_method: bool = False) -> None:
        """One key down and up; `input_method`: as it looks while a Chinese input method composes."""
        self.at += apart_ms / 1000
        key, code, number = NAMED.get(sign, (sign, _physical(sign), ord(sign.upper())))
        if input_method:
            key, number = "Process", 229
        down = {"type": "rawKeyDown" if input_method else "keyDown", "key": key, "code": code}
        text = {} if input_method or sign in NAMED else {"text": sign}
        for stroke in ({**down, **text}, {"type": "keyUp", "key": key, "code": code}):
            self.wire.send("Input.dispatchKeyEvent", {**stroke, "windowsVirtualKeyCode": number, "timestamp": self.at})


def _physical(sign: str) -> str:
    if sign.isalpha():
        return f"Key{sign.upper()}"
    return f"Digit{sign}" if sign.isdigit() else SHIFTED.get(sign, "Minus")
