"""The station's view of the server: posts scans, readings and heartbeats, fetches print jobs, reports their results.

Owns the HTTP connection and tells final answers from those worth another try (law 2). It keeps nothing; what must not
be lost is in the journals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from devices.feedback import Tone

# Below the ten seconds that a scanner waits for its answer before it sounds an error by itself.
TIMEOUT = httpx.Timeout(4.0, connect=2.0)
# Nobody waits with a scanner in his hand while the server renders and proves labels.
RENDERING_TIMEOUT = httpx.Timeout(30.0, connect=2.0)
REFUSED_FOR_GOOD = frozenset({409, 413, 422})
SENT = "Runcard-Sent"
# A reading or a heartbeat is of the moment: it is said again or not at all, but never waited for long.
PASSING_TIMEOUT = httpx.Timeout(2.0, connect=1.0)
BROKEN = 500
OTHER_PAPER = 409
NO_WAY_IN = frozenset({401, 403, 404, 429})
RESULT_TAKEN = frozenset({200, 201, 204, 404, 409, 410, 422})
LONGEST_RETRY_AFTER_S = 60.0


class NoAnswer(Exception):
    """The server did not give a final answer; keep what was sent and try again, not before `retry_after_s`."""

    def __init__(self, reason: str, retry_after_s: float = 0.0, status: int = 0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.status = status


class Refused(Exception):
    """The server has answered for good and does not want it."""


@dataclass(frozen=True)
class Answer:
    """The final word on one scan: HTTP status and the tone for the hand that scanned."""

    status: int
    tone: Tone


@dataclass(frozen=True)
class Lease:
    """A job as it was handed out once. A person may settle it and have it handed out anew: that is another lease."""

    job: int
    number: int | None = None

    @property
    def json(self) -> dict[str, int]:
        """Its number, if the server gave one."""
        return {} if self.number is None else {"lease": self.number}


@dataclass(frozen=True)
class Job:
    """A label or card to print, as the server listed it."""

    lease: Lease
    printer: str
    sha256: str
    copies: int
    title: str

    @property
    def id(self) -> int:
        """The server's number of the job."""
        return self.lease.job


class Server:
    """The HTTP API under `url`, spoken to as one station; safe to use from several threads.

    `reachable`: whether the last thing said to it was answered by a server that works.
    """

    def __init__(self, url: str, token: str) -> None:
        # A proxy from the environment has no business between a station and its plant.
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            trust_env=False,
        )
        self.reachable = True

    def post_scan(self, body: dict[str, Any], sent_at: datetime) -> Answer:
        """The server's final answer to a kept scan; raises NoAnswer.

        `sent_at` is by the clock that dated the scan: how long it waited is right even where that clock is wrong.
        """
        response = self._ask("POST", "scans", json=body, headers={SENT: sent_at.isoformat()})
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
        """The bytes to print, unchecked; raises NoAnswer, also when the job was handed out anew since.

        Raises Refused when the printer's paper was changed meanwhile.
        """
        response = self._ask("GET", f"print-jobs/{job.id}/content", params=job.lease.json)
        if response.status_code == OTHER_PAPER:
            raise Refused(response.text[:200])
        if response.status_code != 200:
            raise _not_final(response)
        return response.content

    def post_result(self, lease: Lease, state: str, reason: str) -> None:
        """Report how a job ended; a job the server no longer knows counts as reported. Raises NoAnswer."""
        said = {"state": state, "reason": reason, **lease.json}
        response = self._ask("POST", f"print-jobs/{lease.job}/result", json=said)
        if response.status_code not in RESULT_TAKEN:
            raise _not_final(response)

    def post_heartbeat(self, station: str, body: dict[str, Any]) -> None:
        """Say how the station and its devices are; raises NoAnswer."""
        response = self._ask("POST", f"stations/{station}/heartbeat", json=body, timeout=PASSING_TIMEOUT)
        if response.status_code != 200:
            self.reachable = False
            raise _not_final(response)

    def post_reading(self, station: str, body: dict[str, str]) -> None:
        """Offer a measured value to the field that waits for one; raises Refused, NoAnswer."""
        response = self._ask("POST", f"stations/{station}/readings", json=body, timeout=PASSING_TIMEOUT)
        if response.status_code in REFUSED_FOR_GOOD:
            raise Refused(f"the server refuses it: {response.status_code} {response.text[:200]!r}")
        if response.status_code != 200:
            raise _not_final(response)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **parts)
        except httpx.HTTPError as error:
            self.reachable = False
            raise NoAnswer(f"{method} {path}: {error!r}") from error
        if response.status_code != BROKEN:  # one request that breaks it does not say that the server is away
            self.reachable = response.status_code < BROKEN and response.status_code not in NO_WAY_IN
        return response


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
    lease = Lease(int(listed["id"]), int(listed["lease"]) if "lease" in listed else None)
    return Job(lease, str(listed["printer"]), str(listed["sha256"]), copies, title)


def _not_final(response: httpx.Response) -> NoAnswer:
    asked = response.headers.get("Retry-After", "")
    retry_after_s = min(float(asked), LONGEST_RETRY_AFTER_S) if asked.isdecimal() else 0.0
    said = f"{response.request.url.path}: {response.status_code} {response.text[:200]!r}"
    return NoAnswer(said, retry_after_s, response.status_code)
