"""Who calls the API: a station by its bearer token, or a person who is logged in. Deny by default."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from flask import session as browser
from flask_login import current_user
from werkzeug.exceptions import Forbidden, Unauthorized

from mes.masters.model import Station
from mes.people.access import sha256, station_of_token
from web.house import look
from web.stations import own_station

F = TypeVar("F", bound=Callable[..., Any])


def station_only(view: F) -> F:
    """The view is for stations; `calling_station()` tells which. Answers 401 without a good token."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.station = station_of_request()
        if g.station is None:
            raise Unauthorized("This needs a station's bearer token.")
        return view(*args, **kwargs)

    return cast(F, guarded)


def station_or_person(view: F) -> F:
    """The view only looks: any station with its token, or a logged-in person may; a screen on the floor may not."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.station = station_of_request()
        if g.station is None and not current_user.is_authenticated:
            raise Unauthorized("This needs a station's bearer token or a login.")
        return view(*args, **kwargs)

    return cast(F, guarded)


def screen_too(view: F) -> F:
    """The view shows a station to itself: by token, to its screen in a browser, or to a logged-in person."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.station = station_of_request() or own_station()
        if g.station is None and not current_user.is_authenticated:
            raise Unauthorized("This needs a station's bearer token, its screen, or a login.")
        return view(*args, **kwargs)

    return cast(F, guarded)


def shows_itself(station: Station) -> bool:
    """Whether the request is the station's own, by its token or as its screen; asks nothing of the database."""
    token = _token_of_request()
    if token is not None:
        return sha256(token) == station.token_hash
    return browser.get("station") == station.code and browser.get("screen") == station.screens


def calling_station() -> str:
    """The code of the station whose token came with the request."""
    return cast(str, g.station)


def only_own_station(code: str) -> None:
    """A token is bound to one station; raises Forbidden (403) for another's."""
    if g.station is not None and g.station != code and not current_user.is_authenticated:
        raise Forbidden(f"The token belongs to station {g.station}, not to {code}.")


def _token_of_request() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


def station_of_request() -> str | None:
    """The station whose bearer token came with the request."""
    token = _token_of_request()
    if token is None:
        return None
    with look() as session:
        return station_of_token(session, token)
