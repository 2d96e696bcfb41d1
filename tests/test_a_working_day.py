"""A working day from scanner bytes to printed bytes: real programs, ptys and sockets, the server killed in the middle.

The story is the demo's: plan, run cards, FIFO, gates, first articles, final inspection, scrap, packing, shipping. Every
label is read back from the picture that a strict printer interpreter made of the bytes it received.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from devices.simulated import SimulatedPrinter, SimulatedScanner
from mes import codes
from mes.audit import audit
from mes.journal import Event, Scan
from mes.labelling.model import Label, PrintJob
from mes.stock.model import Container
from mes.trace.answers import Direction
from mes.trace.recall import recall
from mes.trace.tracing import trace
from web.cli import runcard
from web.demo.devices import DeviceMaker
from web.demo.run import STEPS, open_floor, prepared
from web.demo.stage import Stage
from web.demo.story import SUSPECT, Story

pytestmark = pytest.mark.story

MAKER = DeviceMaker(scanner=SimulatedScanner, printer=SimulatedPrinter)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole story, played once; the server is killed and started again before the breakers are assembled."""
    with Stage(tmp_path_factory.mktemp("day") / "plant", MAKER) as stage:
        story = prepared(stage)
        story.plan()
        open_floor(stage, story)
        for _, step in STEPS:
            if step is Story.assemble:
                crash_and_go_on(stage, story)
            step(story)
        story.floor.wait_for_printers()
        yield story


def crash_and_go_on(stage: Stage, story: Story) -> None:
    """The server dies without warning; a scan made meanwhile waits at the station and is carried out afterwards."""
    stage.kill("server")
    scanner = stage.scanners["DOCK-1"]
    scanner.scan("1H4003")
    assert str(scanner.feedback(90)) == "attention"
    stage.start_server()
    assert str(scanner.feedback(120)) == "good"
    story.kiosk.enter_again()


def test_all_steps_happen_and_the_books_agree(day: Story) -> None:
    with day.look.read() as session:
        assert audit(session) == []


def test_every_scan_is_recorded_exactly_once(day: Story) -> None:
    with day.look.read() as session:
        assert session.scalar(select(func.count()).select_from(Scan)) == day.floor.scans + 1  # and the one in the crash


def test_every_label_that_is_not_voided_was_printed_and_read_back(day: Story) -> None:
    with day.look.read() as session:
        printed = session.execute(
            select(Label.serial, Container.serial)
            .join(PrintJob, PrintJob.label_id == Label.id)
            .outerjoin(Container, Container.id == Label.container_id)
            .where(PrintJob.state == "done")
        ).all()
        states = set(session.scalars(select(PrintJob.state)))
    assert len(printed) > 40
    for serial, carton in printed:
        code = codes.ContainerCode(carton) if carton else codes.LabelCode(serial)
        assert codes.encode(code) in day.floor.printed.texts
    assert states <= {"done", "cancelled"}
    assert [printer.errors for printer in day.stage.printers.values() if printer.errors] == []


def test_each_colour_left_only_the_printer_loaded_with_it(day: Story) -> None:
    with day.look.read() as session:
        rows = session.execute(
            select(PrintJob.stock, PrintJob.printer_id, PrintJob.layout).where(PrintJob.state == "done")
        )
        found = {(stock, layout) for stock, _, layout in rows}
    assert {("red", "scrap"), ("yellow", "nonconforming"), ("blue", "accepted"), ("receipt", "run_card")} <= found


def test_the_refusals_of_the_day_are_all_in_the_journal(day: Story) -> None:
    with day.look.read() as session:
        reasons = " ".join(session.scalars(select(Event.reasons).where(Event.result == "refused")))
    for code in (
        "own_work",
        "not_oldest",
        "on_hold",
        "expired",
        "recheck_due",
        "unknown_code",
        "mistyped_code",
        "not_qualified",
        "machine_not_qualified",
        "material_missing",
        "first_article_open",
        "wrong_place_for_status",
        "label_voided",
        "wrong_item_for_order",
        "less_than_ordered",
        "more_than_ordered",
    ):
        assert f'"{code}"' in reasons


def test_the_shipped_batch_is_traced_to_its_suppliers_and_the_suspect_lot_to_every_customer(day: Story) -> None:
    with day.look.read() as session:
        down = trace(session, day.cards["1P"].lot, Direction.BACKWARD)
        up = recall(session, SUSPECT)
    assert {node.supplier_lot for node in down.nodes if node.supplier_lot} >= {SUSPECT, "S06-260903-B"}
    steps = down.node(day.cards["BW"].lot).steps
    assert [(one.verdict, one.attempt) for one in steps[0].inspections] == [("rejected", 1), ("passed", 2)]
    assert set(up.trace.roots) == {"R261027-01", "R261110-02"}
    assert {one.customer.code for one in up.customers} == {"C05", "C06"}
    assert up.even


def test_the_program_checks_and_traces_the_day(day: Story, tmp_path: Path) -> None:
    here = ["--database", day.stage.url]
    run = CliRunner()
    checked = run.invoke(runcard, [*here, "check"])
    assert (checked.exit_code, "agree" in checked.output) == (0, True)
    down = run.invoke(runcard, [*here, "trace", day.cards["1P"].lot])
    assert SUSPECT in down.output
    up = run.invoke(runcard, [*here, "recall", SUSPECT])
    assert "SO-2611-006" in up.output
    written = run.invoke(
        runcard, [*here, "trace", SUSPECT, "--up", "--format", "xlsx", "--output", f"{tmp_path}/t.xlsx"]
    )
    assert written.exit_code == 0
    assert (tmp_path / "t.xlsx").stat().st_size > 1000
