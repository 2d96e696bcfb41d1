"""The demo's stage: whatever happens, nothing that it started is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.simulated.printer import SimulatedPrinter
from devices.simulated.scanner import SimulatedScanner
from web.demo.devices import DeviceMaker
from web.demo.stage import Stage

MAKER = DeviceMaker(scanner=SimulatedScanner, printer=SimulatedPrinter)  # type: ignore[arg-type]
HURRY = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture
def ends_at_once() -> Iterator[None]:
    """As the program does: a signal ends it there and then."""
    before = {number: signal.signal(number, lambda *_: sys.exit(143)) for number in HURRY}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Impatient:
    """A program whose end somebody does not want to wait for."""

    def __init__(self, process: subprocess.Popen[bytes], number: int) -> None:
        self.process, self.number = process, number

    def terminate(self) -> None:
        """Ctrl-C once more."""
        os.kill(os.getpid(), self.number)
        self.process.terminate()

    def wait(self, _limit: float) -> None:
        """Until it has ended."""
        self.process.wait()


def leave(folder: Path, program: Impatient, closed: list[str]) -> None:
    """A demo that somebody ends."""
    with Stage(folder, MAKER) as stage:
        stage.owns(lambda: closed.append("wires"))
        stage._processes["server"] = program  # type: ignore[assignment]
        os.kill(os.getpid(), program.number)


@pytest.mark.parametrize("number", HURRY)
def test_pressing_ctrl_c_twice_leaves_nothing_behind(tmp_path: Path, ends_at_once: None, number: int) -> None:
    closed: list[str] = []
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        with pytest.raises(SystemExit):
            leave(tmp_path / "plant", Impatient(process, number), closed)
        ended = process.poll()
        process.kill()
    assert (closed, ended) == (["wires"], -signal.SIGTERM)
    assert signal.getsignal(number) is not signal.SIG_IGN
