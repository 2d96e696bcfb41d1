"""The plant's own label layouts: each change is a revision, and the newest is what prints.

Keeps text only. Whether it can be made scannable was proved by the web room before it asks here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from mes.declaring import command
from mes.given import Code, Text
from mes.journal import Event
from mes.labelling.model import LabelLayout
from mes.memory import masters
from mes.people.model import Person
from mes.refusals import GroundsMissing, refuse
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class LayoutSaved:
    """A layout of the plant's own and its revision."""

    name: str
    revision: int


@command(
    "label:save_layout",
    {Role.ADMIN, Role.QUALITY_MANAGER},
    Words("保存标签版式", "save a label layout"),
    done=Words("版式 {name} 已保存", "Layout {name} saved"),
    tells=Words("保存标签版式 {name}", "label layout {name} saved"),
)
def save_layout(
    tx: Transaction,
    name: Annotated[str, Code(), Words("版式", "layout")],
    content: Annotated[str, Text(30_000, lines=24), Words("内容（TOML）", "text (TOML)")],
) -> LayoutSaved:
    """Keep a layout's text as its next revision; the earlier ones stay readable. Raises `GroundsMissing` if empty."""
    if not name.strip() or not content.strip():
        raise refuse(GroundsMissing())
    last = tx.session.scalar(select(func.max(LabelLayout.revision)).where(LabelLayout.name == name))
    saved = LabelLayout(name=name, revision=(last or 0) + 1, content=content, event_id=tx.event.id)
    tx.session.add(saved)
    tx.session.flush()
    tx.cause("layout", name, saved.revision)
    return LayoutSaved(name, saved.revision)


@dataclass(frozen=True)
class Revision:
    """One revision of a plant's own layout: its text, who saved it and when."""

    number: int
    content: str
    saved_by: str
    saved_at: datetime


def history(session: Session, name: str) -> list[Revision]:
    """All revisions of a layout, the newest first; none where the plant uses the one that came with Runcard."""
    query = select(LabelLayout, Event).join(Event, Event.id == LabelLayout.event_id).where(LabelLayout.name == name)
    rows = session.execute(query.order_by(LabelLayout.revision.desc())).all()
    people = {one.id: one.shown for one in masters(session).all(Person)}
    return [
        Revision(one.revision, one.content, people.get(said.person_id or 0, ""), said.recorded_at) for one, said in rows
    ]


def newest(session: Session, name: str) -> tuple[int, str] | None:
    """Revision and text of the plant's own layout of this name; None where it uses the one that came with Runcard."""
    query = select(LabelLayout.revision, LabelLayout.content).where(LabelLayout.name == name)
    row = session.execute(query.order_by(LabelLayout.revision.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def all_newest(session: Session) -> dict[str, str]:
    """The text of every layout that the plant has changed, as it prints now."""
    later = aliased(LabelLayout)
    newer = select(later.id).where(later.name == LabelLayout.name, later.revision > LabelLayout.revision)
    rows = session.execute(select(LabelLayout.name, LabelLayout.content).where(~newer.exists()))
    return {row[0]: row[1] for row in rows}


def revisions(session: Session) -> dict[str, int]:
    """The newest revision of every layout that the plant has changed."""
    query = select(LabelLayout.name, func.max(LabelLayout.revision)).group_by(LabelLayout.name)
    return {row[0]: row[1] for row in session.execute(query)}
