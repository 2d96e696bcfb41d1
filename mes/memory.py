"""Masters in memory: an unchangeable copy of what changes rarely, valid for a transaction by one look-up.

Owns which tables are remembered, how a copy is loaded, kept and found valid, and how a row names its masters. The
database changes the version's token with every change of a remembered table (`mes.schema` installs the triggers): no
path can forget it, and what was rolled back leaves a token that nobody meets again. Knows no table of any department.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import Engine, String, event, inspect, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column, object_session

from mes.database import MEMORY, Base

T = TypeVar("T")
M = TypeVar("M", bound=type[Base])

REMEMBERED: list[type[Base]] = []
KEPT = 2
"""Copies kept by an engine: that of everybody, and that of a transaction at work on the masters."""
KNOWN, NEWEST = "masters", "newest masters"
"""Where a session keeps the copy that is valid for its transaction, and the one for rows that outlive it."""


class MastersVersion(Base):
    """One row whose token is another one after every change of a remembered table, made by the database itself."""

    __tablename__ = "masters_version"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(36))


TOKEN = select(MastersVersion.token)


class Masters:
    """Everything remembered, as it was at one version. Rows are shared by all threads and never change."""

    def __init__(self, token: str | None, rows: dict[type[Base], list[Any]]) -> None:
        self.token = token
        self._rows = rows
        self._by_key = {kind: {_key(row): row for row in found} for kind, found in rows.items()}
        self._indexes: dict[tuple[Any, ...], dict[Any, list[Any]]] = {}
        for found in rows.values():
            for row in found:
                row._masters = self

    def all(self, kind: type[T]) -> list[T]:
        """All rows of a kind, by their keys."""
        return self._rows[kind]  # type: ignore[index]

    def get(self, kind: type[T], key: int) -> T:
        """The row of a key; raises KeyError."""
        return self._by_key[kind][key]  # type: ignore[index, no-any-return]

    def where(self, kind: type[T], **values: Any) -> Sequence[T]:
        """The rows with exactly these values, by their keys; the first question of its sort builds the index."""
        names = (kind, *values)
        index = self._indexes.get(names) or self._index(kind, names)
        return index.get(tuple(values.values()), ())

    def find(self, kind: type[T], **values: Any) -> T | None:
        """The first row with these values, None without one."""
        return next(iter(self.where(kind, **values)), None)

    def _index(self, kind: type[Any], names: tuple[Any, ...]) -> dict[Any, list[Any]]:
        index: dict[Any, list[Any]] = {}
        for row in self._rows[kind]:
            index.setdefault(tuple(getattr(row, name) for name in names[1:]), []).append(row)
        self._indexes[names] = index
        return index


class Copies:
    """The newest copies of one engine, by their tokens."""

    def __init__(self) -> None:
        self._copies: OrderedDict[str | None, Masters] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def newest(self) -> Masters | None:
        """The copy that was loaded last."""
        return next(reversed(self._copies.values()), None)

    def valid(self, session: Session, token: str | None) -> Masters:
        """The copy of a version, loaded when it is met for the first time."""
        found = self._copies.get(token)
        if found is not None:
            return found
        with self._lock:
            found = self._copies.get(token) or _load(session)
            self._copies[found.token] = found
            while len(self._copies) > KEPT:
                self._copies.popitem(last=False)
            return found


def masters(session: Session) -> Masters:
    """The masters as this session's transaction sees them, its own changes included."""
    known: Masters | None = session.info.get(KNOWN)
    return known or recall(session, session.scalar(TOKEN))


def recall(session: Session, token: str | None) -> Masters:
    """The masters of a version that the caller has looked up together with something else."""
    session.info[KNOWN] = found = _copies(session).valid(session, token)
    return found


def newest(engine: Engine) -> Masters | None:
    """The copy that was loaded last, None before the first: a guess, which whoever acts on it proves by `masters`."""
    copies: Copies | None = engine.get_execution_options()[MEMORY].get(KNOWN)
    return copies.newest if copies else None


def _copies(session: Session) -> Copies:
    copies: Copies = session.get_bind().get_execution_options()[MEMORY].setdefault(KNOWN, Copies())
    return copies


def _load(session: Session) -> Masters:
    """A copy of one version; loaded again if somebody changed it meanwhile (PostgreSQL looks anew every time)."""
    session.flush()
    while True:
        with Session(session.connection(), join_transaction_mode="rollback_only") as looking:
            token = looking.scalar(TOKEN)
            rows = {kind: _rows_of(looking, kind) for kind in REMEMBERED}
            looking.expunge_all()
            if looking.scalar(TOKEN) == token:
                return Masters(token, rows)


def _rows_of(session: Session, kind: type[Base]) -> list[Any]:
    return list(session.scalars(select(kind).order_by(*inspect(kind).primary_key)))


def _key(row: Any) -> Any:
    (key,) = inspect(row).identity
    return key


def masters_of(row: Any) -> Masters:
    """The masters that a row's transaction saw, also after it ended."""
    session = object_session(row)
    return masters(session) if session else row._masters


class Named(Generic[T]):
    """The master that a row names by its key, out of memory: no statement, no join. Setting it sets the key."""

    def __init__(self, kind: Any, key: str) -> None:
        self._kind, self._key = kind, key

    @overload
    def __get__(self, row: None, owner: type) -> Named[T]: ...
    @overload
    def __get__(self, row: object, owner: type) -> T: ...
    def __get__(self, row: object | None, owner: type) -> Any:
        if row is None:
            return self
        key = getattr(row, self._key)
        return None if key is None else masters_of(row).get(self._kind, key)

    def __set__(self, row: object, master: T) -> None:
        setattr(row, self._key, getattr(master, "id", None))


def named(kind: type[T], key: str) -> Named[T]:
    """The master whose id stands in the column `key`."""
    return Named(kind, key)


def perhaps(kind: type[T], key: str) -> Named[T | None]:
    """The same where the column may be empty."""
    return Named(kind, key)


def remembered(cls: M) -> M:
    """Mark a table that is kept in memory; a copy is never changed, and a session that changes one forgets its copy."""
    REMEMBERED.append(cls)
    for column in inspect(cls).columns:
        event.listen(inspect(cls).get_property_by_column(column).class_attribute, "set", _refuse_to_change)
    for change in ("after_insert", "after_update", "after_delete"):
        event.listen(cls, change, _forget)
    return cls


def _refuse_to_change(row: Any, *_: Any) -> None:
    if "_masters" in row.__dict__:
        raise TypeError(f"a {type(row).__name__} in memory is never changed: ask for its row")


def _forget(_mapper: Any, _connection: Any, row: Any) -> None:
    session = object_session(row)
    if session:
        session.info.pop(KNOWN, None)


def _keep_for_later(session: Session, row: Any) -> None:
    known = session.info.get(KNOWN) or session.info.get(NEWEST)
    if known is None:
        known = session.info[NEWEST] = _copies(session).newest
    row._masters = known


def _look_again(session: Session, transaction: SessionTransaction) -> None:
    """A copy is valid for one transaction; what a savepoint took back may have been in it."""
    if transaction.nested or transaction.parent is None:
        session.info.pop(KNOWN, None)
        session.info.pop(NEWEST, None)


event.listen(Session, "persistent_to_detached", _keep_for_later)
event.listen(Session, "after_transaction_end", _look_again)
