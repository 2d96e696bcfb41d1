"""Everything known about lots, put together: one query per kind of detail, however many lots are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from mes.masters.model import Customer, Equipment, Item, Operation, Supplier, WorkCenter
from mes.people.model import Person
from mes.production.model import STANDS, CardOperation, Report, RunCard
from mes.stock.model import Lot
from mes.trace.answers import Link, Named, Node, Step
from mes.trace.looking import Look, about, amount_text, day_or_none, named
from mes.trace.model import Consumption
from mes.trace.quality_record import QualityRecord, quality_record
from mes.trace.whereabouts import Flow, deliveries, flows, standing

LOTS = about(select(Lot), Lot.id)


def nodes(session: Session, lots: Sequence[int]) -> dict[int, Node]:
    """The nodes of these lots by id, in the same order."""
    look = Look.at(session, lots)
    record = quality_record(look)
    steps = _steps(look, record)
    on_hand, in_process = standing(look)
    came_in, delivered = flows(look), deliveries(look)
    found = {}
    for (lot,) in look.rows(LOTS):
        flow = came_in.get(lot.id, Flow({}, {}))
        found[lot.id] = Node(
            **_origin(lot, flow),
            steps=tuple(steps[lot.id]),
            inspections=tuple(record.of_lot.get(lot.id, ())),
            faults=tuple(record.faults.get(lot.id, ())),
            on_hand=tuple(on_hand.get(lot.id, ())),
            in_process=tuple(in_process.get(lot.id, ())),
            deliveries=tuple(delivered.get(lot.id, ())),
        )
    return {lot: found[lot] for lot in lots}


def _origin(lot: Lot, flow: Flow) -> dict[str, Any]:
    item = lot.item
    return {
        "lot": lot.code,
        "item": Named(item.code, item.name_zh, item.name_en),
        "kind": item.kind,
        "uom": item.uom,
        "origin": lot.origin,
        "quantity": amount_text(flow.came_in, item.uom),
        "supplier": _partner(lot.supplier),
        "supplier_lot": lot.supplier_lot,
        "owner": _partner(lot.owner),
        "received_on": lot.received_on.isoformat(),
        "produced_on": lot.produced_on.isoformat(),
        "expires_on": day_or_none(lot.expires_on),
        "recheck_on": lot.recheck_on.isoformat(),
        "hold": lot.hold_reason,
    }


def _partner(partner: Supplier | Customer | None) -> Named | None:
    return Named(partner.code, partner.name_zh, partner.name_en) if partner else None


@dataclass
class _Work:
    """Who reported how many at an operation, on which machines."""

    operators: dict[str, Named] = field(default_factory=dict)
    machines: dict[str, Named] = field(default_factory=dict)
    good: int = 0
    bad: int = 0

    def add(self, operator: Named | None, machine: Named | None, good: int = 0, bad: int = 0) -> None:
        if operator:
            self.operators.setdefault(operator.code, operator)
        if machine:
            self.machines.setdefault(machine.code, machine)
        self.good += good
        self.bad += bad


PERSON = (Person.badge, Person.name_zh, Person.name_en)
MACHINE = (Equipment.code, Equipment.name_zh, Equipment.name_en)


STEPS = about(
    select(CardOperation, RunCard.code, RunCard.lot_id, Item.uom, Operation, WorkCenter, *PERSON, *MACHINE)
    .join(RunCard, RunCard.id == CardOperation.card_id)
    .join(Item, Item.id == RunCard.item_id)
    .join(Operation, Operation.id == CardOperation.operation_id)
    .join(WorkCenter, WorkCenter.id == Operation.work_center_id)
    .outerjoin(Person, Person.id == CardOperation.operator_id)
    .outerjoin(Equipment, Equipment.id == CardOperation.equipment_id)
    .order_by(RunCard.id, CardOperation.seq),
    RunCard.lot_id,
)


def _steps(look: Look, record: QualityRecord) -> dict[int, list[Step]]:
    reported = _reported(look)
    found: dict[int, list[Step]] = defaultdict(list)
    for one, card, lot, uom, step, center, *who in look.rows(STEPS):
        work = _Work()
        work.add(named(*who[:3]), named(*who[3:]))
        for more in reported.get(one.id, ()):
            work.add(*more)
        found[lot].append(
            Step(
                card=card,
                seq=one.seq,
                code=step.code,
                zh=step.name_zh,
                en=step.name_en,
                process_class=step.process_class,
                work_center=Named(center.code, center.name_zh, center.name_en),
                state=one.state,
                operators=tuple(work.operators.values()),
                machines=tuple(work.machines.values()),
                started_at=look.moment_or_none(one.started_at),
                finished_at=look.moment_or_none(one.finished_at),
                good=amount_text(work.good, uom),
                bad=amount_text(work.bad, uom),
                inspections=tuple(record.of_operation.get(one.id, ())),
            )
        )
    return found


Reported = tuple[Named | None, Named | None, int, int]


REPORTED = about(
    select(Report.card_operation_id, *PERSON, *MACHINE, func.sum(Report.good), func.sum(Report.bad))
    .join(CardOperation, CardOperation.id == Report.card_operation_id)
    .join(RunCard, RunCard.id == CardOperation.card_id)
    .join(Person, Person.id == Report.operator_id)
    .outerjoin(Equipment, Equipment.id == Report.equipment_id)
    .where(STANDS)
    .group_by(Report.card_operation_id, *PERSON, *MACHINE)
    .order_by(func.min(Report.id)),
    RunCard.lot_id,
)


def _reported(look: Look) -> dict[int, list[Reported]]:
    found: dict[int, list[Reported]] = defaultdict(list)
    for operation, badge, person_zh, person_en, machine, zh, en, good, bad in look.rows(REPORTED):
        found[operation].append((named(badge, person_zh, person_en), named(machine, zh, en), int(good), int(bad)))
    return found


def links(session: Session, edges: Iterable[tuple[int, int, int]], known: dict[int, Node]) -> tuple[Link, ...]:
    """The edges with when and at which operations they came about."""
    look = Look.at(session, list(known))
    uses = _uses(look)
    found = []
    for parent, child, quantity in edges:
        seqs, first, last = uses.get((parent, child), ((), None, None))
        used = known[child]
        found.append(
            Link(
                parent=known[parent].lot,
                child=used.lot,
                item=used.item,
                quantity=amount_text(quantity, used.uom),
                uom=used.uom,
                seqs=seqs,
                first_at=first,
                last_at=last,
            )
        )
    return tuple(found)


Uses = dict[tuple[int, int], tuple[tuple[int, ...], str | None, str | None]]


UNDOING = aliased(Consumption)
USES = about(
    select(
        Consumption.parent_lot_id,
        Consumption.child_lot_id,
        CardOperation.seq,
        func.min(Consumption.at),
        func.max(Consumption.at),
    )
    .join(CardOperation, CardOperation.id == Consumption.card_operation_id)
    .where(Consumption.quantity > 0, ~exists().where(UNDOING.reverses_id == Consumption.id))
    .group_by(Consumption.parent_lot_id, Consumption.child_lot_id, CardOperation.seq)
    .order_by(CardOperation.seq),
    Consumption.parent_lot_id,
)


def _uses(look: Look) -> Uses:
    found: Uses = {}
    for parent, child, seq, first, last in look.rows(USES):
        seqs, earliest, latest = found.get((parent, child), ((), None, None))
        moments = [look.moment(first), look.moment(last), *(one for one in (earliest, latest) if one)]
        found[parent, child] = ((*seqs, seq), min(moments), max(moments))
    return found
