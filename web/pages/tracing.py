"""The trace page: what went into a batch, where a lot went, and whether the quantities add up (P13)."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask_login import login_required

from mes.refusals import Refused
from mes.trace.answers import Direction, tree
from mes.trace.recall import recall
from mes.trace.tracing import trace
from web.house import look
from web.language import language

DIRECTIONS = {"down": Direction.BACKWARD, "up": Direction.FORWARD}


def add_to(pages: Blueprint) -> None:
    """Add the trace page."""
    pages.add_url_rule("/trace", "trace", login_required(trace_page))


def trace_page() -> str:
    """`?code=` any code of a lot, card, supplier lot, label, carton or order; `&direction=` down or up."""
    code = request.args.get("code", "").strip()
    direction = request.args.get("direction", "down")
    answer, balances = None, None
    if code:
        try:
            with look() as session:
                answer = trace(session, code, DIRECTIONS.get(direction, Direction.BACKWARD))
                balances = recall(session, code) if direction == "up" else None
        except Refused as refused:
            flash(refused.reasons[0].sentence(language()))
    return render_template(
        "trace.html", code=code, direction=direction, answer=answer, branches=tree(answer) if answer else (),
        recall=balances,
    )  # fmt: skip
