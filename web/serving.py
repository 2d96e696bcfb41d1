"""Running the server: waitress in front of the application, and threads for work that is due.

Threads and sockets live here and nowhere else in the room.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from waitress.server import create_server

from mes.clock import Clock
from mes.database import Database
from mes.sealing import seal_what_is_due
from web.app import create_app
from web.rendering import make_ahead

log = logging.getLogger(__name__)
THREADS = 16
TOLD_BY_PROXY = "x-forwarded-for x-forwarded-proto x-forwarded-host"
BACKGROUND_EVERY_S = 5.0
RENDER_EVERY_S = 0.5


def serve(
    database: Database,
    clock: Clock,
    host: str,
    port: int,
    secret: str,
    ready: Callable[[str], None],
    proxy: str | None = None,
) -> None:
    """Serve until interrupted; `ready` hears the address once the port is open. Raises OSError for a port in use.

    `proxy` is the address of a proxy that speaks HTTPS with the browsers: cookies then travel encrypted only.
    """
    app = create_app(database, clock, secret, secure_cookies=proxy is not None)
    server = create_server(app, host=host, port=port, threads=THREADS, ident="runcard", **trusting(proxy))
    stop = threading.Event()
    due = [
        threading.Thread(target=_again_and_again, args=(work, database, clock, every_s, stop), name=name)
        for name, work, every_s in (
            ("background", seal_what_is_due, BACKGROUND_EVERY_S),
            ("rendering", make_ahead, RENDER_EVERY_S),
        )
    ]
    for thread in due:
        thread.start()
    try:
        ready(f"http://{host}:{_port_of(server, port)}")
        server.run()
    finally:
        stop.set()
        for thread in due:
            thread.join()
        server.close()


def trusting(proxy: str | None) -> dict[str, Any]:
    """Whose word is taken for the browser's address and for HTTPS: this proxy's and nobody else's."""
    if proxy is None:
        return {}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": TOLD_BY_PROXY, "clear_untrusted_proxy_headers": True}


def _port_of(server: object, asked: int) -> int:
    """The port that is open; with 0 the system has chosen one."""
    return int(getattr(server, "effective_port", asked))


def _again_and_again(
    work: Callable[[Database, datetime], object],
    database: Database,
    clock: Clock,
    every_s: float,
    stop: threading.Event,
) -> None:
    """Do work when it is due; a failure is logged and tried again, it never ends the server."""
    while not stop.wait(every_s):
        try:
            work(database, clock())
        except Exception:
            log.exception("background work failed; it will be tried again")


def secret_of(folder: Path) -> str:
    """The key that signs sessions, kept beside the database so that logins survive a restart."""
    path = folder / ".runcard-secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
