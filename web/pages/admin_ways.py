"""The administrator's way in: from one page to people, stations, printers, layouts, sheets, rights, journal, queue."""

from __future__ import annotations

from flask import Blueprint

from mes.words import Words
from web.pages.doing import Deed
from web.rights import may_see

# where, what it is called, what one must be allowed to look at
WAYS: tuple[tuple[str, Words, str], ...] = (
    ("/admin/people", Words("人员与上岗证", "People and certificates"), "people"),
    ("/admin/stations", Words("工位、屏幕与打印机", "Stations, screens, printers"), "stations"),
    ("/labels", Words("标签版式", "Label layouts"), "layouts"),
    ("/labels/sheets", Words("条码表", "Sheets of codes"), "sheets"),
    ("/print", Words("打印队列", "Print queue"), "print_queue"),
    ("/admin/rights", Words("操作权限", "Who may do what"), "rights"),
    ("/admin/looking", Words("查看权限", "Who may look"), "looking"),
    ("/tables/journal", Words("日志", "Journal"), "journal"),
    ("/tables/overrides", Words("越权放行", "Overrides"), "overrides"),
    ("/tables/wrong_signatures", Words("错误的 PIN 与密码", "Wrong PINs and passwords"), "wrong_signatures"),
)


def add_to(pages: Blueprint) -> None:
    """Let templates ask for the ways."""
    pages.add_app_template_global(admin_ways, "admin_ways")


def admin_ways() -> list[Deed]:
    """The ways that the reader may go."""
    return [Deed(path, words) for path, words, sight in WAYS if may_see(sight)]
