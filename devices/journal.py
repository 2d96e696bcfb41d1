"""The station's memory of scans: every read is on disk here before anything else happens to it (law 2).

Owns the queue of what the server has not yet answered for good, in the order of scanning. It gives each scan its UUID,
never changes one, and knows nothing of HTTP.
"""

from __future__ import annotations

import threading
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from devices.appendlog import AppendLog, Record
from devices.framing import Garbage, Scan

SET_ASIDE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """One kept scan: its id and what is sent of it, the same at every try. Its `sequence` tells the journal's order."""

    id: str
    body: dict[str, Any]


class ScanJournal:
    """Append-only file `scans.log` in a directory: kept scans, and a mark for each that the server has answered.

    Raises InUse when another station program has the directory. When everything is answered and the file is long, it is
    set aside as `scans.1.log`, so that the disk holds at most the last two.
    """

    def __init__(self, directory: Path, set_aside_bytes: int = SET_ASIDE_BYTES) -> None:
        self._log = AppendLog(directory / "scans.log")
        self._set_aside_bytes = set_aside_bytes
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        records = self._log.records()
        self._waiting: deque[Entry] = deque(_unanswered(records))
        self._numbered = max((_number(record) for record in records), default=0)
        self._aside: list[Entry] = []

    def keep(self, station: str, read: Scan | Garbage, scanned_at: datetime) -> Entry:
        """Write the read to disk and queue it; raises NotKept when the disk refuses, and then nothing is queued."""
        scan_id = str(uuid.uuid4())
        body = {"id": scan_id, "station": station, **_content(read), "scanned_at": scanned_at.isoformat()}
        with self._lock:
            entry = Entry(scan_id, {**body, "sequence": self._numbered + 1})
            self._log.append({"kept": entry.body})
            self._numbered += 1
            self._waiting.append(entry)
            self._arrived.notify_all()
        return entry

    def oldest(self, timeout_s: float) -> Entry | None:
        """The entry to send next, waiting up to `timeout_s` for one; stays queued until `answered`."""
        with self._lock:
            self._arrived.wait_for(lambda: self._waiting, timeout_s)
            return self._waiting[0] if self._waiting else None

    def answered(self, entry: Entry, status: int, at: datetime) -> None:
        """The server's final word on the oldest entry (HTTP status); raises NotKept if the mark cannot be written.

        The entry leaves the queue even then: after a restart it is sent again, and the server knows it by its id.
        """
        with self._lock:
            self._waiting.remove(entry)
            self._log.append({"answered": entry.id, "status": status, "at": at.isoformat()})
            if not self._waiting and not self._aside and self._log.size() > self._set_aside_bytes:
                self._log.set_aside(self._log.path.with_suffix(".1.log"))
                self._log.append({"numbered": self._numbered})  # the numbers go on, whichever file has them

    def lay_aside(self, entry: Entry) -> None:
        """Let those behind this one pass: it stays on disk, counts as waiting, and is sent again at the next start."""
        with self._lock:
            self._waiting.remove(entry)
            self._aside.append(entry)

    def waiting(self) -> int:
        """How many scans the server has not yet answered for good, those laid aside among them."""
        with self._lock:
            return len(self._waiting) + len(self._aside)

    def close(self) -> None:
        """Let the file go."""
        self._log.close()


def _content(read: Scan | Garbage) -> dict[str, str]:
    match read:
        case Scan(text):
            return {"code": text}
        case Garbage(kind, prefix):
            return {"garbage": kind, "code": prefix}


def _number(record: Record) -> int:
    """The number that a record tells; those of an older program have none."""
    return int(record.get("numbered") or record.get("kept", {}).get("sequence") or 0)


def _unanswered(records: list[Record]) -> list[Entry]:
    waiting: dict[str, Entry] = {}
    for record in records:
        if body := record.get("kept"):
            waiting[body["id"]] = Entry(body["id"], body)
        waiting.pop(record.get("answered", ""), None)
    return list(waiting.values())
