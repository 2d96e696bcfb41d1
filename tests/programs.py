"""The program `runcard` as a plant runs it: real processes, their logs, and what they take of the machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import until

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Process:
    """A running process and what it takes."""

    pid: int

    @property
    def memory_mb(self) -> float:
        """Its resident memory, megabytes."""
        return self._status("VmRSS") / 1024

    @property
    def most_memory_mb(self) -> float:
        """The most that it ever held, megabytes."""
        return self._status("VmHWM") / 1024

    @property
    def processor_s(self) -> float:
        """Seconds of processor time that it took, the system's for it included."""
        times = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    def _status(self, field: str) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"{field}:\s+(\d+) kB", status)
        assert found, status
        return int(found[1])


@dataclass(frozen=True)
class Program(Process):
    """A running program with its log."""

    log: Path

    def said(self, pattern: str) -> re.Match[str] | None:
        """What it has written so far, if it has a line like this."""
        return re.search(pattern, self.log.read_text(encoding="utf-8"))


@contextmanager
def running(folder: Path, name: str, *arguments: str, **environment: str) -> Iterator[Program]:
    """`runcard` with these arguments in a folder; ended politely, and it must not have ended before."""
    log = folder / f"{name}.log"
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", *arguments], cwd=folder, env=given, stdout=written, stderr=written
        )
    try:
        yield Program(process.pid, log)
        assert process.poll() is None, log.read_text(encoding="utf-8")
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def serving(folder: Path, url: str, now: str) -> Iterator[tuple[Program, str]]:
    """`runcard serve` on a free port, and its address; `now` as `--now` takes it."""
    with running(folder, "serve", "serve", "--port", "0", RUNCARD_DATABASE_URL=url, RUNCARD_NOW=now) as program:
        found = until(lambda: program.said(r"serves at (http://\S+)"), "the server's address", within_s=60)
        yield program, found[1]


@contextmanager
def station(folder: Path, address: str, code: str, token: str, scanner: str, now: str) -> Iterator[Program]:
    """`runcard station` with a scanner."""
    config = folder / f"{code}.toml"
    config.write_text(
        f"station = {json.dumps(code)}\nserver = {json.dumps(address)}\ntoken = {json.dumps(token)}\n"
        f'journal = "journal-{code}"\n[scanner]\nurl = {json.dumps(scanner)}\nfeedback = "honeywell"\n',
        encoding="utf-8",
    )
    config.chmod(0o600)
    with running(folder, code, "station", str(config), RUNCARD_NOW=now) as program:
        yield program
