"""A file that only grows: one checked line per record, on the disk before `append` returns.

Owns durability (fsync, torn tails, disk full, one writer) and knows nothing of what a record says. It never rewrites or
removes a line; a file that has become long is set aside whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import zlib
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

Record = dict[str, Any]


class NotKept(Exception):
    """The record is not on the disk (full, read-only, broken); whatever it says has not happened."""


class InUse(OSError):
    """Another process is writing this log; two writers would deliver everything twice."""


class AppendLog:
    """An append-only file of JSON records, each line with its CRC-32, so that a torn or rotten line shows itself."""

    def __init__(self, path: Path) -> None:
        """Opens or creates `path`; raises InUse if another process holds it, OSError if it cannot be opened."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._fd = _open_alone(path)
        self._ends_clean = True

    def records(self) -> list[Record]:
        """Every intact record in order; damaged lines are logged and stay in the file, a torn tail is closed off."""
        content = self.path.read_bytes()
        self._ends_clean = not content or content.endswith(b"\n")
        records = []
        for number, line in enumerate(content.split(b"\n"), start=1):
            record = _parsed(line)
            if record is not None:
                records.append(record)
            elif line:
                log.error("%s line %d is damaged and left aside: %r", self.path, number, line[:80])
        return records

    def append(self, record: Record) -> None:
        """Write one record and wait until the disk has it; raises NotKept, and then the file is as it was."""
        size = os.fstat(self._fd).st_size
        line = (b"" if self._ends_clean else b"\n") + _line(record)
        try:
            _write_all(self._fd, line)
            os.fsync(self._fd)
        except OSError as error:
            self._undo(size)
            raise NotKept(f"{self.path}: {error.strerror}") from error
        self._ends_clean = True

    def set_aside(self, target: Path) -> None:
        """Move the whole file to `target` (replacing what was there) and go on with an empty one, or else with this."""
        self.path.replace(target)
        try:
            fresh = _open_alone(self.path)
        except OSError as error:
            target.replace(self.path)  # what is written next must be found under this name after a restart
            log.error("%s cannot be set aside and goes on growing: %s", self.path, error)
            return
        os.close(self._fd)
        self._fd, self._ends_clean = fresh, True

    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self._fd).st_size

    def close(self) -> None:
        """Let the file go; further appends are an error."""
        os.close(self._fd)

    def _undo(self, size: int) -> None:
        """Take back a half-written line; if even that fails, the next append starts on a line of its own."""
        self._ends_clean = False
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, size)
            self._ends_clean = size == 0 or os.pread(self._fd, 1, size - 1) == b"\n"


def _open_alone(path: Path) -> int:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _sync_directory(path.parent)
    except BlockingIOError:
        os.close(fd)
        raise InUse(f"{path} is in use by another station program") from None
    except OSError:
        os.close(fd)
        raise
    return fd


def _sync_directory(directory: Path) -> None:
    """A new file's name is only safe once its directory is on the disk too."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_all(fd: int, line: bytes) -> None:
    while line:
        line = line[os.write(fd, line) :]


def _line(record: Record) -> bytes:
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _parsed(line: bytes) -> Record | None:
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    record: Record = json.loads(body)
    return record
