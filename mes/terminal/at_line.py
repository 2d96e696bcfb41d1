"""What scans mean at the line and at packing: machine, card, boxes, reasons, quantities, cartons (F2, F3, F6)."""

from __future__ import annotations

from sqlalchemy import select

from mes import codes
from mes.masters.model import Equipment
from mes.production.model import CardOperation, RunCard
from mes.refusals import NotExpectedHere, UnknownCode, refuse
from mes.terminal.at_pallet import with_pallets
from mes.terminal.dialogue import Talk
from mes.terminal.floor import EVERYWHERE, Floor, Meaning, unit_of
from mes.terminal.refusals import CardFirst
from mes.terminal.reply import Answer
from mes.terminal.words import done, said


def choose_machine(floor: Floor, code: codes.EquipmentCode) -> tuple[Answer, Talk]:
    """A machine: the work that follows is done on it."""
    machine = floor.find(Equipment.code, code.equipment)
    return said("machine", zh=machine.name_zh, en=machine.name_en, code=machine.code), floor.talk.but(
        machine=machine.code
    )


def take_card(floor: Floor, code: codes.RunCardCode) -> tuple[Answer, Talk]:
    """A run card alone: its next unfinished operation at this work centre."""
    card = floor.find(RunCard.code, code.card)
    center = floor.station.work_center_id
    here = [one for one in card.operations if one.operation.work_center_id == center]
    unfinished = [one for one in here if one.state != "finished"] or here
    if not unfinished:
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    return take_operation(floor, codes.OperationCode(card.code, unfinished[0].seq))


def take_operation(floor: Floor, code: codes.OperationCode) -> tuple[Answer, Talk]:
    """An operation on a run card: start it when it waits, else take it up again."""
    card = floor.find(RunCard.code, code.card)
    name = f"{code.card}+{code.seq}"
    operation = next((one for one in card.operations if one.seq == code.seq), None)
    if operation is None:
        raise refuse(UnknownCode(text=floor.text))
    talk = floor.talk.but(operation=name, reason=None, product=None)
    if operation.state == "waiting":
        value = floor.ask("production:start", operation=name, equipment=floor.talk.machine)
        return done("production:start", value, card=code.card, seq=code.seq), talk
    return said("taken_up", card=code.card, seq=code.seq), talk


def load_box(floor: Floor, code: codes.LabelCode | codes.LotCode) -> tuple[Answer, Talk]:
    """A box at the line: opened and loaded (F2)."""
    value = floor.ask("production:load", unit=unit_of(code))
    return done("production:load", value), floor.talk


def remember_reason(floor: Floor, code: codes.ReasonCode) -> tuple[Answer, Talk]:
    """A reason: the next quantity is bad pieces."""
    return said("reason", reason=code.word), floor.talk.but(reason=code.word)


def report_quantity(floor: Floor, code: codes.QuantityCode) -> tuple[Answer, Talk]:
    """A quantity: good pieces, or bad ones after a reason."""
    operation = _operation_in_hand(floor)
    quantity = f"{code.quantity:f}"
    good, bad = ("0", quantity) if floor.talk.reason else (quantity, "0")
    value = floor.ask("production:report", operation=operation, good=good, bad=bad, reason=floor.talk.reason)
    return done("production:report", value, good=good, bad=bad, operation=operation), floor.talk.but(reason=None)


def line_command(floor: Floor, code: codes.CommandCode) -> tuple[Answer, Talk]:
    """FINISH ends the operation in hand."""
    if code.word != "FINISH":
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    operation = _operation_in_hand(floor)
    value = floor.ask("production:finish", operation=operation)
    return done("production:finish", value, operation=operation), floor.talk.but(operation=None)


def _operation_in_hand(floor: Floor) -> str:
    if floor.talk.operation is None:
        raise refuse(CardFirst(station=floor.station.code))
    return floor.talk.operation


def remember_product(floor: Floor, code: codes.Gs1) -> tuple[Answer, Talk]:
    """The product code on an inner box, to be compared with the item on the card (F6)."""
    gtin = dict(code.elements).get("01") or dict(code.elements).get("02")
    if gtin is None:
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    return said("product", gtin=gtin), floor.talk.but(product=gtin)


def pack_quantity(floor: Floor, code: codes.QuantityCode) -> tuple[Answer, Talk]:
    """A quantity at packing: set-up pieces and bad ones are reported, everything else goes into a carton."""
    name = _operation_in_hand(floor)
    operation = _operation(floor, name)
    if operation.state == "setup" or floor.talk.reason:
        return report_quantity(floor, code)
    value = floor.ask("packing:pack", operation=name, quantity=f"{code.quantity:f}", product=floor.talk.product)
    return done("packing:pack", value, quantity=f"{code.quantity:f}"), floor.talk.but(product=None)


def _operation(floor: Floor, name: str) -> CardOperation:
    card, _, seq = name.partition("+")
    return floor.session.scalars(
        select(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .where(RunCard.code == card, CardOperation.seq == int(seq))
    ).one()


LINE: dict[type, Meaning] = {
    **EVERYWHERE,
    codes.EquipmentCode: choose_machine,
    codes.RunCardCode: take_card,
    codes.OperationCode: take_operation,
    codes.LabelCode: load_box,
    codes.LotCode: load_box,
    codes.ReasonCode: remember_reason,
    codes.QuantityCode: report_quantity,
    codes.CommandCode: line_command,
}
AT_PACKING: dict[type, Meaning] = {**LINE, codes.Gs1: remember_product, codes.QuantityCode: pack_quantity}
PACKING = with_pallets(AT_PACKING, codes.ContainerCode)  # labels and lots stay materials that are loaded
