"""The station's view of the server: posts scans, fetches print jobs, reports their results.

Owns the HTTP connection and tells final answers from those worth another try (law 2). It keeps nothing; what must not
be lost is in the journals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from devices.feedback import Tone

# Below the ten seconds that a scanner waits for its answer before it sounds an error by itself.
TIMEOUT = httpx.Timeout(4.0, connect=2.0)
# Nobody waits with a scanner in his hand while the server renders and proves labels.
RENDERING_TIMEOUT = httpx.Timeout(30.0, connect=2.0)
REFUSED_FOR_GOOD = frozenset({409, 413, 422})
RESULT_TAKEN = frozenset({200, 201, 204, 404, 409, 410, 422})
LONGEST_RETRY_AFTER_S = 60.0


class NoAnswer(Exception):
    """The server did not give a final answer; keep what was sent and try again, not before `retry_after_s`."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Answer:
    """The final word on one scan: HTTP status and the tone for the hand that scanned."""

    status: int
    tone: Tone


@dataclass(frozen=True)
class Job:
    """A label or card to print, as the server listed it."""

    id: int
    printer: str
    sha256: str
    copies: int
    title: str


class Server:
    """The HTTP API under `url`, spoken to as one station; safe to use from several threads."""

    def __init__(self, url: str, token: str) -> None:
        # A proxy from the environment has no business between a station and its plant.
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            trust_env=False,
        )

    def post_scan(self, body: dict[str, Any]) -> Answer:
        """The server's final answer to a kept scan; raises NoAnswer."""
        response = self._ask("POST", "scans", json=body)
        if response.status_code in REFUSED_FOR_GOOD:
            return Answer(response.status_code, Tone.BAD)
        if response.status_code != 200:
            raise _not_final(response)
        return Answer(200, _tone(response, body["id"]))

    def print_jobs(self, station: str, journal: str) -> list[Job]:
        """The jobs now leased to this station's print journal, oldest first; raises NoAnswer."""
        asked = {"station": station, "journal": journal}
        response = self._ask("GET", "print-jobs", params=asked, timeout=RENDERING_TIMEOUT)
        if response.status_code != 200:
            raise _not_final(response)
        try:
            return [_job(job) for job in response.json()["jobs"]]
        except (ValueError, KeyError, TypeError) as error:
            raise NoAnswer(f"print-jobs: not the server's answer: {error!r}") from error

    def content(self, job: Job) -> bytes:
        """The bytes to print, unchecked; raises NoAnswer."""
        response = self._ask("GET", f"print-jobs/{job.id}/content")
        if response.status_code != 200:
            raise _not_final(response)
        return response.content

    def post_result(self, job_id: int, state: str, reason: str) -> None:
        """Report how a job ended; a job the server no longer knows counts as reported. Raises NoAnswer."""
        response = self._ask("POST", f"print-jobs/{job_id}/result", json={"state": state, "reason": reason})
        if response.status_code not in RESULT_TAKEN:
            raise _not_final(response)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **parts)
        except httpx.HTTPError as error:
            raise NoAnswer(f"{method} {path}: {error!r}") from error


def _tone(response: httpx.Response, scan_id: str) -> Tone:
    """The reply's tone; a page that some proxy answers with 200 does not make a scan delivered."""
    try:
        reply = response.json()
        if reply["id"] != scan_id:
            raise ValueError(f"a reply to {reply['id']}")
        return Tone(reply["tone"])
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer(f"scans: not the server's answer: {error!r}") from error


def _job(listed: dict[str, Any]) -> Job:
    title, copies = str(listed.get("title", "")), int(listed.get("copies", 1))
    return Job(int(listed["id"]), str(listed["printer"]), str(listed["sha256"]), copies, title)


def _not_final(response: httpx.Response) -> NoAnswer:
    asked = response.headers.get("Retry-After", "")
    retry_after_s = min(float(asked), LONGEST_RETRY_AFTER_S) if asked.isdecimal() else 0.0
    return NoAnswer(f"{response.request.url.path}: {response.status_code} {response.text[:200]!r}", retry_after_s)
