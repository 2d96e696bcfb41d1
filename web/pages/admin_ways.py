"""The administrator's way in: from one page to people, stations, printers, layouts, sheets, rights, journal, queue."""

from __future__ import annotations

from flask import Blueprint
from flask_login import current_user

from mes.roles import Role
from mes.words import Words
from web.pages.doing import Deed

OFFICE = {Role.ADMIN, Role.QUALITY_MANAGER}
WAYS: tuple[tuple[str, Words, set[Role]], ...] = (
    ("/admin/people", Words("人员与上岗证", "People and certificates"), OFFICE),
    ("/admin/stations", Words("工位、屏幕与打印机", "Stations, screens, printers"), OFFICE | {Role.SUPERVISOR}),
    ("/labels", Words("标签版式", "Label layouts"), OFFICE),
    ("/labels/sheets", Words("条码表", "Sheets of codes"), OFFICE | {Role.SUPERVISOR, Role.STOREKEEPER}),
    ("/print", Words("打印队列", "Print queue"), set(Role)),
    ("/admin/rights", Words("权限表", "Rights"), OFFICE),
    ("/do", Words("全部操作", "Everything one can do"), set(Role)),
    ("#journal", Words("日志", "Journal"), set(Role)),
)


def add_to(pages: Blueprint) -> None:
    """Let templates ask for the ways."""
    pages.add_app_template_global(admin_ways, "admin_ways")


def admin_ways() -> list[Deed]:
    """The ways that the reader may go."""
    return [Deed(path, words) for path, words, roles in WAYS if current_user.roles & roles]
