"""Search as you type, for fields of office forms: a few things by code or name, for people who may act on them."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from mes.declaring import REGISTER
from mes.given import Thing
from mes.queries.finding import FINDERS, find
from web.house import look
from web.rights import judged_inside
from web.scanned import settled

blueprint = APIBlueprint("finding", __name__, tag="Finding")
LONGEST = 200
KINDS = {kind.__tablename__: kind for kind in FINDERS}  # type: ignore[attr-defined]


@blueprint.get("/find/<kinds>")
@judged_inside
@blueprint.doc(summary="Things by a few letters of code or name; `kinds` are separated by commas", security=["login"])
def get_found(kinds: str) -> Response:
    """`rows` that have the letters `q`, and what `q` stands for as a scan (`read`)."""
    wanted = _kinds(kinds)
    text = request.args.get("q", "").strip()[:LONGEST]
    with look() as session:
        read = settled(session, Thing(wanted), text)
        rows = find(session, wanted, text) or find(session, wanted, read)
    return jsonify(read=read, rows=[asdict(one) for one in rows])


def _kinds(names: str) -> tuple[type, ...]:
    """The kinds asked for; 404 for one that there is not, 401 or 403 for whoever may do nothing with them."""
    if not current_user.is_authenticated:
        raise Unauthorized("This needs a login.")
    try:
        wanted = tuple(KINDS[name] for name in names.split(","))
    except KeyError as error:
        raise NotFound(f"There is no kind {error}.") from error
    mine = {kind for one in REGISTER.values() if one.roles & current_user.roles for kind in _things(one.name)}
    if not set(wanted) <= mine:
        raise Forbidden("Nothing that you may do is done with these.")
    return wanted


def _things(command: str) -> set[type]:
    """The kinds of things that a command is about; somewhere to stand is part of those done at a station."""
    declared = REGISTER[command]
    kinds = {kind for one in declared.arguments.values() if isinstance(one.given, Thing) for kind in one.given.kinds}
    return kinds | {KINDS["station"]} if declared.at_station else kinds
