"""May this start? Which conditions apply follows the process class, and every failing one is named at once (law 6).

A gate is a small function that asks about one condition and knows no other. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mes.masters.model import BomLine, Characteristic, Equipment, Location
from mes.masters.units import shown
from mes.people.model import Person, Qualification
from mes.production import loading, work
from mes.production.model import CardOperation
from mes.production.refusals import (
    AlreadyFinished,
    AlreadyStarted,
    CardClosed,
    CertificateExpired,
    CertificateNotYetValid,
    InstructionNotReleased,
    MachineElsewhere,
    MachineNotNamed,
    MachineNotQualified,
    MaintenanceOverdue,
    MaterialMissing,
    NotQualified,
    PreviousNotReady,
    WrongWorkCenter,
)
from mes.production.undo_refusals import CardHeld
from mes.quality import gauges
from mes.quality.refusals import GaugeOutOfCalibration
from mes.refusals import Refusal
from mes.stock import lots
from mes.stock.model import HandlingUnit
from mes.stock.refusals import OnHold
from mes.transaction import Transaction


class ProcessClass(StrEnum):
    """How much a process is watched: key 关键, special 特殊 (P2, P7)."""

    NORMAL = "normal"
    KEY = "key"
    SPECIAL = "special"


@dataclass(frozen=True)
class Start:
    """An operation that somebody wants to start, with the machine that was scanned, if any."""

    tx: Transaction
    operation: CardOperation
    equipment: Equipment | None = None

    @property
    def process_class(self) -> ProcessClass:
        """The class of its process."""
        return ProcessClass(self.operation.operation.process_class)


Gate = Callable[[Start], list[Refusal]]


def reasons_not_to_start(start: Start) -> list[Refusal]:
    """Everything that forbids this start now; empty means go."""
    return [reason for gate in GATES[start.process_class] for reason in gate(start)]


def reasons_not_to_go_on(start: Start) -> list[Refusal]:
    """Everything that forbids going on with a started operation on this machine."""
    return [reason for gate in GOING_ON[start.process_class] for reason in gate(start)]


def warnings(start: Start) -> list[Refusal]:
    """What would forbid a key or special process and is only worth saying at a normal one (P8)."""
    return beware(start.operation, start.tx.today, start.equipment)


def beware(operation: CardOperation, today: date, machine: Equipment | None = None) -> list[Refusal]:
    """The same of an operation as it stands, or on another machine."""
    used = machine or operation.equipment
    if used is None or operation.operation.process_class != ProcessClass.NORMAL:
        return []
    return [*_qualified(used, today), *_maintained(used, today)]


def card_open(start: Start) -> list[Refusal]:
    """The run card still takes work."""
    card = start.operation.card
    if card.state == "held":
        return [CardHeld(card=card.code, reason=card.hold_reason or "-")]
    return [] if card.state in ("released", "running") else [CardClosed(card=card.code, state=card.state)]


def not_begun(start: Start) -> list[Refusal]:
    """An operation starts once."""
    operation = start.operation
    if operation.state == "waiting":
        return []
    refusal = AlreadyFinished if operation.state == "finished" else AlreadyStarted
    return [refusal(card=operation.card.code, seq=operation.seq)]


def right_station(start: Start) -> list[Refusal]:
    """Work is reported where it is done; a scan at another line's terminal is a mistake."""
    station, center = start.tx.station, start.operation.operation.work_center
    if station is None or station.work_center_id in (None, center.id):
        return []
    return [WrongWorkCenter(operation=work.code_of(start.operation), work_center=center.code, station=station.code)]


def not_on_hold(start: Start) -> list[Refusal]:
    """A batch on hold is not worked on (law 8)."""
    lot = start.operation.card.lot
    return [OnHold(lot=lot.code, reason=lot.hold_reason)] if lot.hold_reason else []


def previous_quantity(start: Start) -> list[Refusal]:
    """The operation before has good pieces ready."""
    before = work.previous(start.tx, start.operation)
    if before is None or work.ready(start.tx, before) > 0:
        return []
    card = start.operation.card
    return [
        PreviousNotReady(
            card=card.code, previous=before.seq, ready=shown(0, card.item.uom), asked=shown(1, card.item.uom)
        )
    ]


def material_loaded(start: Start) -> list[Refusal]:
    """A usable box of every component of this operation is loaded at the line (F2)."""
    lines = work.components(start.tx, start.operation)
    if not lines:
        return []
    place = work.place_of(start.tx, start.operation)
    loaded = loading.loaded_at(start.tx, place, [line.component_id for line in lines])
    boxes = {item: [one.unit for one in found] for item, found in loaded.items()}
    return [reason for line in lines for reason in _component_loaded(start, place, line, boxes[line.component_id])]


