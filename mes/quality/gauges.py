"""Which gauge may measure what (P8): named where the plan lists gauges, and calibrated wherever one is named."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mes.masters.model import Characteristic, Equipment
from mes.memory import masters
from mes.quality.refusals import GaugeNotForThis, GaugeNotNamed, GaugeOutOfCalibration
from mes.refusals import Refusal, UnknownCode
from mes.transaction import Transaction


def listed(characteristic: Characteristic) -> tuple[str, ...]:
    """The codes of the gauges that may be used; empty where the plan only names a type of gauge."""
    return tuple(characteristic.gauge_codes.split(";")) if characteristic.gauge_codes else ()


def rows_of(session: Session, characteristics: list[Characteristic]) -> dict[str, Equipment]:
    """The listed gauges of these characteristics, by code."""
    codes = {code for one in characteristics for code in listed(one)}
    known = (masters(session).find(Equipment, code=code) for code in codes)
    return {gauge.code: gauge for gauge in known if gauge}


def named(tx: Transaction, code: str | None) -> Equipment | None:
    """The gauge of a code, if there is one."""
    return tx.masters.find(Equipment, code=code) if code else None


def reasons_not_to_use(
    tx: Transaction, characteristic: Characteristic, code: str | None, gauge: Equipment | None
) -> list[Refusal]:
    """What forbids this gauge (named by `code`) for the characteristic today; its last day of calibration counts."""
    allowed = listed(characteristic)
    if not code:
        return [GaugeNotNamed(characteristic=characteristic.number, allowed=allowed)] if allowed else []
    if gauge is None:
        return [UnknownCode(text=code)]
    reasons: list[Refusal] = []
    if allowed and gauge.code not in allowed:
        reasons.append(GaugeNotForThis(gauge=gauge.code, characteristic=characteristic.number, allowed=allowed))
    if gauge.qualified_until < tx.today:
        reasons.append(GaugeOutOfCalibration(gauge=gauge.code, until=gauge.qualified_until))
    return reasons
