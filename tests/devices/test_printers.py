"""Printers over real sockets: done is what the printer confirmed, failed is what left nothing, the rest is unknown."""

from __future__ import annotations

import os
import select
import socket
import threading
import tty
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from zlib import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from devices.config import PrinterConfig
from devices.printers import Outcome, print_job
from devices.simulated import OfflinePrinter, SimulatedPrinter
from devices.simulated.escpos import EscposPrinter
from devices.simulated.interpreter import Command
from devices.status import Condition, NoStatus, wait_until_quiet
from devices.status_escpos import Answers
from devices.status_tspl import read as read_tspl
from devices.status_zpl import parsed
from devices.status_zpl import read as read_zpl
from devices.wires import FileWire, WireLost, open_wire
from tests.waiting import until

LANGUAGES = ["escpos", "zpl", "tspl"]
READY, BUSY = Condition((), busy=False), Condition((), busy=True)


def pattern() -> Image.Image:
    """64 x 24 dots, no row and no column like another."""
    picture = Image.new("1", (64, 24), 255)
    for row in range(24):
        picture.paste(0, (row, row, row * 2 + 1, row + 1))
    return picture


def label(language: str) -> bytes:
    picture, inverted = pattern().tobytes(), pattern().tobytes("raw", "1;I")
    if language == "escpos":
        return b"\x1b@\x1dv0\0\x08\0\x18\0" + inverted + b"\x1dV\x01"
    if language == "zpl":
        return b"^XA^PW64^LL24^FO0,0^GFA,192,192,8," + inverted.hex().upper().encode() + b"^FS^XZ"
    return b"SIZE 8 mm,3 mm\r\nGAP 2 mm,0 mm\r\nCLS\r\nBITMAP 0,0,8,24,0," + picture + b"\r\nPRINT 1\r\n"


def config(printer: SimulatedPrinter | OfflinePrinter, language: str = "escpos", **more: object) -> PrinterConfig:
    return PrinterConfig("PR-1", printer.url, language, **{"answer_s": 0.3, "confirm_s": 5.0, **more})


@pytest.fixture(params=LANGUAGES)
def printer(request) -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(request.param) as simulated:
        yield simulated


@pytest.fixture
def receipt() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter("escpos") as simulated:
        yield simulated


@contextmanager
def on_a_serial_line(interpreter: EscposPrinter) -> Iterator[str]:
    """The path of a port behind which the interpreter answers."""
    master, port = os.openpty()
    tty.setraw(port)
    done = threading.Event()

    def talk() -> None:
        while not done.is_set():
            if select.select([master], [], [], 0.05)[0]:
                os.write(master, interpreter.receive(os.read(master, 4096)))

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield os.ttyname(port)
    finally:
        done.set()
        thread.join()
        os.close(port)
        os.close(master)


@contextmanager
def in_progress(printer: SimulatedPrinter, copies: int = 1) -> Iterator[list[Outcome]]:
    """A job printed in another thread; its outcome is there after the block."""
    outcomes: list[Outcome] = []
    content = label(printer.language)
    job = threading.Thread(
        target=lambda: outcomes.append(print_job(config(printer, printer.language), content, copies))
    )
    job.start()
    try:
        yield outcomes
    finally:
        job.join()


def test_a_confirmed_label_is_done_and_looks_as_sent(printer):
    assert print_job(config(printer, printer.language), label(printer.language)) == Outcome("done")
    (printed,) = printer.labels
    assert ImageChops.difference(printed.crop((0, 0, 64, 24)).convert("L"), pattern().convert("L")).getbbox() is None
    assert printer.errors == []


def test_a_printer_talks_on_a_serial_line_too():
    interpreter = EscposPrinter()
    with on_a_serial_line(interpreter) as path:
        printer = PrinterConfig("PR-1", path, "escpos", answer_s=1.0, confirm_s=5.0)
        assert print_job(printer, label("escpos")) == Outcome("done")
    assert len(interpreter.labels) == 1


def test_copies_come_out_one_by_one(printer):
    assert print_job(config(printer, printer.language), label(printer.language), copies=3) == Outcome("done")
    assert len(printer.labels) == 3


