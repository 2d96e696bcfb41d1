"""Files on their way to a reader: made on disk first, sent in portions, whoever made them.

What stands in such a file is `web.sheets`' business; files of whole tables are made by `web.pages.exporting`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from urllib.parse import quote

from flask import Response, request

from web.sheets import Sheet, write_text, write_workbook

BYTES = 64 * 1024
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def as_workbook() -> bool:
    """Whether the reader asks for a workbook instead of a page."""
    return request.args.get("format") == "xlsx"


def handed_out(title: str, sheets: Iterable[Sheet]) -> Response:
    """The tables as one XLSX file, a sheet for each."""
    file = on_disk()
    write_workbook(sheets, file)
    return sent(file, title, "xlsx")


def handed_out_as_text(title: str, sheet: Sheet) -> Response:
    """One table as CSV."""
    file = on_disk()
    write_text(sheet, file)
    return sent(file, title, "csv")


def on_disk() -> IO[bytes]:
    """A file without a name, gone with whoever closes it last."""
    return tempfile.TemporaryFile()


def sent(file: IO[bytes], title: str, form: str) -> Response:
    """A file on its way, in portions; RFC 6266: a header is Latin, a title is often Chinese."""
    file.seek(0)
    answer = Response(_portions(file), mimetype=TYPES[form])
    answer.content_length = os.fstat(file.fileno()).st_size
    name = quote(f"{title}.{form}")
    answer.headers.set("Content-Disposition", "attachment", **{"filename*": f"UTF-8''{name}"})
    return answer


def _portions(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while portion := file.read(BYTES):
            yield portion
