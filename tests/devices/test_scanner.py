"""One scanner on its port: pulled, plugged in again, and told what the hand should hear."""

from __future__ import annotations

import socket
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import serial

from devices.config import ScannerConfig
from devices.feedback import COMMAND_SETS, Tone
from devices.framing import AimIds, Framing, Garbage, NoRead, Read, Scan
from devices.lines import open_port
from devices.scanner import Scanner
from devices.simulated import SimulatedScanner
from tests.devices.gateway import gateway
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


@pytest.mark.filterwarnings("ignore:set(Daemon|Name).. is deprecated:DeprecationWarning:serial.rfc2217")
@pytest.mark.parametrize("rfc2217", [True, False])
def test_a_scanner_behind_a_device_server_is_read_and_answered(scanner: SimulatedScanner, rfc2217):
    with (
        gateway(scanner.path, rfc2217=rfc2217) as url,
        reading(ScannerConfig(url, feedback="datalogic")) as (reader, reads),
    ):
        until(lambda: reader.connected, "the open connection")
        for sent in (b"W261201\r", b"A\xff\xffB\r", b"1T\x1dA\rQ1\r"):  # 0xFF is doubled on an RFC 2217 line
            scanner.send(sent)
        until(lambda: len(reads) == 4, "all reads")
        reader.answer(Tone.BAD)
        assert scanner.feedback() == Tone.BAD
    assert reads == [Scan("W261201"), Garbage("undecodable", "A..B"), Scan("1T\x1dA"), Scan("Q1")]


def test_a_device_server_that_goes_away_is_found_again(scanner: SimulatedScanner):
    with socket.create_server(("127.0.0.1", 0)) as cabinet:
        url = f"socket://127.0.0.1:{cabinet.getsockname()[1]}"
        with reading(ScannerConfig(url)) as (reader, reads):
            for code in ("one", "two"):
                line, _ = cabinet.accept()
                with line:
                    line.sendall(b"lost while opening\r")
                    until(lambda: reader.connected, "the open connection")
                    line.sendall(f"{code}\r".encode())
                    until(lambda: Scan(code) in reads, "the scan")  # noqa: B023
                until(lambda: not reader.connected, "the end to be noticed")
    assert [read for read in reads if read != Scan("lost while opening")] == [Scan("one"), Scan("two")]


def test_a_code_sent_at_once_when_a_station_listens_is_never_taken_for_an_early_one(
    scanner: SimulatedScanner, monkeypatch: pytest.MonkeyPatch
):
    flush = serial.Serial.reset_output_buffer

    def seen(port: serial.Serial) -> None:
        flush(port)  # by this the scanner knows that somebody listens
        scanner.wait_until_listened()
        scanner.send(b"at once\r")
        until(lambda: port.in_waiting, "the code at the port")

    monkeypatch.setattr(serial.Serial, "reset_output_buffer", seen)
    scanner.send(b"before\r")
    with reading(ScannerConfig(scanner.path)) as (_, reads):
        until(lambda: len(reads) == 2, "both")
    assert reads == [Garbage("early", "before"), Scan("at once")]


def test_the_line_settings_reach_the_port(scanner: SimulatedScanner):
    config = ScannerConfig(scanner.path, 115200, data_bits=7, parity="even", stop_bits=2)
    with closing(open_port(config)) as port:
        assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (115200, 7, "E", 2)
        assert termios.tcgetattr(port.fileno())[4] == termios.B115200


def test_a_second_program_cannot_take_half_of_every_code(scanner: SimulatedScanner):
    with closing(open_port(ScannerConfig(scanner.path))), pytest.raises(OSError, match="lock"):
        open_port(ScannerConfig(scanner.path))


def test_what_a_scanner_puts_around_its_codes_is_taken_off(scanner: SimulatedScanner):
    settings = {"prefix": "#", "aim_ids": AimIds.STRIP, "no_read": ("NR",), "framing": Framing.TAB}
    with reading(ScannerConfig(scanner.path, **settings)) as (_, reads):
        scanner.wait_until_listened()
        scanner.send(b"#]C0W261201\t#NR\t")
        until(lambda: len(reads) == 2, "both")
    assert reads == [Scan("W261201"), NoRead()]


def test_no_two_tones_of_any_maker_can_be_mistaken_for_each_other():
    commands = [command for maker in COMMAND_SETS.values() for command in maker.tones.values() if command]
    assert len(commands) == len(set(commands)) == 9
    assert not [(one, other) for one in commands for other in commands if one != other and other.startswith(one)]
