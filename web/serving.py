"""Running the server: waitress in front of the application, and threads for work that is due.

Threads, sockets and what the process may take of the machine live here and nowhere else in the room.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import resource
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
from mes.tidying import tidy
from mes.unavailable import DatabaseUnavailable
from web.app import create_app
from web.rendering import make_ahead

log = logging.getLogger(__name__)
THREADS = 16
CONNECTIONS = 2000
"""How many may stand open: 400 screens and stations, and browsers that keep several each."""
OTHER_FILES = 200
# How glibc is to take memory (malloc.h): without these the process keeps the most that each thread ever held.
MALLOC = {
    "M_ARENA_MAX": (-8, 2),
    "M_MMAP_THRESHOLD": (-3, 256 * 1024),  # pictures of pages go back to the system at once
    "M_TRIM_THRESHOLD": (-1, 1024 * 1024),
}
GARBAGE_AFTER = 20_000
"""So many things more than before (a few megabytes at most), and garbage is looked for."""
TOLD_BY_PROXY = "x-forwarded-for x-forwarded-proto x-forwarded-host"
BACKGROUND_EVERY_S = 5.0
RENDER_EVERY_S = 0.5
TIDY_EVERY_S = 600.0


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
    _take_little_memory()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait a moment is no line in the log
    app = create_app(database, clock, secret, secure_cookies=proxy is not None)
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident="runcard",
        connection_limit=_connections(),
        asyncore_use_poll=True,
        backlog=1024,
        channel_request_lookahead=1,  # else it is not noticed that a reader leaves while a file is made
        **trusting(proxy),
    )
    _leave_alone_what_stays()
    stop = threading.Event()
    due = [
        threading.Thread(target=_again_and_again, args=(work, database, clock, every_s, stop), name=name)
        for name, work, every_s in (
            ("background", seal_what_is_due, BACKGROUND_EVERY_S),
            ("rendering", make_ahead, RENDER_EVERY_S),
            ("tidying", tidy, TIDY_EVERY_S),
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
        gc.unfreeze()  # what is left alone to the very end is reported as leaked by the libraries that made it


def trusting(proxy: str | None) -> dict[str, Any]:
    """Whose word is taken for the browser's address and for HTTPS: this proxy's and nobody else's."""
    if proxy is None:
        return {}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": TOLD_BY_PROXY, "clear_untrusted_proxy_headers": True}


def _connections() -> int:
    """How many connections may stand open, with the files that they need; fewer where the system allows no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - OTHER_FILES


def _take_little_memory() -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:  # other C libraries have none
        for parameter, value in MALLOC.values():
            mallopt(parameter, value)


def _leave_alone_what_stays() -> None:
    """What is loaded now stays for good: looking for garbage in it would stop every scan for a fifth of a second.

    And it is looked for less often: after every 700 things, as is usual, took a sixth of a scan's processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)


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
    """Do work when it is due; a failure is logged and tried again, it never ends the server.

    That the database cannot is said once, however long it lasts: a log fills disks too.
    """
    waits = False
    while not stop.wait(every_s):
        try:
            work(database, clock())
            waits = False
        except DatabaseUnavailable as unavailable:
            if not waits:
                log.warning("background work waits for the database: %s", unavailable)
            waits = True
        except Exception:
            log.exception("background work failed; it will be tried again")


def secret_of(folder: Path) -> str:
    """The key that signs sessions, kept beside the database so that logins survive a restart."""
    path = folder / ".runcard-secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
