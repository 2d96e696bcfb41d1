"""What stations send and show: scans, and the state of their screens."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import UUID, AwareDateTime, String
from apiflask.validators import Length, OneOf
from flask import Response, jsonify, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mes.plant.model import Station
from mes.terminal.scanning import ScanRequest, UnknownStation, scan
from mes.terminal.screen import screen_of
from web.api.tokens import only_own_station, station_only, station_or_person
from web.house import house, look

blueprint = APIBlueprint("floor", __name__, tag="Floor")
LONGEST = 4096


class ScanIn(Schema):
    """One scan, with the id that the station gave it before it sent it."""

    id = UUID(required=True)
    station = String(required=True, validate=Length(1, 64))
    code = String(required=True, validate=Length(0, LONGEST))
    scanned_at = AwareDateTime(required=True)
    garbage = String(load_default=None, allow_none=True, validate=OneOf(["torn", "oversize", "undecodable"]))


@blueprint.post("/scans")
@station_only
@blueprint.input(ScanIn, location="json")
@blueprint.doc(summary="One scan in, one reply out; 200 for accepted, refused and asks", responses=[200, 401, 403, 422])
def post_scan(json_data: dict[str, Any]) -> Response:
    """Carry out one scan (law 2)."""
    only_own_station(json_data["station"])
    wanted = ScanRequest(
        id=str(json_data["id"]), station=json_data["station"], code=json_data["code"],
        scanned_at=json_data["scanned_at"], garbage=json_data["garbage"],
    )  # fmt: skip
    try:
        reply = scan(house().database, wanted, house().clock)
    except UnknownStation as error:
        raise NotFound(f"There is no station {error}.") from error
    return jsonify(reply.json)


@blueprint.get("/stations/<code>/state")
@station_or_person
@blueprint.doc(summary="What the screen of a station shows; ETag, asked once a second")
def get_state(code: str) -> AnyResponse:
    """The state of a station's screen; 304 while nothing changed."""
    only_own_station(code)
    with look() as session:
        station = session.scalar(select(Station).where(Station.code == code))
        if station is None:
            raise NotFound(f"There is no station {code}.")
        response = jsonify(screen_of(session, station))
    response.add_etag()
    return response.make_conditional(request)
