"""A printer that keeps half a command over a lost connection never prints the next label as the rest of it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from devices.config import PrinterConfig
from devices.printers import Outcome, print_job
from devices.printing import PrintJournal
from devices.server import Lease
from devices.settling import FLUSH, FRAGMENT_BYTES
from devices.simulated import SimulatedPrinter
from labels.languages import to_escpos, to_tspl, to_zpl
from tests.devices.bench import working
from tests.waiting import until

LANGUAGES = ["escpos", "zpl", "tspl"]
CUTS = [0.02, 0.2, 0.55, 0.97]


def picture(shift: int) -> Image.Image:
    """576 x 240 dots, more than four fragments; each shift gives another picture."""
    drawn = Image.new("1", (576, 240), 255)
    for row in range(240):
        drawn.paste(0, (row + shift, row, row * 2 + shift + 1, row + 1))
    return drawn


def in_language(drawn: Image.Image, language: str) -> bytes:
    if language == "escpos":
        return to_escpos(drawn)
    return to_zpl(drawn) if language == "zpl" else to_tspl(drawn, 72, 30)


def same(printed: Image.Image, drawn: Image.Image) -> bool:
    part = printed.crop((0, 0, *drawn.size)).convert("L")
    return ImageChops.difference(part, drawn.convert("L")).getbbox() is None


def config(printer: SimulatedPrinter) -> PrinterConfig:
    return PrinterConfig("PR-1", printer.url, printer.language, answer_s=0.3, confirm_s=5.0)


def cut_off(printer: SimulatedPrinter, part: float) -> None:
    """A job of which the printer got only a part, for the line broke."""
    content = in_language(picture(90), printer.language)
    printer.line_lost_after_bytes = int(len(content) * part)
    assert print_job(config(printer), content).state == "unknown"


def test_without_a_known_state_the_next_label_is_swallowed_and_called_done():
    """The habit itself: what short fragments and the flush are there for."""
    with SimulatedPrinter("tspl") as printer:
        printer.keep_state(answers_amid=True)
        printer.line_lost_after_bytes = 1000
        one_long_fragment = b"SIZE 72 mm,120 mm\r\nCLS\r\nBITMAP 0,0,72,960,0," + bytes(72 * 960)
        assert print_job(config(printer), one_long_fragment).state == "unknown"
        assert print_job(config(printer), in_language(picture(0), "tspl")) == Outcome("done")
        assert printer.labels == []


@pytest.mark.parametrize(("language", "answers_amid"), list(product(LANGUAGES, (True, False))))
def test_after_a_lost_connection_the_next_label_comes_out_whole(language, answers_amid):
    for part in CUTS:
        with SimulatedPrinter(language) as printer:
            printer.keep_state(answers_amid=answers_amid)
            cut_off(printer, part)
            before = len(printer.labels)
            done = print_job(config(printer), in_language(picture(0), language), in_doubt=True)
            assert done == Outcome("done"), printer.errors
            assert same(printer.labels[-1], picture(0)), part
            assert not any(same(one, picture(0)) for one in printer.labels[before:-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_flush_puts_no_ink_on_a_printer_that_waits_for_nothing(language):
    with SimulatedPrinter(language) as printer:
        assert print_job(config(printer), in_language(picture(0), language), in_doubt=True) == Outcome("done")
        assert (len(printer.labels), printer.errors) == (1, [])


def test_a_flush_is_as_long_as_a_whole_fragment():
    assert all(len(FLUSH[language]) > FRAGMENT_BYTES for language in ("escpos", "tspl"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_station_brings_its_printer_to_a_known_state_before_the_next_job(plant, configured, language):
    with SimulatedPrinter(language) as printer:
        printer.keep_state(answers_amid=False)
        printer.line_lost_after_bytes = 900
        plant.add_job(7, "PR-1", in_language(picture(90), language))
        with working(configured(config(printer))):
            plant.wait_for(lambda: plant.results)
            plant.add_job(8, "PR-1", in_language(picture(0), language))
            plant.wait_for(lambda: len(plant.results) == 2)
        assert [result["state"] for _, result in plant.results] == ["unknown", "done"]
        assert same(printer.labels[-1], picture(0))


def test_a_printer_that_swallows_questions_is_found_ready_again_without_a_job(plant, configured):
    """Else the server would give it none, and it would wait for ever."""
    with SimulatedPrinter("escpos") as printer:
        printer.keep_state(answers_amid=False)
        printer.line_lost_after_bytes = 900
        plant.add_job(7, "PR-1", in_language(picture(90), "escpos"))
        with working(configured(config(printer))):
            plant.wait_for(lambda: plant.results)
            until(lambda: ready(plant), "a heartbeat that says the printer is well")


def ready(plant) -> bool:
    """Whether the newest heartbeat says that the printer answers and has no fault."""
    said = plant.heartbeats[-1]["printers"] if plant.heartbeats else []
    return bool(said) and not said[0].get("faults")


def test_a_station_that_stopped_amid_a_job_does_not_trust_its_printer(tmp_path: Path):
    prints = PrintJournal(tmp_path)
    for printer, outcome in (("PR-1", None), ("PR-2", Outcome("done")), ("PR-3", Outcome("unknown", "paper_out"))):
        prints.begun(Lease(7, 1), printer)
        if outcome:
            prints.ended(Lease(7, 1), printer, outcome)
    prints.close()
    again = PrintJournal(tmp_path)
    assert [again.in_doubt(printer) for printer in ("PR-1", "PR-2", "PR-3", "PR-4")] == [True, False, True, False]
    again.close()


def test_a_doubt_outlives_a_journal_that_is_set_aside(tmp_path: Path, monkeypatch):
    prints = PrintJournal(tmp_path)
    prints.begun(Lease(7, 1), "PR-1")
    prints.ended(Lease(7, 1), "PR-1", Outcome("unknown", "connection_lost"))
    prints.reported(Lease(7, 1))
    monkeypatch.setattr("devices.printing.SET_ASIDE_BYTES", 10)
    prints.close()
    again = PrintJournal(tmp_path)
    assert again.in_doubt("PR-1")
    again.close()
