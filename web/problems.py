"""Errors as RFC 9457 problem documents for programs, as plain pages for people.

A command refused through the API is 409 with every reason; nothing here hides what went wrong or shows a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, json, render_template, request
from werkzeug.exceptions import HTTPException

from mes.refusals import Refusal
from mes.terminal.reply import shown


def problem(status: int, title: str, detail: str = "", **more: Any) -> Response:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")


def refusal_problem(reasons: Sequence[Refusal]) -> Response:
    """409 with `reasons[]`: each with code, facts, both sentences and the role that may override."""
    return problem(409, "refused", reasons[0].sentence("en"), reasons=[shown(reason) for reason in reasons])


def install(app: APIFlask) -> None:
    """Answer every HTTP error in one form."""
    app.error_processor(_api_error)
    app.register_error_handler(HTTPException, _any_error)


def _api_error(error: HTTPError) -> Response:
    return problem(error.status_code, error.message or "error", errors=error.detail)


def _any_error(error: HTTPException) -> Response | tuple[str, int]:
    status = error.code or 500
    if request.path.startswith("/api/"):
        return problem(status, error.name, error.description or "")
    return render_template("error.html", status=status, title=error.name, detail=error.description), status
