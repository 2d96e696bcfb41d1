"""Declared tables as files for a reader: short ones are made at once, long ones beside the server. Only looks."""

from __future__ import annotations

from typing import IO

from flask import Response, abort, request
from werkzeug.exceptions import ClientDisconnected

from mes.queries.asking import Asked
from web.exporting import ReaderLeft, TooManyExports, make_beside
from web.exports import Export, has_many_rows, write
from web.house import house, look
from web.language import language, t
from web.pages.sheets import on_disk, sent


def exported(title: str, form: str, tables: dict[str, Asked]) -> Response:
    """The tables, asked so, as one file; whoever calls has seen to it that the reader may look at each."""
    export = Export(form, language(), house().clock(), tuple(tables.items()))
    file = on_disk()
    try:
        _make(export, file)
    except BaseException:
        file.close()
        raise
    return sent(file, title, form)


def _make(export: Export, file: IO[bytes]) -> None:
    with look() as session:
        if not has_many_rows(session, export):
            return write(session, export, file)
    return _make_beside(export, file)


def _make_beside(export: Export, file: IO[bytes]) -> None:
    try:
        make_beside(house().database.url, export, file, request.environ.get("waitress.client_disconnected", _stays))
    except TooManyExports:
        abort(503, t("导出的人太多，请稍候再试。", "Too many files are being made: try again in a moment."))
    except ReaderLeft as left:
        raise ClientDisconnected from left


def _stays() -> bool:
    """Where the server does not say whether a reader is still there."""
    return False
