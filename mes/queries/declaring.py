"""What a table to look at declares of itself, once: columns and how they read, filters, order, acts, who may look.

Every face follows: the page with paging, the XLSX, the CSV, the JSON answer with its description, the rights. Asks
nothing (`mes.queries.asking` does) and knows no table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Select, UnaryExpression

from mes.queries.looking import Sight, entered
from mes.queries.reading import Expression, Reading
from mes.roles import Role
from mes.words import Words

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column. `leads`: what its code names (lot, item…), so that a page links there; `beside`: in files only."""

    key: str
    words: Words
    reads: Reading
    leads: str | None = None
    beside: bool = False


@dataclass(frozen=True)
class Act:
    """A command that a row offers: its arguments ← columns of the row, and for which rows it makes sense."""

    command: str
    arguments: Mapping[str, str] = field(hash=False)
    when: Callable[[Row], bool] = field(hash=False, default=bool)


@dataclass(frozen=True)
class Table(Sight):
    """A table to look at, as every face knows it."""

    source: Callable[[], Select[Any]] = field(kw_only=True)
    columns: tuple[Column, ...] = field(kw_only=True)
    order: tuple[Expression, ...] = field(kw_only=True)
    filters: tuple[str, ...] = field(kw_only=True, default=())
    acts: tuple[Act, ...] = field(kw_only=True, default=())
    papers: Mapping[str, str] = field(kw_only=True, default_factory=dict, hash=False)

    @cached_property
    def column(self) -> dict[str, Column]:
        """Its columns by key."""
        return {one.key: one for one in self.columns}

    @cached_property
    def key(self) -> tuple[Expression, ...]:
        """What tells its rows apart: everything that it is ordered by."""
        return tuple(one.element if isinstance(one, UnaryExpression) else one for one in self.order)

    @cached_property
    def shown(self) -> tuple[Column, ...]:
        """The columns that a page has room for."""
        return tuple(one for one in self.columns if not one.beside)


TABLES: dict[str, Table] = {}


def table(
    name: str,
    words: Words,
    roles: Iterable[Role],
    *,
    source: Callable[[], Select[Any]],
    columns: tuple[Column, ...],
    order: tuple[Expression, ...],
    filters: tuple[str, ...] = (),
    acts: tuple[Act, ...] = (),
    papers: Mapping[str, str] | None = None,
    stations: Iterable[str] = (),
) -> Table:
    """Enter a table. `source`: what is joined, without columns. `order`: its usual one, unique as a whole, never empty.

    `filters`: keys of columns that can be filtered by, each as it reads. `papers`: forms that a row has, by the column
    that names them. Raises TypeError for a name that is taken, or a column that is not there.
    """
    made = Table(
        name,
        words,
        frozenset(roles),
        frozenset(stations),
        source=source,
        columns=columns,
        order=order,
        filters=filters,
        acts=acts,
        papers=papers or {},
    )
    meant = {*filters, *(key for act in acts for key in act.arguments.values()), *made.papers.values()}
    if unknown := meant - made.column.keys():
        raise TypeError(f"table {name} has no column {', '.join(sorted(unknown))}")
    entered(made)
    TABLES[name] = made
    return made
