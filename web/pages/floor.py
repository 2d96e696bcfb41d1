"""The terminal's screen: what a station shows, and the door for keyboard-wedge scanners in the browser."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mes.outside import LARGEST, whole_of
from mes.refusals import Refusal, Refused
from mes.terminal.dialogue import signed_on
from mes.terminal.moments import Sent
from mes.terminal.overriding import Overriding, override
from mes.terminal.refusals import BadgeFirst
from mes.terminal.reply import refused, shown
from mes.terminal.scanning import ScanRequest, scan
from mes.words import Words
from web.house import house, look
from web.language import t
from web.pages.asking import Answered, ask_at_station
from web.pages.words import for_script
from web.signing import badge_in
from web.stations import is_own_screen, station_or_404

LONGEST = 4096
OLDEST = timedelta(days=1)
A_MOMENT = timedelta(seconds=2)
SETTINGS = ("panel", "gs", "gap", "pause")


def add_to(pages: Blueprint) -> None:
    """Add the terminal's pages."""
    pages.add_url_rule("/terminal/<path:code>", "terminal", terminal)
    pages.add_url_rule("/terminal/<path:code>/scans", "terminal_scans", wedge_scan, methods=["POST"])
    pages.add_url_rule(
        f"/terminal/<path:code>/jobs/<int(max={LARGEST}):job>", "terminal_settle", settle, methods=["POST"]
    )
    pages.add_url_rule("/terminal/<path:code>/overrides", "terminal_override", let_pass, methods=["POST"])
    pages.add_url_rule("/screen/<path:code>", "screen", screen)


def screen(code: str) -> AnyResponse:
    """A station's own page: the kiosk for inspectors, the terminal for all others; this browser's settings go along."""
    station = station_or_404(code)
    page = "pages.kiosk" if station.role == "inspection" else "pages.terminal"
    settings = {name: request.args[name] for name in SETTINGS if name in request.args}
    return redirect(f"{url_for(page, code=code)}?{urlencode(settings)}" if settings else url_for(page, code=code))


def terminal(code: str) -> str:
    """The terminal of a station."""
    station = station_or_404(code)
    return render_template("terminal.html", station=station, may_scan=is_own_screen(code), words=for_script())


def wedge_scan(code: str) -> Response:
    """A scan typed by a keyboard-wedge scanner: the same terminal as a serial one; there is no second way in."""
    _only_own_screen(code)
    body = request.get_json()
    try:
        scanned = (str(uuid.UUID(body["id"])), code, str(body["code"])[:LONGEST], _scanned_at(body))
        sent, typed = Sent(house().clock()), body.get("typed") is True
        wanted = ScanRequest(*scanned, typed=typed, sent=sent, read_at=_read_at(body))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        abort(422, f"A scan needs id (UUID) and code: {error}")
    return jsonify(scan(house().database, wanted, house().clock).json)


def let_pass(code: str) -> Response:
    """Somebody entitled lets the refusal on the screen pass: badge, PIN and reason, typed and never scanned (F8)."""
    _only_own_screen(code)
    body = request.get_json()
    given = body if isinstance(body, Mapping) else {}
    of = given.get("of")
    texts = [given.get(name) for name in ("badge", "pin", "reason")]
    if not isinstance(of, list) or not all(isinstance(one, str) and len(one) <= LONGEST for one in [*of, *texts]):
        abort(422, "An override needs of (fingerprints), badge, pin and reason.")
    badge, pin, reason = map(str, texts)
    asked = Overriding(code, tuple(of), badge_in(badge), pin, reason)
    try:
        return jsonify(override(house().database, asked, house().clock).json)
    except Refused as wrong:
        return jsonify(refused("", wrong.reasons, Words("", "")).json)


def settle(code: str, job: int) -> Response:
    """A person at the printer says whether a doubtful job came out, as whoever is signed on at the station."""
    _only_own_screen(code)
    body = request.get_json()
    came_out = body.get("came_out") if isinstance(body, Mapping) else None
    if not isinstance(came_out, bool):
        abort(422, "came_out must be true or false.")
    with look() as session:
        badge = signed_on(session, code, house().clock())
    if badge is None:
        return _said(Answered(reasons=(BadgeFirst(station=code),)), came_out)
    said = "出来了 came out" if came_out else "没出来 did not come out"
    return _said(ask_at_station("label:settle", badge, code, job=job, came_out=came_out, reason=said), came_out)


def _said(answer: Answered, came_out: bool) -> Response:
    done = ("已记录：出来了。", "Noted: it came out.")
    if not came_out:
        done = ("已记录：没出来，将重打并标“副本”。", "Noted: it did not; it will print again, marked COPY.")
    zh, en = done if answer.accepted else _first(answer.reasons)
    return jsonify(
        accepted=answer.accepted, headline={"zh": zh, "en": en}, reasons=[shown(reason) for reason in answer.reasons]
    )


def _first(reasons: tuple[Refusal, ...]) -> tuple[str, str]:
    return reasons[0].sentence("zh"), reasons[0].sentence("en")


def _only_own_screen(code: str) -> None:
    station_or_404(code)
    if not is_own_screen(code):
        abort(403, t("只有工位自己的屏幕可以扫描。", "Only the station's own screen may scan."))


def _read_at(body: Mapping[str, Any]) -> datetime:
    """The moment of reading, for comparing with the scan before: exactly as long ago as the page says."""
    ago_s = body.get("ago_s", 0)
    if not isinstance(ago_s, int | float):
        raise ValueError(f"ago_s is no number: {ago_s!r:.40}")
    return house().clock() - min(timedelta(seconds=ago_s), OLDEST)


def _scanned_at(body: Mapping[str, Any]) -> datetime:
    """The moment of the scan by the plant's clock; of the tablet's only how long the scan waited is believed.

    A wait of a moment is the page's own, which was busy drawing the last answer: it makes no scan older than that.
    """
    waited = timedelta(seconds=whole_of(str(body.get("waited_s", 0))))
    return house().clock() - (min(waited, OLDEST) if waited > A_MOMENT else timedelta())
