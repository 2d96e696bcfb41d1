"""Taking in master data: partners, items, machines, people and places, keyed by their codes.

A row that says the same as what is stored changes nothing; a changed row updates the master, never a snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from mes.database import Base
from mes.intake.rows import PlantSheets
from mes.masters.model import Customer, Equipment, Item, ItemKind, Location, Reason, Setting, Supplier, WorkCenter
from mes.masters.units import to_smallest
from mes.people.model import Person, Qualification
from mes.transaction import Transaction


@dataclass
class Masters:
    """The master rows by code, and how many rows were new or changed per sheet."""

    customers: dict[str, Any] = field(default_factory=dict)
    suppliers: dict[str, Any] = field(default_factory=dict)
    work_centers: dict[str, Any] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)
    equipment: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    locations: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


def take_in_masters(tx: Transaction, sheets: PlantSheets) -> Masters:
    """Write all master data of the sheets; returns them by code."""
    known = Masters()
    take(tx, known, "settings", Setting, "name", {row.name: {"value": row.value} for row in sheets.settings})
    take(tx, known, "reasons", Reason, "code", _reasons(sheets))
    take(tx, known, "kinds", ItemKind, "code", _kinds(sheets))
    known.customers = take(
        tx, known, "customers", Customer, "code", {row.code: _partner(row) for row in sheets.customers}
    )
    known.suppliers = take(
        tx, known, "suppliers", Supplier, "code", {row.code: _partner(row) for row in sheets.suppliers}
    )
    known.work_centers = take(tx, known, "work_centers", WorkCenter, "code", _work_centers(sheets))
    known.items = take(tx, known, "items", Item, "code", _items(sheets, known))
    known.equipment = take(tx, known, "equipment", Equipment, "code", _equipment(sheets, known))
    known.people = take(tx, known, "employees", Person, "badge", _people(sheets))
    known.locations = take(tx, known, "locations", Location, "code", _locations(sheets, known))
    take(tx, known, "qualifications", Qualification, "certificate", _qualifications(sheets, known))
    return known


def take(
    tx: Transaction,
    known: Masters,
    sheet: str,
    model: type[Base],
    key: str,
    wanted: Mapping[str, Mapping[str, Any]],
    only: Set[str] | None = None,
) -> dict[str, Any]:
    """Add what is new, change what differs, leave the rest; count both. With `only`, look at rows of these keys."""
    query = select(model) if only is None else select(model).where(getattr(model, key).in_(only))
    stored = {getattr(row, key): row for row in tx.session.scalars(query).unique()}
    known.changed[sheet] = 0
    for code, values in wanted.items():
        row = stored.get(code)
        if row is None:
            stored[code] = row = model(**{key: code}, **values)
            tx.session.add(row)
        elif not _differs(row, values):
            continue
        else:
            for name, value in values.items():
                setattr(row, name, value)
        known.changed[sheet] += 1
        tx.cause(sheet, code, {name: str(value) for name, value in values.items()})
    tx.session.flush()
    return stored


def _differs(row: Base, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _partner(row: Any) -> dict[str, Any]:
    values = {"name_zh": row.name_zh, "name_en": row.name_en, "contact": row.contact, "phone": row.phone}
    return {**values, "address": row.address} if hasattr(row, "address") else values


def _reasons(sheets: PlantSheets) -> dict[str, dict[str, Any]]:
    return {
        row.code: {"name_zh": row.name_zh, "name_en": row.name_en, "kinds_text": ";".join(row.kinds)}
        for row in sheets.reasons
    }


def _kinds(sheets: PlantSheets) -> dict[str, dict[str, Any]]:
    return {
        row.code: {
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "source": row.source,
            "sold": row.sold,
            "has_gtin": row.has_gtin,
            "code_pattern": row.code_pattern.text if row.code_pattern else None,
        }
        for row in sheets.kinds
    }


def _work_centers(sheets: PlantSheets) -> dict[str, dict[str, Any]]:
    return {
        row.code: {
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "crew": row.crew,
            "crew_mark": row.mark,
            "capacity_minutes": row.capacity_minutes_per_day,
        }
        for row in sheets.work_centers
    }


def _items(sheets: PlantSheets, known: Masters) -> dict[str, dict[str, Any]]:
    return {
        row.code: {
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "uom": row.uom,
            "kind": row.kind,
            "tracking": row.tracking,
            "gtin": row.gtin,
            "shelf_life_days": row.shelf_life_days,
            "recheck_days": row.recheck_days,
            "issue_rule": row.issue_rule,
            "owner_id": known.customers[row.owner].id if row.owner else None,
            "batch_size": _smallest(row.batch_size, row.uom),
            "pack_size": row.pack_qty,
        }
        for row in sheets.items
    }


def _smallest(quantity: Decimal | None, uom: str) -> int | None:
    return None if quantity is None else to_smallest(quantity, uom)


def _equipment(sheets: PlantSheets, known: Masters) -> dict[str, dict[str, Any]]:
    return {
        row.code: {
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "work_center_id": known.work_centers[row.work_center].id,
            "qualified_until": row.qualified_until,
            "maintenance_days": row.maintenance_every_days,
            "last_maintained": row.last_maintained,
        }
        for row in sheets.equipment
    }


def _people(sheets: PlantSheets) -> dict[str, dict[str, Any]]:
    return {
        row.badge: {
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "department": row.department,
            "roles_text": ";".join(row.roles),
        }
        for row in sheets.employees
    }


def _locations(sheets: PlantSheets, known: Masters) -> dict[str, dict[str, Any]]:
    return {
        row.code: {
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "zone": row.zone,
            "status": row.status,
            "work_center_id": known.work_centers[row.work_center].id if row.work_center else None,
            "capacity": row.capacity,
        }
        for row in sheets.locations
    }


def _qualifications(sheets: PlantSheets, known: Masters) -> dict[str, dict[str, Any]]:
    return {
        row.certificate: {
            "person_id": known.people[row.badge].id,
            "operation_code": row.operation_code,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in sheets.qualifications
    }
