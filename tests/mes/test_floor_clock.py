"""The clock on the floor is a witness, not a judge: what it dates ahead is refused, what is valid the server says.

Its time counts as the moment of record for a backlog alone that the station can prove it kept.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import mes
from mes.journal import Event, Scan
from mes.masters.model import Equipment, Station
from mes.production.model import CardOperation, Report
from mes.terminal.devices import heard
from mes.terminal.moments import AHEAD, SILENT_AFTER, Sent, told
from mes.terminal.reply import Reply
from mes.terminal.screen import screen_of
from tests.mes.lineside import box, first_of
from tests.mes.test_repeats import talk_at
from tests.mes.test_terminal import refused_events, say, signed_on, spoken
from tests.mes.warehouse import arrange
from tests.plant import SamplePlant

LINE_SIDE, BOX = "LLN-WLD", "1TR260710-02"
TWO_WEEKS = timedelta(days=14)


class Program:
    """A station's program: it numbers what it scans, dates it by its own clock, and sends heartbeats."""

    def __init__(self, plant: SamplePlant, station: str = "RAW-1", skew: timedelta = timedelta()) -> None:
        self.plant, self.station, self.skew = plant, station, skew
        self.number = 0

    @property
    def clock(self) -> datetime:
        return self.plant.now + self.skew

    def beat(self) -> None:
        heard(self.plant.database, self.station, {"at": self.clock.isoformat(), "waiting": 0}, self.plant.now)

    def keep(self, code: str) -> dict[str, Any]:
        """A scan that cannot be sent yet."""
        self.number += 1
        return {"code": code, "scanned_at": self.clock, "number": self.number}

    def send(self, code: str, scanned_at: datetime, number: int) -> Reply:
        sent = Sent(self.clock, number)
        return say(self.plant, self.station, code, scanned_at=scanned_at, sent=sent)

    def scan(self, code: str) -> Reply:
        return self.send(**self.keep(code))


def scans(program: Program, *texts: str) -> list[Reply]:
    """Scans while all is well, some seconds apart."""
    found = []
    for text in texts:
        program.plant.later(5)
        found.append(program.scan(text))
    return found


def issued(plant: SamplePlant) -> Event:
    with plant.read() as session:
        return session.scalars(select(Event).where(Event.kind == "stock:issue")).one()


# --- dated ahead -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(hours=7), ("7 小时", "7 h")),
        (datetime(2099, 1, 1, tzinfo=UTC) - datetime(2026, 12, 1, tzinfo=UTC), ("26329 天", "26329 d")),
        (timedelta(minutes=1, seconds=5), ("1 分钟 5 秒", "1 min 5 s")),
    ],
)
def test_a_scan_dated_ahead_is_refused_by_name_with_its_skew_and_changes_nothing_about_later_ones(
    plant: SamplePlant, ahead: timedelta, said: tuple[str, str]
) -> None:
    signed_on(plant, "RAW-1", "4001")
    say(plant, "RAW-1", LINE_SIDE)
    before = talk_at(plant, "RAW-1")
    reply = say(plant.later(5), "RAW-1", BOX, scanned_at=plant.now + ahead)
    assert spoken(reply) == ["clock_ahead"]
    assert f"快 {said[0]}，" in reply.headline.zh
    assert f"is dated {said[1]} ahead of the server" in reply.headline.en
    assert [event.kind for event in refused_events(plant)] == ["terminal:scan"]
    with plant.read() as session:
        assert session.get_one(Scan, reply.id).scanned_at == plant.now + ahead
    assert talk_at(plant, "RAW-1") == before
    assert say(plant, "RAW-1", BOX, scanned_at=plant.now - timedelta(seconds=1)).result == "accepted"


def test_a_first_scan_dated_ahead_does_not_make_its_station_wait_for_that_time(plant: SamplePlant) -> None:
    assert spoken(say(plant, "RAW-1", "1H4001", scanned_at=plant.now + TWO_WEEKS)) == ["clock_ahead"]
    assert say(plant.later(1), "RAW-1", "1H4001").result == "accepted"


def test_a_clock_that_is_some_seconds_ahead_works_and_the_screen_beside_it_too(plant: SamplePlant) -> None:
    program = Program(plant, skew=AHEAD)
    assert [one.result for one in scans(program, "1H4001", LINE_SIDE)] == ["accepted"] * 2
    assert say(plant.later(1), "RAW-1", BOX, sent=Sent(plant.now)).result == "accepted"
    assert issued(plant).occurred_at == plant.now


