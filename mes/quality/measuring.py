"""Measurements as an inspector gives them: read, judged against limits and gauges, and written to an inspection.

Judges single values only; what follows from them is the inspection's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from mes.given import Code, Flag, Rows, Text, Whole
from mes.masters.model import Characteristic, Equipment
from mes.outside import whole_of
from mes.quality import gauges
from mes.quality.limits import limits_of, measured
from mes.quality.model import Inspection, Measurement
from mes.quality.refusals import (
    MeasurementMissing,
    NotAMeasurement,
    OutOfLimits,
    PiecesNotMeasured,
    UnknownCharacteristic,
)
from mes.refusals import Refusal, Refused, both, refuse
from mes.transaction import Transaction
from mes.words import Words

Given = Sequence[Mapping[str, Any]]
FIELDS = {"number": Whole(1), "piece": Whole(1), "value": Text(32), "conforms": Flag(), "gauge": Code()}
Readings = Annotated[list[dict[str, Any]] | None, Rows(FIELDS), Words("测量值", "readings")]
"""As faces give them: a value or yes/no per characteristic and piece, and the gauge that measured it."""
AT_THE_KIOSK = Words(
    "实测值在检验台逐件录入并签字；本表不带实测值，只能判不合格，或用于没有检验项目的工序。",
    "Readings are given at the kiosk, piece by piece, and signed there. This form takes none: it can reject, or decide "
    "where nothing is to be measured.",
)


@dataclass(frozen=True)
class Reading:
    """One value (or yes/no, then without value) of a characteristic on one piece, judged."""

    characteristic: Characteristic
    piece: int
    value: Decimal | None
    conforms: bool
    gauge: Equipment | None


def read(tx: Transaction, asked: Sequence[Characteristic], given: Given | None, pieces: int) -> list[Reading]:
    """The readings in `{number, piece, value | conforms, gauge}` form, pieces counted from 1.

    Raises every reason of every reading at once: `UnknownCharacteristic`, `NotAMeasurement`, `GaugeNotNamed`,
    `GaugeNotForThis`, `GaugeOutOfCalibration`, `UnknownCode`.
    """
    by_number = {one.number: one for one in asked}
    readings: list[Reading] = []
    reasons: list[Refusal] = []
    for one in given or ():
        try:
            readings.append(_reading(tx, by_number, one, pieces))
        except Refused as refused:
            reasons += refused.reasons
    tx.require(reasons)
    return readings


def missing(asked: Sequence[Characteristic], readings: Sequence[Reading]) -> list[Refusal]:
    """Every characteristic is recorded on at least one piece."""
    recorded = {reading.characteristic.number for reading in readings}
    left = tuple(one.number for one in asked if one.number not in recorded)
    return [MeasurementMissing(characteristics=left)] if left else []


def unmeasured(asked: Sequence[Characteristic], readings: Sequence[Reading], pieces: int) -> list[Refusal]:
    """Every characteristic is recorded on every one of so many pieces."""
    recorded = {(reading.characteristic.number, reading.piece) for reading in readings}
    left = tuple(
        both(f"项目 {one.number} 第 {piece} 件", f"characteristic {one.number} piece {piece}")
        for one in asked
        for piece in range(1, pieces + 1)
        if (one.number, piece) not in recorded
    )
    return [PiecesNotMeasured(pieces=left)] if left else []


def failing(readings: Sequence[Reading]) -> tuple[int, ...]:
    """The numbers of the characteristics that some piece failed."""
    return tuple(sorted({reading.characteristic.number for reading in readings if not reading.conforms}))


def failing_pieces(readings: Sequence[Reading]) -> int:
    """How many different pieces failed."""
    return len({reading.piece for reading in readings if not reading.conforms})


def out_of_limits(readings: Sequence[Reading]) -> list[Refusal]:
    """Nothing measured is out of limits (P9)."""
    numbers = failing(readings)
    return [OutOfLimits(characteristics=numbers)] if numbers else []


def record(tx: Transaction, inspection: Inspection, readings: Sequence[Reading]) -> None:
    """Write the readings to an inspection, as judged now."""
    for reading in readings:
        tx.session.add(
            Measurement(
                inspection_id=inspection.id,
                event_id=tx.event.id,
                characteristic_id=reading.characteristic.id,
                piece=reading.piece,
                value=reading.value,
                conforms=reading.conforms,
                gauge_id=reading.gauge.id if reading.gauge else None,
            )
        )
        tx.cause("measurement", reading.characteristic.number, reading.piece, str(reading.value), reading.conforms)
    tx.session.flush()


def _reading(tx: Transaction, by_number: Mapping[int, Characteristic], one: Any, pieces: int) -> Reading:
    characteristic = _characteristic(by_number, one)
    code = str(one.get("gauge") or "").strip()
    gauge = gauges.named(tx, code)
    reasons = gauges.reasons_not_to_use(tx, characteristic, code, gauge)
    try:
        piece = _piece(characteristic, one.get("piece", 1), pieces)
        value, conforms = _judged(characteristic, one)
    except Refused as refused:
        raise refuse(*reasons, *refused.reasons) from refused
    if reasons:
        raise refuse(*reasons)
    return Reading(characteristic, piece, value, conforms, gauge)


def _characteristic(by_number: Mapping[int, Characteristic], one: Any) -> Characteristic:
    number = one.get("number") if isinstance(one, Mapping) else None
    try:
        wanted = whole_of(str(number))
    except ValueError:
        raise refuse(NotAMeasurement(characteristic=0, value=str(one))) from None
    if wanted not in by_number:
        raise refuse(UnknownCharacteristic(characteristic=wanted))
    return by_number[wanted]


def _piece(characteristic: Characteristic, given: Any, pieces: int) -> int:
    try:
        return whole_of(str(given), 1, pieces)
    except ValueError:
        raise refuse(NotAMeasurement(characteristic=characteristic.number, value=f"#{given}")) from None


def _judged(characteristic: Characteristic, one: Mapping[str, Any]) -> tuple[Decimal | None, bool]:
    """A value against its limits, or a yes/no as the inspector saw it."""
    given = one.get("conforms" if characteristic.kind == "attribute" else "value")
    if characteristic.kind == "attribute":
        if isinstance(given, bool):
            return None, given
    elif given is not None and not isinstance(given, bool):
        try:
            value = measured(str(given))
        except ValueError:
            pass
        else:
            return value, limits_of(characteristic).hold(value)
    raise refuse(NotAMeasurement(characteristic=characteristic.number, value="" if given is None else str(given)))
