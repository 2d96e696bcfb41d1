"""Who may do what: the door's own table, command x role, and whose the sheets of an import are. Only looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from mes.declaring import DEPARTMENT_NAMES, REGISTER, Declaration
from mes.intake.entitled import RIGHTS as IMPORTED
from mes.roles import ROLE_NAMES, Role
from mes.words import Words
from web.language import language, t
from web.pages.sheets import as_workbook, handed_out, handed_out_as_text
from web.rights import looks
from web.sheets import Sheet

TITLE = Words("权限表", "Rights")
IMPORTS = Words("导入", "Imports")
YES = "✓"


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
    pages.add_url_rule("/admin/rights", "rights", looks("rights")(rights))


def rights() -> str | Response:
    """Every command with every role; `?format=csv` and `xlsx` hand the table out."""
    order = list(DEPARTMENT_NAMES)
    rows = sorted((Right(one) for one in REGISTER.values()), key=lambda row: _place(order, row.declared))
    sheet = Sheet(TITLE.read(language()), _headings(), [row.cells() for row in rows])
    imports = Sheet(IMPORTS.read(language()), _headings_of_imports(), [_import_cells(name) for name in IMPORTED])
    if as_workbook():
        return handed_out(sheet.title, [sheet, imports])
    if request.args.get("format") == "csv":
        return handed_out_as_text(sheet.title, sheet)
    return render_template("rights.html", headings=_headings(), rows=rows, imports=imports)


def _place(order: list[str], declared: Declaration) -> int:
    return order.index(declared.department) if declared.department in order else len(order)


def _headings() -> list[str]:
    return [t("部门", "Department"), t("操作", "Command"), t("签字", "Signed"), *_roles()]


def _headings_of_imports() -> list[str]:
    return [t("数据表", "Sheet"), t("须另一位质量主管签字", "Another quality manager signs for"), *_roles()]


def _import_cells(sheet: str) -> list[str]:
    """Whose a sheet is, and what of it somebody of quality releases."""
    right = IMPORTED[sheet]
    released = t("全部", "all of it") if right.released is None else _columns(right.released)
    return [sheet, released, *(YES if role in right.roles else "" for role in Role)]


def _columns(names: Iterable[str]) -> str:
    return t("、", ", ").join(sorted(name or t("新增行", "a new row") for name in names))


def _roles() -> list[str]:
    return [ROLE_NAMES[role][0 if language() == "zh" else 1] for role in Role]
