"""Running the server: waitress in front of the application, and one background thread for work that is due.

Threads and sockets live here and nowhere else in the room.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from waitress.server import create_server

from mes.clock import Clock
from mes.database import Database
from mes.sealing import seal_what_is_due
from web.app import create_app

log = logging.getLogger(__name__)
THREADS = 16
BACKGROUND_EVERY_S = 5.0


def serve(database: Database, clock: Clock, host: str, port: int, secret: str, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` hears the address once the port is open. Raises OSError for a port in use."""
    app = create_app(database, clock, secret)
    server = create_server(app, host=host, port=port, threads=THREADS, ident="runcard")
    stop = threading.Event()
    background = threading.Thread(target=_work_in_background, args=(database, clock, stop), name="background")
    background.start()
    try:
        ready(f"http://{host}:{_port_of(server, port)}")
        server.run()
    finally:
        stop.set()
        background.join()
        server.close()


def _port_of(server: object, asked: int) -> int:
    """The port that is open; with 0 the system has chosen one."""
    return int(getattr(server, "effective_port", asked))


def _work_in_background(database: Database, clock: Clock, stop: threading.Event) -> None:
    """Seal the journal when it is due; a failure is logged and tried again, it never ends the server."""
    while not stop.wait(BACKGROUND_EVERY_S):
        try:
            seal_what_is_due(database, clock())
        except Exception:
            log.exception("background work failed; it will be tried again")


def secret_of(folder: Path) -> str:
    """The key that signs sessions, kept beside the database so that logins survive a restart."""
    path = folder / ".runcard-secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