@pytest.mark.parametrize(
    ("language", "switch", "reason"),
    [
        ("escpos", "paper_out", "paper_out"),
        ("escpos", "cover_open", "cover_open"),
        ("tspl", "paper_out", "paper_out"),
        ("tspl", "cover_open", "head_open"),
        ("zpl", "paper_out", "no_answer"),
        ("zpl", "cover_open", "no_answer"),
    ],
)
def test_a_printer_with_a_fault_gets_no_job(language, switch, reason):
    with SimulatedPrinter(language) as printer:
        printer.set_fault(switch, True)
        assert print_job(config(printer, language), label(language)) == Outcome("failed", reason)
        printer.set_fault(switch, False)
        assert printer.labels == []


def test_a_mute_printer_gets_no_job(printer):
    printer.mute = True
    assert print_job(config(printer, printer.language), label(printer.language)) == Outcome("failed", "no_answer")
    assert printer.labels == []


def test_a_printer_that_is_off_is_unreachable():
    with OfflinePrinter() as off:
        assert print_job(config(off), label("escpos")) == Outcome("failed", "unreachable")


@pytest.mark.parametrize(
    "url", ["usb://04b8:0e15", "usb://printer", "/dev/serial/by-id/absent", "socket://127.0.0.1:x"]
)
def test_a_printer_that_is_not_there_is_unreachable(url):
    assert print_job(PrinterConfig("PR-1", url, "escpos"), label("escpos")) == Outcome("failed", "unreachable")


def test_paper_running_out_between_copies_says_how_many_came_out(printer):
    printer.load_labels(2)
    outcome = print_job(config(printer, printer.language, confirm_s=1.0), label(printer.language), copies=5)
    assert outcome.state == "unknown"
    assert "paper_out" in outcome.reason or printer.language == "zpl"
    assert len(printer.labels) == 2


def test_a_connection_broken_in_the_middle_of_a_label_leaves_it_unknown(printer):
    printer.power_off_after_bytes = 60
    outcome = print_job(config(printer, printer.language), label(printer.language))
    assert (outcome.state, outcome.reason) == ("unknown", "connection_lost")
    assert printer.labels == []


def test_content_the_printer_does_not_know_is_never_done(receipt):
    outcome = print_job(config(receipt, confirm_s=1.0), b"\x1b@hello\x1dV\x01")
    assert outcome.state == "unknown"
    assert receipt.errors
    assert receipt.labels == []


class NeverFinishing(EscposPrinter):
    """Ready by its status, yet it never says that it has printed."""

    def next_command(self, buffer: bytes) -> Command | None:
        return Command(len(buffer), lambda: b"") if buffer.startswith(b"\x1dr") else super().next_command(buffer)


def test_a_ready_printer_that_never_confirms_leaves_the_job_unknown():
    with on_a_serial_line(NeverFinishing()) as path:
        printer = PrinterConfig("PR-1", path, "escpos", answer_s=0.3, confirm_s=0.6)
        assert print_job(printer, label("escpos")) == Outcome("unknown", "not_confirmed")


@pytest.mark.parametrize(
    ("said", "doubts"),
    [
        ([READY, READY], []),
        ([READY, BUSY, BUSY, READY, READY], []),
        ([BUSY, READY, Condition(("paper_out",), busy=False)], ["paper_out"]),
        ([BUSY] * 99, ["not_confirmed"]),
    ],
)
def test_a_label_is_printed_when_the_printer_is_ready_twice_in_a_row(tmp_path: Path, said, doubts):
    answers = iter(said)
    with closing(FileWire(tmp_path / "silent")) as wire:
        assert wait_until_quiet(wire, lambda: next(answers), 1.0) == doubts
    assert doubts == ["not_confirmed"] or list(answers) == []


def test_a_job_that_waits_for_paper_is_unknown_because_it_prints_later(receipt):
    half, rest = label("escpos")[:100], label("escpos")[100:]
    with socket.create_connection(("127.0.0.1", receipt.port), 5) as line:
        line.sendall(half)
        receipt.set_fault("paper_out", True)
        line.sendall(rest + b"\x10\x04\x04")
        assert line.recv(1) == b"\x7e"
        assert receipt.labels == []
        receipt.set_fault("paper_out", False)
        receipt.wait_for_labels(1)


