"""Holding, and releasing, everything that a suspect code reached: asked first with the count and list, then signed.

One command for each lot, all under one signature; a lot that is refused is named, the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from mes.commands import Request
from mes.quality.lot_standing import LotStanding, standing_of
from mes.quality.refusals import AlreadyOnHold, NotOnHold
from mes.refusals import Refusal, Refused
from mes.trace.answers import Node
from mes.trace.recall import recall
from mes.words import Words
from web.house import ask, look
from web.language import language, t
from web.rights import looks
from web.signing import Signature, reasons_against


@dataclass(frozen=True)
class Deed:
    """What is done to each lot: its command, its words, and the refusals that only say that it was so already."""

    command: str
    words: Words
    asks: Words
    done: Words
    so_already: type[Refusal]
    of_held: bool


HOLD = Deed(
    "quality:hold",
    Words("全部隔离", "Hold all"),
    Words("将隔离以下 {count} 批，立即停止使用：", "These {count} lots go on hold; nothing of them may be used:"),
    Words("已隔离 {count} 批。", "{count} lots put on hold."),
    AlreadyOnHold,
    of_held=False,
)
RELEASE = Deed(
    "quality:release",
    Words("全部解冻", "Release all"),
    Words("将解冻以下 {count} 批，去掉勾选的不动：", "These {count} lots are released from hold; untick what stays:"),
    Words("已解冻 {count} 批。", "{count} lots released from hold."),
    NotOnHold,
    of_held=True,
)


def add_to(pages: Blueprint) -> None:
    """Add both forms."""
    pages.add_url_rule("/trace/hold", "trace_hold", looks("trace")(hold_all), methods=["POST"])
    pages.add_url_rule("/trace/release", "trace_release", looks("trace")(release_all), methods=["POST"])


def hold_all() -> str | Response | tuple[str, int]:
    """Everything that a suspect code reached and that is still here goes on hold."""
    return _all(HOLD)


def release_all() -> str | Response | tuple[str, int]:
    """What of it is on hold is released, as far as it is ticked."""
    return _all(RELEASE)


def _all(deed: Deed) -> str | Response | tuple[str, int]:
    code, reason = request.form.get("code", "").strip(), request.form.get("reason", "").strip()
    back = redirect(url_for("pages.trace", code=code, direction="up"))
    try:
        lots = _reached(deed, code)
    except Refused as refused:
        flash(refused.reasons[0].sentence(language()))
        return back
    if "confirmed" not in request.form or not lots:
        return _page(deed, code, reason, lots)
    if reasons := reasons_against(_request(deed, code, reason), [Signature.typed(current_user.badge)]):
        return _page(deed, code, reason, lots, reasons), 409
    _do(deed, request.form.getlist("lot"), reason)
    return back


def _reached(deed: Deed, code: str) -> list[LotStanding]:
    """The lots that are here and not as they should be yet; raises `Refused` for a code of nothing."""
    with look() as session:
        here = [node for node in recall(session, code).trace.nodes if _is_here(node)]
        wanted = [node.lot for node in here if bool(node.hold) == deed.of_held]
        return [found for lot in wanted if (found := standing_of(session, lot))]


def _is_here(node: Node) -> bool:
    return bool(node.on_hand or node.in_process)


def _page(deed: Deed, code: str, reason: str, lots: list[LotStanding], reasons: tuple[Refusal, ...] = ()) -> str:
    asks = deed.asks.said(count=len(lots))
    return render_template(
        "hold_all.html", deed=deed, asks=asks, code=code, reason=reason, lots=lots, reasons=reasons, action=request.path
    )


def _request(deed: Deed, lot: str, reason: str) -> Request:
    badge = current_user.badge
    return Request(deed.command, {"lot": lot, "reason": reason}, person=badge, signed_by=badge)


def _do(deed: Deed, lots: list[str], reason: str) -> None:
    """Ask for each lot, as who has signed for all of them."""
    done = 0
    refused: dict[str, None] = {}
    for lot in lots:
        outcome = ask(_request(deed, lot, reason))
        done += outcome.accepted
        refused |= dict.fromkeys(
            one.sentence(language()) for one in outcome.reasons if not isinstance(one, deed.so_already)
        )
    if done or not refused:
        flash(t(*deed.done.said(count=done)), "good")
    for sentence in refused:
        flash(sentence)
