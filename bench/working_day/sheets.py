"""The made-up plant of the bench as the CSV files that `runcard import` reads, and the goods that lie in it.

Every station has lines, items, places and people of its own, so that what a scan must be answered does not depend on
who was faster. Knows nothing of scans.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from stdnum import ean

OLDEST_DAYS = 150  # younger than the half year after which lots are inspected again (P18)
LOTS_A_DAY = 99
DAYS, LAST_DAYS = range(OLDEST_DAYS - 5), range(OLDEST_DAYS - 5, OLDEST_DAYS + 1)
"""Lots of one day may go in any order, so whoever reaches for a younger one finds it on the last days."""


class Sheets:
    """Rows by sheet; `write` makes the folder that is imported."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.rows: dict[str, list[dict[str, object]]] = {}
        self._first_day = today - timedelta(days=OLDEST_DAYS)
        self._bought = self._days_and_numbers(DAYS)
        self._bought_last = self._days_and_numbers(LAST_DAYS)
        self._made: dict[str, Iterator[tuple[date, int]]] = {}
        self._made_last: dict[str, Iterator[tuple[date, int]]] = {}
        self._gtins = count(1)

    def write(self, folder: Path) -> Path:
        """One CSV file per sheet."""
        folder.mkdir(parents=True)
        for name, rows in self.rows.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                sheet = csv.DictWriter(file, list(rows[0]))
                sheet.writeheader()
                sheet.writerows(rows)
        return folder

    def add(self, sheet: str, **cells: object) -> None:
        """One row."""
        self.rows.setdefault(sheet, []).append(cells)

    def person(self, badge: str, *roles: str, department: str = "production") -> str:
        """Somebody with these roles; returns the badge."""
        self.add("employees", badge=badge, **_names(badge), department=department, roles=";".join(roles))
        return badge

    def place(self, code: str, zone: str, status: str = "pass", work_center: str = "") -> str:
        """A place with room for everything; returns its code."""
        self.add(
            "locations", code=code, **_names(code), zone=zone, status=status, work_center=work_center, capacity=100000
        )
        return code

    def line(self, mark: str) -> str:
        """A work centre of three letters with its line side; returns the code of the line side."""
        self.add("work_centers", code=f"WC-{mark}", **_names(mark), crew=1, capacity_minutes_per_day=450)
        return self.place(f"LN-{mark}", "line", "any", f"WC-{mark}")

    def item(self, code: str, kind: str, pack: int | None = None, uom: str = "pcs") -> str:
        """An item, with a GTIN where its kind asks for one; `pack`: units in its carton. Returns its code."""
        gtin = _gtin(next(self._gtins)) if kind in ("finished", "packaging") else ""
        self.add(
            "items",
            code=code,
            **_names(code),
            uom=uom,
            kind=kind,
            gtin=gtin,
            issue_rule="FIFO",
            batch_size=1000,
            pack_qty=pack or "",
        )
        return code

    def gtin(self, item: str) -> str:
        """The GTIN of an item."""
        return next(str(row["gtin"]) for row in self.rows["items"] if row["code"] == item)

    def step(self, item: str, seq: int, line: str) -> None:
        """An operation that asks for no first article, so that a day can be scanned without a kiosk between."""
        self.add(
            "routing",
            item=item,
            seq=seq,
            operation_code=f"OP{seq}",
            **_names(f"OP{seq}"),
            work_center=f"WC-{line}",
            minutes_per_unit=1,
            process_class="normal",
            first_article="no",
            instruction="按作业指导书操作。",
        )

    def component(self, parent: str, code: str, seq: int, quantity: str = "1", kind: str = "part") -> str:
        """A bought item that goes into another at an operation; returns its code."""
        self.item(code, kind)
        self.add("bom", parent=parent, component=code, qty_per=quantity, scrap_pct=0, operation_seq=seq)
        return code

    def bought(self, item: str, quantity: int, place: str, *, last: bool = False) -> str:
        """A box of a lot of its own, no older than the box before; `last`: younger than all others. Returns the lot."""
        day, number = next(self._bought_last if last else self._bought)
        return self._box(item, f"R{day:%y%m%d}-{number:02}", quantity, place, day, "S01")

    def made(self, item: str, mark: str, quantity: int, place: str, *, last: bool = False) -> str:
        """A box of own make of this crew, no older than its box before; `last`: younger than all. Returns the lot."""
        series, days = (self._made_last, LAST_DAYS) if last else (self._made, DAYS)
        day, number = next(series.setdefault(mark, self._days_and_numbers(days)))
        return self._box(item, f"{day:%y%m%d}-{mark}-{number:02}", quantity, place, day, "")

    def _box(self, item: str, lot: str, quantity: int, place: str, day: date, supplier: str) -> str:
        self.add(
            "opening_stock",
            item=item,
            lot=lot,
            supplier=supplier,
            supplier_lot=lot if supplier else "",
            qty=quantity,
            received_on=day,
            produced_on=day,
            location=place,
            status="pass",
        )
        return lot

    def _days_and_numbers(self, days: range) -> Iterator[tuple[date, int]]:
        for day in days:
            for number in range(1, LOTS_A_DAY + 1):
                yield self._first_day + timedelta(days=day), number


def _names(code: str) -> dict[str, str]:
    return {"name_zh": f"工位{code}", "name_en": f"bench {code}"}


def _gtin(number: int) -> str:
    body = f"0200009{number:06}"
    return f"{body}{ean.calc_check_digit(body)}"
