"""Print jobs for stations: what to print next, the bytes, and what became of it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Integer, String
from apiflask.validators import Length, OneOf, Range
from flask import Response, jsonify, request
from werkzeug.exceptions import Conflict, NotFound

from mes.masters.model import Station
from mes.memory import masters
from mes.outside import LARGEST
from mes.terminal.print_results import note_result
from web.api.numbers import whole_number
from web.api.tokens import calling_station, only_own_station, station_only
from web.house import house, look
from web.printing import content_of, lease_jobs, paper_changed

blueprint = APIBlueprint("printing", __name__, tag="Printing")
JOB = f"/print-jobs/<int(max={LARGEST}):job_id>"
"""A number that no database could hold is no job, and no fault of the server."""


class ResultIn(Schema):
    """What became of a job: `done` only when the printer itself said so; `lease` is that of the list it came with."""

    state = String(required=True, validate=OneOf(["done", "failed", "unknown"]))
    reason = String(load_default=None, allow_none=True, validate=Length(max=500))
    lease = Integer(load_default=None, allow_none=True, validate=Range(1, LARGEST))


@blueprint.get("/print-jobs")
@station_only
@blueprint.doc(summary="The jobs that this station's print journal holds, with the next ones leased to it, in order")
def get_jobs() -> Response:
    """`journal` names the station's print journal; a job is listed to it until its result has been posted."""
    station = request.args.get("station", calling_station())
    only_own_station(station)
    _must_exist(station)
    journal = request.args.get("journal", "")[:64] or station
    return jsonify(jobs=[job.json for job in lease_jobs(house().database, station, journal, house().clock())])


@blueprint.get(f"{JOB}/content")
@station_only
@blueprint.doc(summary="The bytes to send to the printer")
def get_content(job_id: int) -> Response:
    """The bytes of a leased job; `lease` as in the list: those of a newer one may differ (COPY). 409: other paper."""
    with look() as session:
        found = content_of(session, job_id, calling_station(), _lease())
        changed = found is not None and paper_changed(session, job_id, house().clock())
    if found is None:
        raise NotFound(f"Print job {job_id} is not leased to this station.")
    if changed:
        raise Conflict(f"Print job {job_id} is for other paper than its printer holds now: report it as paper_changed.")
    return Response(found[0], content_type=found[1])


def _must_exist(station: str) -> None:
    if station != calling_station():  # somebody who may look at screens asks for another's
        with look() as session:
            if masters(session).find(Station, code=station) is None:
                raise NotFound(f"There is no station {station}.")


def _lease() -> int | None:
    """The lease that the address names; 422 for what is no number."""
    return whole_number("lease", 0) if "lease" in request.args else None


@blueprint.post(f"{JOB}/result")
@station_only
@blueprint.input(ResultIn, location="json")
@blueprint.doc(summary="What became of a job")
def post_result(job_id: int, json_data: dict[str, Any]) -> Response:
    """Note a result; a repeated one changes nothing, nor does one of a lease that was settled and given anew."""
    known = note_result(
        house().database,
        job_id,
        calling_station(),
        json_data["state"],
        json_data["reason"],
        house().clock(),
        json_data["lease"],
    )
    if not known:
        raise NotFound(f"Print job {job_id} is not a job of this station.")
    return jsonify(id=job_id, state=json_data["state"])
