"""The inspector's kiosk: what waits for inspection, the chosen one with its limits, and signing by badge and PIN.

Judges nothing: the marks on the screen are a help, the verdict is the server's (P9, P10, F1). A refused form comes back
with every reason and everything that was typed, except the PIN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from mes.masters.model import Station
from mes.roles import Role
from web.house import house, look
from web.language import t
from web.pages import kiosk_forms
from web.pages.asking import Answered, Signature, ask_signed, say
from web.pages.kiosk_view import Kiosk, view
from web.pages.words import for_script
from web.stations import is_own_screen, station_or_404

Form = Mapping[str, str]
SIGNERS = {Role.INSPECTOR, Role.QUALITY_MANAGER}


@dataclass(frozen=True)
class Act:
    """One thing that is signed here: its command, how its form is read; `done` says more than the command does."""

    command: str
    read: Callable[[Form], dict[str, Any]]
    done: Callable[[Any], str] | None = None


def _first_article_done(value: Any) -> str:
    if value.verdict == "pass":
        return t(f"首检放行：{value.operation}", f"First article released: {value.operation}")
    following = t(f"，等待第 {value.next_attempt} 次首检。", f"; attempt {value.next_attempt} is waiting.")
    last = t("，本单已无件可做，可完工。", "; nothing of the card is left to make, it can be finished.")
    call = t("已两次不合格，请叫质量主管。", " Call the quality manager.")
    said = t(f"首检不合格：{value.operation}", f"First article rejected: {value.operation}")
    return said + (following if value.next_attempt else last) + (call if value.calls_quality_manager else "")


ACTS = {
    "first-article": Act("quality:first_article", kiosk_forms.first_article, _first_article_done),
    "final": Act("quality:final", kiosk_forms.final),
    "complete": Act("quality:complete", kiosk_forms.complete),
    "judge": Act("quality:judge", kiosk_forms.judge),
    "dispose": Act("quality:dispose", kiosk_forms.dispose),
    "hold": Act("quality:hold", kiosk_forms.of_lot),
    "release": Act("quality:release", kiosk_forms.of_lot),
    "report": Act("quality:nonconforming", kiosk_forms.report),
}


def add_to(pages: Blueprint) -> None:
    """Add the kiosk's pages: one to look at, one form per act."""
    pages.add_url_rule("/kiosk/<path:code>", "kiosk", kiosk)
    pages.add_url_rule("/kiosk/<path:code>/<act>", "kiosk_act", act, methods=["POST"])


def kiosk(code: str) -> str:
    """The kiosk of a station: `?operation=` or `?code=` (a scanned code) or `?nonconformance=` chooses what to show."""
    return _page(_kiosk_station(code), request.args)


def act(code: str, act: str) -> Response | tuple[str, int]:
    """Carry out one signed act; refused: the same page with every reason (409), nothing typed is lost."""
    station = _kiosk_station(code)
    if act not in ACTS:
        abort(404)
    _may_act(code)
    wanted = ACTS[act]
    answer = ask_signed(wanted.command, wanted.read(request.form), Signature.typed(), station.code)
    if not answer.accepted:
        return _page(station, request.form, answer), 409
    say(answer, wanted.done(answer.value) if wanted.done else None)
    return redirect(url_for("pages.kiosk", code=code))


def _kiosk_station(code: str) -> Station:
    station = station_or_404(code)
    if station.role != "inspection":
        abort(404, t(f"{code} 不是检验台。", f"{code} is no inspection kiosk."))
    return station


def _may_act(code: str) -> None:
    """The station's own screen, or an inspector's browser; the signature says who it was."""
    if not is_own_screen(code) and not (current_user.is_authenticated and current_user.roles & SIGNERS):
        abort(403, t("只能在检验台屏幕或由检验员签字。", "Only the kiosk's own screen or an inspector may sign here."))


def _page(station: Station, chosen: Form, answer: Answered | None = None) -> str:
    with look() as session:
        shown: Kiosk = view(session, chosen, house().clock())
    typed = {name: value for name, value in request.form.items() if name not in ("pin", "csrf_token")}
    return render_template(
        "kiosk.html",
        station=station,
        kiosk=shown,
        typed=typed,
        reasons=answer.reasons if answer else (),
        badge=typed.get("badge", ""),
        may_scan=is_own_screen(station.code),
        words=for_script(),
    )
