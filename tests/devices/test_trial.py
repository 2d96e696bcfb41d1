"""`runcard station --test`: what an installer sees, byte by byte, and what it tells about a wrong setting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageChops

from devices.config import PrinterConfig, ScannerConfig
from devices.framing import AimIds, Framing, Scan
from devices.printers import Outcome, print_job
from devices.simulated import OfflinePrinter, SimulatedGauge, SimulatedLamp, SimulatedPrinter, SimulatedScale
from devices.simulated.scanner import SimulatedScanner
from devices.trial.diagnosis import diagnose
from devices.trial.pattern import pattern, trial_label
from devices.trial.readable import rows, text
from web.cli import runcard

ANY = ScannerConfig("/dev/ttyUSB0")
HEAD = 'station = "RAW-1"\nserver = "http://127.0.0.1:1"\ntoken = "t"\njournal = "journal"\n'


def with_odd_parity(plain: bytes) -> bytes:
    return bytes(byte | 0x80 if byte.bit_count() % 2 == 0 else byte for byte in plain)


@pytest.mark.parametrize(
    ("settings", "received", "fault"),
    [
        ({}, b"", "nothing was received"),
        ({}, b"W261201", "no terminator"),
        ({}, b"W261201\n", "ends with LF, the settings expect CR: set framing = 'LF'"),
        ({"framing": Framing.LF}, b"W261201\r", "set framing = 'CR'"),
        ({"framing": Framing.CR}, b"W261201\t", "set framing = 'TAB'"),
        ({"framing": Framing.CRLF}, b"W261201\r", "set framing = 'CR'"),
        ({}, b"\x02W261201\x03", "set framing = 'STX/ETX'"),
        ({"framing": Framing.STX_ETX}, b"W261201\x03", "ETX came without STX"),
        ({"framing": Framing.GAP}, b"W261201\r", "set framing = 'CR', it is surer"),
        ({}, b"\xf8\x00\x80\xf8\x80\x00\xfe\r", "look like a wrong speed: the port reads 9600 baud"),
        ({}, with_odd_parity(b"W261201-ASA\r"), "the eighth bit is odd parity: set data_bits = 7"),
        ({}, b"W26\xff\xfe1201-ASA-01-K\r", "undecodable: 'W26..1201-ASA-01-K' is no code"),
        ({"aim_ids": AimIds.ON}, b"W261201\r", "no AIM identifier (such as ]C1)"),
        ({"aim_ids": AimIds.OFF}, b"]C0W261201\r", "an AIM identifier stands in front"),
        ({"aim_ids": AimIds.STRIP}, b"W261201\r", "no AIM identifier came to be taken off"),
        ({"prefix": "#"}, b"W261201\r", "the prefix '#' of the settings did not come"),
        ({"suffix": "!"}, b"W261201\r", "the suffix '!' of the settings did not come"),
        ({}, b"ERROR\r", "the reader saw no code"),
    ],
)
def test_a_wrong_setting_is_told_from_the_bytes(settings, received, fault):
    faults = diagnose(ScannerConfig("/dev/ttyUSB0", **settings), received).faults
    assert len(faults) == 1, faults
    assert fault in faults[0]


@pytest.mark.parametrize(
    ("settings", "received"),
    [
        ({}, b"]C10109501101530003\x1d10A\r"),
        ({}, "批次W261201\r".encode()),
        ({"framing": Framing.STX_ETX}, b"\x02W261201\x03\r\n"),
        ({"framing": Framing.CRLF}, b"W261201\r\n"),
        ({"framing": Framing.GAP}, b"W261201"),
        ({"aim_ids": AimIds.ON}, b"]Q1W261201\r"),
        ({"aim_ids": AimIds.STRIP, "prefix": "#"}, b"#]Q1W261201\r"),
    ],
)
def test_a_right_setting_is_well(settings, received):
    found = diagnose(ScannerConfig("/dev/ttyUSB0", **settings), received)
    assert found.faults == []
    assert all(isinstance(read, Scan) for read in found.reads)


@given(received=st.binary(max_size=100), framing=st.sampled_from(list(Framing)), aim_ids=st.sampled_from(list(AimIds)))
@example(received=b"\t\x1c", framing=Framing.TAB, aim_ids=AimIds.ANY)
def test_no_bytes_break_the_diagnosis_and_what_is_no_code_is_never_well(received, framing, aim_ids):
    found = diagnose(ScannerConfig("/dev/ttyUSB0", framing=framing, aim_ids=aim_ids), received)
    assert found.faults or any(isinstance(read, Scan) for read in found.reads) or not received.strip(b"\0\r\n\t\2\3")


@given(received=st.binary(max_size=100))
def test_every_byte_is_shown(received):
    shown = list(rows(received))
    assert bytes.fromhex("".join(row[:48] for row in shown)) == received
    assert text(b"\x1d\x1bA\xff ") == "<GS><ESC>A<FF> "


@pytest.mark.parametrize(("language", "width_mm"), [("escpos", 48), ("escpos", 72), ("zpl", 100), ("tspl", 50)])
def test_the_trial_label_comes_out_as_drawn_and_touches_every_dot_of_the_head(language, width_mm):
    with SimulatedPrinter(language) as printer:
        config = PrinterConfig("PR-1", printer.url, language)
        assert print_job(config, trial_label(language, width_mm, "PR-1")) == Outcome("done")
        (printed,) = printer.labels
        assert printer.errors == []
    drawn = pattern(width_mm, "PR-1")
    printed = printed.crop((0, 0, *drawn.size))
    assert ImageChops.difference(printed.convert("L"), drawn.convert("L")).getbbox() is None
    stairs = drawn.crop((2, 60, drawn.width - 2, 124)).convert("L")
    assert all(0 in stairs.crop((x, 0, x + 1, 64)).tobytes() for x in range(stairs.width))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(devices: str) -> Path:
        path = tmp_path / "station.toml"
        path.write_text(HEAD + devices, encoding="utf-8")
        return path

    return write


@contextmanager
def hand(*moves: Callable[[], object]) -> Iterator[None]:
    """Somebody at the station who does this while the program runs."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for move in moves:
                move()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert failed == []


