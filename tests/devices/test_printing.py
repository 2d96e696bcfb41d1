"""Print jobs at a station: printed once, checked, reported, and never printed again because a report was late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.config import PrinterConfig
from devices.printers import Outcome
from devices.printing import PrintJournal
from devices.server import Lease
from devices.simulated import OfflinePrinter, SimulatedPrinter
from tests.devices.bench import working
from tests.devices.plant_server import PlantServer
from tests.waiting import until

LABEL = b"\x1b@\x1dv0\0\x01\0\x01\0\xff\x1dV\x01"


@pytest.fixture
def receipt() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter("escpos") as simulated:
        yield simulated


def pr1(printer: SimulatedPrinter | OfflinePrinter, code: str = "PR-1") -> PrinterConfig:
    return PrinterConfig(code, printer.url, "escpos", answer_s=0.3, confirm_s=5.0)


def test_a_job_is_printed_and_reported_done(plant: PlantServer, configured, receipt):
    plant.add_job(7, "PR-1", LABEL, copies=2)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: plant.results)
    assert plant.results == [(7, {"state": "done", "reason": ""})]
    assert len(receipt.labels) == 2
    assert plant.tokens == {"Bearer secret"}


def test_jobs_of_one_printer_come_out_in_order(plant, configured, receipt):
    for number in range(1, 6):
        plant.add_job(number, "PR-1", LABEL)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: len(plant.results) == 5)
    assert [job_id for job_id, _ in plant.results] == [1, 2, 3, 4, 5]


def test_damaged_content_is_not_printed(plant, configured, receipt):
    plant.add_job(7, "PR-1", LABEL, sha256="0" * 64)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: plant.results)
    assert plant.results == [(7, {"state": "failed", "reason": "content_damaged"})]
    assert receipt.labels == []


def test_a_printer_in_trouble_stops_no_other(plant, configured, receipt):
    receipt.set_fault("paper_out", True)
    with OfflinePrinter() as off, SimulatedPrinter("escpos") as healthy:
        for job_id, printer in enumerate(("PR-1", "PR-2", "PR-3", "PR-9"), start=1):
            plant.add_job(job_id, printer, LABEL)
        with working(configured(pr1(receipt), pr1(off, "PR-2"), pr1(healthy, "PR-3"))):
            plant.wait_for(lambda: len(plant.results) == 4)
    reported = {job_id: (result["state"], result["reason"]) for job_id, result in plant.results}
    assert reported == {
        1: ("failed", "paper_out"),
        2: ("failed", "unreachable"),
        3: ("done", ""),
        4: ("failed", "no_printer PR-9"),
    }


def test_a_job_listed_again_while_it_is_in_hand_is_printed_once(plant, configured, receipt):
    for _ in range(3):
        plant.add_job(7, "PR-1", LABEL)
    plant.add_job(8, "PR-1", LABEL)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: 8 in dict(plant.results))
    assert [job_id for job_id, _ in plant.results] == [7, 8]
    assert len(receipt.labels) == 2


def test_a_list_that_got_lost_is_asked_for_again_in_the_same_journals_name(plant, configured, receipt):
    plant.add_job(7, "PR-1", LABEL)
    plant.lost_lists = 2
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: plant.results)
    with working(configured(pr1(receipt))):
        plant.add_job(8, "PR-1", LABEL)
        plant.wait_for(lambda: len(plant.results) == 2)
    assert [job_id for job_id, _ in plant.results] == [7, 8]
    assert len(plant.journals) == 1


def test_a_print_journal_keeps_its_name_when_a_long_one_is_set_aside(tmp_path: Path, monkeypatch):
    prints = PrintJournal(tmp_path)
    prints.begun(Lease(7, 1), "PR-1")
    prints.ended(Lease(7, 1), "PR-1", Outcome("done"))
    prints.reported(Lease(7, 1))
    monkeypatch.setattr("devices.printing.SET_ASIDE_BYTES", 10)
    prints.close()
    again = PrintJournal(tmp_path)
    assert again.name == prints.name
    assert (tmp_path / "prints.1.log").exists()
    again.close()


def test_a_failed_job_that_the_server_lists_again_is_printed(plant, configured, receipt):
    receipt.set_fault("paper_out", True)
    plant.add_job(7, "PR-1", LABEL)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: plant.results)
        receipt.set_fault("paper_out", False)
        plant.add_job(7, "PR-1", LABEL)
        plant.wait_for(lambda: len(plant.results) == 2)
    assert [result["state"] for _, result in plant.results] == ["failed", "done"]


def test_a_job_begun_before_the_station_stopped_is_reported_unknown_and_not_printed(
    plant, configured, receipt, tmp_path: Path
):
    prints = PrintJournal(tmp_path / "journal")
    for job_id in (7, 8, 9):
        prints.begun(Lease(job_id, 1), "PR-1")
    for job_id in (8, 9):
        prints.ended(Lease(job_id, 1), "PR-1", Outcome("done"))
    prints.reported(Lease(9, 1))
    prints.close()
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: len(plant.results) == 2)
    assert plant.results == [
        (7, {"state": "unknown", "reason": "station_stopped", "lease": 1}),
        (8, {"state": "done", "reason": "", "lease": 1}),
    ]
    assert receipt.labels == []


def test_a_result_names_the_lease_that_it_speaks_of(plant, configured, receipt):
    plant.add_job(7, "PR-1", LABEL, lease=3)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: plant.results)
    assert plant.results == [(7, {"state": "done", "reason": "", "lease": 3})]
    assert plant.asked_contents == ["lease=3"]


def test_a_job_whose_paper_was_changed_meanwhile_is_not_printed_and_stops_no_other(plant, configured, receipt):
    plant.other_paper.add(7)
    plant.add_job(7, "PR-1", LABEL, lease=1)
    plant.add_job(8, "PR-1", LABEL, lease=1)
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: len(plant.results) == 2)
    assert plant.results[0] == (7, {"state": "failed", "reason": "paper_changed", "lease": 1})
    assert plant.results[1][1]["state"] == "done"
    assert len(receipt.labels) == 1


def test_what_became_of_an_earlier_lease_is_not_forgotten_because_the_job_was_handed_out_anew(tmp_path: Path):
    prints = PrintJournal(tmp_path)
    prints.begun(Lease(7, 1), "PR-1")
    prints.ended(Lease(7, 1), "PR-1", Outcome("failed", "paper_out"))
    prints.begun(Lease(7, 2), "PR-1")
    prints.reported(Lease(7, 2))
    prints.close()
    again = PrintJournal(tmp_path)
    assert again.unreported == {Lease(7, 1): Outcome("failed", "paper_out")}
    again.close()


def test_a_line_that_names_no_lease_is_reported_without_one_and_a_torn_one_is_left_aside(
    plant, configured, receipt, tmp_path: Path
):
    prints = PrintJournal(tmp_path / "journal")
    prints.begun(Lease(7), "PR-1")
    prints.begun(Lease(8, 1), "PR-1")
    prints.close()
    path = tmp_path / "journal" / "prints.log"
    path.write_bytes(path.read_bytes()[:-5])
    with working(configured(pr1(receipt))):
        plant.wait_for(lambda: plant.results)
        plant.add_job(9, "PR-1", LABEL, lease=1)
        plant.wait_for(lambda: len(plant.results) == 2)
    assert plant.results == [
        (7, {"state": "unknown", "reason": "station_stopped"}),
        (9, {"state": "done", "reason": "", "lease": 1}),
    ]


def test_a_result_the_server_could_not_take_is_reported_after_a_restart(plant, configured, receipt):
    port = plant.port
    plant.add_job(7, "PR-1", LABEL)
    plant.refuse_results = True
    with working(configured(pr1(receipt))):
        receipt.wait_for_labels(1)
        plant.wait_for(lambda: plant.refused_results)
    plant.close()
    with PlantServer(port) as back, working(configured(pr1(receipt))):
        back.wait_for(lambda: back.results)
    assert back.results == [(7, {"state": "done", "reason": ""})]
    assert len(receipt.labels) == 1


def test_a_full_disk_prints_nothing(plant, configured, receipt, full_disk):
    with working(configured(pr1(receipt))):
        until(lambda: plant.tokens, "the station's first question")
        with full_disk():
            plant.add_job(7, "PR-1", LABEL)
            plant.wait_for(lambda: plant.results)
        assert plant.results[0][1]["state"] == "failed"
    assert receipt.labels == []
