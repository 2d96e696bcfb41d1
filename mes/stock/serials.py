"""Running numbers: one row per series, counted inside the transaction, so that none is used twice."""

from __future__ import annotations

from sqlalchemy import text

from mes import codes
from mes.transaction import Transaction

NEXT = text(
    "INSERT INTO serial_number (series, last) VALUES (:series, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = serial_number.last + 1 RETURNING last"
)


def next_number(tx: Transaction, series: str) -> int:
    """The next number of a series, from 1."""
    return int(tx.session.execute(NEXT, {"series": series}).scalar_one())


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
