"""Running numbers: one row per series, counted inside the transaction, so that none is used twice."""

from __future__ import annotations

from sqlalchemy import text

from mes import codes
from mes.transaction import Transaction

NEXT = text(
    "INSERT INTO serial_number (series, last) VALUES (:series, :count) "
    "ON CONFLICT (series) DO UPDATE SET last = serial_number.last + :count RETURNING last"
)


def reserve(tx: Transaction, series: str, count: int) -> None:
    """Take several numbers of a series at once; those that the command does not use stay unused."""
    last = int(tx.session.connection().execute(NEXT, {"series": series, "count": count}).scalar_one())
    tx.reserved.setdefault(series, []).extend(range(last, last - count, -1))


def next_number(tx: Transaction, series: str) -> int:
    """The next number of a series, from 1."""
    if not tx.reserved.get(series):
        reserve(tx, series, 1)
    return tx.reserved[series].pop()


def next_label_serial(tx: Transaction) -> str:
    """The serial of a new label (DI 1J): site, running number, check character."""
    return codes.label_serial(tx.plant.site, next_number(tx, "label"))


def next_container_serial(tx: Transaction) -> str:
    """The serial of a new carton or pallet (DI 2J), from the same series: no box can be mistaken for a carton."""
    return codes.label_serial(tx.plant.site, next_number(tx, "label"))


def next_batch_number(tx: Transaction, crew: str) -> str:
    """P11: the batch number of the production day and crew: YYMMDD-CREW-nn and check character."""
    day = tx.production_day
    return codes.batch_number(day, crew, next_number(tx, f"batch {day:%y%m%d} {crew}"))


def next_nonconformance(tx: Transaction) -> str:
    """The number of a nonconformance report: NC-yymm-nnnn."""
    month = f"{tx.today:%y%m}"
    return f"NC-{month}-{next_number(tx, f'nonconformance {month}'):04d}"
