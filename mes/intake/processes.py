"""Taking in process documents: a new revision of an item's routing, bill and characteristics when they changed (P1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import fields
from decimal import Decimal
from typing import Any

from mes.intake.masters import Masters
from mes.intake.rows import EXCLUSIVE, BomRow, CharacteristicRow, PlantSheets, RoutingRow
from mes.journal import digest_of
from mes.masters.model import BomLine, Characteristic, Operation, ProcessRevision
from mes.masters.units import to_smallest
from mes.memory import masters
from mes.transaction import Transaction


def take_in_processes(tx: Transaction, sheets: PlantSheets, items: Set[str], known: Masters) -> None:
    """Write a released revision for each of these items: those whose documents differ from their newest one."""
    documents = _documents(sheets)
    newest = _newest_revisions(tx)
    for code in sorted(items):
        routing, bom, characteristics = documents[code]
        digest = digest_of([_contents(rows) for rows in (routing, bom, characteristics)])
        item = known.items[code]
        _write(tx, known, item.id, newest.get(item.id, 0) + 1, digest, routing, bom, characteristics)
    known.changed["process revisions"] = len(items)


Documents = dict[str, tuple[list[RoutingRow], list[BomRow], list[CharacteristicRow]]]


def _documents(sheets: PlantSheets) -> Documents:
    found: Documents = defaultdict(lambda: ([], [], []))
    for step in sheets.routing:
        found[step.item][0].append(step)
    for line in sheets.bom:
        found[line.parent][1].append(line)
    for characteristic in sheets.characteristics:
        found[characteristic.item][2].append(characteristic)
    return found


def _contents(rows: list[Any]) -> list[dict[str, str]]:
    """What the rows say; a column at its default is as good as absent, so that a new column makes no new revision."""
    return [
        {
            one.name: f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
            for one in fields(row)
            if one.compare and (value := getattr(row, one.name)) != one.default
        }
        for row in rows
    ]


def _newest_revisions(tx: Transaction) -> dict[int, int]:
    newest: dict[int, int] = {}
    for revision in masters(tx.session).all(ProcessRevision):
        newest[revision.item_id] = max(revision.revision, newest.get(revision.item_id, 0))
    return newest


def _write(
    tx: Transaction,
    known: Masters,
    item_id: int,
    number: int,
    digest: str,
    routing: list[RoutingRow],
    bom: list[BomRow],
    characteristics: list[CharacteristicRow],
) -> None:
    revision = ProcessRevision(item_id=item_id, revision=number, digest=digest, released_at=tx.now)
    tx.session.add(revision)
    tx.session.flush()
    tx.session.add_all([_operation(row, revision.id, known) for row in routing])
    tx.session.add_all([_bom_line(row, revision.id, known) for row in bom])
    tx.session.add_all([_characteristic(row, revision.id, known) for row in characteristics])
    tx.cause("process revision", item_id, number, digest)


def _operation(row: RoutingRow, revision_id: int, known: Masters) -> Operation:
    return Operation(
        revision_id=revision_id,
        seq=row.seq,
        code=row.operation_code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        work_center_id=known.work_centers[row.work_center].id,
        minutes_per_unit=row.minutes_per_unit,
        process_class=row.process_class,
        first_article=row.first_article,
        first_article_quantity=to_smallest(row.first_article_qty, known.items[row.item].uom),
        patrol_minutes=row.patrol_every_minutes,
        longest_stop_minutes=row.longest_stop_minutes,
        instruction=row.instruction,
    )


def _bom_line(row: BomRow, revision_id: int, known: Masters) -> BomLine:
    return BomLine(
        revision_id=revision_id,
        component_id=known.items[row.component].id,
        qty_per=row.qty_per,
        scrap_percent=row.scrap_pct,
        seq=row.operation_seq,
        new_lot_first_article=row.new_lot_first_article,
    )


def _characteristic(row: CharacteristicRow, revision_id: int, known: Masters) -> Characteristic:
    return Characteristic(
        revision_id=revision_id,
        number=row.number,
        seq=row.operation_seq,
        stage=row.stage,
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=row.kind,
        nominal=row.nominal,
        lower=row.lower,
        upper=row.upper,
        exclusive=row.limits == EXCLUSIVE,
        unit=row.unit,
        gauge=row.gauge,
        gauge_codes=_gauge_codes(row.gauge, known),
        aql=row.aql,
        level=row.level,
    )


def _gauge_codes(gauge: str, known: Masters) -> str | None:
    """A list of machines there are is just that; anything else is a type of gauge in words."""
    return gauge if all(code in known.equipment for code in gauge.split(";")) else None
