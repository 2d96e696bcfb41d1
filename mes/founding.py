"""Founding a plant: the one row that says which site this is, and the places outside that the ledger needs.

Happens once, before there is a journal to write in (`runcard init`); everything after goes through the door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from mes.database import Database
from mes.masters.model import Location, Plant
from mes.schema import migrate
from mes.stock.ledger import OUTSIDE
from mes.stock.model import Holder, OutsidePlace

OUTSIDE_NAMES = {
    "SUPPLIER": ("供方", "Supplier"),
    "CUSTOMER": ("客户", "Customer"),
    "PRODUCTION": ("生产", "Production"),
    "OPENING": ("期初", "Opening stock"),
    "SCRAPPED": ("已报废出厂", "Scrapped and gone"),
    "SAMPLES": ("样品", "Samples"),
    "LOST-FOUND": ("盘盈盘亏", "Lost and found"),
}


@dataclass(frozen=True)
class PlantIdentity:
    """Who this plant is: site number (1 to 99), names, zone, start of the production day, GS1 prefix if it has one."""

    site: int = 1
    name_zh: str = "本厂"
    name_en: str = "This plant"
    zone: str = "Asia/Shanghai"
    day_starts: time = time(6, 0)
    gs1_prefix: str | None = None


def found(database: Database, identity: PlantIdentity) -> bool:
    """Bring the schema up and found the plant; False when it was founded before (nothing changes then)."""
    migrate(database.url, identity.site)
    return database.write(lambda connection: _found(connection, identity))


def _found(connection: Connection, identity: PlantIdentity) -> bool:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        if session.scalar(select(Plant)):
            return False
        session.add(
            Plant(
                site=identity.site,
                name_zh=identity.name_zh,
                name_en=identity.name_en,
                zone=identity.zone,
                day_starts=identity.day_starts,
                gs1_prefix=identity.gs1_prefix,
            )
        )
        for code in OUTSIDE:
            _add_outside(session, code)
        session.commit()
        return True


def _add_outside(session: Session, code: str) -> None:
    name_zh, name_en = OUTSIDE_NAMES[code]
    location = Location(code=code, name_zh=name_zh, name_en=name_en, zone="outside", status="any")
    holder = Holder(kind="outside")
    session.add_all([location, holder])
    session.flush()
    session.add(OutsidePlace(location_id=location.id, holder_id=holder.id))