def test_a_printer_that_cannot_answer_never_makes_a_job_done(receipt, tmp_path: Path):
    receipt.mute = True
    assert print_job(config(receipt, answers=False), label("escpos")).state == "unknown"
    receipt.wait_for_labels(1)
    spool = tmp_path / "spool.bin"
    to_file = PrinterConfig("PR-2", f"file://{spool}", "escpos", answers=False)
    assert print_job(to_file, b"abc") == Outcome("unknown", "printer_cannot_answer")
    assert spool.read_bytes() == b"abc"


def test_a_plain_file_asked_for_status_is_no_answer(tmp_path: Path):
    spool = PrinterConfig("PR-2", f"file://{tmp_path / 'spool.bin'}", "tspl", answer_s=0.2)
    assert print_job(spool, b"abc") == Outcome("failed", "no_answer")


def test_one_connection_at_a_time_makes_the_second_job_wait(receipt):
    with socket.create_connection(("127.0.0.1", receipt.port), 5) as first:
        first.sendall(b"\x10\x04\x01")
        assert first.recv(1) == b"\x12"
        with in_progress(receipt) as outcomes:
            first.close()
    assert outcomes == [Outcome("done")]
    until(lambda: len(receipt.labels) == 1, "the label of the second connection")


@pytest.mark.parametrize("switch", ["paper_out", "cover_open"])
def test_a_label_that_stops_half_way_is_unknown_and_says_why(printer, switch):
    printer.fault_after_bytes = (30, switch)
    outcome = print_job(config(printer, printer.language, confirm_s=1.0), label(printer.language))
    assert outcome.state == "unknown"
    reasons = {"zpl": "no_answer", "tspl": {"cover_open": "head_open"}.get(switch, switch)}
    assert outcome.reason == reasons.get(printer.language, switch)
    assert printer.labels == []


def test_a_printer_switched_off_and_on_behind_the_job_has_not_printed_it(printer):
    """The whole label has arrived and waits; with the power the memory goes, and the line breaks."""
    printer.fault_after_bytes = (30, "cover_open")
    with in_progress(printer) as outcomes:
        until(lambda: printer.waiting or outcomes, "the label in the printer's memory")
        printer.power_cycle()
        printer.set_fault("cover_open", False)
    assert outcomes[0].state == "unknown"
    assert printer.labels == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_peer_that_hangs_up_instead_of_answering_is_never_ready(language):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(16)
                line.shutdown(socket.SHUT_WR)  # reads go on, answers are b""
                while line.recv(1024):
                    pass

        peer = threading.Thread(target=hang_up)
        peer.start()
        url = f"socket://127.0.0.1:{listening.getsockname()[1]}"
        assert print_job(PrinterConfig("P", url, language), b"x") == Outcome("failed", "no_answer")
        peer.join()


def test_a_usb_printer_without_pyusb_is_a_clear_error():
    with pytest.raises(WireLost, match=r"usb://04b8:0e15: USB printers need pyusb"):
        open_wire("usb://04b8:0e15", 9600)


def test_a_device_file_that_answers_is_asked_and_printed_on():
    interpreter = EscposPrinter()
    with on_a_serial_line(interpreter) as path:
        printer = PrinterConfig("PR-1", f"file://{path}", "escpos", answer_s=1.0, confirm_s=5.0)
        assert print_job(printer, label("escpos")) == Outcome("done")
    assert len(interpreter.labels) == 1


@given(
    pushes=st.lists(st.sampled_from([b"\x10\0\0\0", b"\x38\0\x0f\x0f", b"\x18\x40\x6c\x6c"]), max_size=6),
    cuts=st.lists(st.integers(0, 30)),
)
def test_a_status_that_the_printer_pushes_by_itself_is_never_taken_for_the_barrier(pushes, cuts):
    stream = b"".join(push + b"\x12" for push in pushes)
    answers = Answers()
    marks = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    realtime = b"".join(answers.sort(stream[start:end]) for start, end in pairwise(marks))
    assert (answers.barriers, realtime) == (0, b"\x12" * len(pushes))
    assert answers.sort(b"\0\x12\x13") == b"\x12"
    assert answers.barriers == 1


