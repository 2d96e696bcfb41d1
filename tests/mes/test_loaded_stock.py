"""Loaded stock: a printer prints what its labels fit, while a person vouches for them (law 9)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from mes import codes
from mes.journal import Event
from mes.labelling.loaded_stock import AtHand, doubt_of, printer_for, takes
from mes.labelling.refusals import LabelTooWide
from mes.masters.model import Plant, Printer
from mes.refusals import Misread, NotAllowed
from mes.terminal.devices import Measured, heard, read_value
from mes.terminal.screen import screen_of
from tests.plant import SamplePlant
from tests.printers import ADMIN, KEEPER, ROLLS, add_printer, printer_of, say, split, spoken

SIZES = [(100.0, 70.0), (72.0, 80.0), (48.0, 80.0)]
PRINTER = codes.encode(codes.PrinterCode("PR-RAW"))


def doubt(plant: SamplePlant, code: str = "PR-RAW") -> str | None:
    with plant.read() as session:
        return doubt_of(printer_of(plant, code), plant.now, session.scalars(select(Plant)).one())


def hear(plant: SamplePlant, *faults: str, printer: str = "PR-RAW", station: str = "RAW-1") -> None:
    said = {
        "at": plant.now.isoformat(),
        "waiting": 2,
        "scanner": {"connected": True},
        "printers": [{"code": printer, "faults": list(faults), "answers": True}],
    }
    heard(plant.database, station, said, plant.now)


def screen(plant: SamplePlant, sizes: Any = None, station: str = "RAW-1") -> dict[str, Any]:
    with plant.read() as session:
        here = printer_of(plant).station if station == "RAW-1" else None
        assert here is not None
        return screen_of(session, here, plant.now, lambda _layout: sizes)


def holding(stock: str, width: int | None = None, height: int | None = None, **more: Any) -> Printer:
    return Printer(
        loaded_stock=stock,
        loaded_width_mm=width,
        loaded_height_mm=height,
        width_mm=108,
        **{"language": "zpl", "prints_colours": False, **more},
    )


# --- colour and size -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stock", ["white", "blue", "yellow", "red", "receipt"])
def test_a_red_label_prints_only_on_red_stock_or_on_a_colour_printer(stock: str) -> None:
    assert takes(holding(stock), "red", SIZES) == (stock == "red")
    assert takes(holding("white", prints_colours=True), "red", SIZES)


@pytest.mark.parametrize(
    ("printer", "prints"),
    [
        (holding("white", 100, 150), True),
        (holding("white", 100, 150, language="tspl"), True),
        (holding("white", 100, 70), False),
        (holding("white"), False),
        (holding("blue", 100, 150), False),
        (holding("white", 100, 150, language="escpos"), False),
        (holding("receipt", language="escpos"), True),
    ],
)
def test_a_run_card_comes_out_on_receipt_paper_or_on_white_labels_large_enough(printer: Printer, prints: bool) -> None:
    assert takes(printer, "receipt", None) is prints


def test_a_colour_printer_takes_any_label_and_no_receipts() -> None:
    printer = holding("white", prints_colours=True)
    assert [stock for stock in ("white", "blue", "yellow", "red", "receipt") if takes(printer, stock, None)] == [
        "white",
        "blue",
        "yellow",
        "red",
    ]


@pytest.mark.parametrize(
    ("printer", "fits"),
    [
        (holding("blue", 100, 70), True),
        (holding("blue", 80, 80), True),
        (holding("blue", 80, 60), False),
        (holding("blue", 40, 150), False),
        (holding("blue"), True),
    ],
)
def test_a_job_goes_only_where_a_size_of_its_layout_fits_the_loaded_label(printer: Printer, fits: bool) -> None:
    assert takes(printer, "blue", SIZES) == fits


def test_a_label_that_grows_fits_a_die_cut_roll_only_on_a_printer_that_ends_it_where_the_print_ends() -> None:
    growing = [(72.0, None)]
    assert not takes(holding("blue", 80, 60), "blue", growing)
    assert takes(holding("blue", 80, 60, language="escpos"), "blue", growing)


def test_a_job_waits_for_the_first_printer_that_takes_it_but_goes_to_a_ready_one() -> None:
    opened, well = AtHand(holding("blue"), "cover_open"), AtHand(holding("blue"), None)
    faulty = AtHand(holding("blue"), None, ("offline",))
    assert printer_for("blue", SIZES, [opened, faulty, well]) is well
    assert printer_for("blue", SIZES, [opened, faulty]) is opened
    assert printer_for("red", SIZES, [opened, well]) is None


# --- who vouches -----------------------------------------------------------------------------------------------------


def test_whoever_adds_a_printer_or_scans_its_roll_vouches_for_it(plant: SamplePlant) -> None:
    add_printer(plant)
    assert doubt(plant) is None
    plant.accept("plant:doubt_stock", person=KEEPER, printer="PR-RAW", why="cover_open")
    assert doubt(plant) == "cover_open"
    say(plant, "1H4001", ROLLS["red"])
    assert doubt(plant) is None
    found = printer_of(plant)
    assert (found.loaded_stock, found.loaded_width_mm, found.loaded_height_mm) == ("red", 100, 70)


def test_what_was_confirmed_on_an_earlier_production_day_is_doubted_at_shift_start(plant: SamplePlant) -> None:
    add_printer(plant)
    assert doubt(plant.at("2026-12-01T23:59+08:00")) is None
    assert doubt(plant.at("2026-12-02T08:00+08:00")) == "shift_start"
    say(plant, "1H4001", ROLLS["blue"])
    assert doubt(plant) is None


def test_receipt_paper_is_never_doubted(plant: SamplePlant) -> None:
    add_printer(plant, stock="receipt", language="escpos", width_mm=80)
    hear(plant, "cover_open", "paper_out")
    assert doubt(plant.at("2026-12-05T08:00+08:00")) is None


@pytest.mark.parametrize("fault", ["cover_open", "head_open", "paper_out"])
def test_a_heartbeat_that_shows_an_opened_printer_is_a_doubt_recorded_once_as_the_system(
    plant: SamplePlant, fault: str
) -> None:
    add_printer(plant)
    for _ in range(3):
        hear(plant, fault)
    assert doubt(plant) == fault
    with plant.read() as session:
        events = session.scalars(select(Event).where(Event.kind == "plant:doubt_stock")).all()
    assert [(json.loads(one.arguments)["why"], one.person_id) for one in events] == [(fault, None)]


def test_a_roll_scanned_while_the_cover_is_still_open_counts_until_it_is_opened_again(plant: SamplePlant) -> None:
    add_printer(plant)
    hear(plant, "cover_open")
    say(plant, "1H4001", ROLLS["blue"])
    hear(plant, "cover_open")
    assert doubt(plant) is None
    hear(plant)
    hear(plant, "cover_open")
    assert doubt(plant) == "cover_open"


def test_a_fault_that_lets_nobody_at_the_paper_is_no_doubt(plant: SamplePlant) -> None:
    add_printer(plant)
    hear(plant, "offline")
    assert doubt(plant) is None
    assert screen(plant)["printers"][0]["faults"] == ["offline"]


def test_no_station_doubts_the_printer_of_another(plant: SamplePlant) -> None:
    add_printer(plant)
    hear(plant, "cover_open", station="FGS-1")
    assert doubt(plant) is None


def test_only_a_person_confirms_a_roll(plant: SamplePlant) -> None:
    add_printer(plant)
    plant.refuse("plant:load_stock", NotAllowed, printer="PR-RAW", stock="blue")
    assert spoken(say(plant, ROLLS["blue"])) == ["badge_first"]


def test_labels_wider_than_the_printer_are_refused(plant: SamplePlant) -> None:
    add_printer(plant)
    plant.refuse("plant:load_stock", LabelTooWide, person=KEEPER, printer="PR-RAW", stock="blue", width_mm=150)
    plant.refuse("plant:load_stock", Misread, person=KEEPER, printer="PR-RAW", stock="pink")
    plant.refuse(
        "plant:printer",
        LabelTooWide,
        person=ADMIN,
        code="PR-2",
        stands_at="RAW-1",
        language="zpl",
        dpi=203,
        width_mm=80,
        stock="blue",
        label_width_mm=100,
    )


# --- several printers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scans", [(ROLLS["red"], PRINTER), (PRINTER, ROLLS["red"])])
def test_with_several_printers_roll_and_printer_are_scanned_in_either_order(
    plant: SamplePlant, scans: tuple[str, str]
) -> None:
    add_printer(plant, "PR-RAW", stock="white")
    add_printer(plant, "PR-OTHER")
    asked = say(plant, "1H4001", scans[0])
    assert (asked.result, asked.tone) == ("asks", "attention")
    assert printer_of(plant, "PR-RAW").loaded_stock == "white"
    assert say(plant, scans[1]).result == "accepted"
    assert [printer_of(plant, code).loaded_stock for code in ("PR-RAW", "PR-OTHER")] == ["red", "blue"]


def test_a_roll_that_was_scanned_before_other_work_is_in_no_printer(plant: SamplePlant) -> None:
    add_printer(plant, "PR-RAW", stock="white")
    add_printer(plant, "PR-OTHER")
    say(plant, "1H4001", ROLLS["red"], "LLN-WLD")
    assert say(plant, PRINTER).result == "asks"
    assert printer_of(plant, "PR-RAW").loaded_stock == "white"


def test_a_printer_is_confirmed_where_it_stands(plant: SamplePlant) -> None:
    add_printer(plant)
    assert spoken(say(plant, "1H4001", PRINTER, station="FGS-1")) == ["printer_elsewhere"]


# --- the screen ------------------------------------------------------------------------------------------------------


def test_the_station_says_which_roll_is_missing_and_which_is_unconfirmed(plant: SamplePlant) -> None:
    add_printer(plant, stock="white")
    split(plant)
    shown = screen(plant, SIZES)
    assert shown["missing"] == [{"stock": "blue", "waiting": 2, "sizes": ["100×70", "72×80", "48×80"]}]
    say(plant, "1H4001", ROLLS["small"])
    assert screen(plant, SIZES[:2])["missing"][0]["waiting"] == 2
    say(plant, ROLLS["blue"])
    hear(plant, "cover_open")
    shown = screen(plant, SIZES)
    assert shown["missing"] == []
    assert shown["printers"] == [
        {
            "code": "PR-RAW",
            "stock": "blue",
            "width_mm": 100,
            "height_mm": 70,
            "doubt": "cover_open",
            "faults": ["cover_open"],
            "failed": False,
            "waiting": 2,
        }
    ]


def test_the_screen_shows_what_the_station_said_last(plant: SamplePlant) -> None:
    add_printer(plant)
    assert (screen(plant)["seen_at"], screen(plant)["scanner"], screen(plant)["reading"]) == (None, None, None)
    hear(plant)
    for value in ("12.34", "12.35"):
        read_value(plant.database, "RAW-1", Measured("id-" + value, "EQ-DC-01", value, "mm", plant.now))
    shown = screen(plant)
    assert (shown["seen_at"], shown["waiting"]) == (plant.now.isoformat(), 2)
    assert shown["scanner"] == {"connected": True}
    assert shown["reading"] == {
        "id": "id-12.35",
        "device": "EQ-DC-01",
        "value": "12.35",
        "unit": "mm",
        "at": plant.now.isoformat(),
    }
