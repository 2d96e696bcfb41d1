"""`runcard serve` and `runcard station` as processes: how little they take, and how many the server bears."""

from __future__ import annotations

import re
import resource
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from devices.feedback import Tone
from devices.simulated import SimulatedScanner
from labels.layout import names
from mes.masters.model import Item
from mes.people import access
from tests.engines import Fresh, SqliteDatabases
from tests.plant import START, SamplePlant
from tests.programs import Program, serving, station

STATION, BADGE, OTHER_BADGE = "RAW-1", "1H4001", "1H4002"
STATION_MB, SERVER_MB = 50, 250
READERS = 4
SCREENS, AT_EACH = 400, 3  # a browser keeps several connections; together more than select() can watch
PASSWORD = "long enough"


@pytest.fixture(scope="module")
def served(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SamplePlant, Program, str]]:
    """The sample plant, the server process on it, and its address."""
    folder = tmp_path_factory.mktemp("programs")
    plant = SamplePlant.copied(Fresh(sqlite_databases, folder))
    (folder / "clock").write_text(START)
    with closing(plant), serving(folder, plant.database.url, f"@{folder}/clock") as (program, address):
        yield plant, program, address


@pytest.fixture
def token(served: tuple[SamplePlant, Program, str]) -> str:
    """What the station program shows the server."""
    return access.new_station_token(served[0].database, STATION)


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may have as many files open as the system allows."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def reader(served: tuple[SamplePlant, Program, str]) -> Iterator[httpx.Client]:
    """Somebody of the office, logged in."""
    plant, _, address = served
    access.set_password(plant.database, "5002", PASSWORD)
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
        assert token
        login = {"csrf_token": token[1], "badge": "5002", "password": PASSWORD}
        assert client.post("/login", data=login).status_code == 302
        yield client


def test_a_station_that_delivers_scans_takes_fifty_megabytes_at_most(
    served: tuple[SamplePlant, Program, str], token: str, tmp_path: Path
) -> None:
    _, server, address = served
    clock = f"@{server.log.parent}/clock"
    with (
        SimulatedScanner(tmp_path / "dev") as hand,
        station(tmp_path, address, STATION, token, hand.path, clock) as program,
    ):
        for _ in range(25):
            for badge in (BADGE, OTHER_BADGE):  # the same one twice in a moment would be asked about
                hand.scan(badge)
                assert hand.feedback() is Tone.GOOD
        assert program.most_memory_mb <= STATION_MB


def test_a_server_that_draws_every_label_for_several_at_once_takes_250_megabytes_at_most(
    served: tuple[SamplePlant, Program, str], reader: httpx.Client
) -> None:
    plant, program, _ = served
    with plant.read() as session:
        items = session.scalars(select(Item.code).order_by(Item.id).limit(10)).all()
    paths = [*(f"/labels/{name}" for name in names()), *(f"/material-cards/{item}.pdf" for item in items)]
    with ThreadPoolExecutor(READERS) as readers:
        assert {answer.status_code for answer in readers.map(reader.get, paths)} == {200}
    assert program.most_memory_mb <= SERVER_MB


@pytest.mark.usefixtures("many_files")
def test_four_hundred_screens_stand_connected_and_a_scan_is_answered(
    served: tuple[SamplePlant, Program, str], token: str
) -> None:
    _, _, address = served
    with ExitStack() as open_ones:
        screens = [open_ones.enter_context(closing(_connected(address))) for _ in range(SCREENS * AT_EACH)]
        _all_served(screens)
        scan = {"id": str(uuid.uuid4()), "station": STATION, "code": BADGE, "scanned_at": START}
        bearer = {"Authorization": f"Bearer {token}"}
        answer = httpx.post(f"{address}/api/v1/scans", json=scan, headers=bearer, trust_env=False)
        assert answer.json()["tone"] == Tone.GOOD
        _all_served(screens)


def _connected(address: str) -> HTTPConnection:
    screen = HTTPConnection(urlsplit(address).netloc, timeout=60)
    screen.connect()
    screen.auto_open = False  # who is shut out stays out
    return screen


def _all_served(screens: list[HTTPConnection]) -> None:
    for screen in screens:
        screen.request("GET", "/static/icon.svg")
    for screen in screens:
        with screen.getresponse() as answer:
            assert answer.status == 200
            answer.read()
