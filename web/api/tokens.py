"""Who calls the API: a station by its bearer token, or a person who is logged in. Deny by default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import g, request
from flask import session as browser
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, Unauthorized

from mes.masters.model import Station
from mes.memory import newest
from mes.people.access import sha256
from mes.queries.looking import station_may_look
from web.house import house, look
from web.rights import guarded_by, may_see
from web.stations import own_station

STRANGER = "This needs a station's bearer token."
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Calling:
    """The station whose token came with the request."""

    code: str
    role: str


def station_only(view: F) -> F:
    """The view is for stations; `calling_station()` tells which. Answers 401 without a good token."""

    def guard() -> None:
        if _called() is None:
            raise Unauthorized(STRANGER)

    return guarded_by(guard)(view)


def seems_station(view: F) -> F:
    """As `station_only`, for a view whose own transaction proves `token_hash`: memory is good enough here."""

    def guard() -> None:
        copy = newest(house().database.engine)
        hashed = token_hash()
        station = copy.find(Station, token_hash=hashed) if copy and hashed else None
        g.station = Calling(station.code, station.role) if station else _called()
        if g.station is None:
            raise Unauthorized(STRANGER)

    return guarded_by(guard)(view)


def answers(*sights: str) -> Callable[[F], F]:
    """The answer is for people who may look at one of these, and for stations of the roles that may."""

    def guard() -> None:
        station = _called()
        if station is None and not current_user.is_authenticated:
            raise Unauthorized("This needs a station's bearer token or a login.")
        if not (may_see(*sights) or (station and any(station_may_look(station.role, name) for name in sights))):
            raise Forbidden("This is not yours to look at.")

    return guarded_by(guard)


def only_somebody(code: str) -> None:
    """Who asks of a station is itself, by token or screen, or may look at screens; raises 401 or 403 for others."""
    g.own = own_station() if _called() is None else None
    if g.station is None and g.own is None and not current_user.is_authenticated:
        raise Unauthorized("This needs a station's bearer token, its screen, or a login.")
    only_own_station(code)


def shows_itself(station: Station) -> bool:
    """Whether the request is the station's own, by its token or as its screen; asks nothing of the database."""
    hashed = token_hash()
    if hashed is not None:
        return hashed == station.token_hash
    return browser.get("station") == station.code and browser.get("screen") == station.screens


def calling_station() -> str:
    """The code of the station whose token came with the request."""
    return cast(Calling, g.station).code


def by_token() -> bool:
    """Whether a station asks, and not a person: it is told nothing of customers (P17)."""
    return g.station is not None


def only_own_station(code: str) -> None:
    """A token is bound to one station, and so is a screen; raises Forbidden (403) for another's."""
    own = g.station.code if g.station else g.get("own")
    if own != code and not may_see("screen"):
        raise Forbidden(f"The token belongs to station {own}, not to {code}." if own else "This is not yours to see.")


def token_hash() -> str | None:
    """The hash of the bearer token that came with the request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return sha256(token.strip()) if scheme.lower() == "bearer" and token else None


def station_of_request() -> str | None:
    """The station whose bearer token came with the request."""
    station = _called()
    return station.code if station else None


def _called() -> Calling | None:
    hashed = token_hash()
    g.station = None
    if hashed:
        of_token = select(Station.code, Station.role).where(Station.token_hash == hashed)
        with look() as session:
            found = session.execute(of_token).first()
        g.station = Calling(*found) if found else None
    return cast("Calling | None", g.station)
