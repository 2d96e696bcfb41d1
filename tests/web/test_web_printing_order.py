"""Who is given which job when: fitting and confirmed paper, printers that are well, the order at each printer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from mes.database import Database
from mes.labelling.leasing import AT_ONCE, LEASE
from mes.labelling.model import PrintJob
from mes.people import access
from mes.terminal.devices import heard
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.printers import ROLLS, add_printer, ended, job_of, label_of, leased, printer_of, say, split, spoken, word
from web import printing, rendering
from web.app import create_app
from web.paper import width_for
from web.printing import content_of
from web.rendering import make_ahead


@pytest.fixture
def plant(fresh: Fresh) -> Iterator[SamplePlant]:
    """The sample plant with a printer for blue labels at the raw-material store."""
    found = SamplePlant.copied(fresh)
    add_printer(found)
    yield found
    found.close()


def office(plant: SamplePlant) -> FlaskClient:
    """The administrator's browser, in English."""
    access.set_password(plant.database, "5002", "long enough")
    app = create_app(plant.database, plant.clock, "secret")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"badge": "5002", "password": "long enough"})
    client.post("/language/en")
    return client


def hear(plant: SamplePlant, *faults: str) -> None:
    said = {
        "at": plant.now.isoformat(),
        "waiting": 0,
        "scanner": None,
        "printers": [{"code": "PR-RAW", "faults": list(faults), "answers": True}],
    }
    heard(plant.database, "RAW-1", said, plant.now)


