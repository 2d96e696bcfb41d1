"""The ways through the office: its pages with what each shows, where a code leads, and the papers that a row has.

One table for the menu, the start page and the links in tables; a way that the reader may not go is not offered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from mes.queries.declaring import Row
from mes.queries.reading import EXACTLY
from mes.words import Words
from web.rights import may_see


@dataclass(frozen=True)
class Way:
    """A page of the office; `tables` it is composed of, the first decides who may go there (else `sight`)."""

    path: str
    words: Words
    short: Words
    tables: tuple[str, ...] = ()
    sight: str = ""

    @property
    def needs(self) -> str:
        """What somebody who goes there must be allowed to look at."""
        return self.sight or self.tables[0]

    @property
    def open(self) -> bool:
        """Whether the reader may go there."""
        return may_see(self.needs)


WAYS = (
    Way(
        "/plan",
        Words("月生产计划与流转单", "Production plan and run cards"),
        Words("计划", "Plan"),
        ("plan_lines", "run_cards", "plan_revisions"),
    ),
    Way(
        "/production",
        Words("流转单与报工", "Run cards and reports"),
        Words("生产", "Work"),
        ("run_cards", "operations", "reports"),
    ),
    Way("/stock", Words("库存", "Stock"), Words("库存", "Stock"), ("stock", "missing_boxes", "not_found_by_person")),
    Way("/shipping", Words("订单与发货", "Orders and shipping"), Words("发货", "Shipping"), ("orders",)),
    Way(
        "/quality",
        Words("检验与不合格品", "Inspections and nonconformances"),
        Words("质量", "Quality"),
        ("waiting_for_quality", "nonconformances", "inspections"),
    ),
    Way("/trace", Words("追溯与召回", "Trace and recall"), Words("追溯", "Trace"), sight="trace"),
    Way("/service", Words("客户", "Customers"), Words("客户", "Customers"), ("customers", "shipped")),
    Way("/print", Words("打印队列", "Print queue"), Words("打印", "Printing"), sight="print_queue"),
    Way("/labels", Words("标签版式", "Label layouts"), Words("版式", "Labels"), sight="layouts"),
    Way(
        "/admin",
        Words("工位、人员与日志", "Stations, people, journal"),
        Words("系统", "System"),
        ("stations", "people", "journal", "printers", "print_jobs"),
    ),
    Way("/do", Words("办理", "Things to do"), Words("办理", "Act"), sight="deeds"),
    Way("/tables", Words("全部表格", "All tables"), Words("表格", "Tables"), sight="looking"),
)


def open_ways() -> list[Way]:
    """The pages that the reader may go to, in the order of the menu."""
    return [way for way in WAYS if way.open]


@dataclass(frozen=True)
class Lead:
    """Where a code of some kind leads: what one must be allowed to look at, and the page's address."""

    sight: str
    address: Callable[[str, Row], str]


@dataclass(frozen=True)
class Paper:
    """A form that a row has: who may look at it, where it is, what it is called."""

    sight: str
    address: Callable[[str], str]
    words: Words


def _trace(code: str, _row: Row) -> str:
    return url_for("pages.trace", code=code)


def _rows_of(table: str, column: str) -> Callable[[str, Row], str]:
    return lambda code, _row: f"/tables/{table}?{urlencode({column: EXACTLY + code})}"


def _plan(month: str, row: Row) -> str:
    return f"/plan?{urlencode({'month': EXACTLY + month, 'revision': row['revision']})}"


LEADS = {
    **dict.fromkeys(("lot", "card", "label", "container", "nonconformance"), Lead("trace", _trace)),
    "order": Lead("orders", _rows_of("orders", "order")),
    "item": Lead("stock", _rows_of("stock", "item")),
    "place": Lead("stock", _rows_of("stock", "place")),
    "person": Lead("people", lambda code, _row: url_for("pages.one_person", badge=code)),
    "customer": Lead("shipped", _rows_of("shipped", "customer")),
    "machine": Lead("equipment", _rows_of("equipment", "machine")),
    "station": Lead("stations", lambda code, _row: url_for("pages.one_station", code=code)),
    "screen": Lead("screen", lambda code, _row: url_for("pages.screen", code=code)),
    "plan": Lead("plan_lines", _plan),
}
PAPERS = {
    "run_card": Paper(
        "run_card_form", lambda code: url_for("pages.run_card_file", card=code), Words("QR-7502 PDF", "QR-7502 PDF")
    ),
    "packing_list": Paper(
        "packing_list",
        lambda code: url_for("pages.packing_list_file", order=code),
        Words("装箱单 PDF", "Packing list PDF"),
    ),
    "material_card": Paper(
        "material_card",
        lambda code: url_for("pages.material_card_file", item=code),
        Words("材料卡 PDF", "Material card PDF"),
    ),
}


def led(kind: str | None, code: str, row: Row) -> str | None:
    """The address behind a code, for whoever may look there; None else."""
    lead = LEADS.get(kind or "")
    return lead.address(code, row) if lead and code and may_see(lead.sight) else None
