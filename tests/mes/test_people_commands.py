"""People and stations are kept through the door; no secret of theirs is ever recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from mes import codes
from mes.commands import Outcome, Request, perform
from mes.journal import Event
from mes.masters.model import Printer, Station
from mes.masters.refusals import AlreadyThere, StationRetired, WorkInHand, WorkWaits
from mes.once import Key, ask_once
from mes.people import access
from mes.people.model import Person, Qualification
from mes.people.refusals import BadPeriod, EnrolledAlready, LastAdministrator, OwnRoles, PersonDisabled
from mes.refusals import NotAllowed, OwnWork, Refusal, Refused, UnknownCode
from mes.roles import Role
from mes.secret import DOTS, Secret
from mes.tables import tables
from mes.terminal.sheet import words_of
from mes.transaction import Override
from tests.mes.test_fifo_together import at_once
from tests.mes.test_terminal import say
from tests.plant import SamplePlant
from web.api.commands import told

ADMINISTRATOR, OTHER, QUALITY, OPERATOR = "5002", "7001", "3001", "2001"
NEW = {"badge": OTHER, "name_zh": "子丑", "name_en": "Zi Chou", "department": "技质部", "roles": ["inspector"]}
CERTIFICATE = {"operation": "BRAZ", "certificate": "ZY-NEW", "valid_from": "2026-12-01", "valid_until": "2027-11-30"}
PRINTER = {"code": "PR-1", "stands_at": "QC-1", "language": "zpl", "dpi": 203, "width_mm": 100, "stock": "white"}
ASKED: dict[str, dict[str, Any]] = {
    "plant:add_person": NEW,
    "plant:change_person": {"person": OPERATOR, "name_zh": "新名"},
    "plant:disable_person": {"person": OPERATOR},
    "plant:enable_person": {"person": OPERATOR},
    "plant:invite_person": {"person": OPERATOR},
    "plant:certify": {"person": OPERATOR, **CERTIFICATE},
    "plant:prolong_certificate": {"certificate": "ZY-BRAZ-01", "valid_until": "2028-05-31"},
    "plant:change_station": {"station": "QC-1", "name_zh": "新检验台"},
    "plant:retire_station": {"station": "QC-1"},
    "plant:open_screen": {"station": "QC-1"},
    "plant:end_screens": {"station": "QC-1"},
    "plant:new_token": {"station": "QC-1"},
    "plant:printer": PRINTER,
}
QUALITY_TOO = {"plant:certify", "plant:prolong_certificate"}
SHOWN_ONCE = ("plant:invite_person", "plant:open_screen", "plant:new_token")


def ask(plant: SamplePlant, command: str, by: str | None = ADMINISTRATOR, **arguments: Any) -> Outcome:
    return perform(plant.database, Request(command, arguments, person=by), plant.clock)


def done(plant: SamplePlant, command: str, by: str | None = ADMINISTRATOR, **arguments: Any) -> Any:
    outcome = ask(plant, command, by, **arguments)
    assert outcome.accepted, outcome.reasons
    return outcome.value


def refused(plant: SamplePlant, command: str, by: str | None = ADMINISTRATOR, **arguments: Any) -> list[type[Refusal]]:
    return [type(one) for one in ask(plant, command, by, **arguments).reasons]


def person(plant: SamplePlant, badge: str) -> Person:
    with plant.read() as session:
        return session.scalars(select(Person).where(Person.badge == badge)).one()


def station(plant: SamplePlant, code: str) -> Station:
    with plant.read() as session:
        return session.scalars(select(Station).where(Station.code == code)).one()


def everything_kept(plant: SamplePlant) -> str:
    """Every row of every table, as text."""
    with plant.read() as session:
        return "\n".join(str(row) for table in tables() for row in session.execute(select(table)))


# --- rights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ASKED)
def test_only_the_roles_of_the_table_keep_people_and_stations(sqlite_plant: SamplePlant, command: str) -> None:
    by = QUALITY if command in QUALITY_TOO else ADMINISTRATOR
    for badge in {"1002", OPERATOR, "4001", "3002", QUALITY, ADMINISTRATOR} - {by}:
        assert refused(sqlite_plant, command, badge, **ASKED[command]) == [NotAllowed]
    assert ask(sqlite_plant, command, by, **ASKED[command]).accepted


def test_nobody_changes_his_own_roles_but_his_name(sqlite_plant: SamplePlant) -> None:
    mine = {"person": ADMINISTRATOR, "roles": ["admin", "quality_manager"]}
    assert refused(sqlite_plant, "plant:change_person", **mine) == [OwnRoles]
    done(sqlite_plant, "plant:change_person", person=ADMINISTRATOR, name_zh="改名")
    assert person(sqlite_plant, ADMINISTRATOR).name_zh == "改名"


def test_the_last_administrator_stays_whoever_asks(plant: SamplePlant) -> None:
    with plant.read() as session:
        administrators = [one.badge for one in session.scalars(select(Person)) if Role.ADMIN in one.roles]
    done(plant, "plant:add_person", **{**NEW, "roles": ["admin"]})
    for badge in administrators:
        done(plant, "plant:disable_person", OTHER, person=badge)
    assert refused(plant, "plant:disable_person", OTHER, person=OTHER) == [OwnWork]
    assert LastAdministrator in refused(plant, "plant:change_person", OTHER, person=OTHER, roles=["planner"])
    done(plant, "plant:enable_person", OTHER, person=ADMINISTRATOR)
    done(plant, "plant:change_person", person=OTHER, roles=["planner"])
    assert person(plant, OTHER).roles == {Role.PLANNER}


def test_two_administrators_never_take_each_others_rights_at_once(plant: SamplePlant) -> None:
    with plant.read() as session:
        others = [one.badge for one in session.scalars(select(Person)) if Role.ADMIN in one.roles]
    done(plant, "plant:add_person", **{**NEW, "roles": ["admin"]})
    for badge in set(others) - {ADMINISTRATOR}:
        done(plant, "plant:disable_person", person=badge)
    outcomes = at_once(
        lambda: ask(plant, "plant:disable_person", ADMINISTRATOR, person=OTHER),
        lambda: ask(plant, "plant:disable_person", OTHER, person=ADMINISTRATOR),
    )
    assert sorted(outcome.accepted for outcome in outcomes) == [False, True]
    assert [person(plant, badge).disabled for badge in (ADMINISTRATOR, OTHER)].count(True) == 1


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_new_person_has_what_was_said_and_a_badge_is_used_once(plant: SamplePlant) -> None:
    done(plant, "plant:add_person", **NEW)
    found = person(plant, OTHER)
    assert (found.name_zh, found.department, found.roles) == ("子丑", "quality", {Role.INSPECTOR})
    assert refused(plant, "plant:add_person", **NEW) == [AlreadyThere]


def test_what_a_change_leaves_out_stays(plant: SamplePlant) -> None:
    before = person(plant, OPERATOR)
    done(plant, "plant:change_person", person=OPERATOR, roles=["operator", "supervisor"])
    after = person(plant, OPERATOR)
    assert after.roles == {Role.OPERATOR, Role.SUPERVISOR}
    assert (after.name_zh, after.department) == (before.name_zh, before.department)


def test_a_disabled_person_is_not_invited_until_enabled_again(plant: SamplePlant) -> None:
    done(plant, "plant:disable_person", person=OPERATOR)
    assert refused(plant, "plant:invite_person", person=OPERATOR) == [PersonDisabled]
    done(plant, "plant:enable_person", person=OPERATOR)
    code = done(plant, "plant:invite_person", person=OPERATOR).code.reveal()
    assert access.enrol(plant.database, code, "4711", "long enough", plant.now) == OPERATOR


def test_an_administrator_gets_nobodys_signature_alone(plant: SamplePlant) -> None:
    access.set_pin(plant.database, QUALITY, "4711")
    asked = ask(plant, "plant:invite_person", person=QUALITY)
    assert [type(one) for one in asked.reasons] == [EnrolledAlready]
    wanted = Request("plant:invite_person", {"person": QUALITY}, person=ADMINISTRATOR)
    for signer, accepted in ((ADMINISTRATOR, False), ("3002", False), ("1004", True)):
        released = (Override(asked.reasons[0].fingerprint, signer, "忘记 PIN"),)
        assert perform(plant.database, replace(wanted, overrides=released), plant.clock).accepted is accepted
    done(plant, "plant:invite_person", by=None, person=QUALITY)  # where the only administrator gets in again


def test_a_certificate_is_for_an_operation_that_exists_and_ends_after_it_begins(plant: SamplePlant) -> None:
    asked = {"person": "2004", **CERTIFICATE}
    wrong = {**asked, "operation": "NONE", "valid_until": "2026-11-30"}
    assert set(refused(plant, "plant:certify", QUALITY, **wrong)) == {UnknownCode, BadPeriod}
    assert refused(plant, "plant:certify", QUALITY, **{**asked, "person": QUALITY}) == [OwnWork]
    done(plant, "plant:certify", QUALITY, **asked)
    assert refused(plant, "plant:certify", QUALITY, **asked) == [AlreadyThere]


def test_a_certificate_is_only_ever_prolonged(plant: SamplePlant) -> None:
    same = {"certificate": "ZY-BRAZ-01", "valid_until": "2027-05-31"}
    assert refused(plant, "plant:prolong_certificate", QUALITY, **same) == [BadPeriod]
    done(plant, "plant:prolong_certificate", QUALITY, **{**same, "valid_until": "2028-05-31"})
    with plant.read() as session:
        found = session.scalars(select(Qualification).where(Qualification.certificate == "ZY-BRAZ-01")).one()
    assert found.valid_until.isoformat() == "2028-05-31"


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", SHOWN_ONCE)
def test_what_is_shown_once_stands_in_no_table_and_in_no_sentence(sqlite_plant: SamplePlant, command: str) -> None:
    outcome = ask(sqlite_plant, command, **ASKED[command])
    (secret,) = [one for one in vars(outcome.value).values() if isinstance(one, Secret)]
    assert len(secret.reveal()) >= 12
    assert secret.reveal() not in everything_kept(sqlite_plant)
    assert secret.reveal() not in f"{outcome}{secret!r}{secret}"


def test_an_answer_that_is_given_again_under_its_key_shows_dots(sqlite_plant: SamplePlant) -> None:
    wanted = Request("plant:new_token", {"station": "QC-1"}, person=ADMINISTRATOR)

    def answer() -> dict[str, Any]:
        key = Key("person:5002", "key")
        return ask_once(sqlite_plant.database, wanted, key, sqlite_plant.clock, lambda outcome: told(wanted, outcome))

    first = answer()["value"]["token"].reveal()
    assert answer()["value"]["token"] == DOTS
    assert first not in everything_kept(sqlite_plant)
    assert access.sha256(first) == station(sqlite_plant, "QC-1").token_hash


def test_the_journal_says_who_was_let_in_where(sqlite_plant: SamplePlant) -> None:
    done(sqlite_plant, "plant:open_screen", station="QC-1")
    with sqlite_plant.read() as session:
        event = session.scalars(select(Event).where(Event.kind == "plant:open_screen")).one()
    assert json.loads(event.arguments) == {"station": "QC-1"}


# --- stations and printers -------------------------------------------------------------------------------------------


def test_a_station_is_not_changed_or_retired_in_the_middle_of_something(plant: SamplePlant) -> None:
    say(plant, "RAW-1", "1H4001")
    say(plant, "RAW-1", codes.encode(codes.CommandCode("SPLIT")))
    assert refused(plant, "plant:retire_station", station="RAW-1") == [WorkInHand]
    assert refused(plant, "plant:change_station", station="RAW-1", role="dock") == [WorkInHand]
    done(plant, "plant:change_station", station="RAW-1", name_zh="新名")
    say(plant, "RAW-1", codes.encode(codes.CommandCode("DONE")))
    done(plant, "plant:change_station", station="RAW-1", role="dock")
    assert (station(plant, "RAW-1").name_zh, station(plant, "RAW-1").role) == ("新名", "dock")


def test_a_retired_station_opens_nothing_and_may_be_set_up_anew(plant: SamplePlant) -> None:
    token = done(plant, "plant:new_token", station="QC-1").token.reveal()
    code = done(plant, "plant:open_screen", station="QC-1").code.reveal()
    screen = access.use_station_invitation(plant.database, code, plant.now)
    done(plant, "plant:printer", **PRINTER)
    done(plant, "plant:retire_station", station="QC-1")
    with plant.read() as session:
        assert access.station_of_token(session, token) is None
        assert not access.is_open(session, screen)
        assert session.scalars(select(Printer).where(Printer.code == "PR-1")).one().retired
    for command in ("plant:open_screen", "plant:new_token", "plant:retire_station", "plant:change_station"):
        assert refused(plant, command, station="QC-1") == [StationRetired]
    assert refused(plant, "plant:printer", **{**PRINTER, "code": "PR-2"}) == [StationRetired]
    done(plant, "plant:station", code="QC-1", name_zh="检", name_en="Inspection", role="inspection")
    done(plant, "plant:printer", **PRINTER)
    assert not station(plant, "QC-1").retired


def test_a_printer_gets_no_labels_once_it_has_retired(plant: SamplePlant) -> None:
    done(plant, "plant:printer", **PRINTER)
    own = {"kind": "places", "which": "ST-A03", "at": "QC-1"}
    done(plant, "label:print_own", **own)
    assert refused(plant, "plant:retire_station", station="QC-1") == [WorkWaits]
    done(plant, "plant:retire_printer", printer="PR-1")
    assert [one.__name__ for one in refused(plant, "label:print_own", **own)] == ["NoPrinterHere"]


def test_a_work_centre_that_nothing_has_is_refused(plant: SamplePlant) -> None:
    asked = {"code": "X-1", "name_zh": "甲", "name_en": "A", "role": "line", "work_center": "WC-NONE"}
    assert refused(plant, "plant:station", **asked) == [UnknownCode]


def test_labels_are_printed_of_what_the_plant_knows(plant: SamplePlant) -> None:
    done(plant, "plant:printer", **PRINTER)
    assert done(plant, "label:print_own", kind="people", which="2001 2002", at="QC-1").labels == 2
    assert refused(plant, "label:print_own", kind="people", which="2001 NONE", at="QC-1") == [UnknownCode]


def test_a_token_of_before_the_new_one_is_dead(plant: SamplePlant) -> None:
    old = done(plant, "plant:new_token", by=None, station="RAW-1").token.reveal()
    done(plant, "plant:new_token", by=None, station="RAW-1")
    with plant.read() as session:
        assert access.station_of_token(session, old) is None
    with pytest.raises(Refused):
        access.new_station_token(plant.database, "NONE")


def test_every_word_that_a_task_hears_stands_on_the_sheet_of_its_stations() -> None:
    assert {"FINISH", "BAD", "DONE", "RETRY"} <= {one.word for one in words_of("line")}
    assert "SHIP" not in {one.word for one in words_of("line")}
    assert {"SHIP", "UNPICK", "PALLET"} <= {one.word for one in words_of("dock")}