def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the jobs whose bytes are made from now on."""
    ids: list[int] = []
    real = rendering.make

    def counting(database: object, wanted: rendering.Wanted, now: object) -> bool:
        ids.append(wanted.job_id)
        return real(database, wanted, now)  # type: ignore[arg-type]

    monkeypatch.setattr(printing, "make", counting)
    return ids


def jobs(plant: SamplePlant, *, ahead: bool = True) -> list[int]:
    return [job.id for job in leased(plant, ahead=ahead)]


def state_of(plant: SamplePlant, job: int) -> PrintJob:
    with plant.read() as session:
        return session.get_one(PrintJob, job)


def test_no_label_leaves_for_a_printer_that_nobody_vouches_for(plant: SamplePlant) -> None:
    split(plant)
    plant.accept("plant:doubt_stock", printer="PR-RAW", why="cover_open")
    assert jobs(plant) == []
    say(plant, "1H4001", ROLLS["blue"])
    assert len(jobs(plant)) == 2


def test_no_label_leaves_on_the_morning_after_before_the_roll_was_scanned(plant: SamplePlant) -> None:
    split(plant)
    plant.at("2026-12-02T08:00+08:00")
    assert jobs(plant) == []
    say(plant, "1H4001", ROLLS["blue"])
    assert len(jobs(plant)) == 2


def test_no_label_leaves_for_a_doubted_printer_because_another_one_with_smaller_labels_is_confirmed(
    plant: SamplePlant,
) -> None:
    add_printer(plant, "PR-SMALL", width_mm=60, label_width_mm=60, label_height_mm=40)
    split(plant)
    plant.accept("plant:doubt_stock", printer="PR-RAW", why="cover_open")
    assert jobs(plant) == []


@pytest.mark.parametrize("meanwhile", ["roll", "doubt", "fault", "brought elsewhere"])
def test_what_happens_while_the_bytes_are_made_is_seen_before_a_job_leaves(
    plant: SamplePlant, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    split(plant)
    real = printing.is_made

    def while_made(database: Database, wanted: rendering.Wanted) -> bool:
        match meanwhile:
            case "roll":
                say(plant, "1H4001", ROLLS["red"])
            case "doubt":
                plant.do("plant:doubt_stock", printer="PR-RAW", why="cover_open")
            case "fault":
                hear(plant, "offline")
            case "brought elsewhere":
                database.write(lambda connection: connection.execute(text("UPDATE print_job SET station_id = NULL")))
        return real(database, wanted)

    monkeypatch.setattr(printing, "is_made", while_made)
    assert jobs(plant) == []


@pytest.mark.parametrize("roll", ["red", "other"])
def test_a_station_is_not_given_the_bytes_of_a_job_whose_roll_was_changed_while_it_waited_there(
    plant: SamplePlant, roll: str
) -> None:
    split(plant)
    client = create_app(plant.database, plant.clock, "secret").test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {access.new_station_token(plant.database, 'RAW-1')}"
    first, second = jobs(plant)
    path = f"/api/v1/print-jobs/{first}"
    assert client.get(f"{path}/content?lease=1").status_code == 200
    say(plant, "1H4001", ROLLS[roll])
    assert client.get(f"{path}/content?lease=1").status_code == 409
    for job in (first, second):
        ended(plant, job, "failed", "paper_changed", lease=1)
    if roll == "red":
        say(plant, ROLLS["blue"])
    assert jobs(plant) == [first, second]
    assert client.get(f"{path}/content?lease=2").status_code == 200


@pytest.mark.parametrize("roll", ["red", "small"])
def test_no_label_leaves_for_a_roll_of_another_colour_or_too_small(plant: SamplePlant, roll: str) -> None:
    split(plant)
    say(plant, "1H4001", ROLLS[roll])
    assert jobs(plant) == []


def test_a_label_is_made_for_the_size_of_the_roll(plant: SamplePlant) -> None:
    plant.accept("plant:load_stock", person="4001", printer="PR-RAW", stock="blue", width_mm=80, height_mm=80)
    assert width_for(printer_of(plant), [(100.0, 70.0), (72.0, 80.0), (48.0, 80.0)]) == 72.0
    job = split(plant)
    assert jobs(plant)
    assert job_of(plant, job).rendered_for == "zpl 203 72"


def test_a_faulty_printer_is_given_nothing_until_its_station_calls_it_well(plant: SamplePlant) -> None:
    split(plant)
    hear(plant, "offline")
    assert jobs(plant) == []
    hear(plant)
    assert len(jobs(plant)) == 2


def test_a_job_that_failed_is_not_leased_again_before_the_printer_is_well(plant: SamplePlant) -> None:
    hear(plant)
    split(plant)
    first, second = jobs(plant)
    ended(plant, first, "failed", "unreachable")
    assert jobs(plant) == [second]
    hear(plant)
    assert jobs(plant) == [first, second]


@pytest.mark.parametrize("reason", ["unreachable", "no_printer PR-RAW", "", None])
def test_a_printer_whose_station_sends_no_heartbeats_waits_for_a_person_after_its_jobs_failed(
    plant: SamplePlant, reason: str | None
) -> None:
    split(plant)
    both = jobs(plant)
    for job in both:
        ended(plant, job, "failed", reason)
    for _ in range(3):
        plant.now += LEASE
        assert jobs(plant) == []
    assert say(plant, "1H4001", word("RETRY")).headline.en == "The printers of RAW-1 are tried again"
    assert jobs(plant) == both
    ended(plant, both[0], "failed", reason)
    assert jobs(plant) == both[1:]
    say(plant, ROLLS["blue"])
    assert jobs(plant) == both
    ended(plant, both[0])
    assert spoken(say(plant, word("RETRY"))) == ["nothing_unknown"]


def test_only_a_heartbeat_that_speaks_of_a_printer_calls_it_well(plant: SamplePlant) -> None:
    split(plant)
    first, second = jobs(plant)
    ended(plant, first, "failed", "no_printer PR-RAW")
    for _ in range(2):
        heard(plant.database, "RAW-1", {"at": plant.now.isoformat(), "waiting": 0, "printers": []}, plant.now)
        assert jobs(plant) == [second]
    hear(plant)
    assert jobs(plant) == [first, second]


def test_a_person_who_mends_does_not_outvote_what_the_station_says_now(plant: SamplePlant) -> None:
    split(plant)
    (first, _) = jobs(plant)
    ended(plant, first, "failed", "unreachable")
    hear(plant, "offline")
    assert spoken(say(plant, "1H4001", word("RETRY"))) == ["nothing_unknown"]
    assert first not in jobs(plant)


def test_the_page_says_why_a_failed_job_waits_and_lets_a_person_say_that_the_printer_is_mended(
    plant: SamplePlant,
) -> None:
    split(plant)
    first, second = jobs(plant)
    for job in (first, second):
        ended(plant, job, "failed", "unreachable")
    browser = office(plant)
    page = browser.get("/print").text
    assert page.count("PR-RAW unreachable; scan RETRY when it is mended") == 2
    assert jobs(plant) == []
    assert browser.post("/print/stations/RAW-1/mended").status_code == 302
    assert "RETRY" not in browser.get("/print").text
    assert jobs(plant) == [first, second]
    assert browser.post("/print/stations/NOWHERE/mended").status_code == 409


def test_the_page_says_why_a_job_waits_for_a_colour_printer_with_other_paper(plant: SamplePlant) -> None:
    add_printer(plant, "PR-COLOUR", "FGS-1", "white", prints_colours=True)
    plant.accept("stock:split", person="4002", station="FGS-1", unit="261028-PKG-01", quantity="10")
    heard(
        plant.database,
        "FGS-1",
        {"at": plant.now.isoformat(), "waiting": 0, "printers": [{"code": "PR-COLOUR", "faults": ["paused"]}]},
        plant.now,
    )
    assert "PR-COLOUR paused" in office(plant).get("/print").text


def test_a_printer_that_ran_out_is_doubted_by_the_result_of_its_job(plant: SamplePlant) -> None:
    split(plant)
    first, second = jobs(plant)
    ended(plant, first, "failed", "paper_out, cover_open")
    ended(plant, second, "unknown", "paper_out")
    assert printer_of(plant).stock_doubt == "cover_open"
    say(plant, "1H4001", ROLLS["blue"])
    assert jobs(plant) == [first]


def test_jobs_of_a_printer_that_failed_come_again_in_the_order_in_which_they_were_asked_for(plant: SamplePlant) -> None:
    serial = split(plant)
    for quantity in ("50", "25", "12"):
        serial = split(plant, quantity, lot=serial)
    first = jobs(plant)
    assert len(first) == AT_ONCE
    for job in reversed(first):
        ended(plant, job, "failed", "paper_out")
    say(plant, "1H4001", ROLLS["blue"])
    assert jobs(plant) == first


def test_an_unknown_job_holds_up_no_other_and_its_copy_comes_before_younger_ones(plant: SamplePlant) -> None:
    serial = split(plant)
    first, second = jobs(plant)
    ended(plant, first, "unknown", "power_cycled")
    assert jobs(plant) == [second]
    ended(plant, second)
    split(plant, "10", lot=serial)
    plant.accept("label:settle", person="4001", station="RAW-1", job=first, came_out=False, reason="not there")
    queued = jobs(plant)
    assert queued == sorted(queued)
    if label_of(plant, serial).voided_at is None:
        assert queued[0] == first


def test_each_printer_has_its_own_turn(plant: SamplePlant) -> None:
    add_printer(plant, "PR-WHITE", stock="white")
    serial = split(plant)
    for quantity in ("50", "25", "12"):
        serial = split(plant, quantity, lot=serial)
    plant.accept("quality:hold", person="3002", station="RAW-1", lot="R260710-02", reason="rust")
    given = leased(plant)
    assert [job.printer for job in given].count("PR-RAW") == AT_ONCE
    assert "PR-WHITE" in {job.printer for job in given}


def test_bytes_once_made_are_not_made_again(plant: SamplePlant, monkeypatch: pytest.MonkeyPatch) -> None:
    split(plant)
    monkeypatch.setattr(printing, "BUDGET_S", 60.0)
    ids = made(monkeypatch)
    first = jobs(plant, ahead=False)
    for job in first:
        ended(plant, job, "failed", "unreachable")
    hear(plant)
    assert jobs(plant, ahead=False) == first
    assert ids == first


def test_jobs_are_made_ahead_so_that_a_poll_only_hands_them_out(
    plant: SamplePlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    split(plant)
    assert make_ahead(plant.database, plant.now) == 2
    assert make_ahead(plant.database, plant.now) == 0
    ids = made(monkeypatch)
    given = jobs(plant, ahead=False)
    assert len(given) == 2
    assert ids == []
    with plant.read() as session:
        assert all(content_of(session, job, "RAW-1") for job in given)


def test_one_poll_makes_at_most_one_job_beyond_its_budget(plant: SamplePlant, monkeypatch: pytest.MonkeyPatch) -> None:
    split(plant)
    monkeypatch.setattr(printing, "BUDGET_S", 0.0)
    assert len(jobs(plant, ahead=False)) == 1
    assert len(jobs(plant, ahead=False)) == 2


def test_a_job_that_cannot_be_made_fails_with_its_reason_and_can_be_tried_again(plant: SamplePlant) -> None:
    serial = split(plant)
    broken = job_of(plant, serial)

    def change(facts: str) -> None:
        plant.database.write(
            lambda connection: connection.execute(
                PrintJob.__table__.update().where(PrintJob.id == broken.id).values(facts=facts)  # type: ignore[attr-defined]
            )
        )

    change("{}")
    assert broken.id not in jobs(plant)
    failed = state_of(plant, broken.id)
    assert failed.state == "failed"
    assert "¦" in (failed.reason or "")
    change(broken.facts)
    plant.accept("label:retry", person="4001", station="RAW-1", job=broken.id)
    assert broken.id in jobs(plant)
    assert not state_of(plant, broken.id).copy


def test_what_a_person_calls_not_out_is_made_again_with_the_mark_of_a_copy(plant: SamplePlant) -> None:
    split(plant)
    job = jobs(plant)[0]
    with plant.read() as session:
        before = content_of(session, job, "RAW-1")
    ended(plant, job, "unknown", "half_printed")
    plant.accept("label:settle", person="4001", station="RAW-1", job=job, came_out=False, reason="not there")
    assert job in jobs(plant)
    with plant.read() as session:
        after = content_of(session, job, "RAW-1")
    assert before is not None
    assert after is not None
    assert before[0] != after[0]


def test_a_run_card_is_printed_as_large_labels_where_there_is_no_receipt_paper(plant: SamplePlant) -> None:
    add_printer(plant, "PR-PKG", "PKG-1", "white", label_width_mm=100, label_height_mm=150)
    plant.release("SA-MG-C32", "100", person="1002", station="PKG-1")
    (job,) = printing.lease_jobs(plant.database, "PKG-1", "journal", plant.now)
    with plant.read() as session:
        found = content_of(session, job.id, "PKG-1")
    assert job.printer == "PR-PKG"
    assert found is not None
    assert found[0].startswith(b"^XA")
