"""The office's forms, one for each command that people ask for, made from its declaration; and links to them.

A refused form comes back with every reason at its field and everything that was typed, except the PINs. Where a deed
cannot be undone, a page says first what will happen. Rights and rules are the door's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from mes.commands import Request
from mes.declaring import DEPARTMENT_NAMES, REGISTER, Declaration
from mes.masters.model import Station
from mes.memory import masters
from mes.refusals import Refusal
from mes.roles import ROLE_NAMES, Role
from mes.transaction import Override
from mes.words import Words
from web.going import own_path
from web.house import ask, look
from web.language import language, t
from web.pages.asking import Answered, warn
from web.pages.fields import AT_STATION, arguments_in, elsewhere, fields_of, joined, problems_in
from web.pages.once import is_shown_once, shown_once
from web.proving import refused_before
from web.rights import looks, may_see
from web.signing import Signature, badge_in, reasons_against

Page = str | Response | tuple[str, int]
Typed = Mapping[str, str]
Wrong = Mapping[str, Words]
NOTHING: Wrong = MappingProxyType({})
NOT_KEPT = ("csrf_token", "pin", "badge", "override_pin", "confirmed", "back")


def add_to(pages: Blueprint) -> None:
    """Add the list of what the reader may do, and the forms."""
    pages.add_url_rule("/do", "deeds", looks("deeds")(deeds))
    pages.add_url_rule("/do/<department>/<verb>", "form", looks("deeds")(form))
    pages.add_url_rule("/do/<department>/<verb>", "do", looks("deeds")(do), methods=["POST"])


def link(command: str, **arguments: str | int | None) -> str | None:
    """Where the reader does this, with some arguments filled in; None where he may not, or no form offers it."""
    declared = REGISTER.get(command)
    if declared is None or not may_do(declared):
        return None
    filled = {name: value for name, value in arguments.items() if value is not None}
    path = f"/do/{declared.department}/{declared.verb}"
    return f"{path}?{urlencode(filled)}" if filled else path


@dataclass(frozen=True)
class Deed:
    """A way to a form: where, and what it does."""

    path: str
    words: Words


def deeds_of(*wanted: tuple[str, Mapping[str, str | int | None]]) -> list[Deed]:
    """The ways to the forms of these commands, filled in; those that the reader may not do are left out."""
    paths = [(REGISTER[name].words, link(name, **arguments)) for name, arguments in wanted if name in REGISTER]
    return [Deed(path, words) for words, path in paths if path]


def may_do(declared: Declaration) -> bool:
    """Whether the reader has one of the command's roles, and a form offers it."""
    roles = current_user.roles if current_user.is_authenticated else frozenset()
    return declared.by_form and bool(roles & declared.roles)


def deeds() -> str:
    """What the reader may do, by department, each with what it needs to know."""
    mine = [one for one in REGISTER.values() if may_do(one)]
    departments = dict.fromkeys(one.department for one in mine)
    named = {name: DEPARTMENT_NAMES.get(name, Words(name, name)) for name in departments}
    groups = [(words, [one for one in mine if one.department == name]) for name, words in named.items()]
    return render_template("deeds.html", groups=groups, link=link, reads_rights=may_see("rights"))


def form(department: str, verb: str) -> Page:
    """The form of a command; the query string fills in what is known already."""
    return _page(_declared(department, verb), request.args)


def do(department: str, verb: str) -> Page:
    """Ask for the command: refused or wrongly filled in, the form comes back; done, the reader goes back."""
    declared, typed = _declared(department, verb), joined(request.form)
    with look() as session:
        arguments = arguments_in(session, declared, typed)
    wrong = problems_in(declared, arguments)
    if wrong or "back" in typed:
        return _page(declared, typed, wrong), 422 if wrong else 200
    if declared.confirm and "confirmed" not in typed:
        return _confirmation(declared, arguments)
    station = arguments.pop(AT_STATION.name, None)
    outcome = _ask(declared, arguments, station)
    if outcome.reasons:
        return _page(declared, typed, reasons=outcome.reasons), 409
    said, onward = declared.said_done(arguments, outcome.value), own_path(typed.get("next"))
    if is_shown_once(outcome.value):
        return shown_once(declared.words, said, outcome.value, onward)
    flash(said.read(language()), "good")
    warn(outcome.warned)
    return redirect(onward)


def _declared(department: str, verb: str) -> Declaration:
    declared = REGISTER.get(f"{department}:{verb}")
    if declared is None or not declared.by_form:
        abort(404)
    if not may_do(declared):
        abort(403, t(f"您的角色不能办理「{declared.words.zh}」。", f"Your roles may not {declared.words.en}."))
    return declared


def _ask(declared: Declaration, arguments: Mapping[str, Any], station: str | None) -> Answered:
    """Check the signatures, then ask as the reader."""
    signature, override = _signature(declared), _override()
    given = [one for one in (signature, override[0] if override else None) if one]
    wanted = Request(
        declared.name,
        arguments,
        person=current_user.badge,
        station=station,
        signed_by=signature.badge if signature else None,
        overrides=(override[1],) if override else (),
    )
    if reasons := reasons_against(wanted, given):
        return Answered(reasons=reasons)
    outcome = refused_before(wanted) or ask(wanted)
    return Answered(outcome.value, outcome.reasons)


def _signature(declared: Declaration) -> Signature | None:
    return Signature.typed(current_user.badge) if declared.signed else None


def _override() -> tuple[Signature, Override] | None:
    """Somebody else's decision to let one refusal pass: remote approval of exactly that one (F8)."""
    typed = request.form
    if not (typed.get("override_of") and typed.get("override_badge")):
        return None
    badge = badge_in(typed["override_badge"])
    decision = Override(typed["override_of"], badge, typed.get("override_reason", "").strip())
    return Signature(badge, typed.get("override_pin", "")), decision


def _page(
    declared: Declaration, typed: Typed, wrong: Mapping[str, Words] = NOTHING, reasons: Sequence[Refusal] = ()
) -> str:
    overridable = reasons[0] if len(reasons) == 1 and reasons[0].override else None
    return render_template(
        "do.html",
        declared=declared,
        fields=fields_of(declared, typed, wrong, reasons),
        reasons=elsewhere(declared, typed, reasons),
        overridable=overridable,
        let_pass_in_vain=bool(overridable and typed.get("override_of") == overridable.fingerprint),
        typed=typed,
        role_name=_role_name,
        kiosks=_kiosks() if declared.elsewhere else (),
        next=_next(typed),
    )


def _kiosks() -> list[str]:
    """The stations where inspectors sign."""
    with look() as session:
        return sorted(one.code for one in masters(session).where(Station, role="inspection", retired=False))


def _confirmation(declared: Declaration, arguments: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in joined(request.form).items() if name not in NOT_KEPT}
    with look() as session:
        foretold = declared.foretells(session, arguments)
    return render_template(
        "confirm.html",
        declared=declared,
        warned=declared.warned(arguments),
        foretold=foretold,
        said=[(one.words, one.given.said(arguments[one.name])) for one in declared.fields if one.name in arguments],
        kept=kept,
    )


def _role_name(role: Role) -> str:
    return t(*ROLE_NAMES[role])


def _next(typed: Typed) -> str:
    """Where the reader came from: said by the form, else the page that led here."""
    if "next" in typed:
        return own_path(typed["next"])
    try:
        came = urlsplit(request.referrer or "")
    except ValueError:  # no address at all
        return "/do"
    here = came.netloc == request.host and not came.path.startswith("/do/")
    return own_path(f"{came.path}?{came.query}" if came.query else came.path) if here else "/do"
