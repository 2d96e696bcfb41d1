"""Is history as it was (laws 1 and 3): events, what they caused, the seals over them, and the guards around them?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mes import sealing
from mes.journal import CAUSED, NOTHING_CAUSED, Effect, Event, Seal, SealedEvent, effect_digests
from mes.masters.model import Plant
from mes.schema import missing_guards, wrong_seeds

Faults = Iterator[tuple[str, str, str]]
PORTION = 10_000
"""Events whose effects are read at a time."""


def an_accepted_event_has_its_effect(session: Session) -> Faults:
    """Law 1: what the door accepted carries the digest of what it caused."""
    query = (
        select(Event.id, Event.kind)
        .outerjoin(Effect, Effect.event_id == Event.id)
        .where(Event.result == "accepted", Effect.event_id.is_(None))
        .order_by(Event.id)
    )
    for event, kind in session.execute(query):
        yield (
            f"#{event} {kind}",
            f"已接受的事件 #{event}（{kind}）没有结果摘要。",
            f"The accepted event #{event} ({kind}) has no digest of what it caused.",
        )


def a_refused_event_leaves_nothing(session: Session) -> Faults:
    """Law 1: a refused command leaves nothing else behind."""
    for table in ("effect", *CAUSED):
        query = text(
            f"SELECT event.id, event.kind, count(*) AS rows FROM {table} JOIN event ON event.id = {table}.event_id "  # noqa: S608
            "WHERE event.result = 'refused' GROUP BY event.id, event.kind ORDER BY event.id"
        )
        for event, kind, rows in session.execute(query):
            yield (
                f"#{event} {kind}",
                f"被拒绝的事件 #{event}（{kind}）在 {table} 中留下 {rows} 条记录。",
                f"The refused event #{event} ({kind}) left {rows} rows in {table}.",
            )


def an_effect_is_what_the_event_caused(session: Session) -> Faults:
    """Law 3: movements, consumption and signatures are those that the event's digest was made over."""
    first, last = session.execute(select(func.min(Event.id), func.max(Event.id))).one()
    for start in range(first, last + 1, PORTION) if first is not None else ():
        end = min(start + PORTION - 1, last)
        caused = effect_digests(session, start, end)
        stored = select(Effect.event_id, Effect.digest).where(Effect.event_id.between(start, end))
        for event, digest in session.execute(stored.order_by(Effect.event_id)):
            if caused.get(event, NOTHING_CAUSED) != digest:
                yield (
                    f"#{event}",
                    f"事件 #{event} 引起的记录与当时的摘要不符：有记录被改动、增加或删除。",
                    f"What event #{event} caused is not what it was: rows were changed, added or removed.",
                )


def seals_are_an_unbroken_chain(session: Session) -> Faults:
    """Seals are numbered without a gap, each chained to the one before."""
    previous = sealing.GENESIS
    for place, seal in enumerate(session.scalars(select(Seal).order_by(Seal.number)), 1):
        sound = seal.chain == sealing.chained(previous, seal.number, seal.root)
        if seal.number != place or seal.previous != previous or not sound:
            yield (
                f"seal {seal.number}",
                f"封存 {seal.number} 与前一封存不连贯。",
                f"Seal {seal.number} is not chained to the one before.",
            )
        previous = seal.chain


def sealed_events_are_as_they_were(session: Session) -> Faults:
    """The events that a seal lists still give its Merkle root."""
    for seal in session.scalars(select(Seal).order_by(Seal.number)).all():
        members = select(SealedEvent.event_id).where(SealedEvent.seal_id == seal.id)
        leaves = [leaf for _, leaf in sealing.event_leaves(session, Event.id.in_(members))]
        if not leaves or sealing.merkle_root(leaves) != seal.root:
            yield (
                f"seal {seal.number}",
                f"封存 {seal.number} 所含事件已被改动、增加或删除。",
                f"Events under seal {seal.number} were changed, added or removed.",
            )


def history_is_guarded(session: Session) -> Faults:
    """Law 3: the database itself refuses to rewrite what is append-only."""
    for trigger in missing_guards(session.connection()):
        yield trigger, f"缺少防改触发器 {trigger}。", f"The trigger {trigger} that guards history is missing."


def ids_carry_the_number_of_the_site(session: Session) -> Faults:
    """Every running id starts at this site's block, so that plants of a group never meet."""
    site = session.scalars(select(Plant.site)).one()
    for table in wrong_seeds(session.connection(), site):
        yield table, f"表 {table} 的编号不属于厂区 {site}。", f"The ids of table {table} do not belong to site {site}."


def the_database_file_is_sound(session: Session) -> Faults:
    """SQLite's own look at the file and its references; PostgreSQL answers for its files itself."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for (fault,) in session.execute(text("PRAGMA integrity_check")):
        if fault != "ok":
            yield "integrity_check", f"数据库文件损坏：{fault}", f"The database file is damaged: {fault}"
    for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield (
            f"{table} {row}",
            f"表 {table} 第 {row} 行引用了 {parent} 中不存在的记录。",
            f"Row {row} of table {table} refers to something missing in {parent}.",
        )
