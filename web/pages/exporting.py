"""Tables and traces as files for a reader: short ones are made at once, long ones beside the server. Only looks."""

from __future__ import annotations

from typing import IO

from flask import Response, abort, request
from werkzeug.exceptions import ClientDisconnected

from mes.queries.asking import Asked
from mes.trace.answers import Direction, Trace
from web.exporting import ReaderLeft, TooManyExports, make_beside
from web.exports import Export, TraceExport, has_many_rows, is_long, write
from web.house import house, look
from web.language import language, t
from web.pages.sheets import on_disk, sent


def exported(title: str, form: str, tables: dict[str, Asked]) -> Response:
    """The tables, asked so, as one file; whoever calls has seen to it that the reader may look at each."""
    export = Export(form, language(), house().clock(), tuple(tables.items()))
    with look() as session:
        many = has_many_rows(session, export)
    return _made(title, form, export, many)


def traced(answer: Trace, direction: Direction) -> Response:
    """A trace as a workbook; whoever calls has seen to it that the reader may look at it."""
    title = f"{t('追溯', 'trace')} {answer.code}"
    return _made(title, "xlsx", TraceExport(answer.code, direction, language()), is_long(answer))


def _made(title: str, form: str, export: Export | TraceExport, many: bool) -> Response:
    file = on_disk()
    try:
        _make(export, file, many)
    except BaseException:
        file.close()
        raise
    return sent(file, title, form)


def _make(export: Export | TraceExport, file: IO[bytes], many: bool) -> None:
    if many:
        return _make_beside(export, file)
    with look() as session:
        return write(session, export, file)


def _make_beside(export: Export | TraceExport, file: IO[bytes]) -> None:
    try:
        make_beside(house().database.url, export, file, request.environ.get("waitress.client_disconnected", _stays))
    except TooManyExports:
        abort(503, t("导出的人太多，请稍候再试。", "Too many files are being made: try again in a moment."))
    except ReaderLeft as left:
        raise ClientDisconnected from left


def _stays() -> bool:
    """Where the server does not say whether a reader is still there."""
    return False