@pytest.mark.parametrize(
    ("skew", "both"),
    [
        (timedelta(0), "0 秒¦0 s"),
        (timedelta(days=-14, minutes=-3), "14 天¦14 d"),
        (timedelta(hours=2, minutes=5, seconds=7), "2 小时 5 分钟¦2 h 5 min"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(skew: timedelta, both: str) -> None:
    assert told(skew) == both


# --- what is valid, the server says ----------------------------------------------------------------------------------


def without_a_word(plant: SamplePlant, station: str, skew: timedelta) -> Callable[[str], Reply]:
    """A program that tells neither its clock nor its order."""
    return lambda code: say(plant.later(5), station, code, scanned_at=plant.now + skew)


def as_in_0_3(plant: SamplePlant, station: str, skew: timedelta) -> Callable[[str], Reply]:
    """An older program: it sends heartbeats, and says no more of a scan than when it was made."""
    Program(plant, station, skew).beat()
    return without_a_word(plant, station, skew)


def with_proof(plant: SamplePlant, station: str, skew: timedelta) -> Callable[[str], Reply]:
    """One that tells both."""
    program = Program(plant, station, skew)
    program.beat()
    return lambda code: scans(program, code)[0]


CLAIMS = pytest.mark.parametrize("scan_of", [without_a_word, as_in_0_3, with_proof])


@CLAIMS
def test_a_station_two_weeks_slow_issues_no_ink_that_expired_ten_days_ago(
    plant: SamplePlant, scan_of: Callable[..., Callable[[str], Reply]]
) -> None:
    expired = (plant.now - timedelta(days=10)).date()
    ink = box(plant, "RM-INK", "100", "ST-E01", expires_on=expired, age_days=200)
    scan = scan_of(plant, "RAW-1", -TWO_WEEKS)
    scan("1H4001")
    scan("LLN-PAD")
    assert "expired" in spoken(scan(f"1T{ink}"))
    if scan_of is not without_a_word:
        assert spoken(scan("L-NOWHERE")) == ["unknown_code"]  # after a refusal the next scan is heard


@CLAIMS
def test_a_slow_clock_starts_no_key_operation_on_a_machine_whose_qualification_ended(
    plant: SamplePlant, scan_of: Callable[..., Callable[[str], Reply]]
) -> None:
    line = first_of(plant, "SA-BW-32", "100")
    line.load_all()
    ended = (plant.now - timedelta(days=10)).date()
    arrange(plant, lambda tx: _qualified_until(tx, "EQ-RW-01", ended))
    scan = scan_of(plant, "WLD-1", -TWO_WEEKS)
    for code in ("1H2002", "ZE.EQ-RW-01"):
        scan(code)
    assert "machine_not_qualified" in spoken(scan(f"3W{line.operation}"))


def _qualified_until(tx: Any, machine: str, day: Any) -> None:
    tx.session.scalars(select(Equipment).where(Equipment.code == machine)).one().qualified_until = day


def test_a_live_scan_counts_at_the_servers_time_whatever_its_clock_says(plant: SamplePlant) -> None:
    program = Program(plant, skew=-TWO_WEEKS)
    program.beat()
    scans(program, "1H4001", LINE_SIDE, BOX)
    assert issued(plant).occurred_at == issued(plant).recorded_at == plant.now


def test_whoever_works_at_a_slow_station_is_not_shown_as_gone(plant: SamplePlant) -> None:
    program = Program(plant, skew=-TWO_WEEKS)
    scans(program, "1H4001")
    with plant.read() as session:
        station = session.scalars(select(Station).where(Station.code == "RAW-1")).one()
        assert screen_of(session, station, plant.now)["person"]["badge"] == "4001"


def test_a_clock_that_fell_back_two_weeks_goes_on_working_where_the_journal_tells_the_order(plant: SamplePlant) -> None:
    program = Program(plant)
    scans(program, "1H4001", LINE_SIDE)
    program.skew = -TWO_WEEKS
    assert scans(program, BOX)[0].result == "accepted"


# --- a backlog that the station can prove ----------------------------------------------------------------------------


def cut_off(program: Program) -> datetime:
    """The storekeeper has signed on and chosen where to; then the network goes. Returns the moment of the next scan."""
    program.beat()
    assert [one.result for one in scans(program, "1H4001", LINE_SIDE)] == ["accepted"] * 2
    return program.plant.later(60).now


@pytest.mark.parametrize("skew", [timedelta(), -TWO_WEEKS, timedelta(minutes=10)])
@pytest.mark.parametrize("beats_first", [True, False])
def test_a_backlog_that_the_station_can_prove_counts_with_the_times_of_the_floor(
    plant: SamplePlant, skew: timedelta, beats_first: bool
) -> None:
    program = Program(plant, skew=min(skew, AHEAD))
    made = cut_off(program)
    program.skew = skew if skew <= AHEAD else program.skew
    kept = program.keep(BOX)
    plant.later(2400)
    if beats_first:
        program.beat()
    assert program.send(**kept).result == "accepted"
    assert (issued(plant).occurred_at, issued(plant).recorded_at) == (made, plant.now)


def test_what_was_made_and_reported_in_a_backlog_stands_at_the_time_it_was_made(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    line.load_all()
    program = Program(plant, line.station)
    program.beat()
    scans(program, "1H2009", f"3W{line.operation}")
    made = plant.later(60).now
    kept = [program.keep("Q10")]
    kept += [Program.keep(program, "Q7")] if plant.later(120) else []
    plant.later(1200)
    assert [program.send(**one).result for one in kept] == ["accepted"] * 2
    with plant.read() as session:
        assert list(session.scalars(select(Report.at).order_by(Report.id))) == [made, made + timedelta(seconds=120)]
        assert session.scalars(select(CardOperation.started_at).where(CardOperation.state == "running")).one() < made


def _no_heartbeat(program: Program) -> None:
    """Nobody ever heard how its clock stood."""


def _heard_meanwhile(program: Program) -> None:
    """The server heard it all the time: it could have sent the scan."""
    for _ in range(int(timedelta(minutes=40) / SILENT_AFTER) + 2):
        program.plant.later(30)
        program.beat()


def _clock_set_meanwhile(program: Program) -> None:
    program.skew += timedelta(minutes=-5)


def _number_used_before(program: Program) -> None:
    program.number = 0


@pytest.mark.parametrize("what", [_no_heartbeat, _heard_meanwhile, _clock_set_meanwhile, _number_used_before])
def test_what_the_station_cannot_prove_is_recorded_at_its_arrival(
    plant: SamplePlant, what: Callable[[Program], None]
) -> None:
    program = Program(plant)
    program.beat = program.beat if what is not _no_heartbeat else lambda: None  # type: ignore[method-assign]
    cut_off(program)
    if what is _number_used_before:
        what(program)
    kept = program.keep(BOX)
    what(program) if what is not _number_used_before else None
    plant.later(2400)
    assert program.send(**kept).result == "accepted"
    assert issued(plant).occurred_at == plant.now


def test_a_gate_that_failed_while_the_scan_waited_is_named_at_its_arrival(plant: SamplePlant) -> None:
    plant.at("2026-12-01T23:30+08:00")
    today = plant.now.date()
    ink = box(plant, "RM-INK", "100", "ST-E01", expires_on=today, age_days=60)
    program = Program(plant)
    program.beat()
    scans(program, "1H4001", "LLN-PAD")
    kept = program.keep(f"1T{ink}")
    plant.later(3600)
    program.beat()
    reply = program.send(**kept)
    assert "expired" in spoken(reply)
    assert today.isoformat() in json.dumps(reply.reasons)


def test_a_backlog_that_the_screen_overtook_is_asked_again(plant: SamplePlant) -> None:
    program = Program(plant)
    cut_off(program)
    kept = program.keep(BOX)
    say(plant.later(600), "RAW-1", "LLN-MAG", sent=Sent(plant.now))
    program.beat()
    assert spoken(program.send(**kept)) == ["scan_too_old"]


def test_the_next_scan_of_a_journal_is_not_late_because_the_one_before_waited_for_the_server(
    plant: SamplePlant,
) -> None:
    program = Program(plant)
    scans(program, "1H4001")
    first, second = program.keep(LINE_SIDE), program.keep(BOX)
    plant.now += timedelta(seconds=8)
    busy = Sent(first["scanned_at"], first["number"])  # sent at once; the server was busy for eight seconds
    assert say(plant, "RAW-1", LINE_SIDE, scanned_at=first["scanned_at"], sent=busy).result == "accepted"
    assert program.send(**second).result == "accepted"


# --- how far a clock is off ------------------------------------------------------------------------------------------


def shown(plant: SamplePlant) -> dict[str, Any]:
    with plant.read() as session:
        station = session.scalars(select(Station).where(Station.code == "RAW-1")).one()
        return screen_of(session, station, plant.now)


@pytest.mark.parametrize(("skew_s", "wrong"), [(0, False), (-9, False), (11, True), (-1_209_600, True)])
def test_every_heartbeat_measures_how_far_the_clock_is_off(plant: SamplePlant, skew_s: int, wrong: bool) -> None:
    assert (shown(plant)["skew_s"], shown(plant)["clock_wrong"]) == (None, False)
    Program(plant, skew=timedelta(seconds=skew_s)).beat()
    assert (shown(plant)["skew_s"], shown(plant)["clock_wrong"]) == (skew_s, wrong)


def test_half_a_round_trip_is_no_skew(plant: SamplePlant) -> None:
    read_at = plant.now - timedelta(seconds=2)
    said = {"at": read_at.isoformat(), "waiting": 0}
    heard(plant.database, "RAW-1", said, plant.now, timedelta(seconds=4))
    assert shown(plant)["skew_s"] == 0


def test_nothing_in_the_plant_is_decided_by_the_time_of_the_floor() -> None:
    """`happened_at` is written down, never compared, and no day is made of it but the one on a label."""
    compared = []
    for path in sorted(Path(mes.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            deciding = isinstance(node, ast.Compare | ast.BinOp)
            if deciding and any(isinstance(one, ast.Attribute) and one.attr == "happened_at" for one in ast.walk(node)):
                compared.append(f"{path.name}:{node.lineno}")
    assert compared == []
