"""Labels as people handle them: printed where the goods lie, reprinted, settled, verified, replaced by colour cards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from mes import codes
from mes.audit import audit
from mes.commands import Request, perform
from mes.labelling.leasing import LEASE
from mes.labelling.marking import facts_of
from mes.labelling.model import Label, PrintJob
from mes.labelling.refusals import (
    CardInUse,
    CardMarksNothing,
    CardOfOtherColour,
    LabelStillPrinting,
    NoPrinterHere,
    NoSuchJob,
    NotACard,
    NothingToPrint,
    NotMarked,
    NotSoWithThisJob,
    ReprintReasonMissing,
)
from mes.masters.model import Station
from mes.people.model import Person
from mes.quality.regrading import regrade_box
from mes.queries.labels import account
from mes.queries.print_jobs import print_jobs
from mes.refusals import GroundsMissing, UnknownCode
from mes.stock.model import HandlingUnit, Lot
from mes.stock.refusals import LabelNotVerified, LabelVoided
from mes.stock.status import CARD_NAMES, Status
from mes.terminal.screen import screen_of
from mes.transaction import Transaction
from tests.mes.kiosk import BREAKER, at_operation, at_step
from tests.mes.test_packing import PACKER, first_article_passed, pack, pack_is_refused
from tests.mes.test_quality_commands import final
from tests.mes.warehouse import arrange
from tests.plant import SamplePlant
from tests.printers import (
    KEEPER,
    LOT,
    add_printer,
    ended,
    job_of,
    label_code,
    label_of,
    leased,
    print_all,
    say,
    split,
    spoken,
    word,
)

HERE: dict[str, Any] = {"person": KEEPER, "station": "RAW-1"}
SPOILED = codes.encode(codes.ReasonCode("TORN"))
CARDS = {
    Status.PENDING: "WHITE",
    Status.AWAITING_DECISION: "AWAITING",
    Status.ACCEPTED: "BLUE",
    Status.NONCONFORMING: "YELLOW",
    Status.SCRAP: "RED",
}
WHITE, AWAITING = (codes.encode(codes.CardCode(kind, 5)) for kind in ("WHITE", "AWAITING"))
BLUE, BLUE_2, RED = (codes.encode(codes.CardCode(*card)) for card in (("BLUE", 17), ("BLUE", 18), ("RED", 4)))


@pytest.fixture
def printing(plant: SamplePlant) -> SamplePlant:
    """A plant with a printer for blue labels at the raw-material store."""
    add_printer(plant)
    return plant


def in_status(tx: Transaction, status: Status, lot: str = "R260710-02") -> None:
    """The only box of a lot has become what it is now, by the steps that are allowed; its label with it."""
    boxes = select(HandlingUnit).join(Lot, Lot.id == HandlingUnit.lot_id).where(Lot.code == lot)
    unit = tx.session.scalars(boxes).one()
    steps = [Status.NONCONFORMING, Status.SCRAP] if status == Status.SCRAP else [status]
    for step in steps:
        regrade_box(tx, unit, step, {})


def books_agree(plant: SamplePlant) -> bool:
    with plant.read() as session:
        return audit(session) == []


def counted(plant: SamplePlant, lot: str = LOT) -> tuple[int, int, int, int]:
    with plant.read() as session:
        found = account(session, lot)
    assert found.even
    return found.printed, found.in_use, found.voided, found.spoiled


def made_unknown(plant: SamplePlant) -> tuple[str, int]:
    serial = split(plant)
    job = next(one.id for one in leased(plant) if one.id == job_of(plant, serial).id)
    ended(plant, job, "unknown", "power_cycled")
    return serial, job


def station(plant: SamplePlant, code: str = "RAW-1") -> dict[str, Any]:
    with plant.read() as session:
        return screen_of(session, session.scalars(select(Station).where(Station.code == code)).one(), plant.now)


# --- where a label prints --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked_at", [None, "OFFICE", "FGS-1"])
def test_a_label_asked_for_where_it_cannot_be_put_on_the_goods_waits_for_whoever_stands_before_them(
    printing: SamplePlant, asked_at: str | None
) -> None:
    serial = split(printing, station=asked_at)
    assert job_of(printing, serial).station_id is None
    assert leased(printing) == []
    with printing.read() as session:
        assert {row.station for row in print_jobs(session)} == {None}
    assert say(printing, "1H4001", word("PRINT"), f"1T{LOT}").headline.en == f"Lot {LOT}: 2 labels print here"
    assert [job.printer for job in leased(printing)] == ["PR-RAW", "PR-RAW"]


def test_goods_that_lie_elsewhere_get_their_label_there(printing: SamplePlant) -> None:
    add_printer(printing, "PR-DOCK", at="DOCK-1")
    serial = split(printing, station="DOCK-1")
    assert job_of(printing, serial).station_id is None


def test_an_old_label_finds_what_waits_to_be_printed_for_its_box(printing: SamplePlant) -> None:
    old = split(printing)
    print_all(printing)
    newer = printing.accept("stock:split", person=KEEPER, unit=old, quantity="10").left_label
    assert label_of(printing, old).voided_at is not None
    assert printing.accept("label:print_here", unit=old, **HERE).labels == 1
    assert job_of(printing, newer).station_id is not None


def test_printing_here_needs_a_printer_and_something_that_waits(printing: SamplePlant) -> None:
    serial = split(printing)
    printing.refuse("label:print_here", NoPrinterHere, unit=serial, person=KEEPER, station="FGS-1")
    printing.refuse("label:print_here", NoPrinterHere, unit=serial, person=KEEPER)
    print_all(printing)
    printing.refuse("label:print_here", NothingToPrint, unit=serial, **HERE)


# --- unknown outcomes ------------------------------------------------------------------------------------------------


def test_an_unknown_job_waits_for_a_person_who_saw_the_label(printing: SamplePlant) -> None:
    serial, job = made_unknown(printing)
    shown = station(printing)["unknown_jobs"]
    assert [(one["id"], one["reason"]) for one in shown] == [(job, "power_cycled")]
    assert printing.accept("label:settle", job=job, came_out=True, reason="seen", **HERE).state == "done"
    assert not job_of(printing, serial).copy
    assert station(printing)["unknown_jobs"] == []


def test_what_did_not_come_out_prints_again_marked_copy(printing: SamplePlant) -> None:
    serial, job = made_unknown(printing)
    assert printing.accept("label:settle", job=job, came_out=False, reason="nothing there", **HERE).state == "queued"
    assert job_of(printing, serial).copy
    assert next(one for one in leased(printing) if one.id == job).copy


@pytest.mark.parametrize(("said", "state"), [("CAMEOUT", "done"), ("NOTOUT", "queued")])
def test_two_words_on_the_command_sheet_settle_the_oldest_unknown_job(
    printing: SamplePlant, said: str, state: str
) -> None:
    serial, _ = made_unknown(printing)
    assert say(printing, "1H4001", word(said)).result == "accepted"
    assert job_of(printing, serial).state == state
    printing.now += timedelta(minutes=1)  # else it is the same pull of the trigger
    assert spoken(say(printing, word(said))) == ["nothing_unknown"]


def test_only_an_unknown_job_is_settled_and_only_with_a_reason(printing: SamplePlant) -> None:
    _, job = made_unknown(printing)
    printing.refuse("label:settle", GroundsMissing, job=job, came_out=True, reason=" ", **HERE)
    printing.refuse("label:settle", NoSuchJob, job=99, came_out=True, reason="seen", **HERE)
    printing.accept("label:settle", job=job, came_out=True, reason="seen", **HERE)
    printing.refuse("label:settle", NotSoWithThisJob, job=job, came_out=False, reason="no", **HERE)
    printing.refuse("label:retry", NotSoWithThisJob, job=job, **HERE)


# --- reprints and the account ----------------------------------------------------------------------------------------


def test_a_reprint_asks_for_a_reason_is_a_copy_and_spoils_the_piece_before(printing: SamplePlant) -> None:
    serial = split(printing)
    print_all(printing)
    assert counted(printing) == (2, 2, 0, 0)
    printing.refuse("label:reprint", ReprintReasonMissing, label=serial, reason="", **HERE)
    done = printing.accept("label:reprint", label=serial, reason="torn", **HERE)
    assert (done.copy, done.spoiled) == (True, 1)
    print_all(printing)
    assert counted(printing) == (3, 2, 0, 1)
    assert books_agree(printing)


def test_a_label_is_reprinted_by_scanning_reason_and_label_or_the_box_it_fell_off(printing: SamplePlant) -> None:
    serial = split(printing)
    print_all(printing)
    assert spoken(say(printing, "1H4001", word("REPRINT"), label_code(serial))) == ["reprint_reason_missing"]
    assert say(printing, SPOILED, label_code(serial)).result == "accepted"
    assert job_of(printing, serial).copy


def test_a_reason_for_a_reprint_that_was_given_up_makes_no_bad_pieces(printing: SamplePlant) -> None:
    say(printing, "1H2002", station="WLD-1")
    say(printing, word("REPRINT"), SPOILED, station="WLD-1")
    say(printing, "ZE.EQ-RW-01", station="WLD-1")
    assert station(printing, "WLD-1")["task"]["name"] == "line"
    assert spoken(say(printing, "Q5", station="WLD-1")) == ["card_first"]


def test_no_second_piece_is_asked_for_while_one_may_still_come_out(printing: SamplePlant) -> None:
    serial = split(printing)
    printing.refuse("label:reprint", LabelStillPrinting, label=serial, reason="torn", **HERE)
    for job in leased(printing):
        ended(printing, job.id, "unknown", "connection_lost")
    printing.refuse("label:reprint", LabelStillPrinting, label=serial, reason="torn", **HERE)


def test_a_voided_label_is_not_printed_again(printing: SamplePlant) -> None:
    serial = split(printing)
    print_all(printing)
    split(printing, "10", lot=serial)
    printing.refuse("label:reprint", LabelVoided, label=serial, reason="torn", **HERE)
    printing.refuse("label:reprint", NotMarked, label="R260710-02", reason="torn", **HERE)
    print_all(printing)
    assert counted(printing) == (4, 3, 1, 0)


def test_a_label_that_was_voided_at_the_printer_counts_as_voided_when_it_came_out(printing: SamplePlant) -> None:
    serial = split(printing)
    job = next(one for one in leased(printing) if one.id == job_of(printing, serial).id)
    split(printing, "10", lot=serial)
    ended(printing, job.id)
    print_all(printing)
    assert counted(printing) == (4, 3, 1, 0)
    with printing.read() as session, pytest.raises(Exception, match="NOTHING") as refused:
        account(session, "NOTHING")
    assert isinstance(refused.value.reasons[0], UnknownCode)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE print_job SET spoiled = false", "every_printed_label_is_accounted_for"),
        ("UPDATE print_job SET copy = false", "a_second_piece_is_marked_as_a_copy"),
        ("UPDATE print_job SET state = 'cancelled' WHERE spoiled", "every_printed_label_is_accounted_for"),
    ],
)
def test_the_audit_finds_labels_that_nobody_can_account_for(printing: SamplePlant, damage: str, check: str) -> None:
    serial = split(printing)
    print_all(printing)
    printing.accept("label:reprint", label=serial, reason="torn", **HERE)
    print_all(printing)
    assert books_agree(printing)
    printing.database.write(lambda connection: connection.execute(text(damage)))
    with printing.read() as session:
        assert check in {one.check for one in audit(session)}


# --- verify after print ----------------------------------------------------------------------------------------------


def verifying(plant: SamplePlant, on: bool = True, at: str = "RAW-1") -> SamplePlant:
    request = Request("plant:verify_labels", {"station": at, "on": on}, person="3001")
    assert perform(plant.database, request, plant.clock).accepted
    return plant


def counts(plant: SamplePlant, serial: str) -> bool:
    """Whether the box may be used as far as its label goes."""
    outcome = plant.do("stock:issue", unit=serial, to="LN-WLD", **HERE)
    return LabelNotVerified not in {type(reason) for reason in outcome.reasons}


def test_where_labels_are_verified_a_box_is_used_only_after_its_own_label_was_scanned_back(
    printing: SamplePlant,
) -> None:
    serial = split(verifying(printing))
    other = printing.accept("stock:split", unit=serial, quantity="10", **HERE).label
    print_all(printing)
    assert other in {one["serial"] for one in station(printing)["unverified"]}
    assert not counts(printing, other)
    rest = [one["serial"] for one in station(printing)["unverified"] if one["serial"] != other]
    assert say(printing, "1H4001", label_code(rest[0])).headline.zh.startswith("标签已核对")
    assert not counts(printing, other)
    assert say(printing, label_code(other)).tone == "good"
    assert counts(printing, other)
    assert other not in {one["serial"] for one in station(printing)["unverified"]}


def test_a_box_whose_label_was_not_scanned_back_can_be_rescued(printing: SamplePlant) -> None:
    serial = split(verifying(printing))
    print_all(printing)
    printing.accept("stock:rescue", unit=serial, to="HLD-01", reason="damp", **HERE)


@pytest.mark.parametrize("on", [True, False])
def test_accepted_pieces_leave_final_inspection_only_under_a_label_that_was_scanned_back(
    plant: SamplePlant, on: bool
) -> None:
    add_printer(verifying(plant, on, at="QC-1"), "PR-QC", at="QC-1")
    finals = at_step(plant, BREAKER, 70, 100)
    label = final(finals, "97", "3").label
    print_all(plant, "QC-1")
    packing = finals.next()
    packing.load_all("1000")
    packing.start()
    if on:
        (refused,) = plant.refuse(
            "production:report", LabelNotVerified, operation=packing.operation, good="5", **PACKER
        )
        assert refused == LabelNotVerified(label=label, station="QC-1")
        first_article_passed(plant)
        pack_is_refused(packing, "10", LabelNotVerified)
        packing.report("0", "2", "外壳划伤")  # what is doubtful is taken out all the same (law 8)
        assert at_operation(plant, packing.operation) == {"awaiting_decision": 2}
        assert say(plant, "1H3002", label_code(label), station="QC-1").headline.zh.startswith("标签已核对")
    else:
        first_article_passed(plant)
    assert pack(packing, "10").quantity == "10 pcs"


def test_a_label_that_was_scanned_back_has_come_out(printing: SamplePlant) -> None:
    serial = split(verifying(printing))
    for job in leased(printing):
        ended(printing, job.id, "unknown", "connection_lost")
    say(printing, "1H4001", label_code(serial))
    assert job_of(printing, serial).state == "done"


def test_a_label_of_a_station_that_was_not_heard_of_again_has_come_out_when_it_is_scanned_back(
    printing: SamplePlant,
) -> None:
    serial = split(verifying(printing))
    assert leased(printing)
    printing.now += LEASE * 2
    say(printing, "1H4001", label_code(serial))
    assert job_of(printing, serial).state == "done"


@pytest.mark.parametrize("asked_at", [None, "OFFICE", "RAW-1"])
def test_asking_for_a_copy_does_not_make_a_label_count_that_nobody_has_scanned_back(
    printing: SamplePlant, asked_at: str | None
) -> None:
    serial = split(verifying(printing))
    print_all(printing)
    printing.accept("label:reprint", label=serial, reason="torn", person=KEEPER, station=asked_at)
    assert not counts(printing, serial)
    printing.do("label:print_here", unit=serial, **HERE)
    print_all(printing)
    assert not counts(printing, serial)
    say(printing, "1H4001", label_code(serial))
    assert counts(printing, serial)


def test_a_label_counts_at_once_where_nobody_verifies(printing: SamplePlant) -> None:
    serial = split(verifying(verifying(printing), on=False))
    print_all(printing)
    assert not label_of(printing, serial).must_verify
    assert station(printing)["unverified"] == []


# --- colour cards ----------------------------------------------------------------------------------------------------


def test_a_colour_card_stands_for_the_waiting_label_and_finds_the_box(printing: SamplePlant) -> None:
    serial = split(printing)
    bound = say(printing, "1H4001", word("BIND"), label_code(serial), BLUE)
    assert bound.headline.en == f"Card {BLUE} now stands for lot {LOT}"
    assert job_of(printing, serial).state == "cancelled"
    assert say(printing, "LST-A01").result == "accepted"
    assert spoken(say(printing, BLUE)) == spoken(say(printing, label_code(serial)))
    assert printing.accept("stock:split", unit=BLUE, quantity="10", **HERE).lot == LOT


def test_a_voided_label_frees_its_card_and_a_free_card_means_nothing(printing: SamplePlant) -> None:
    serial = split(printing)
    printing.refuse("stock:split", CardMarksNothing, unit=BLUE, quantity="10", **HERE)
    printing.accept("label:bind_card", unit=serial, card=BLUE, **HERE)
    other = printing.accept("stock:split", unit=BLUE, quantity="10", **HERE)
    printing.refuse("stock:split", CardMarksNothing, unit=BLUE, quantity="1", **HERE)
    printing.accept("label:bind_card", unit=other.label, card=BLUE, **HERE)


def test_a_card_of_another_colour_one_in_use_and_anything_else_are_refused(printing: SamplePlant) -> None:
    serial = split(printing)
    printing.refuse("label:bind_card", CardOfOtherColour, unit=serial, card=RED, **HERE)
    printing.refuse("label:bind_card", NotACard, unit=serial, card=label_code(serial), **HERE)
    printing.refuse("label:bind_card", NotACard, unit=serial, card="?", **HERE)
    printing.accept("label:bind_card", unit=serial, card=BLUE, **HERE)
    left = next(one.id for one in leased(printing))
    with printing.read() as session:
        label = session.get_one(PrintJob, left).label
        assert label is not None
        other = label.serial
    ended(printing, left, "failed", "offline")
    printing.refuse("label:bind_card", CardInUse, unit=other, card=BLUE, **HERE)
    printing.accept("label:bind_card", unit=other, card=BLUE_2, **HERE)


@pytest.mark.parametrize("status", CARDS)
def test_a_card_stands_only_for_goods_of_its_status_and_a_plain_white_one_never_for_goods_that_await_a_decision(
    printing: SamplePlant, status: Status
) -> None:
    arrange(printing, lambda tx: in_status(tx, status))
    zh, en = CARD_NAMES[CARDS[status].lower()]
    for kind in ({*CARDS.values()} - {CARDS[status]}) | {"GREEN"}:
        card = codes.encode(codes.CardCode(kind, 1))
        (refused,) = printing.refuse("label:bind_card", CardOfOtherColour, unit="R260710-02", card=card, **HERE)
        assert zh in refused.sentence("zh")
        assert en in refused.sentence("en")
    own = codes.encode(codes.CardCode(CARDS[status], 1))
    assert printing.accept("label:bind_card", unit="R260710-02", card=own, **HERE).card == own


def test_the_card_of_goods_is_free_again_when_a_decision_is_awaited(printing: SamplePlant) -> None:
    """White hangs on pending goods; found doubtful, they need the card with 待判, and the white one marks nothing."""
    arrange(printing, lambda tx: in_status(tx, Status.PENDING))
    printing.accept("label:bind_card", unit="R260710-02", card=WHITE, **HERE)
    arrange(printing, lambda tx: in_status(tx, Status.AWAITING_DECISION))
    printing.refuse("label:bind_card", CardOfOtherColour, unit="R260710-02", card=WHITE, **HERE)
    printing.refuse("stock:split", CardMarksNothing, unit=WHITE, quantity="1", **HERE)
    printing.accept("label:bind_card", unit="R260710-02", card=AWAITING, **HERE)
    assert books_agree(printing)


def test_no_card_is_hung_beside_a_label_that_came_out(printing: SamplePlant) -> None:
    serial = split(printing)
    print_all(printing)
    printing.refuse("label:bind_card", LabelStillPrinting, unit=serial, card=BLUE, **HERE)


def test_a_box_that_never_had_a_label_can_get_a_card(printing: SamplePlant) -> None:
    printing.accept("label:bind_card", unit="R260710-02", card=BLUE, **HERE)
    with printing.read() as session:
        found = account(session, "R260710-02")
    assert (found.printed, found.cards, found.waiting) == (0, 1, 0)


# --- what stands on a status label -----------------------------------------------------------------------------------


def said_on(plant: SamplePlant, serial: str) -> dict[str, str]:
    """What stands on a label."""
    return dict(facts_of(label_of(plant, serial)))


def test_a_label_after_a_split_says_who_accepted_and_when_not_who_split(printing: SamplePlant) -> None:
    judge, place = "3001 ", {"person": KEEPER, "station": "RAW-1"}
    arrange(printing, lambda tx: in_status(tx, Status.NONCONFORMING, LOT))
    printing.at("2026-12-02T09:00+08:00")
    arrange(printing, lambda tx: judged_by(tx, "3001", LOT))
    printing.at("2026-12-03T15:00+08:00")
    with printing.read() as session:
        (present,) = session.scalars(select(Label).where(Label.status == "accepted", Label.voided_by.is_(None)))
    parts = printing.accept("stock:split", unit=present.serial, quantity="100", **place)
    for serial in (parts.label, parts.left_label):
        said = said_on(printing, serial)
        assert said["inspector"].startswith(judge)
        assert said["marked_at"].startswith("2026-12-02 09:00")


def judged_by(tx: Transaction, badge: str, lot: str) -> None:
    """A person has found the only box of a lot good."""
    tx.person = tx.masters.find(Person, badge=badge)
    in_status(tx, Status.ACCEPTED, lot)


def test_a_label_of_goods_that_nobody_here_judged_names_nobody(printing: SamplePlant) -> None:
    said = said_on(printing, split(printing))
    assert (said["inspector"], said["marked_at"]) == ("", "")


def test_a_status_label_says_the_english_name_the_expiry_and_whose_it_is(printing: SamplePlant) -> None:
    set_to = "SET owner_id = (SELECT id FROM customer WHERE code = 'C01'), expires_on = '2027-04-10'"
    owned = text("UPDATE lot " + set_to + " WHERE code = :lot")
    arrange(printing, lambda tx: tx.session.execute(owned, {"lot": LOT}))
    said = said_on(printing, split(printing))
    assert said["name_en"]
    assert said["expires_on"] == "2027-04-10"
    assert said["owner"].startswith("C01 ")


def test_a_carton_says_who_accepted_its_breakers_not_who_packed_them(plant: SamplePlant) -> None:
    finals = at_step(plant, BREAKER, 70, 100)
    accepted = said_on(plant, final(finals, "97", "3").label)
    packing = finals.next()
    packing.load_all("1000")
    packing.start()
    first_article_passed(plant)
    packed = said_on(plant, pack(packing, "97").label)
    assert accepted["inspector"].startswith("3")
    assert (packed["inspector"], packed["marked_at"]) == (accepted["inspector"], accepted["marked_at"])