def tried(config: Path, answers: str = "", wait: str = "5") -> Result:
    return CliRunner().invoke(runcard, ["station", str(config), "--test", "--wait", wait], input=answers)


def test_an_installer_is_walked_past_every_device(written, scanner: SimulatedScanner, tmp_path):
    with (
        SimulatedLamp(tmp_path) as lamp,
        SimulatedGauge(tmp_path) as gauge,
        SimulatedScale(tmp_path) as scale,
        SimulatedPrinter("zpl") as printer,
    ):
        config = written(
            f"""
            [scanner]
            url = "{scanner.path}"
            feedback = "honeywell"
            aim_ids = "on"
            [lamp]
            url = "{lamp.path}"
            good = {{channel = 1}}
            [[gauges]]
            device = "CAL-07"
            url = "{gauge.path}"
            protocol = "mitutoyo"
            unit = "mm"
            [[scales]]
            device = "SC-1"
            url = "{scale.path}"
            protocol = "sics"
            unit = "kg"
            ask_every_s = 1
            [[printers]]
            code = "PR-1"
            url = "{printer.url}"
            language = "zpl"
            """
        )
        with hand(lambda: scanner.scan("]C1W261201\x1dA"), lambda: gauge.press("12.34"), lambda: scale.answer("1.50")):
            result = tried(config, "y\n" * 6)
        assert len(printer.labels) == 1
    assert result.exit_code == 0, result.output
    for shown in (
        "5D 43 31 57 32 36 31 32 30 31 1D 41 0D           ]C1W261201<GS>A<CR>",
        "code ']C1W261201\\x1dA'",
        "1B 37 2C",
        "<ESC>7,",
        "Did you hear the tone for attention?",
        "A0 01 01 A2",
        "Is the lamp for good lit?",
        "nothing is set for bad",
        "01A+00012.34<CR>",
        "53 0D 0A",
        "status: ready",
        "the job is done",
        "✓ Printer PR-1",
    ):
        assert shown in result.output


