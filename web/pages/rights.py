"""Who may do what: the door's own table, command x role, for the administrator to read and file. Only looks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask_login import current_user, login_required

from mes.declaring import DEPARTMENT_NAMES, REGISTER, Declaration
from mes.roles import ROLE_NAMES, Role
from mes.words import Words
from web.language import language, t
from web.pages.sheets import workbook

READERS = {Role.ADMIN, Role.QUALITY_MANAGER}
TITLE = Words("权限表", "Rights")
YES = "✓"
MIME = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Right:
    """One command with the roles that may ask for it, as its declaration says."""

    declared: Declaration

    @property
    def department(self) -> Words:
        """The department that it belongs to."""
        name = self.declared.department
        return DEPARTMENT_NAMES.get(name, Words(name, name))

    def may(self, role: Role) -> bool:
        """Whether this role may ask for it."""
        return role in self.declared.roles

    def cells(self) -> list[str]:
        """Its row as people read it."""
        marks = [YES if self.may(role) else "" for role in Role]
        return [t(*self.department), t(*self.declared.words), YES if self.declared.signed else "", *marks]


def add_to(pages: Blueprint) -> None:
    """Add the table of rights."""
    pages.add_url_rule("/admin/rights", "rights", login_required(rights))


def rights() -> str | Response:
    """Every command with every role; `?format=csv` and `xlsx` hand the table out."""
    if not current_user.roles & READERS:
        abort(403)
    order = list(DEPARTMENT_NAMES)
    rows = sorted((Right(one) for one in REGISTER.values()), key=lambda row: _place(order, row.declared))
    wanted = request.args.get("format")
    if wanted in MIME:
        return _handed_out(wanted, [row.cells() for row in rows])
    return render_template("rights.html", headings=_headings(), rows=rows, roles=list(Role))


def _place(order: list[str], declared: Declaration) -> int:
    return order.index(declared.department) if declared.department in order else len(order)


def _headings() -> list[str]:
    roles = [ROLE_NAMES[role][0 if language() == "zh" else 1] for role in Role]
    return [t("部门", "Department"), t("操作", "Command"), t("签字", "Signed"), *roles]


def _handed_out(kind: str, cells: Sequence[Sequence[str]]) -> Response:
    content = _csv(cells) if kind == "csv" else workbook([(TITLE.read(language()), _headings(), cells)])
    answer = Response(content, content_type=MIME[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"rights.{kind}")
    return answer


def _csv(cells: Sequence[Sequence[str]]) -> bytes:
    """With a byte-order mark, so that a spreadsheet reads Chinese."""
    written = io.StringIO()
    csv.writer(written).writerows([_headings(), *cells])
    return written.getvalue().encode("utf-8-sig")
