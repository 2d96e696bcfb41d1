"""The administrator's page: printers, the latest print jobs, the journal with its refusals. Only looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_login import login_required
from sqlalchemy import select

from mes.masters.model import Printer
from mes.queries.events import EventFilter, events
from mes.queries.print_jobs import print_jobs
from web.house import look
from web.language import language
from web.pages.tables import Column, Grid, minute, most, named, show
from web.pages.words import FAULT, JOB_STATE, LANGUAGE, RESULT, STOCK, all_words, word


def add_to(pages: Blueprint) -> None:
    """Add the administrator's page."""
    pages.add_url_rule("/admin", "admin_page", login_required(admin_page))


def admin_page() -> str | Response:
    """Printers with their paper, the print queue with states and reasons, and the journal with its refusals."""
    with look() as session:
        printers = session.scalars(select(Printer).order_by(Printer.code)).all()
        jobs = print_jobs(session, limit=most())
        journal = events(session, EventFilter(result=request.args.get("result") or None), limit=most())
    return show(
        "工位、打印与日志", "Stations, printing, journal", [_printers(printers), _jobs(jobs), _journal(journal)]
    )


def _printers(rows: Sequence[Any]) -> Grid:
    return Grid(
        "打印机",
        "Printers",
        rows,
        (
            Column("打印机", "Printer", lambda row: row.code),
            Column("工位", "Station", lambda row: row.station.code),
            Column("语言", "Language", lambda row: word(LANGUAGE, row.language)),
            Column("已装标签", "Loaded", lambda row: word(STOCK, row.loaded_stock)),
        ),
    )


def _jobs(rows: Sequence[Any]) -> Grid:
    return Grid(
        "打印任务",
        "Print jobs",
        rows,
        (
            Column("任务", "Job", lambda row: row.title, link=lambda _row: url_for("pages.print_queue")),
            Column("版式", "Layout", lambda row: row.layout),
            Column("标签", "Paper", lambda row: word(STOCK, row.stock)),
            Column("工位", "Station", lambda row: row.station),
            Column("打印机", "Printer", lambda row: row.printer),
            Column("状态", "State", lambda row: word(JOB_STATE, row.state)),
            Column("原因", "Reason", lambda row: all_words(FAULT, row.reason or "")),
            Column("时间", "Asked", lambda row: minute(row.asked_at)),
        ),
        most(),
    )


def _journal(rows: Sequence[Any]) -> Grid:
    return Grid(
        "日志",
        "Journal",
        rows,
        (
            Column("时间", "When", lambda row: minute(row.occurred_at)),
            Column("内容", "What", lambda row: row.sentence.read(language())),
            Column("结果", "Result", lambda row: word(RESULT, row.result)),
            Column("人员", "Person", lambda row: named(row.person)),
            Column("工位", "Station", lambda row: row.station),
        ),
        most(),
    )
