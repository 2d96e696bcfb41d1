"""What the page on this machine asks when the server is away: GET /state on loopback, nothing else.

Owns a small HTTP server on 127.0.0.1. It shows and takes nothing in, so that no page anywhere can do harm through it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from devices.heartbeat import Vitals

POLL_S = 0.2
LOOPBACK = "127.0.0.1"


class Panel:
    """Listens from the start (raises OSError if the port is taken); in a thread of its own: `run`. `port` 0: any free.

    Only pages of the server's own origin may read it; any other origin's browser refuses the answer.
    """

    def __init__(self, station: str, port: int, server_url: str, look: Callable[[], Vitals]) -> None:
        self._http = ThreadingHTTPServer((LOOPBACK, port), _asked_of(station, _origin(server_url), look))
        self._http.daemon_threads = True
        self._http.block_on_close = False

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self._http.server_address[1]}/state"

    def run(self, stop: threading.Event) -> None:
        """Answer until `stop`."""
        self._http.timeout = POLL_S
        while not stop.is_set():
            self._http.handle_request()

    def close(self) -> None:
        """Give the port back."""
        self._http.server_close()


def _origin(url: str) -> str:
    """Scheme and authority, as a browser writes an origin: without a path and without the scheme's own port."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}.get(parts.scheme) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def _asked_of(station: str, origin: str, look: Callable[[], Vitals]) -> type[BaseHTTPRequestHandler]:
    class Request(BaseHTTPRequestHandler):
        timeout = 5.0

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/state":
                self._send(404, {})
                return
            vitals = look()
            self._send(200, {"station": station, "server": vitals.server, **vitals.json()})

        def do_OPTIONS(self) -> None:
            """A page of the plant's network asks before it speaks to this machine (Private Network Access)."""
            self._send(204, None)

        def _send(self, status: int, content: dict[str, Any] | None) -> None:
            body = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            if self.headers.get("Origin") == origin:
                self.send_header("Access-Control-Allow-Origin", origin)
                self.send_header("Access-Control-Allow-Methods", "GET")
                self.send_header("Access-Control-Allow-Private-Network", "true")
            self.send_header("Vary", "Origin")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *message: object) -> None:
            """Quiet: the page asks once a second."""

    return Request
