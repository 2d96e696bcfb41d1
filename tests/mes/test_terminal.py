"""The terminal's rules: one scan, one outcome; what is refused is recorded; nothing old is executed blindly."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from mes import codes
from mes.journal import Event, Scan
from mes.masters.model import Location, Station
from mes.production.refusals import CardClosed
from mes.refusals import refuse
from mes.stock import lots
from mes.stock.model import HandlingUnit, Movement
from mes.terminal.reply import Reply
from mes.terminal.scanning import ScanRequest, UnknownStation, scan
from mes.terminal.screen import screen_of
from mes.transaction import Transaction
from tests.plant import SamplePlant


def say(plant: SamplePlant, station: str, code: str, **how: Any) -> Reply:
    """One scan with a fresh id, made now, unless said otherwise."""
    request = ScanRequest(
        how.get("id", str(uuid.uuid4())),
        station,
        code,
        how.get("scanned_at", plant.now),
        how.get("garbage"),
        how.get("typed", False),
        sent=how.get("sent"),
    )
    return scan(plant.database, request, plant.clock)


def spoken(reply: Reply) -> list[str]:
    return [reason["code"] for reason in reply.reasons]


def refused_events(plant: SamplePlant) -> list[Event]:
    with plant.read() as session:
        return list(session.scalars(select(Event).where(Event.result == "refused").order_by(Event.id)))


def count(plant: SamplePlant, table: type) -> int:
    with plant.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def signed_on(plant: SamplePlant, station: str, badge: str) -> SamplePlant:
    assert say(plant, station, f"1H{badge}").result == "accepted"
    return plant


def test_a_scan_that_is_refused_after_it_began_to_write_leaves_its_refusal_and_nothing_else(
    plant: SamplePlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    move_unit = lots.move_unit

    def moved_and_then_refused(tx: Transaction, unit: HandlingUnit, location: Location) -> None:
        move_unit(tx, unit, location)
        tx.write()
        raise refuse(CardClosed(card="X", state="closed"))

    monkeypatch.setattr(lots, "move_unit", moved_and_then_refused)
    before = count(plant, Movement)
    reply = say(plant, "RAW-1", "1TR260710-02")
    assert spoken(reply) == ["card_closed"]
    assert count(plant, Movement) == before
    assert [event.kind for event in refused_events(plant)] == ["stock:issue"]


def test_the_same_scan_again_gets_the_first_reply_and_nothing_happens_twice(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    again = str(uuid.uuid4())
    first = say(plant, "RAW-1", "1TR260710-02", id=again)
    before = count(plant, Movement)
    second = say(plant, "RAW-1", "1TR260710-02", id=again)
    assert first.result == "accepted"
    assert second == first
    assert count(plant, Movement) == before


def test_a_used_scan_id_with_other_content_is_refused_and_recorded_under_a_new_id(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    used = str(uuid.uuid4())
    say(plant, "RAW-1", "LLN-WLD", id=used)
    reply = say(plant, "RAW-1", "LLN-MAG", id=used)
    assert spoken(reply) == ["scan_id_reused"]
    assert reply.id != used
    with plant.read() as session:
        assert session.get_one(Scan, used).code == "LLN-WLD"
        assert session.get_one(Scan, reply.id).result == "refused"


@pytest.mark.parametrize(
    ("code", "garbage", "reason"),
    [
        ("1J9900000001", None, "mistyped_code"),
        ("W261201-ASA-01-0", None, "mistyped_code"),
        ("1TR269999-99", None, "unknown_code"),
        ("HELLO WORLD", None, "unknown_code"),
        ("X" * 4000, None, "code_too_long"),
        ("1TR2610", "torn", "garbage_scanned"),
        ("", "undecodable", "garbage_scanned"),
        ("1T" * 60, "oversize", "garbage_scanned"),
        ("LLN-WLD", "early", "scanned_early"),
        (f"1J{codes.label_serial(7, 12)}", None, "other_plants_label"),
        ("KSO-2611-001", None, "not_expected_here"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_recorded(
    plant: SamplePlant, code: str, garbage: str | None, reason: str
) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    reply = say(plant, "RAW-1", code, garbage=garbage)
    assert (reply.result, reply.tone, spoken(reply)) == ("refused", "bad", [reason])
    assert reply.headline.zh
    assert reply.headline.en
    assert refused_events(plant)[-1].scan_id == reply.id


def test_nobody_works_at_a_station_without_a_badge(plant: SamplePlant) -> None:
    assert spoken(say(plant, "RAW-1", "LLN-WLD")) == ["badge_first"]
    assert say(plant, "RAW-1", "1H4001").result == "accepted"
    assert say(plant, "RAW-1", "LLN-WLD").result == "accepted"


def test_a_badge_scanned_again_logs_off(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant.later(10), "RAW-1", "1H4001")
    assert spoken(say(plant, "RAW-1", "LLN-WLD")) == ["badge_first"]


def test_somebody_idle_for_an_hour_is_logged_off(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001").at("2026-12-01T09:01+08:00")
    assert spoken(say(plant, "RAW-1", "LLN-WLD")) == ["badge_first"]


def test_a_role_without_the_right_is_refused_by_the_door_once(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "2001")
    say(plant, "RAW-1", "LLN-WLD")
    reply = say(plant, "RAW-1", "1TR260710-02")
    assert spoken(reply) == ["not_allowed"]
    assert [event.kind for event in refused_events(plant)] == ["stock:issue"]


def test_a_scan_older_than_its_dialogue_is_recorded_and_asked_again(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    late = say(plant, "RAW-1", "LLN-MAG", scanned_at=plant.now - timedelta(seconds=30))
    assert spoken(late) == ["scan_too_old"]
    assert count(plant, Scan) == 3


def test_after_a_refusal_in_the_backlog_the_rest_of_it_is_parked(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    made = plant.now + timedelta(minutes=1)
    plant.at("2026-12-01T08:40+08:00")
    say(plant, "RAW-1", "1TR269999-99", scanned_at=made)
    assert spoken(say(plant, "RAW-1", "LLN-WLD", scanned_at=made + timedelta(seconds=5))) == ["scan_too_old"]
    assert say(plant, "RAW-1", "LLN-WLD").result == "accepted"


def test_a_refused_command_leaves_only_its_event_and_its_scan(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", "LLN-WLD")
    before = count(plant, Movement), count(plant, Event)
    reply = say(plant, "RAW-1", "1TR261110-02")
    assert spoken(reply) == ["not_oldest"]
    assert reply.reasons[0]["override_role"] == "supervisor"
    assert (count(plant, Movement), count(plant, Event)) == (before[0], before[1] + 1)


def test_a_station_that_nobody_set_up_gets_no_reply(plant: SamplePlant) -> None:
    with pytest.raises(UnknownStation):
        say(plant, "NOWHERE-9", "1H4001")


def test_a_box_can_be_split_at_the_store(plant: SamplePlant) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", codes.encode(codes.CommandCode("SPLIT")))
    say(plant, "RAW-1", "1TR260911-01")
    reply = say(plant, "RAW-1", "Q100")
    assert reply.result == "accepted", reply
    assert "100 g" in reply.headline.en


@pytest.mark.parametrize(
    ("station", "badge", "code", "reason"),
    [
        ("RAW-1", "4001", "1TR260710-02", "destination_first"),
        ("DOCK-1", "4003", "1T261106-PKG-01", "order_first"),
        ("DOCK-1", "4003", codes.encode(codes.CommandCode("SHIP")), "order_first"),
        ("WLD-1", "2002", "Q5", "card_first"),
        ("RAW-1", "4001", codes.encode(codes.RollCode("BLUE", 100, 70)), "no_such_stock"),
        ("RAW-1", "4001", "Q5", "not_expected_here"),
        ("OFFICE", "1002", "Q5", "not_expected_here"),
    ],
)
def test_a_terminal_says_what_has_to_be_scanned_first(
    plant: SamplePlant, station: str, badge: str, code: str, reason: str
) -> None:
    signed_on(plant, station, badge)
    assert spoken(say(plant, station, code)) == [reason]


def test_a_roll_scanned_at_a_station_is_loaded_in_its_printer(plant: SamplePlant) -> None:
    plant.accept(
        "plant:printer",
        person="5002",
        code="PR-1",
        stands_at="QC-1",
        language="zpl",
        dpi=203,
        width_mm=100,
        stock="blue",
    )
    signed_on(plant, "QC-1", "3002")
    reply = say(plant, "QC-1", codes.encode(codes.RollCode("RED", 100, 70)))
    assert reply.headline.en == "Printer PR-1 now holds red labels 100×70"


def test_the_screen_shows_the_latest_scans_in_the_plants_own_time(plant: SamplePlant) -> None:
    signed_on(plant.at("2026-12-01T23:30+00:00"), "RAW-1", "4001")
    with plant.read() as session:
        station = session.scalars(select(Station).where(Station.code == "RAW-1")).one()
        latest = screen_of(session, station, plant.now)["recent"][0]
    assert (latest["code"], latest["at"]) == ("1H4001", "2026-12-02T07:30:00+08:00")
