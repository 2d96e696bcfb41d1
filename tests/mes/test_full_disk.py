"""A plant on a disk that fills while sixteen stations scan: no answered scan is lost, and room brings all back.

Once on a real small partition (where the machine lets nobody mount one, the second way again), and once with a
database that may not grow.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from mes.audit import audit
from mes.journal import Scan
from mes.terminal.scanning import ScanRequest, scan
from mes.unavailable import DatabaseUnavailable, Trouble
from tests.engines import Fresh, SqliteDatabases
from tests.faults import SmallDisk
from tests.plant import LINES, SamplePlant

STATIONS = [f"{line}-1" for line in LINES] + ["RAW-1", "FGS-1"]
SCANS_OF_EACH = 20
ROOM_KB = {"partition": 1800, "database": 940}  # the partition also holds the write-ahead log


@pytest.fixture(params=list(ROOM_KB))
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    """A folder with little room."""
    found = SmallDisk(tmp_path / "disk", ROOM_KB[request.param], mounted=request.param == "partition")
    yield found
    found.close()


@pytest.fixture
def filling(disk: SmallDisk, sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """A plant on it."""
    found = SamplePlant.copied(Fresh(sqlite_databases, tmp_path / "disk"))
    disk.bound(found.database.engine)
    yield found
    found.close()


def deliver(plant: SamplePlant, scans: list[ScanRequest]) -> dict[str, Trouble | None]:
    """Send each once, every station its own in order and all stations at the same time; what each was told."""

    def station(code: str) -> dict[str, Trouble | None]:
        return {one.id: _told(plant, one) for one in scans if one.station == code}

    with ThreadPoolExecutor(len(STATIONS)) as people:
        return {scan: told for heard in people.map(station, STATIONS) for scan, told in heard.items()}


def _told(plant: SamplePlant, one: ScanRequest) -> Trouble | None:
    try:
        scan(plant.database, one, plant.clock)
    except DatabaseUnavailable as unavailable:
        return unavailable.trouble
    return None


def found_after_reopening(plant: SamplePlant) -> set[str]:
    """The scans in the database, and that it keeps its own laws, as somebody sees who opens it anew."""
    plant.close()
    again = SamplePlant(plant.database.url)
    with again.read() as session:
        assert audit(session) == []
        scans = set(session.scalars(select(Scan.id)))
    again.close()
    return scans


def test_on_a_disk_that_fills_no_answered_scan_is_lost_and_all_others_are_told_so(
    filling: SamplePlant, disk: SmallDisk
) -> None:
    scans = [
        ScanRequest(str(uuid.uuid4()), station, "1H4001", filling.now)
        for _ in range(SCANS_OF_EACH)
        for station in STATIONS
    ]
    told = deliver(filling, scans)
    assert set(told.values()) == {None, Trouble.FULL}
    answered = {one for one, trouble in told.items() if trouble is None}
    assert found_after_reopening(filling) == answered
    disk.make_room()
    left = [one for one in scans if one.id not in answered]
    assert set(deliver(filling, left).values()) == {None}
    assert found_after_reopening(filling) == {one.id for one in scans}
