"""How a declared table is asked: filters, order and pages become one statement; rows come back as plain values.

Everything is filtered, sorted and cut by the database; a page costs two statements, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_
from sqlalchemy.orm import Session

from mes.database import UtcMoment
from mes.outside import day_of
from mes.queries.declaring import Column, Row, Table
from mes.queries.reading import Day
from mes.trace.looking import zone_of

NOW = bindparam("now", type_=UtcMoment())
"""The moment of the question, for tables whose rows age (a lease that ran out)."""
PORTION = 500
SINCE, UNTIL = "_from", "_to"
SEARCH, SORT = "q", "sort"


Given = Mapping[str, str]
"""Words of an address or a form."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of a table: texts by filter, the column to sort by, and which rows of it.

    `wrong`: the names of what could not be understood, left out of the question.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    offset: int = 0
    limit: int | None = None
    wrong: tuple[str, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """What was asked, without its page, as words of an address."""
        others = {SEARCH: self.search, SORT: self.sort}
        return {**self.filters, **{name: text for name, text in others.items() if text}}


@dataclass(frozen=True)
class Page:
    """Some rows of a table, and how many it has within the filters."""

    rows: list[Row]
    total: int
    asked: Asked


def names(table: Table) -> list[str]:
    """The names of all filters of a table, as an address has them."""
    found = []
    for key in table.filters:
        ranged = table.column[key].reads.range
        found += [key + SINCE, key + UNTIL] if ranged else [key]
    return found


def read(table: Table, given: Given, prefix: str = "") -> Asked:
    """A question from words of an address; what makes no sense is named in `wrong` and left out."""
    texts = {name: given.get(prefix + name, "").strip() for name in (*names(table), SEARCH, SORT)}
    wanted = {name: text for name, text in texts.items() if text}
    wrong = tuple(prefix + name for name, text in wanted.items() if not _makes_sense(table, name, text))
    good = {name: text for name, text in wanted.items() if prefix + name not in wrong}
    return Asked(
        {name: text for name, text in good.items() if name not in (SEARCH, SORT)},
        good.get(SEARCH, ""),
        good.get(SORT, ""),
        wrong=wrong,
    )


def page(session: Session, table: Table, asked: Asked, now: datetime) -> Page:
    """One page and the count: two statements beside the plant's zone; one where the page shows that it is the last."""
    found = rows(session, table, asked, now)
    if asked.limit is not None and (len(found) == asked.limit or (asked.offset and not found)):
        counted = _narrowed(session, table, asked).add_columns(func.count())
        return Page(found, int(session.scalar(counted, {"now": now}) or 0), asked)
    return Page(found, asked.offset + len(found), asked)


def rows(
    session: Session, table: Table, asked: Asked | None = None, now: datetime | None = None, *also: ColumnElement[bool]
) -> list[Row]:
    """Rows of a table; `also` are conditions that no reader can ask for."""
    return list(stream(session, table, asked or Asked(), now, *also))


def stream(
    session: Session, table: Table, asked: Asked, now: datetime | None = None, *also: ColumnElement[bool]
) -> Iterator[Row]:
    """The rows one after the other, so that a file of all of them needs no more memory than one of a few."""
    zone = zone_of(session)
    chosen = [(one.key, one.reads, len(one.reads.selected)) for one in table.columns]
    query = _wanted(table, _narrowed(session, table, asked).where(*also), asked)
    query = query.add_columns(*(expression for one in table.columns for expression in one.reads.selected))
    found = session.execute(query, {"now": now}, execution_options={"yield_per": PORTION})
    for values in found:
        row, start = {}, 0
        for key, reads, width in chosen:
            row[key] = reads.plain(tuple(values[start : start + width]), zone)
            start += width
        yield row


def has_more_than(session: Session, table: Table, asked: Asked, count: int, now: datetime) -> bool:
    """Whether there are more rows within the filters; one statement that looks at no more than these."""
    beyond = _narrowed(session, table, asked).add_columns(literal(1)).offset(count).limit(1)
    return session.scalar(beyond, {"now": now}) is not None


def first(asked: Asked, limit: int, offset: int = 0) -> Asked:
    """The same question for so many rows."""
    return replace(asked, limit=limit, offset=offset)


def _wanted(table: Table, narrowed: Select[Any], asked: Asked) -> Select[Any]:
    """The rows in order; of a page first their keys, so that nothing is looked up for rows that nobody sees."""
    order = _order(table, asked.sort)
    if asked.limit is None:
        return narrowed.order_by(*order)
    keys = narrowed.add_columns(*(one.label(f"key{place}") for place, one in enumerate(table.key)))
    page = keys.order_by(*order).limit(asked.limit).offset(asked.offset or None).subquery()
    same = and_(*(one == page.c[f"key{place}"] for place, one in enumerate(table.key)))
    return table.source().join(page, same).order_by(*order)


def _narrowed(session: Session, table: Table, asked: Asked) -> Select[Any]:
    zone = zone_of(session) if asked.filters else None
    conditions = [_condition(table, name, text, zone) for name, text in asked.filters.items()]
    if asked.search:
        texts = [one for column in table.columns for one in column.reads.searched]
        conditions.append(or_(*(one.icontains(asked.search, autoescape=True) for one in texts)))
    return table.source().where(*conditions)


def _condition(table: Table, name: str, text: str, zone: Any) -> ColumnElement[bool]:
    """A filter as SQL; raises ValueError for what the column cannot be."""
    if name in table.filters and not table.column[name].reads.range:
        return table.column[name].reads.meets(text, zone)
    side = SINCE if name.endswith(SINCE) else UNTIL
    reads = table.column[name.removesuffix(side)].reads
    if not isinstance(reads, Day):
        raise ValueError(name)
    day = day_of(text)
    return reads.since(day, zone) if side == SINCE else reads.until(day, zone)


def _makes_sense(table: Table, name: str, text: str) -> bool:
    if name == SORT:
        return text.removeprefix("-") in table.column
    if name == SEARCH:
        return True
    try:
        _condition(table, name, text, None)
    except ValueError:
        return False
    return True


def _order(table: Table, sort: str) -> list[Any]:
    """The chosen column first, empty ones last; the table's own order makes every page stable."""
    if not sort:
        return list(table.order)
    column: Column = table.column[sort.removeprefix("-")]
    by = column.reads.sorted_by
    return [(by.desc() if sort.startswith("-") else by.asc()).nulls_last(), *table.order]
