"""Who may look: one table, role × what there is to see; deny by default, for people as for stations' tokens (P17).

Everything that shows something of the plant is a `Sight`, declared once: tables declare themselves, pages, papers and
answers stand in `mes.queries.sights`. Decides about looking only; acting is the door's (`mes.commands`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mes.roles import Role
from mes.words import Words


@dataclass(frozen=True)
class Sight:
    """Something to look at: which roles may, and the stations of which roles may by their token."""

    name: str
    words: Words
    roles: frozenset[Role]
    stations: frozenset[str] = frozenset()


SIGHTS: dict[str, Sight] = {}


def sight(name: str, words: Words, roles: Iterable[Role], stations: Iterable[str] = ()) -> Sight:
    """Enter something to look at; raises TypeError for a second one of the same name."""
    return entered(Sight(name, words, frozenset(roles), frozenset(stations)))


def entered(one: Sight) -> Sight:
    """Enter a sight in the table of who may look."""
    if one.name in SIGHTS:
        raise TypeError(f"two things to look at are called {one.name}")
    SIGHTS[one.name] = one
    return one


def may_look(roles: Iterable[Role], name: str) -> bool:
    """Whether somebody with these roles may look; what is not declared nobody sees."""
    return name in SIGHTS and not SIGHTS[name].roles.isdisjoint(roles)


def station_may_look(role: str, name: str) -> bool:
    """Whether the token of a station of this role may look."""
    return name in SIGHTS and role in SIGHTS[name].stations
