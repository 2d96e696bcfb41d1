"""Read-only answers: lots, genealogy, recalls, stock, run cards, events. For people who may look; of lots and run cards
also for the stations where they are scanned."""

from __future__ import annotations

from dataclasses import asdict, replace

from apiflask import APIBlueprint
from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound, UnprocessableEntity

from mes.queries.cards import run_card
from mes.queries.events import EventFilter, events
from mes.queries.stock import StockFilter, stock
from mes.refusals import Refused
from mes.trace.answers import Direction, Node, Trace
from mes.trace.recall import Recall, recall
from mes.trace.tracing import lots_of, trace
from mes.trace.walking import DEEPEST
from web.api.numbers import whole_number
from web.api.tokens import answers, by_token
from web.house import look
from web.problems import refusal_problem

blueprint = APIBlueprint("answers", __name__, tag="Answers")
PAGE = 200


def _written(answer: Trace | Recall) -> Response:
    """A large answer as JSON: frozen plain values go out as they are, where a copy of them all takes longer."""
    text = current_app.json.dumps(answer, default=vars, separators=(",", ":"))
    return Response(f"{text}\n", mimetype="application/json")


@blueprint.get("/lots/<path:code>")
@answers("lot")
@blueprint.doc(summary="The lots that a code means, with everything known about them")
def get_lots(code: str) -> Response:
    """Lots by any code of theirs; a station is told nothing of where they were delivered."""
    try:
        with look() as session:
            found = lots_of(session, code)
    except Refused as refused:
        return refusal_problem(refused.reasons)
    return jsonify(lots=[asdict(_for_station(node) if by_token() else node) for node in found])


@blueprint.get("/lots/<path:code>/genealogy")
@answers("trace")
@blueprint.doc(summary="What went into a lot (backward) or where it went (forward)")
def get_genealogy(code: str) -> Response:
    """The genealogy as a graph of nodes and links."""
    try:
        direction = Direction(request.args.get("direction", "backward"))
    except ValueError as error:
        raise UnprocessableEntity("direction is backward or forward.") from error
    depth = whole_number("depth", DEEPEST)
    try:
        with look() as session:
            return _written(trace(session, code, direction, depth))
    except Refused as refused:
        return refusal_problem(refused.reasons)


@blueprint.get("/recalls/<path:code>")
@answers("trace")
@blueprint.doc(summary="What a suspect code reached, with mass balance and customers")
def get_recall(code: str) -> Response:
    """A recall in one answer."""
    try:
        with look() as session:
            return _written(recall(session, code))
    except Refused as refused:
        return refusal_problem(refused.reasons)


@blueprint.get("/stock")
@answers("stock")
@blueprint.doc(summary="The stock by item, lot, place, zone, status")
def get_stock() -> Response:
    """The stock, page by page."""
    asked = {name: request.args.get(name) for name in ("item", "lot", "place", "zone", "status")}
    with look() as session:
        rows = stock(session, StockFilter(**asked), limit=PAGE, offset=whole_number("offset", 0))
    return jsonify(stock=[asdict(row) for row in rows])


@blueprint.get("/run-cards/<path:code>")
@answers("run_card")
@blueprint.doc(summary="A run card with its operations, inspections and material")
def get_run_card(code: str) -> Response:
    """One run card."""
    with look() as session:
        found = run_card(session, code)
    if found is None:
        raise NotFound(f"There is no run card {code}.")
    if by_token():
        row = replace(found.card, order=None, customer=None)
        found = replace(found, card=row, batch=_for_station(found.batch))
    return jsonify(asdict(found))


@blueprint.get("/events")
@answers("journal")
@blueprint.doc(summary="The journal, newest first")
def get_events() -> Response:
    """The journal, page by page: `before` is the last id of the page before."""
    only = EventFilter(
        kind=request.args.get("kind"), result=request.args.get("result"), before=whole_number("before", 0) or None
    )
    with look() as session:
        return jsonify(events=[asdict(row) for row in events(session, only, limit=PAGE)])


def _for_station(node: Node) -> Node:
    """A lot as a station may know it: nothing of customers (P17)."""
    return replace(node, owner=None, deliveries=())
