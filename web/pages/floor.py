"""The terminal's screen: what a station shows, and the door for keyboard-wedge scanners in the browser."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mes.terminal.scanning import ScanRequest, scan
from web.house import house
from web.stations import is_own_screen, station_or_404

LONGEST = 4096


def add_to(pages: Blueprint) -> None:
    """Add the terminal's pages."""
    pages.add_url_rule("/terminal/<code>", "terminal", terminal)
    pages.add_url_rule("/terminal/<code>/scans", "terminal_scans", wedge_scan, methods=["POST"])
    pages.add_url_rule("/screen/<code>", "screen", screen)


def screen(code: str) -> AnyResponse:
    """A station's own page: the kiosk for inspectors, the terminal for everybody else."""
    station = station_or_404(code)
    return redirect(url_for("pages.kiosk" if station.role == "inspection" else "pages.terminal", code=code))


def terminal(code: str) -> str:
    """The terminal of a station."""
    return render_template("terminal.html", station=station_or_404(code), may_scan=is_own_screen(code))


def wedge_scan(code: str) -> Response:
    """A scan typed by a keyboard-wedge scanner: the same terminal as a serial one; there is no second way in."""
    station = station_or_404(code)
    if not is_own_screen(code):
        abort(403, "Only the station's own screen may scan.")
    body = request.get_json()
    try:
        # A browser keeps no scans for later, so the moment is now by the plant's clock, not by the tablet's.
        wanted = ScanRequest(str(uuid.UUID(body["id"])), station.code, str(body["code"])[:LONGEST], house().clock())
    except (KeyError, TypeError, ValueError) as error:
        abort(422, f"A scan needs id (UUID) and code: {error}")
    return jsonify(scan(house().database, wanted, house().clock).json)
