"""The import as a command: all of it, once."""

from __future__ import annotations

from sqlalchemy import func, select

from mes.intake.reading import read_plant
from mes.stock.model import Balance, Lot, Movement
from tests.plant import SAMPLE, SamplePlant


def test_importing_the_same_plant_twice_changes_nothing(plant: SamplePlant) -> None:
    with plant.read() as session:
        before = session.scalar(select(func.count()).select_from(Movement))
    again = plant.accept("plant:import", source="again", digest="", payload=read_plant(SAMPLE))
    with plant.read() as session:
        assert again.changed == {}
        assert session.scalar(select(func.count()).select_from(Movement)) == before == 170


def test_every_opening_lot_lies_where_the_file_says_with_its_quantity_and_status(plant: SamplePlant) -> None:
    with plant.read() as session:
        balance = session.scalars(select(Balance).join(Lot).where(Lot.code == "RM-CW25", ~Balance.outside)).first()
        assert balance is None
        wire = session.scalars(select(Balance).join(Lot).where(Lot.code == "R260720-01", ~Balance.outside)).one()
        assert (wire.quantity, wire.status, wire.location.code) == (45_000_000, "accepted", "ST-A06")
