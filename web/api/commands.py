"""Commands over HTTP, one route for each that is declared: its arguments in, what became of it out.

A station acts for whoever is signed on there, a person in a browser for himself; what asks for more than hands on the
floor needs a signature. Decides nothing else: rights and rules are the door's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select
from werkzeug.exceptions import NotFound, Unauthorized, UnprocessableEntity

from mes.commands import Outcome, Request
from mes.declaring import REGISTER, Declaration
from mes.masters.model import Station
from mes.once import Key, ask_once
from mes.refusals import Refusal, Refused, SignatureMissing, UnknownCode, refuse
from mes.roles import HANDS
from mes.terminal.dialogue import signed_on
from mes.terminal.refusals import BadgeFirst
from mes.terminal.reply import shown, warning
from mes.transaction import Override
from web.api.bodies import KEY_FORM, LONGEST_KEY, RESERVED, problems_of_body
from web.api.tokens import station_of_request
from web.house import ask, house, look
from web.plain import plain, revealed
from web.problems import misread, problem, refusal_problem
from web.proving import refused_before
from web.rights import judged_inside
from web.signing import Signature, reasons_against

blueprint = APIBlueprint("commands", __name__, tag="Commands")


@dataclass(frozen=True)
class Caller:
    """Who asks: a station for whoever is signed on there, or a person who is logged in."""

    person: str
    station: str | None

    @property
    def name(self) -> str:
        """What its keys are kept under."""
        return f"station:{self.station}" if self.station else f"person:{self.person}"


@blueprint.post("/commands/<department>/<verb>")
@judged_inside
@blueprint.doc(hide=True)  # every command is described by its own declaration: web.api.describing
def post_command(department: str, verb: str) -> Response:
    """Carry out one command; 200 with its value, 409 with every reason, 422 with every field that is wrong."""
    declared = _declared(f"{department}:{verb}")
    station = _station_or_login()
    body = _body()
    if wrong := problems_of_body(declared, body):
        return misread(wrong)
    try:
        wanted, caller = _request(declared, body, station)
    except Refused as refused:
        return refusal_problem(refused.reasons)
    return _answer(_ask(wanted, caller))


def _declared(name: str) -> Declaration:
    declared = REGISTER.get(name)
    if declared is None or not declared.by_program:
        raise NotFound(f"There is no command {name}.")
    return declared


def _station_or_login() -> str | None:
    """The station whose token came, or None for a person with cookie and CSRF token; 401 for anybody else."""
    g.station = station_of_request()
    if g.station is None and not current_user.is_authenticated:
        raise Unauthorized("This needs a station's bearer token or a login.")
    if g.station is None and current_app.config.get("WTF_CSRF_ENABLED", True):
        cast(CSRFProtect, current_app.extensions["csrf"]).protect()
    return cast("str | None", g.station)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise UnprocessableEntity("The body is a JSON object with the command's arguments.")
    return body


def _request(declared: Declaration, body: Mapping[str, Any], station: str | None) -> tuple[Request, Caller]:
    """What is asked of the door, its signatures checked; raises `Refused` where one is wrong or missing."""
    signature, overrides = _signature(body.get("signature")), body.get("overrides") or []
    place = station or body.get("at_station")
    caller = Caller(_person(declared, signature, station), station)
    signers = [*([signature] if signature else []), *(Signature(one["badge"], one["pin"]) for one in overrides)]
    arguments = {name: value for name, value in body.items() if name not in RESERVED}
    wanted = Request(
        declared.name,
        arguments,
        person=caller.person,
        station=place,
        signed_by=signature.badge if signature else None,
        overrides=tuple(Override(one["fingerprint"], one["badge"], one["reason"]) for one in overrides),
    )
    if reasons := _unknown_place(body.get("at_station")) or reasons_against(wanted, signers, station):
        raise refuse(*reasons)
    return wanted, caller


def _signature(given: Mapping[str, str] | None) -> Signature | None:
    return Signature(given["badge"].removeprefix("1H"), given["pin"]) if given else None


def _unknown_place(code: str | None) -> tuple[Refusal, ...]:
    with look() as session:
        known = code is None or session.scalar(select(Station.id).where(Station.code == code)) is not None
    return () if known else (UnknownCode(text=str(code)),)


def _person(declared: Declaration, signature: Signature | None, station: str | None) -> str:
    """Who acts: whoever is logged in; at a station whoever signs, else whoever is signed on with the badge alone.

    A badge is no secret, so it opens only what hands on the floor may do.
    """
    if station is None:
        return str(current_user.badge)
    if signature:
        return signature.badge
    with look() as session:
        badge = signed_on(session, station, house().clock())
    if badge is None:
        raise refuse(BadgeFirst(station=station))
    if not declared.roles & HANDS:
        raise refuse(SignatureMissing(command=declared.name))
    return badge


def _ask(wanted: Request, caller: Caller) -> dict[str, Any]:
    """What became of it, as JSON; with an `Idempotency-Key` what became of it the first time."""
    if refused := refused_before(wanted):
        return told(wanted, refused)
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return told(wanted, ask(wanted))
    if not KEY_FORM.fullmatch(key):
        raise UnprocessableEntity(f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.")
    home = house()
    return ask_once(home.database, wanted, Key(caller.name, key), home.clock, lambda outcome: told(wanted, outcome))


def told(wanted: Request, outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON: its event, and the value with what is said of it, or every reason why not."""
    if not outcome.accepted:
        return {"event": outcome.event_id, "reasons": [shown(reason) for reason in outcome.reasons]}
    said = REGISTER[wanted.command].said_done(wanted.arguments, outcome.value)
    warnings = [warning(one) for one in outcome.warned]
    words = {"zh": said.zh, "en": said.en}
    return {"event": outcome.event_id, "value": plain(outcome.value), "said": words, "warnings": warnings}


def _answer(answer: Mapping[str, Any]) -> Response:
    if "reasons" in answer:
        return problem(409, "refused", answer["reasons"][0]["en"], **answer)
    return jsonify(revealed(answer))
