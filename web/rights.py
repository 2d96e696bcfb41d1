"""Who may come in where: every route says so itself, and a route that says nothing is open to nobody.

What a role may look at stands in `mes.queries.looking`; here it meets the request. Acting is the door's business:
a route that acts only insists that somebody is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIFlask
from flask import abort, current_app, request
from flask_login import current_user

import mes.queries.declared  # noqa: F401  every table and sight is declared
from mes.queries.looking import SIGHTS, may_look
from web.language import t
from web.stations import is_own_screen, own_station

V = TypeVar("V", bound=Callable[..., Any])
GUARD = "guarded_by"
FLOOR = ("/terminal/<path:code>", "/kiosk/<path:code>", "/screen/<path:code>")
"""What begins so is a station's own: for its screen, and for people who may look at screens."""
# endpoint -> why nobody needs to be known there
OPEN_DOORS = {
    "static": "style and scripts of the pages",
    "typeface": "how the pages' Chinese is drawn",
    "openapi.spec": "what the interface can be asked; shows nothing of the plant",
    "login": "the way in",
    "logout": "the way out",
    "enrol": "a person sets PIN and password with a single-use code",
    "enter": "a station's screen is opened with a single-use code",
    "language": "changes the reader's own language only",
}


def install(app: APIFlask) -> None:
    """Ask the guard of every route before it is entered; templates may ask who sees what."""
    app.before_request(_guarded)
    app.jinja_env.globals.update(may_see=may_see)


def looks(*sights: str) -> Callable[[V], V]:
    """The page is for logged-in people who may look at one of these; others are told whose it is not."""

    if unknown := set(sights) - SIGHTS.keys():
        raise TypeError(f"nothing to look at is called {', '.join(sorted(unknown))}")

    def guard() -> Any:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        if not may_see(*sights):
            abort(403, t("这不在您的查看范围内。", "This is not yours to look at."))
        return None

    return guarded_by(guard)


def person(view: V) -> V:
    """Whoever is logged in: the page shows everybody their own, or asks the door, which judges by the command."""

    def guard() -> Any:
        return None if current_user.is_authenticated else current_app.login_manager.unauthorized()  # type: ignore[attr-defined]

    return guarded_by(guard)(view)


def screens_and(*sights: str) -> Callable[[V], V]:
    """The page is also for screens of stations, whichever; people need the right to look."""
    of_people = looks(*sights)

    def mark(view: V) -> V:
        guard = getattr(of_people(view), GUARD)
        return guarded_by(lambda: None if own_station() else guard())(view)

    return mark


def judged_inside(view: V) -> V:
    """The view itself insists on a station's token or a login before it does anything."""
    return guarded_by(lambda: None)(view)


def guarded_by(guard: Callable[[], Any]) -> Callable[[V], V]:
    """Mark a view with its guard: what it returns is answered instead of the view, None lets in."""

    def mark(view: V) -> V:
        setattr(view, GUARD, guard)
        return view

    return mark


def may_see(*sights: str) -> bool:
    """Whether the reader may look at one of these."""
    return bool(current_user.is_authenticated and any(may_look(current_user.roles, name) for name in sights))


def _guarded() -> Any:
    """The answer of the route's guard; nobody passes where none is declared."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint in OPEN_DOORS:
        return None
    if is_of_the_floor(request.url_rule.rule if request.url_rule else ""):
        return _floor((request.view_args or {})["code"])
    guard = getattr(view, GUARD, None)
    return guard() if guard else abort(403)


def is_of_the_floor(rule: str) -> bool:
    """Whether a route shows a station to itself."""
    return rule.startswith(FLOOR)


def _floor(code: str) -> Any:
    return None if is_own_screen(code) else getattr(looks("screen")(lambda: None), GUARD)()