class PushesInsteadOfConfirming(EscposPrinter):
    """Its cover was opened and closed: it pushes its status, has lost the barrier, and is ready again."""

    def next_command(self, buffer: bytes) -> Command | None:
        if buffer.startswith(b"\x1dr"):
            return Command(len(buffer), lambda: b"\x30\0\0\0\x10\0\0\0")
        return super().next_command(buffer)


def test_a_pushed_status_confirms_no_label():
    with on_a_serial_line(PushesInsteadOfConfirming()) as path:
        printer = PrinterConfig("PR-1", path, "escpos", answer_s=0.3, confirm_s=0.6)
        assert print_job(printer, label("escpos")) == Outcome("unknown", "not_confirmed")


@pytest.mark.parametrize(
    ("first", "second", "faults", "busy"),
    [
        (b"030,0,0,1246,000,0,0,0,000,0,0,0", b"000,0,0,0,0,2,4,0,00000000,1,000", (), False),
        (b"030,0,0,1246,001,0,0,0,000,0,0,0", b"000,0,0,0,0,2,4,0,00000000,1,000", (), True),
        (b"030,0,0,1246,000,0,0,0,000,0,0,0", b"000,0,0,0,0,2,4,0,00000003,1,000", (), True),
        (
            b"030,1,1,1246,000,0,0,0,000,0,0,0",
            b"000,0,1,1,0,2,4,0,00000000,1,000",
            ("paper_out", "paused", "head_open", "ribbon_out"),
            False,
        ),
    ],
)
def test_host_status_is_read_as_the_guide_describes_it(first, second, faults, busy):
    condition = parsed(first, second)
    assert (condition.faults, condition.busy) == (faults, busy)


def test_a_host_status_the_guide_does_not_describe_is_none():
    with pytest.raises(NoStatus):
        parsed(b"hello", b"world")


def test_the_simulated_zpl_printer_reads_z64_and_refuses_a_wrong_crc():
    packed = b64encode(compress(pattern().tobytes("raw", "1;I")))
    for crc, labels in ((crc_hqx(packed, 0), 1), (crc_hqx(packed, 0) ^ 1, 0)):
        with SimulatedPrinter("zpl") as zebra:
            content = b"^XA^PW64^LL24^FO0,0^GFA,192,192,8,:Z64:%s:%04X^FS^XZ" % (packed, crc)
            print_job(config(zebra, "zpl", confirm_s=1.0), content)
            assert len(zebra.labels) == labels
            assert len(zebra.errors) == 1 - labels


@pytest.mark.parametrize(
    ("language", "content"),
    [
        ("escpos", b"text"),
        ("escpos", b"\x1b!\x10"),
        ("escpos", b"\x1d(L"),
        ("escpos", b"\x1dv0\0\x80\0\x01\0"),
        ("zpl", b"^XA^PW64^LL24^FDtext^FS^XZ"),
        ("zpl", b"^XA^FO0,0^FS^XZ"),
        ("zpl", b"~JA"),
        ("tspl", b'TEXT 1,1,"3",0,1,1,"x"\r\n'),
        ("tspl", b"CLS\r\n"),
        ("tspl", b"SIZE 500 mm,10 mm\r\n"),
    ],
)
def test_the_simulated_printers_refuse_what_they_do_not_know(language, content):
    with SimulatedPrinter(language) as printer:
        with socket.create_connection(("127.0.0.1", printer.port), 5) as line:
            line.sendall(content)
            until(lambda: printer.errors, "a refusal")
        assert printer.labels == []


def test_a_late_answer_to_an_earlier_question_does_not_hide_what_a_tspl_printer_says_now() -> None:
    assert read_tspl(b"") is None
    assert read_tspl(b"\x20\x00") == READY
    assert read_tspl(b"\x00\x20") == BUSY


def test_an_answer_of_a_zpl_printer_counts_only_when_it_is_whole() -> None:
    answer = (
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
    )
    whole = answer.rindex(b"\x03") + 1
    assert all(read_zpl(answer[:length]) is None for length in range(whole))
    assert read_zpl(answer[:whole]) == read_zpl(answer) == READY
