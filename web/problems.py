"""Errors as RFC 9457 problem documents for programs, as plain pages for people.

A command refused through the API is 409 with every reason; what the database cannot do now is 503 and may be asked
again. Nothing here hides what went wrong or shows a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from mes.database import Database
from mes.refusals import Refusal
from mes.terminal.reply import shown
from mes.unavailable import NAMES, DatabaseUnavailable
from mes.words import Words
from web.language import both

log = logging.getLogger(__name__)
RETRY_AFTER_S = 2
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
    503: ("请稍候再试", "Not now: try again in a moment"),
}
BROKEN = (
    "服务器出错，已记入服务器日志，请告知系统管理员",
    "The server failed; its log says why. Tell the administrator",
)


def problem(status: int, title: str, detail: str = "", **more: Any) -> Response:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")


def misread(wrong: Mapping[str, Words]) -> Response:
    """422 with `fields[]`: each field that is not as it must be, with what is wrong with it in both languages."""
    fields = [{"field": name, "zh": words.zh, "en": words.en} for name, words in wrong.items()]
    return problem(422, "misread", "Some fields are not as they must be.", fields=fields)


def refusal_problem(reasons: Sequence[Refusal]) -> Response:
    """409 with `reasons[]`: each with code, facts, both sentences and the role that may override."""
    return problem(409, "refused", reasons[0].sentence("en"), reasons=[shown(reason) for reason in reasons])


def install(app: APIFlask) -> None:
    """Answer every HTTP error in one form."""
    app.error_processor(_api_error)
    app.register_error_handler(HTTPException, _any_error)
    app.register_error_handler(DatabaseUnavailable, _unavailable)
    app.after_request(_say_when)  # before the limiter is put on the app: it writes its own moment on every answer


def _api_error(error: HTTPError) -> Response:
    return problem(error.status_code, error.message or "error", errors=error.detail)


def _unavailable(error: DatabaseUnavailable) -> Response:
    """503: not now. One line in the log; a station keeps its scans, a screen says why, a person reads it."""
    log.error("%s %s: %s", request.method, request.path, error)
    if request.path.startswith("/api/") or request.is_json:
        what = {"trouble": error.trouble, "headline": _pair(error.name)}
        return problem(503, error.name[1], "" if _only_looks() else error.advice[1], **what)
    return Response(_page_that_asks_nobody(error), 503)


def _say_when(response: Response) -> Response:
    if response.status_code == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _page_that_asks_nobody(error: DatabaseUnavailable) -> str:
    """The page without who is logged in: the database, which knows that, is what does not answer."""
    page = current_app.jinja_env.get_template("unavailable.html")
    again_s = RETRY_AFTER_S if _only_looks() else None
    return page.render(name=both(*error.name), advice=both(*error.advice), again_s=again_s)


def _only_looks() -> bool:
    return request.method in ("GET", "HEAD")


def trouble_with(database: Database) -> dict[str, str] | None:
    """What keeps the database from keeping anything, in both languages; None while it keeps what is written."""
    return _pair(NAMES[database.trouble]) if database.trouble else None


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def _any_error(error: HTTPException) -> Response | tuple[str, int]:
    try:
        return _error_page(error)
    except DatabaseUnavailable as unavailable:  # the page asks who is logged in
        return _unavailable(unavailable)


def _error_page(error: HTTPException) -> Response | tuple[str, int]:
    status = error.code or 500
    if request.path.startswith("/api/"):
        return problem(status, error.name, error.description or "")
    title = both(*WORDS.get(status, BROKEN))
    return render_template("error.html", status=status, title=title, detail=_own_words(error)), status


def _own_words(error: HTTPException) -> str:
    """What our own code said of this error; the library's English sentences are left out."""
    ours = type(error).__module__.startswith("werkzeug") and error.description != type(error).description
    return error.description or "" if ours else ""
