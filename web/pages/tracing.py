"""The trace page: what went into a batch, where a lot went, and whether the quantities add up (P13)."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from werkzeug.wrappers import Response

from mes.refusals import Refused
from mes.trace.answers import Direction, Node, tree
from mes.trace.recall import recall
from mes.trace.tracing import trace
from web.house import look
from web.language import language
from web.pages import words
from web.pages.exporting import traced
from web.pages.flow import days, picture
from web.pages.sheets import as_workbook
from web.rights import looks

DIRECTIONS = {"down": Direction.BACKWARD, "up": Direction.FORWARD}


def add_to(pages: Blueprint) -> None:
    """Add the trace page."""
    pages.add_url_rule("/trace", "trace", looks("trace")(trace_page))


def trace_page() -> str | Response:
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
    if answer and as_workbook():
        return traced(answer, DIRECTIONS.get(direction, Direction.BACKWARD))
    return render_template(
        "trace.html",
        code=code,
        direction=direction,
        answer=answer,
        branches=tree(answer) if answer else (),
        recall=balances,
        picture=picture(answer) if answer else None,
        days=days(answer) if answer else (),
        words=words,
        passed_finally=_passed_finally,
    )


def _passed_finally(node: Node) -> bool:
    """Whether there is a certificate of this lot."""
    inspections = (*node.inspections, *(one for step in node.steps for one in step.inspections))
    return any(one.stage == "final" and one.verdict == "passed" for one in inspections)