def test_what_is_wrong_is_named_in_the_report_and_in_the_exit_status(written, scanner: SimulatedScanner, tmp_path):
    with SimulatedPrinter("escpos") as printer, OfflinePrinter() as off, SimulatedGauge(tmp_path) as gauge:
        printer.set_fault("cover_open", True)
        config = written(
            f"""
            [scanner]
            url = "{scanner.path}"
            feedback = "datalogic"
            [[gauges]]
            device = "CAL-07"
            url = "{gauge.path}"
            protocol = "sylvac"
            unit = "mm"
            [[printers]]
            code = "PR-1"
            url = "{printer.url}"
            language = "escpos"
            [[printers]]
            code = "PR-2"
            url = "{off.url}"
            language = "tspl"
            """
        )
        without_end = [scanner.wait_until_listened, lambda: scanner.send(b"W261201")]
        with hand(*without_end, lambda: gauge.press("12.34")):
            result = tried(config, "y\nn\ny\n")
    assert result.exit_code == 1, result.output
    for shown in (
        "✗ no terminator: the settings expect CR",
        "✗ bad was not heard",
        "✗ '01A+00012.34' is no value of the protocol sylvac",
        "✗ it cannot print: cover_open",
        "✗ it cannot print: unreachable",
        "✗ Printer PR-2",
    ):
        assert shown in result.output


def test_devices_that_say_nothing_or_are_not_there_are_named(written, scanner: SimulatedScanner, tmp_path):
    with SimulatedLamp(tmp_path) as lamp, SimulatedScale(tmp_path) as scale, SimulatedPrinter("tspl") as printer:
        config = written(
            f"""
            [scanner]
            url = "{scanner.path}"
            [lamp]
            url = "{lamp.path}"
            bad = {{channel = 2}}
            [[gauges]]
            device = "CAL-07"
            url = "{tmp_path}/absent"
            protocol = "mahr"
            unit = "mm"
            [[scales]]
            device = "SC-1"
            url = "{scale.path}"
            protocol = "sics"
            unit = "kg"
            [[printers]]
            code = "PR-1"
            url = "{printer.url}"
            language = "tspl"
            """
        )
        result = tried(config, "n\nn\n", wait="0.2")
        assert printer.labels == []
    assert result.exit_code == 1, result.output
    assert result.output.count("✗ nothing was received") == 2
    for shown in ("the lamp for bad did not light", "the port does not open", "✗ not tried", "no command set"):
        assert shown in result.output


def test_a_printer_that_cannot_answer_is_judged_by_the_person(written):
    with SimulatedPrinter("escpos") as printer:
        printer.mute = True
        settings = f'code = "PR-1"\nurl = "{printer.url}"\nlanguage = "escpos"\nanswers = false\n'
        result = tried(written("[[printers]]\n" + settings), "y\ny\n")
        assert result.exit_code == 0, result.output
        assert tried(written("[[printers]]\n" + settings), "y\nn\n").exit_code == 1
        printer.wait_for_labels(2)
    assert "the job is unknown printer_cannot_answer" in result.output


def test_a_station_without_devices_is_not_well(written):
    result = tried(written(""))
    assert (result.exit_code, "names no device" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("set_up", "speaks"), [("tspl", "zpl"), ("escpos", "zpl"), ("zpl", "tspl"), ("escpos", "tspl"), ("tspl", "escpos")]
)
def test_a_printer_that_speaks_another_language_is_recognised_and_named(written, set_up: str, speaks: str):
    with SimulatedPrinter(speaks) as printer:
        settings = f'code = "PR-1"\nurl = "{printer.url}"\nlanguage = "{set_up}"\nanswer_s = 0.2\n'
        result = tried(written("[[printers]]\n" + settings), "")
        assert printer.labels == []
    assert result.exit_code == 1
    assert f"it answers in {speaks}, the settings say {set_up}: set language = '{speaks}'" in " ".join(
        result.output.split()
    )


def test_a_zpl_printer_without_paper_is_not_taken_for_one_of_another_language(written):
    with SimulatedPrinter("zpl") as printer:
        printer.set_fault("paper_out", True)
        settings = f'code = "PR-1"\nurl = "{printer.url}"\nlanguage = "zpl"\nanswer_s = 0.2\n'
        result = tried(written("[[printers]]\n" + settings), "")
    assert "it speaks zpl and says nothing of its status" in result.output