def _component_loaded(start: Start, place: Location, line: BomLine, boxes: list[HandlingUnit]) -> list[Refusal]:
    """No reason where one box can be used; else what forbids the loaded ones, or that none is there."""
    reasons = [_unusable(start, box) for box in boxes]
    if boxes and not all(reasons):
        return []
    found = [reason for of_box in reasons for reason in of_box]
    station = start.tx.station.code if start.tx.station else place.code
    missing = MaterialMissing(item=line.component.code, name=line.component.name_zh, station=station)
    return found or [missing]


def _unusable(start: Start, box: HandlingUnit) -> list[Refusal]:
    return lots.usable(start.tx, box, work.customer_of(start.operation.card))


def gauges_calibrated(start: Start) -> list[Refusal]:
    """For every characteristic checked at this operation, a calibrated gauge: the scanned one if it is on the list."""
    checked = work.characteristics(start.tx, start.operation, "first_article", "self", "patrol", "final")
    return [reason for one in checked for reason in _gauge_calibrated(start, one)]


def _gauge_calibrated(start: Start, characteristic: Characteristic) -> list[Refusal]:
    codes = gauges.listed(characteristic)
    if start.equipment and start.equipment.code in codes:
        codes = (start.equipment.code,)
    known = (start.tx.masters.find(Equipment, code=code) for code in codes)
    listed = [gauge for gauge in known if gauge]
    if not listed or any(gauge.qualified_until >= start.tx.today for gauge in listed):
        return []
    return [GaugeOutOfCalibration(gauge=gauge.code, until=gauge.qualified_until) for gauge in listed]


def operator_qualified(start: Start) -> list[Refusal]:
    """The acting person holds a certificate for this kind of operation, valid today (P3)."""
    person, code, today = start.tx.actor, start.operation.operation.code, start.tx.today
    held = start.tx.masters.where(Qualification, person_id=person.id, operation_code=code)
    if any(one.valid_from <= today <= one.valid_until for one in held):
        return []
    newest = max(held, key=lambda one: one.valid_until, default=None)
    return [_why_not_valid(person, newest, today) if newest else NotQualified(person=person.shown, operation=code)]


def _why_not_valid(person: Person, newest: Qualification, today: date) -> Refusal:
    if newest.valid_from > today:
        return CertificateNotYetValid(person=person.shown, certificate=newest.certificate, valid_from=newest.valid_from)
    return CertificateExpired(person=person.shown, certificate=newest.certificate, expired_on=newest.valid_until)


def machine_named(start: Start) -> list[Refusal]:
    """The machine that does the work was scanned (P2)."""
    return [] if start.equipment else [MachineNotNamed(operation=start.operation.operation.code)]


def machine_here(start: Start) -> list[Refusal]:
    """A scanned machine stands at the operation's work centre."""
    machine, center = start.equipment, start.operation.operation.work_center
    if machine is None or machine.work_center_id == center.id:
        return []
    return [MachineElsewhere(machine=machine.code, work_center=center.code)]


def machine_qualified(start: Start) -> list[Refusal]:
    """The scanned machine's qualification has not ended; its last day counts (P2, P8)."""
    return _qualified(start.equipment, start.tx.today) if start.equipment else []


def _qualified(machine: Equipment, today: date) -> list[Refusal]:
    if today <= machine.qualified_until:
        return []
    return [MachineNotQualified(machine=machine.code, until=machine.qualified_until)]


def machine_maintained(start: Start) -> list[Refusal]:
    """The scanned machine was serviced within its interval (P8)."""
    return _maintained(start.equipment, start.tx.today) if start.equipment else []


def _maintained(machine: Equipment, today: date) -> list[Refusal]:
    due_on = machine.last_maintained + timedelta(days=machine.maintenance_days)
    return [MaintenanceOverdue(machine=machine.code, due_on=due_on)] if today > due_on else []


def instruction_released(start: Start) -> list[Refusal]:
    """The card's revision is released and has an instruction for this operation (P2)."""
    step = start.operation.operation
    if start.operation.card.revision.released_at and step.instruction.strip():
        return []
    return [InstructionNotReleased(operation=step.code)]


STILL: tuple[Gate, ...] = (card_open, right_station, not_on_hold, machine_here)
"""What holds as long as an operation is at work."""
ALWAYS: tuple[Gate, ...] = (*STILL, not_begun, previous_quantity, material_loaded, gauges_calibrated)
WATCHED: tuple[Gate, ...] = (
    operator_qualified,
    machine_named,
    machine_qualified,
    machine_maintained,
    instruction_released,
)

GATES: dict[ProcessClass, tuple[Gate, ...]] = {
    ProcessClass.NORMAL: ALWAYS,
    ProcessClass.KEY: (*ALWAYS, *WATCHED),
    ProcessClass.SPECIAL: (*ALWAYS, *WATCHED),
}
GOING_ON: dict[ProcessClass, tuple[Gate, ...]] = {
    ProcessClass.NORMAL: STILL,
    ProcessClass.KEY: (*STILL, *WATCHED),
    ProcessClass.SPECIAL: (*STILL, *WATCHED),
}
