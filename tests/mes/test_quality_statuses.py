"""P14: goods change their status only as the table says; every pair of statuses is tried on the ledger itself."""

from __future__ import annotations

from mes.refusals import Refusal, Refused
from mes.stock import ledger, lots
from mes.stock.ledger import End
from mes.stock.model import Lot
from mes.stock.refusals import TransitionNotAllowed
from mes.stock.status import LABEL_OF, STATUS_NAMES, TRANSITIONS, ZONE_STATUSES, Status
from mes.transaction import Transaction
from tests.mes.lineside import box
from tests.mes.warehouse import arrange
from tests.plant import SamplePlant

# The table once more in the procedure's own words, so that nobody changes it without meaning to.
BY_THE_PROCEDURE = {
    "in process, inspected": ("in_process", {"accepted", "nonconforming", "awaiting_decision"}),
    "not inspected yet": ("pending", {"accepted", "nonconforming", "awaiting_decision"}),
    "inspected, to be judged": ("awaiting_decision", {"accepted", "nonconforming"}),
    "doubted, held, or going on in process": ("accepted", {"pending", "awaiting_decision", "in_process"}),
    "rework, repair, concession, scrap": ("nonconforming", {"pending", "accepted", "scrap"}),
    "nothing comes back from scrap": ("scrap", set()),
}


def test_the_table_says_what_the_procedure_says() -> None:
    assert {str(before): {str(one) for one in after} for before, after in TRANSITIONS.items()} == dict(
        BY_THE_PROCEDURE.values()
    )


def test_each_status_has_the_procedures_word_and_the_colour_of_its_label() -> None:
    words = {status: (*STATUS_NAMES[status], LABEL_OF.get(status, ("", ""))[1]) for status in Status}
    assert words == {
        "in_process": ("在制", "in process", ""),
        "pending": ("待检", "pending inspection", "white"),
        "accepted": ("合格", "accepted", "blue"),
        "awaiting_decision": ("待判", "awaiting decision", "white"),
        "nonconforming": ("不合格", "nonconforming", "yellow"),
        "scrap": ("报废", "scrap", "red"),
    }


def test_each_area_holds_goods_of_its_own_status_and_the_hold_area_also_what_is_not_yet_judged() -> None:
    assert {area: {str(one) for one in held} for area, held in ZONE_STATUSES.items()} == {
        "pass": {"accepted"},
        "pending": {"pending", "awaiting_decision"},
        "nonconforming": {"nonconforming"},
        "scrap": {"scrap"},
        "any": {str(one) for one in Status},
    }


def test_every_change_of_status_is_allowed_exactly_as_the_table_says(plant: SamplePlant) -> None:
    pairs = [(before, after) for before in Status for after in Status]
    assert len(pairs) == 36
    lot = box(plant, "PT-BAS", "100", "LN-MLD")
    allowed = {pair for pair in pairs if is_allowed(plant, lot, *pair)}
    assert allowed == {(one, two) for one, two in pairs if one == two or two in TRANSITIONS[one]}


def is_allowed(plant: SamplePlant, code: str, before: Status, after: Status) -> bool:
    """Whether the ledger lets goods of one status become another; a refusal must name both and move nothing."""

    def change(tx: Transaction) -> bool:
        lot = tx.session.query(Lot).filter_by(code=code).one()
        place = lots.filled(tx, lots.units_of(tx, lot)[0]).location
        source = End(ledger.new_holder(tx, "unit"), place, before)
        ledger.move(tx, lot, 7, ledger.outside(tx, "PRODUCTION", before), source)
        target = End(source.holder_id, place, after)
        reasons = reasons_against(tx, lot, source, target)
        assert reasons in ((), (TransitionNotAllowed(lot=code, before=before, after=after),))
        assert ledger.balance(tx, source if reasons else target, lot) == 7
        return not reasons

    return arrange(plant, change)


def reasons_against(tx: Transaction, lot: Lot, source: End, target: End) -> tuple[Refusal, ...]:
    """Why the ledger refuses to move seven pieces, or nothing once it has."""
    try:
        ledger.move(tx, lot, 7, source, target)
    except Refused as refused:
        return refused.reasons
    return ()


def test_a_mistaken_change_of_status_is_taken_back_even_against_the_table(plant: SamplePlant) -> None:
    code = box(plant, "PT-BAS", "100", "NCR-03", status="nonconforming")

    def scrap_and_undo(tx: Transaction) -> list[str]:
        unit = lots.units_of(tx, tx.session.query(Lot).filter_by(code=code).one())[0]
        found = lots.filled(tx, unit)
        source = ledger.end_of(found)
        target = End(unit.id, found.location, Status.SCRAP)
        ledger.reverse(tx, ledger.move(tx, unit.lot, found.quantity, source, target))
        return [one.status for one in ledger.where(tx, unit.id)]

    assert arrange(plant, scrap_and_undo) == [Status.NONCONFORMING]
