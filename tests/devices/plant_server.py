"""A small real HTTP server that plays the plant's server for a station, on a free loopback port."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


def reply(scan: dict[str, Any], tone: str = "good") -> dict[str, Any]:
    return {"id": scan["id"], "result": "accepted", "headline": {"zh": "好", "en": "ok"}, "tone": tone, "lamp": "green"}


class PlantServer:
    """Answers scans with `answers` in turn (status, tone, "page", "mixed up"), then good.

    Lists each of `jobs` until it knows its result; `lost_lists` are lists that never arrive. `poison` is a code that
    breaks it every time. `readings_status`, `heartbeat_status`: its answers to them. `other_paper`: jobs whose bytes it
    does not give.
    """

    def __init__(self, port: int = 0) -> None:
        self.scans: list[dict[str, Any]] = []
        self.results: list[tuple[int, dict[str, Any]]] = []
        self.answers: deque[int | str] = deque()
        self.tokens: set[str] = set()
        self.contents: dict[int, bytes] = {}
        self.jobs: list[dict[str, Any]] = []
        self.refused_results: list[tuple[int, dict[str, Any]]] = []
        self.refuse_results = False
        self.lost_lists = 0
        self.poison = ""
        self.readings_status = 200
        self.heartbeat_status = 200
        self.readings: list[dict[str, Any]] = []
        self.offered: list[dict[str, Any]] = []
        self.heartbeats: list[dict[str, Any]] = []
        self.journals: set[str] = set()
        self.asked_contents: list[str] = []
        self.other_paper: set[int] = set()
        self.changed = threading.Condition()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _asked_of(self))
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_job(self, job_id: int, printer: str, content: bytes, **more: Any) -> None:
        with self.changed:
            self.contents[job_id] = content
            listed = {"id": job_id, "printer": printer, "title": "label", "stock": "white", "copies": 1}
            self.jobs.append({**listed, "sha256": hashlib.sha256(content).hexdigest(), **more})

    def wait_for(self, condition: Any, timeout_s: float = 10.0) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, timeout_s), f"scans {self.scans}, results {self.results}"

    def delivered(self) -> list[str]:
        return [scan["code"] for scan in self.scans]

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def __enter__(self) -> PlantServer:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def take_scan(self, scan: dict[str, Any]) -> tuple[int, bytes]:
        with self.changed:
            self.scans.append(scan)
            answer = self.answers.popleft() if self.answers else "good"
            answer = 500 if scan["code"] == self.poison else answer
            self.changed.notify_all()
        match answer:
            case "page":
                return 200, b"<html>log in here</html>"
            case "mixed up":
                return 200, json.dumps(reply({"id": "another scan"})).encode()
            case int():
                return answer, json.dumps(reply(scan)).encode()
        return 200, json.dumps(reply(scan, answer)).encode()

    def list_jobs(self) -> tuple[int, bytes]:
        with self.changed:
            if self.jobs and self.lost_lists:
                self.lost_lists -= 1
                return 504, b"{}"
            return 200, json.dumps({"jobs": self.jobs}).encode()

    def take_result(self, job_id: int, result: dict[str, Any]) -> tuple[int, bytes]:
        with self.changed:
            (self.refused_results if self.refuse_results else self.results).append((job_id, result))
            self.jobs = [job for job in self.jobs if job["id"] != job_id or self.refuse_results]
            self.changed.notify_all()
            return (503 if self.refuse_results else 200), b"{}"

    def take_word(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """What a station says of itself or measures: stations/CODE/heartbeat, stations/CODE/readings."""
        with self.changed:
            if path.endswith("/heartbeat"):
                status = self.heartbeat_status
                self.heartbeats += [body] if status == 200 else []
            else:
                self.offered.append(body)
                status = self.readings_status
                self.readings += [body] if status == 200 else []
            self.changed.notify_all()
        return status, b'{"ok": true}'


def _asked_of(plant: PlantServer) -> type[BaseHTTPRequestHandler]:
    class Request(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            plant.tokens.add(self.headers["Authorization"])
            path, _, asked = self.path.partition("?")
            parts = path.split("/")
            plant.journals.update(parse_qs(asked).get("journal", ()))
            if parts[-1] == "content":
                plant.asked_contents.append(asked)
                self._send(409 if int(parts[-2]) in plant.other_paper else 200, plant.contents[int(parts[-2])])
            else:
                self._send(*plant.list_jobs())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = self.path.split("/")
            if parts[-1] == "scans":
                self._send(*plant.take_scan(body))
            elif parts[-1] == "result":
                self._send(*plant.take_result(int(parts[-2]), body))
            else:
                self._send(*plant.take_word(self.path, body))

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *message: object) -> None:
            """Quiet: the tests look at what arrived."""

    return Request
