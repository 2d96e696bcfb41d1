"""The inspector of the demo at the kiosk's page: measures, judges, signs with badge and PIN, through the real forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx
from sqlalchemy import select

from mes.masters.model import Characteristic
from mes.production.model import RunCard
from mes.quality.limits import limits_of
from mes.quality.model import Nonconformance
from mes.stock.model import Lot
from web.demo.cast import INSPECTOR, QUALITY_MANAGER
from web.demo.hands import DemoFailed, Floor
from web.demo.stage import Stage

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
STATION = "QC-1"
FIRST_ARTICLE = 5  # pieces, each of which is measured (F1)
MEASURING_MIN = 4.0  # of the plant's time
# The listed gauges that are out of calibration on the demo's days (P8); their twins are used.
OUT_OF_CALIBRATION = {"EQ-HV-02"}


@dataclass(frozen=True)
class Asked:
    """A characteristic to measure: its number, a conforming value (none: yes or no), one out of limits, its gauge."""

    number: int
    good: str | None
    out: str | None
    gauge: str | None


class Kiosk:
    """A browser at the inspection station, opened with the station's single-use code."""

    def __init__(self, stage: Stage, floor: Floor, code: str) -> None:
        self.stage, self.floor = stage, floor
        self.browser = httpx.Client(base_url=stage.address, follow_redirects=True, timeout=60)
        self._submit("/enter", "/enter", code=code)

    def enter_again(self) -> None:
        """After a restart of the server the screen is still open: its session outlives the process."""
        if self.browser.get(f"/kiosk/{STATION}").status_code != 200:
            raise DemoFailed("the kiosk's screen was logged off by the restart")

    def close(self) -> None:
        """Close the browser."""
        self.browser.close()

    def first_article(self, card: str, seq: int, *, passes: bool) -> None:
        """Measure every piece of a first article and sign: pass, or reject with one characteristic out of limits."""
        asked = self._asked(card, seq, "first_article")
        spoiled = next((one.number for one in asked if one.out), asked[0].number if asked else None)
        form = {"operation": f"{card}+{seq}", "verdict": "pass" if passes else "reject"}
        for one in asked:
            for piece in range(1, FIRST_ARTICLE + 1):
                form |= _reading(one, piece, good=passes or one.number != spoiled)
        if not passes:
            form["remark"] = "焊点拉力不足 weld pull too low"
        self._sign("first-article", INSPECTOR, form)

    def final(self, card: str, seq: int, *, waiting: int, bad: int, reason: str) -> None:
        """Final inspection: accept what conforms, the rest is nonconforming."""
        form = {
            "operation": f"{card}+{seq}",
            "accepted": str(waiting - bad),
            "nonconforming": str(bad),
            "reason": reason,
        }
        for one in self._asked(card, seq, "final"):
            form |= _reading(one, 1, good=True)
        self._sign("final", INSPECTOR, form)

    def complete(self, card: str, seq: int) -> None:
        """The completion scan of a part that has no final inspection plan (P10)."""
        self._sign("complete", INSPECTOR, {"operation": f"{card}+{seq}"})

    def scrap(self, lot: str) -> None:
        """The quality manager scraps what the final inspection found nonconforming (the newest report of the lot)."""
        with self.floor.look.read() as session:
            report = session.scalars(
                select(Nonconformance.code)
                .join(Lot, Lot.id == Nonconformance.lot_id)
                .where(Lot.code == lot, Nonconformance.state == "open")
                .order_by(Nonconformance.id.desc())
                .limit(1)
            ).one()
        form = {"nonconformance": report, "kind": "scrap", "reason": "壳体裂纹，不可返工 cracked housing, no rework"}
        self._sign("dispose", QUALITY_MANAGER, form)

    def save_run_card(self, card: str, path: Path) -> None:
        """Keep a run card's A5 PDF (QR-7502)."""
        answer = self.browser.get(f"/run-cards/{card}.pdf")
        if answer.status_code != 200 or not answer.content.startswith(b"%PDF"):
            raise DemoFailed(f"the PDF of run card {card} did not come: {answer.status_code}")
        path.write_bytes(answer.content)

    def _sign(self, act: str, badge: str, form: dict[str, str]) -> None:
        self.stage.pass_time(MEASURING_MIN)
        self._submit(f"/kiosk/{STATION}", f"/kiosk/{STATION}/{act}", **form, badge=badge, pin=self.stage.pins[badge])

    def _submit(self, page: str, action: str, **form: str) -> None:
        token = TOKEN.search(self.browser.get(page).text)
        if token is None:
            raise DemoFailed(f"the page {page} has no form")
        answer = self.browser.post(action, data={**form, "csrf_token": token[1]})
        if answer.status_code != 200:
            words = re.sub(r"<[^>]+>|\s+", " ", answer.text)[-1500:]
            raise DemoFailed(f"{action} answered {answer.status_code} to {form.get('operation', '')}: {words}")

    def _asked(self, card: str, seq: int, stage: str) -> list[Asked]:
        with self.floor.look.read() as session:
            found = session.scalars(select(RunCard).where(RunCard.code == card)).one()
            rows = session.scalars(
                select(Characteristic).where(
                    Characteristic.revision_id == found.revision_id,
                    Characteristic.seq == seq,
                    Characteristic.stage == stage,
                )
            )
            return [_asked(row) for row in rows]


def _asked(row: Characteristic) -> Asked:
    gauges = [
        code for code in (row.gauge or "").split(";") if code.startswith("EQ-") and code not in OUT_OF_CALIBRATION
    ]
    gauge = gauges[0] if gauges else None
    if row.kind != "measure":
        return Asked(row.number, None, None, gauge)
    return Asked(row.number, _conforming(row), _out(row), gauge)


def _conforming(row: Characteristic) -> str:
    """A value well within the limits: the nominal, the middle, or a tenth beside the only limit."""
    if row.nominal is not None and limits_of(row).hold(row.nominal):
        return f"{row.nominal.normalize():f}"
    if row.lower is not None and row.upper is not None:
        return f"{((row.lower + row.upper) / 2).normalize():f}"
    only = row.lower if row.upper is None else row.upper
    side = Decimal("1.1") if row.upper is None else Decimal("0.9")
    return f"{((only or Decimal(0)) * side).normalize():f}"


def _out(row: Characteristic) -> str:
    """A value outside the limits."""
    edge = row.lower if row.lower is not None else row.upper
    step = (abs(edge) if edge else Decimal(1)) * Decimal("0.5")
    return f"{((edge or Decimal(0)) + (-step if row.lower is not None else step)).normalize():f}"


def _reading(one: Asked, piece: int, *, good: bool) -> dict[str, str]:
    gauge = {f"gauge-{one.number}": one.gauge} if one.gauge else {}
    if one.good is None:
        return {f"conforms-{one.number}-{piece}": "yes" if good else "no", **gauge}
    return {f"value-{one.number}-{piece}": one.good if good else (one.out or one.good), **gauge}
