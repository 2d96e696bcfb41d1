"""Opening a station's screen in a browser: with the station's single-use code, bound to that one station.

Kept apart from people's logins: a screen on the floor shows its station and nothing else (kiosk routes only).
"""

from __future__ import annotations

from typing import cast

from apiflask import APIFlask
from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from mes.masters.model import Station
from mes.people.access import OpenedScreen, is_open, use_station_invitation
from mes.refusals import Refused
from web.house import house, look
from web.language import t


def install_stations(app: APIFlask) -> None:
    """The page that opens a station's screen."""
    app.add_url_rule("/enter", "enter", enter, methods=["GET", "POST"])


def enter() -> str | Response | tuple[str, int]:
    """Open a station's screen with its single-use code."""
    if request.method == "GET":
        return render_template("enter.html")
    try:
        opened = use_station_invitation(house().database, request.form.get("code", "").strip(), house().clock())
    except Refused:
        flash(
            t(
                "代码不对、已用过，或已超过十分钟，请重新领取。",
                "This code is wrong, used, or older than ten minutes: ask for a new one.",
            )
        )
        return render_template("enter.html"), 403
    session["station"], session["screen"] = opened.station, opened.of
    session.permanent = True
    return redirect(url_for("pages.screen", code=opened.station))


def station_or_404(code: str) -> Station:
    """The station whose screen is asked for; its own screen and logged-in people may see it, others log in first."""
    if not is_own_screen(code) and not current_user.is_authenticated:
        abort(redirect(url_for("login", next=request.path)))
    with look() as database_session:
        station = database_session.scalar(select(Station).where(Station.code == code))
    if station is None:
        abort(404, t(f"没有工位 {code}。", f"There is no station {code}."))
    return station


def is_own_screen(code: str) -> bool:
    """Whether this browser is the station's own screen, so that it may scan."""
    return own_station() == code


def own_station() -> str | None:
    """The station whose screen this browser is, unless its screens were ended."""
    if "own_station" not in g:
        screen = OpenedScreen(session.get("station", ""), session.get("screen", -1))
        with look() as database_session:
            g.own_station = screen.station if is_open(database_session, screen) else None
    return cast("str | None", g.own_station)
