"""What stations send and show: scans, heartbeats, readings of gauges, and the state of their screens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import UUID, AwareDateTime, Boolean, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range, Regexp
from flask import Response, jsonify, request
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from mes.outside import LARGEST, sensible_moment
from mes.people.access import sha256
from mes.terminal import devices
from mes.terminal.moments import Sent
from mes.terminal.pulse import pulse_of
from mes.terminal.scanning import ScanRequest, TokenEnded, UnknownStation, scan
from mes.terminal.screen import state_of
from web.api.tokens import (
    STRANGER,
    only_own_station,
    only_somebody,
    seems_station,
    shows_itself,
    station_only,
    token_hash,
)
from web.house import house, look
from web.paper import shipped_sizes, sizes_in
from web.problems import trouble_with
from web.rights import judged_inside

blueprint = APIBlueprint("floor", __name__, tag="Floor")
LONGEST = 4096
NOW = "Runcard-Now"
"""Every answer about a screen carries the plant's time, so that the page can say how long something waits."""
MOST_PRINTERS, MOST_FAULTS = 32, 16


class Moment(AwareDateTime):
    """A moment with its offset, of a year that a clock can show."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return sensible_moment(super()._deserialize(value, attr, data, **kwargs))
        except (OverflowError, ValueError) as error:
            raise ValidationError(str(error)) from error


class ScanIn(Schema):
    """One scan, with the id that the station gave it before it sent it."""

    id = UUID(required=True)
    station = String(required=True, validate=Length(1, 64))
    code = String(required=True, validate=Length(0, LONGEST))
    scanned_at = Moment(required=True)
    garbage = String(load_default=None, allow_none=True, validate=OneOf(["torn", "oversize", "undecodable", "early"]))
    sequence = Integer(load_default=None, allow_none=True, validate=Range(min=0, max=LARGEST))


class SentIn(Schema):
    """When a scan was sent, by the clock that dated it: so long it has waited, whatever that clock says."""

    sent_at = Moment(load_default=None, data_key="Runcard-Sent")


@blueprint.post("/scans")
@seems_station
@blueprint.input(ScanIn, location="json")
@blueprint.input(SentIn, location="headers")
@blueprint.doc(summary="One scan in, one reply out; 200 for accepted, refused and asks", responses=[200, 401, 403, 422])
def post_scan(json_data: dict[str, Any], headers_data: dict[str, Any]) -> Response:
    """Carry out one scan (law 2)."""
    only_own_station(json_data["station"])
    wanted = ScanRequest(
        id=str(json_data["id"]),
        station=json_data["station"],
        code=json_data["code"],
        scanned_at=json_data["scanned_at"],
        garbage=json_data["garbage"],
        token_hash=token_hash(),
        sent=Sent(headers_data["sent_at"], json_data["sequence"]) if headers_data["sent_at"] else None,
    )
    try:
        reply = scan(house().database, wanted, house().clock)
    except UnknownStation as error:
        raise NotFound(f"There is no station {error}.") from error
    except TokenEnded as error:
        raise Unauthorized(STRANGER) from error
    return jsonify(reply.json)


class ScannerIn(Schema):
    """Whether the scanner is plugged in."""

    connected = Boolean(required=True)


class PrinterIn(Schema):
    """What a printer says of itself: words as `paper_out`, and whether it can say anything."""

    code = String(required=True, validate=Length(1, 64))
    faults = List(String(validate=Length(1, 64)), load_default=list, validate=Length(max=MOST_FAULTS))
    answers = Boolean(load_default=True)


class HeartbeatIn(Schema):
    """What a station says of itself, at once when something changed and else every quarter of a minute."""

    at = Moment(required=True)
    round_trip_s = Float(load_default=0, validate=Range(min=0, max=60))
    waiting = Integer(required=True, validate=Range(0, LARGEST))
    scanner = Nested(ScannerIn, load_default=None, allow_none=True)
    printers = List(Nested(PrinterIn), load_default=list, validate=Length(max=MOST_PRINTERS))


class ReadingIn(Schema):
    """One value of a gauge or scale; a number as text, so that nothing is rounded on its way."""

    id = UUID(required=True)
    device = String(required=True, validate=Length(1, 64))
    value = String(required=True, validate=Regexp(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,12})?$"))
    unit = String(required=True, validate=Length(0, 16))
    at = Moment(required=True)


@blueprint.post("/stations/<path:code>/heartbeat")
@station_only
@blueprint.input(HeartbeatIn, location="json")
@blueprint.doc(summary="What a station says of its scanner, its printers and the scans it keeps")
def post_heartbeat(code: str, json_data: dict[str, Any]) -> Response:
    """Keep the station's word; a printer that was opened is doubted (law 9)."""
    only_own_station(code)
    now = house().clock()
    round_trip = timedelta(seconds=json_data.pop("round_trip_s"))
    said = {**json_data, "at": json_data["at"].isoformat()}
    devices.heard(house().database, code, said, now, round_trip)
    return jsonify(ok=True)


@blueprint.post("/stations/<path:code>/readings")
@station_only
@blueprint.input(ReadingIn, location="json")
@blueprint.doc(summary="A value from a gauge or scale, offered to the field on the screen that waits for one")
def post_reading(code: str, json_data: dict[str, Any]) -> Response:
    """Keep the station's last reading."""
    only_own_station(code)
    value = devices.Measured(**{**json_data, "id": str(json_data["id"])})
    devices.read_value(house().database, code, value)
    return jsonify(ok=True)


@blueprint.get("/stations/<path:code>/state")
@judged_inside
@blueprint.doc(
    summary="What the screen of a station shows; ETag, asked once a second", security=["station", "login", "screen"]
)
def get_state(code: str) -> AnyResponse:
    """The state of a station's screen; 304 while nothing changed, which costs one statement."""
    now = house().clock()
    with look() as session:
        pulse = pulse_of(session, code, now)
        if pulse is None or not shows_itself(pulse.station):
            only_somebody(code)
        if pulse is None:
            raise NotFound(f"There is no station {code}.")
        trouble = trouble_with(house().database)
        etag = sha256(f"{pulse.version} {trouble}")
        if request.if_none_match.contains(etag):
            response = Response(status=304)
        else:
            sizes = sizes_in(session) if pulse.newest_layout else shipped_sizes
            response = jsonify(**state_of(session, pulse, sizes), database=trouble)
    response.set_etag(etag)
    response.headers[NOW] = now.isoformat()
    return response
