"""One scanner on its port: pulled, plugged in again, and told what the hand should hear."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from devices.config import ScannerConfig
from devices.feedback import COMMAND_SETS, Tone
from devices.framing import Framing, Read, Scan
from devices.scanner import Scanner
from devices.simulated import SimulatedScanner
from tests.waiting import until


@contextmanager
def reading(config: ScannerConfig) -> Iterator[tuple[Scanner, list[Read]]]:
    """A scanner read in a thread of its own; its reads collect in the list."""
    reads: list[Read] = []
    scanner, stop = Scanner(config, reads.append), threading.Event()
    thread = threading.Thread(target=scanner.run, args=(stop,))
    thread.start()
    try:
        yield scanner, reads
    finally:
        stop.set()
        thread.join()


def test_an_unplug_is_noticed_within_a_second_and_a_replug_found_without_help(scanner: SimulatedScanner):
    with reading(ScannerConfig(scanner.path)) as (reader, reads):
        scanner.wait_until_listened()
        until(lambda: reader.connected, "the open port")
        scanner.unplug()
        pulled_at = time.monotonic()
        until(lambda: not reader.connected, "the unplug to be noticed")
        assert time.monotonic() - pulled_at < 1
        scanner.plug()
        scanner.scan("Q1")
        until(lambda: reads, "the scan after the replug")
    assert reads == [Scan("Q1")]


def test_a_scanner_that_is_plugged_in_later_is_found(scanner: SimulatedScanner):
    scanner.unplug()
    with reading(ScannerConfig(scanner.path)) as (reader, reads):
        reader.answer(Tone.GOOD)  # nobody hears it, nothing breaks
        scanner.plug()
        scanner.scan("Q1")
        until(lambda: reads, "the scan")
    assert reads == [Scan("Q1")]


def test_a_code_without_suffix_ends_with_the_silence_behind_it(scanner: SimulatedScanner):
    with reading(ScannerConfig(scanner.path, framing=Framing.GAP, idle_gap_ms=50)) as (_, reads):
        scanner.wait_until_listened()
        scanner.send(b"W261201")
        until(lambda: reads, "the silence to end the code")
        scanner.send(b"Q1")
        until(lambda: len(reads) == 2, "the second code")
    assert reads == [Scan("W261201"), Scan("Q1")]


def test_no_two_tones_of_any_maker_can_be_mistaken_for_each_other():
    commands = [command for maker in COMMAND_SETS.values() for command in maker.tones.values() if command]
    assert len(commands) == len(set(commands)) == 9
    assert not [(one, other) for one in commands for other in commands if one != other and other.startswith(one)]
