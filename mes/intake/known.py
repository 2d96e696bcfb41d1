"""What an import need not bring because it is there: the plant's own words, as rows of its sheets again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.intake.patterns import Pattern
from mes.intake.problems import Position
from mes.intake.rows import KindRow, PlantSheets, SettingRow, WorkCenterRow
from mes.masters.model import ItemKind, Setting, WorkCenter

STORED = Position("", 0)


def own_words(session: Session) -> PlantSheets:
    """The stored settings, kinds of item and work centres (for their crews)."""
    return PlantSheets(
        settings=tuple(
            SettingRow(at=STORED, name=one.name, value=one.value) for one in session.scalars(select(Setting))
        ),
        kinds=tuple(map(_kind, session.scalars(select(ItemKind)))),
        work_centers=tuple(map(_work_center, session.scalars(select(WorkCenter)))),
    )


def _kind(one: ItemKind) -> KindRow:
    return KindRow(
        at=STORED,
        code=one.code,
        name_zh=one.name_zh,
        name_en=one.name_en,
        source=one.source,
        sold=one.sold,
        has_gtin=one.has_gtin,
        code_pattern=Pattern(one.code_pattern) if one.code_pattern else None,
    )


def _work_center(one: WorkCenter) -> WorkCenterRow:
    return WorkCenterRow(
        at=STORED,
        code=one.code,
        name_zh=one.name_zh,
        name_en=one.name_en,
        crew=one.crew,
        capacity_minutes_per_day=one.capacity_minutes,
        crew_mark=one.crew_mark,
    )
