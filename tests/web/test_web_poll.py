"""What every screen asks once a second is cheap: no row of the plant is read twice for one answer."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import event

from mes.people import access
from tests.plant import SamplePlant


@contextmanager
def statements(house: SamplePlant) -> Iterator[Counter[str]]:
    """How often the database is asked the same question meanwhile, by the table after FROM."""
    asked: Counter[str] = Counter()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked[statement.partition("FROM ")[2].split()[0] if "FROM " in statement else ""] += 1

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(house.database.engine, "before_cursor_execute", note)


def test_a_screen_reads_the_plant_once_per_answer(house: SamplePlant, client: FlaskClient) -> None:
    client.post("/enter", data={"code": access.invite_station(house.database, "RAW-1", house.now)})
    client.post("/terminal/RAW-1/scans", json={"id": str(uuid.uuid4()), "code": "1H4001"})
    with statements(house) as asked:
        assert client.get("/api/v1/stations/RAW-1/state").json["recent"]
    assert asked["plant"] == 1
