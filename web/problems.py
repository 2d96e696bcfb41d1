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
from web.language import both

# What happened, in words of people who read no English and know no HTTP.
WORDS = {
    400: ("此页已过期，请返回后再试", "This page is out of date: go back and try again"),
    401: ("请先登录", "Log in first"),
    403: ("您无权这样做", "This is not yours to do"),
    404: ("没有此页", "There is no such page"),
    405: ("此地址不能直接打开", "This address cannot be opened by itself"),
    409: ("不能执行", "Refused"),
    413: ("内容过长", "That is too long"),
    422: ("内容填写不对", "What was sent makes no sense"),
    429: ("操作过于频繁，请一分钟后再试", "Too many tries: wait a minute"),
}
BROKEN = (
    "服务器出错，已记入服务器日志，请告知系统管理员",
    "The server failed; its log says why. Tell the administrator",
)


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
    title = both(*WORDS.get(status, BROKEN))
    return render_template("error.html", status=status, title=title, detail=_own_words(error)), status


def _own_words(error: HTTPException) -> str:
    """What our own code said of this error; the library's English sentences are left out."""
    ours = type(error).__module__.startswith("werkzeug") and error.description != type(error).description
    return error.description or "" if ours else ""
