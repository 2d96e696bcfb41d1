"""Sheets of codes in the browser: chosen by kind and group, looked at, printed on an office or a label printer.

Every sheet is proved by a decoder before it is shown or handed out. What is printed at a station asks the one door.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

import mes.terminal.sheet  # noqa: F401  the words of the terminals are among the kinds
from labels.code_sheet import EACH, Entry, code_sheet, code_sheet_pages
from labels.errors import LabelError
from labels.rendering import render_label
from mes.labelling import own_labels
from mes.labelling.own_labels import Kind, Piece
from mes.masters.model import Printer, Station
from web.house import look
from web.language import t
from web.pages.asking import Answered, ask_as_reader, say
from web.pages.doing import deeds_of
from web.pages.words import word
from web.rights import looks

MOST = 10 * EACH
PREVIEW_DPI = 203
SHEETS = own_labels.KINDS


@dataclass(frozen=True)
class Chosen:
    """What is on the sheet: all pieces of the group, those that are ticked, and how many the sheet has room for."""

    kind: Kind
    group: str
    groups: dict[str, str]
    offered: list[Piece]
    ticked: list[Piece]

    @property
    def taken(self) -> list[Piece]:
        """The ticked ones that fit a sheet."""
        return self.ticked[:MOST]


def add_to(pages: Blueprint) -> None:
    """Add the sheets."""
    pages.add_url_rule("/labels/sheets", "sheets", looks("sheets")(sheets))
    pages.add_url_rule("/labels/sheets/<kind>", "sheet", looks("sheets")(sheet))
    pages.add_url_rule("/labels/sheets/<kind>.pdf", "sheet_file", looks("sheets")(sheet_file))
    pages.add_url_rule("/labels/sheets/<kind>.png", "sheet_picture", looks("sheets")(sheet_picture))
    pages.add_url_rule("/labels/sheets/<kind>/print", "sheet_print", looks("sheets")(sheet_print), methods=["POST"])


def sheets() -> str:
    """The kinds of sheets, and the way to labels of boxes: each has a serial of its own, so no sheet can hold them."""
    return render_template(
        "sheets.html", kinds=SHEETS, deeds=deeds_of(("label:print_boxes", {}), ("label:reprint", {}))
    )


def sheet(kind: str) -> str:
    """One kind: choose, look, print."""
    return _page(kind)


def sheet_file(kind: str) -> Response:
    """The sheet as an A4 PDF."""
    chosen = _chosen(kind)
    entries, words = _entries(chosen), chosen.kind.words
    return _proved(lambda: code_sheet(words.zh, words.en, entries).content, "application/pdf")


def sheet_picture(kind: str) -> Response:
    """How the first page of the sheet looks."""
    chosen = _chosen(kind)
    entries, words = _entries(chosen), chosen.kind.words

    def first() -> bytes:
        return render_label(code_sheet_pages(words.zh, words.en, entries)[0], "png", PREVIEW_DPI).content

    return _proved(first, "image/png")


def sheet_print(kind: str) -> str | Answer | tuple[str, int]:
    """A label for each chosen thing, at a station's label printer."""
    chosen = _chosen(kind)
    which = " ".join(one.key for one in chosen.taken)
    answer = ask_as_reader("label:print_own", kind=kind, which=which, at=request.form.get("at", ""))
    if not answer.accepted:
        return _page(kind, answer), 409
    say(answer, t(f"{answer.value.labels} 张标签已排队。", f"{answer.value.labels} labels wait for printing."))
    return redirect(url_for("pages.sheet", kind=kind, group=chosen.group))


def _page(kind: str, answer: Answered | None = None) -> str:
    chosen = _chosen(kind)
    return render_template(
        "sheet.html",
        name=kind,
        chosen=chosen,
        query=_query(chosen),
        most=MOST,
        stations=_with_printers() if chosen.kind.layout else [],
        reasons=answer.reasons if answer else (),
    )


def _chosen(name: str) -> Chosen:
    """What the form says: nothing ticked means everything of the group."""
    kind = SHEETS.get(name) or abort(404)
    group, only = request.values.get("group", ""), set(request.values.getlist("only"))
    with look() as session:
        known = kind.pieces(session)
    groups = {one: word(kind.groups, one) for piece in known for one in piece.groups}
    offered = [one for one in known if not group or group in one.groups]
    ticked = [one for one in offered if one.key in only] or offered
    return Chosen(kind, group, groups, offered, ticked)


def _query(chosen: Chosen) -> dict[str, str | list[str]]:
    """The choice as words of an address."""
    some = [one.key for one in chosen.ticked] if len(chosen.ticked) < len(chosen.offered) else []
    return {"group": chosen.group, "only": some}


def _entries(chosen: Chosen) -> list[Entry]:
    return [Entry(one.code, *one.words, *one.use) for one in chosen.taken] or abort(404)


def _with_printers() -> list[Station]:
    with look() as session:
        here = select(Printer.station_id).where(Printer.retired.is_(False))
        return list(session.scalars(select(Station).where(Station.id.in_(here)).order_by(Station.code)))


def _proved(make: Callable[[], bytes], kind: str) -> Response:
    try:
        return Response(make(), mimetype=kind)
    except LabelError as error:
        abort(409, t(error.in_chinese(), str(error)))
