"""What a command works with: one transaction, its event, who acts where and when, and the register of commands.

Commands register themselves here; only `mes.commands` runs them (law 1). A command asks its gates through `require`,
writes rows through the session, and returns a small frozen value of plain facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from sqlalchemy import Insert, Select, Table, event, insert
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.dml import ReturningInsert

from mes.clock import local_day, production_day
from mes.database import Base, table_of
from mes.journal import Entry, Event, Signature, digest_of_rows
from mes.masters.model import Plant, Station
from mes.memory import Masters, masters
from mes.people.model import Person
from mes.refusals import Refusal, Refused, SignatureMissing, in_order
from mes.roles import Role

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
Writer = Callable[["Transaction", list[Any]], None]
AT_WORK = "transaction"
"""Where a session keeps the command that is at work in it."""


@dataclass(frozen=True)
class Override:
    """A person's decision to let exactly one refusal pass (law 6). The signature was verified before."""

    fingerprint: str
    badge: str
    reason: str


@dataclass(frozen=True)
class Rows:
    """Writes rows of one table, which must all name the same columns."""

    table: Table

    def __call__(self, tx: Transaction, rows: list[dict[str, Any]]) -> None:
        """In one statement."""
        tx.session.connection().execute(_insert(self.table), rows)


@dataclass
class Transaction:
    """One command at work. `person` acts, `signer` has signed.

    `now` is the server's time: gates, numbers, signatures and paper read it. `happened_at` is the moment of record,
    earlier only for a backlog that its station proved it kept; nothing is decided by it (law 11).
    """

    session: Session
    event: Event | Entry
    now: datetime
    plant: Plant
    person: Person | None = None
    station: Station | None = None
    signer: Person | None = None
    rescue: bool = False
    overrides: tuple[Override, ...] = ()
    overridden: list[dict[str, Any]] = field(default_factory=list)
    warned: list[Refusal] = field(default_factory=list)
    effects: list[Any] = field(default_factory=list)
    outgoing: dict[Writer, list[Any]] = field(default_factory=dict)
    caused: dict[str, list[Any]] = field(default_factory=dict)
    seen: dict[Any, Any] = field(default_factory=dict)
    reserved: dict[str, list[int]] = field(default_factory=dict)
    locked: set[int] = field(default_factory=set)
    """Run cards, by id, that nobody else can change before this command ends."""

    def __post_init__(self) -> None:
        self.session.info[AT_WORK] = self

    @property
    def masters(self) -> Masters:
        """The masters as this transaction sees them; what a command changes it takes by `row`."""
        return masters(self.session)

    def row(self, master: T) -> T:
        """The row of a master, to be changed."""
        return self.session.get_one(type(master), master.id)  # type: ignore[attr-defined]

    @property
    def happened_at(self) -> datetime:
        """The moment of record, for what is written down."""
        return self.event.occurred_at

    @property
    def today(self) -> date:
        """The calendar day in the plant's zone by the server's time; expiry and validity dates are read by it."""
        return local_day(self.now, self.plant.zone)

    @property
    def production_day(self) -> date:
        """The production day, which follows the shift calendar."""
        return production_day(self.now, self.plant.zone, self.plant.day_starts)

    @property
    def actor(self) -> Person:
        """The acting person; only for commands that no program may run."""
        if self.person is None:
            raise Refused([SignatureMissing(command=self.event.kind)])
        return self.person

    def warn(self, reasons: Iterable[Refusal]) -> None:
        """Say what forbids nothing here and is worth knowing (P8); recorded with the event, so before it is written."""
        self.warned += reasons
        if isinstance(self.event, Entry):
            self.event.note(self.warned)

    def require(self, *reasons: Iterable[Refusal]) -> None:
        """Raise `Refused` with every reason at once, except those that somebody entitled overrode (law 6)."""
        open_reasons = [reason for group in reasons for reason in group if not self._passes(reason)]
        if open_reasons:
            raise Refused(in_order(open_reasons))

    def _passes(self, reason: Refusal) -> bool:
        """Whether a declared override of exactly this refusal was signed by somebody with the declared role."""
        for override in self.overrides:
            if (
                reason.override
                and override.fingerprint == reason.fingerprint
                and self._entitled(override, reason.override)
            ):
                self.overridden.append(
                    {"code": reason.code, "facts": reason.facts, "by": override.badge, "reason": override.reason}
                )
                return True
        return False

    def _entitled(self, override: Override, role: Role) -> bool:
        """The role that the refusal declares, a reason, and never for one's own work (F8)."""
        signer = self.masters.find(Person, badge=override.badge)
        if signer is None or signer.disabled or (self.person and signer.badge == self.person.badge):
            return False
        return role in signer.roles and bool(override.reason.strip())

    def sign(self, meaning: str) -> Person:
        """Record the signer's signature under this event; raises `SignatureMissing` without badge and PIN (F8)."""
        if self.signer is None:
            raise Refused([SignatureMissing(command=self.event.kind)])
        signed = {"event_id": self.event.id, "person_id": self.signer.id, "meaning": meaning, "at": self.now}
        self.later(_write_signatures, signed)
        self.cause("signature", self.signer.badge, meaning)
        return self.signer

    def cause(self, *facts: Any) -> None:
        """Note what this event causes, for the digest that its journal entry carries."""
        self.effects.append(facts)

    def later(self, write: Writer, row: Any) -> None:
        """Have `write` write this row together with all others of its kind, before anybody looks again."""
        self.outgoing.setdefault(write, []).append(row)

    def add(self, kind: type[Base], **values: Any) -> None:
        """Have a row written with all others of its kind, where nobody needs it as an object."""
        self.later(Rows(table_of(kind)), values)

    def write(self) -> None:
        """Write whatever waits: what the session holds, then each kind in as few statements as one row would take."""
        self.session.flush()
        self.seen.clear()
        while self.outgoing:
            write = next(iter(self.outgoing))
            write(self, self.outgoing.pop(write))

    def insert(self, table: Table, rows: list[dict[str, Any]]) -> list[Any]:
        """Write rows that this event causes and answers for, in one statement; returns them as the database has them.

        In the order in which they were given: a database may number them in any.
        """
        found = self.session.connection().execute(_returning_all(table), rows).all()
        self.caused.setdefault(table.name, []).extend(found)
        if len(found) == 1:
            return list(found)
        given = itemgetter(*map(table.c.keys().index, rows[0]))
        named: dict[tuple[Any, ...], list[Any]] = {}
        for row in sorted(found, key=attrgetter("id"), reverse=True):
            named.setdefault(given(row), []).append(row)
        return [named[tuple(row.values())].pop() for row in rows]

    def rows(self, query: Select[*tuple[Any, ...]], asked: Mapping[str, Any]) -> Sequence[Any]:
        """Plain columns as the database has them, after all that the command did so far."""
        self.session.flush()
        if self.outgoing:
            self.write()
        return self.session.connection().execute(query, asked).all()

    def once(self, key: Any, ask: Callable[[], T]) -> T:
        """The answer to a question that is asked of the database once until something is written or locked."""
        if self.outgoing:
            self.write()
        if key not in self.seen:
            self.seen[key] = ask()
        found: T = self.seen[key]
        return found

    @property
    def alone(self) -> bool:
        """Whether nobody else writes meanwhile: then nothing has to be locked, or looked at again after a lock."""
        return self.session.get_bind().dialect.name == "sqlite"

    @property
    def digest(self) -> str:
        """The digest over everything caused so far, of what was written; the audit computes it again from the rows."""
        self.write()
        return digest_of_rows(self.caused)


@lru_cache(maxsize=64)
def _returning_all(table: Table) -> ReturningInsert[Any]:
    """Built once: it costs as much to put together as to carry out."""
    return insert(table).returning(*table.c)


@lru_cache(maxsize=64)
def _insert(table: Table) -> Insert:
    return insert(table)


def _write_signatures(tx: Transaction, signatures: list[dict[str, Any]]) -> None:
    tx.insert(table_of(Signature), signatures)


def _write_before_looking(state: ORMExecuteState) -> None:
    """Whoever looks through the session of a command sees what the command has done so far."""
    tx: Transaction | None = state.session.info.get(AT_WORK)
    if tx and tx.outgoing:
        tx.write()


def _look_again(session: Session, _flushing: Any) -> None:
    tx: Transaction | None = session.info.get(AT_WORK)
    if tx:
        tx.seen.clear()


event.listen(Session, "do_orm_execute", _write_before_looking)
event.listen(Session, "after_flush", _look_again)
