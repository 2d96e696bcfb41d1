"""A file of many rows is made beside the server: the same file, the same rights, and the scans do not wait for it."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest
from flask.testing import FlaskClient

from mes.people import access
from mes.queries.asking import Asked
from mes.unavailable import DatabaseUnavailable, Trouble
from tests.engines import Fresh, PostgresqlDatabases
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD, served
from web import exporting, exports
from web.app import create_app
from web.exporting import ExportBroke, ReaderLeft, TooManyExports, Turns, make_beside
from web.exports import Export

Begun = list[subprocess.Popen[bytes]]
NOWHERE = "sqlite:////no-such-folder/plant.db"
ADDRESSES = [
    "/tables/lots?format=xlsx",
    "/tables/lots?format=csv",
    "/tables/stock?format=csv&status=accepted&sort=-quantity&q=C16",
    "/stock?format=xlsx&item=PT-BM-32",
]


@pytest.fixture
def postgres_plant(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> Iterator[SamplePlant]:
    """The sample plant on PostgreSQL, where the other process is given an address and no file."""
    fresh = Fresh(postgresql_databases, tmp_path)
    found = SamplePlant.copied(fresh)
    yield found
    found.close()
    fresh.drop_all()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    """The processes that were started to make files."""
    found: Begun = []

    def start(command: list[str], **how: object) -> subprocess.Popen[bytes]:
        found.append(subprocess.Popen(command, **how))  # type: ignore[call-overload]
        return found[-1]

    monkeypatch.setattr(exporting, "start", start)
    return found


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are too many for the server's own process."""
    monkeypatch.setattr(exports, "MANY", 3)


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test's temporary files lie, those of its processes too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def reader(plant: SamplePlant, badge: str = "3001") -> FlaskClient:
    """Somebody who has logged in."""
    app = create_app(plant.database, plant.clock, "secret")
    app.config["WTF_CSRF_ENABLED"] = False
    access.set_password(plant.database, badge, PASSWORD)
    client = app.test_client()
    client.post("/login", data={"badge": badge, "password": PASSWORD})
    return client


def content(file: bytes) -> object:
    """What a reader finds in a file; a workbook also says when it was written."""
    if file[:2] != b"PK":
        return file
    book = openpyxl.load_workbook(io.BytesIO(file))
    return [
        (page.title, page.auto_filter.ref, [[(cell.data_type, cell.value) for cell in row] for row in page.iter_rows()])
        for page in book.worksheets
    ]


def of_lots(plant: SamplePlant, name: str = "lots") -> Export:
    """All lots as CSV."""
    return Export("csv", "zh", plant.now, ((name, Asked()),))


def comes_out_the_same(client: FlaskClient, addresses: list[str], begun: Begun, patch: pytest.MonkeyPatch) -> None:
    """Each file is the same from the server's own process and from another."""
    patch.setattr(exports, "MANY", 100_000)
    within = [client.get(address) for address in addresses]
    assert begun == []
    patch.setattr(exports, "MANY", 3)
    beside = [client.get(address) for address in addresses]
    assert len(begun) == len(addresses)
    assert os.getpid() not in {process.pid for process in begun}
    assert {process.returncode for process in begun} == {0}
    for one, other in zip(within, beside, strict=True):
        assert (one.status_code, one.headers["Content-Disposition"]) == (200, other.headers["Content-Disposition"])
        assert other.content_length == len(other.data)
        assert content(one.data) == content(other.data)
    begun.clear()


def test_a_file_of_many_rows_is_the_same_and_made_by_another_process(
    house: SamplePlant, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = reader(house)
    for language in ("zh", "en"):
        client.post(f"/language/{language}")
        comes_out_the_same(client, ADDRESSES, begun, monkeypatch)


def test_the_other_process_reads_postgresql_too(
    postgres_plant: SamplePlant, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_out_the_same(reader(postgres_plant), ADDRESSES[2:], begun, monkeypatch)


@pytest.mark.parametrize("direction", ["down", "up"])
def test_a_long_trace_is_the_same_workbook_made_by_another_process(
    house: SamplePlant, begun: Begun, monkeypatch: pytest.MonkeyPatch, direction: str
) -> None:
    client, address = reader(house), f"/trace?code=R260805-01&direction={direction}&format=xlsx"
    within = client.get(address)
    assert begun == []
    monkeypatch.setattr(exports, "MANY", 0)
    beside = client.get(address)
    assert [process.returncode for process in begun] == [0]
    assert beside.headers["Content-Disposition"] == within.headers["Content-Disposition"]
    assert content(beside.data) == content(within.data)


@pytest.mark.usefixtures("few_are_many")
def test_what_the_filter_leaves_decides_where_a_file_is_made(house: SamplePlant, begun: Begun) -> None:
    client = reader(house)
    assert client.get("/tables/lots?format=csv&q=no-such-lot").status_code == 200
    assert begun == []


@pytest.mark.usefixtures("few_are_many")
def test_who_may_not_look_is_refused_before_anything_is_started(house: SamplePlant, begun: Begun) -> None:
    client = reader(house, "2001")
    assert client.get("/tables/people?format=xlsx").status_code == 403
    assert begun == []


def test_the_process_comes_last_in_line_for_the_processor(house: SamplePlant, begun: Begun, own_folder: Path) -> None:
    seen = set()

    def left() -> bool:
        seen.add(os.getpriority(os.PRIO_PROCESS, begun[0].pid))
        return False

    with tempfile.TemporaryFile() as file:
        make_beside(house.database.url, of_lots(house), file, left)
    assert seen == {exporting.LAST_IN_LINE}
    assert list(own_folder.iterdir()) == []


@pytest.mark.usefixtures("few_are_many")
def test_a_reader_who_leaves_ends_the_process_and_nothing_is_left_behind(
    house: SamplePlant, begun: Begun, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, turns = threading.Event(), Turns(1, 0)
    monkeypatch.setattr(exporting, "TURNS", turns)
    start = exporting.start

    def told(*command: object, **how: object) -> object:
        process = start(*command, **how)
        started.set()
        return process

    monkeypatch.setattr(exporting, "start", told)
    access.set_password(house.database, "3001", PASSWORD)
    with served(house) as address, httpx.Client(base_url=address, trust_env=False) as client:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
        assert token
        client.post("/login", data={"csrf_token": token[1], "badge": "3001", "password": PASSWORD})
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        where = httpx.URL(address)
        with socket.create_connection((where.host, where.port)) as wire:
            asked = f"GET /tables/lots?format=xlsx HTTP/1.1\r\nHost: {where.host}\r\nCookie: {cookies}\r\n\r\n"
            wire.sendall(asked.encode("ascii"))
            assert started.wait(20)
        assert begun[0].wait(20) != 0
    assert list(own_folder.iterdir()) == []
    with turns.taken(lambda: False):
        pass  # the turn is free for the next


def test_a_process_whose_server_is_gone_ends(house: SamplePlant, begun: Begun, own_folder: Path) -> None:
    with tempfile.TemporaryFile() as file, pytest.raises(ReaderLeft):
        make_beside(house.database.url, of_lots(house), file, lambda: True)
    assert begun[0].returncode == 1  # by itself, when its standard input was let go: nobody killed it
    assert list(own_folder.iterdir()) == []


@pytest.mark.usefixtures("few_are_many")
def test_who_comes_when_too_many_wait_is_told_to_come_again(
    house: SamplePlant, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = reader(house)
    monkeypatch.setattr(exporting, "TURNS", Turns(1, 0))
    with exporting.TURNS.taken(lambda: False):
        answer = client.get("/tables/lots?format=xlsx")
    assert (answer.status_code, begun) == (503, [])
    assert int(answer.headers["Retry-After"]) > 0
    assert "导出的人太多，请稍候再试。" in answer.text
    assert client.get("/tables/lots?format=xlsx").status_code == 200


def test_some_wait_for_their_turn_and_others_are_sent_away() -> None:
    turns, mine = Turns(1, 1), threading.Event()

    def wait() -> None:
        with turns.taken(lambda: False):
            mine.set()

    waiting = threading.Thread(target=wait)
    with turns.taken(lambda: False):
        waiting.start()
        while turns._places.acquire(blocking=False):  # until the other one stands in line
            turns._places.release()
        with pytest.raises(TooManyExports), turns.taken(lambda: False):
            pass
        assert not mine.is_set()
    assert mine.wait(20)
    waiting.join()


def test_who_leaves_while_waiting_keeps_no_turn() -> None:
    turns = Turns(1, 1)
    with turns.taken(lambda: False), pytest.raises(ReaderLeft), turns.taken(lambda: True):
        pass
    with turns.taken(lambda: False):
        pass


@pytest.mark.usefixtures("few_are_many")
def test_that_the_database_cannot_give_it_is_said_as_everywhere(
    house: SamplePlant, begun: Begun, capfd: pytest.CaptureFixture[str]
) -> None:
    client = reader(house)
    house.database.url = NOWHERE
    answer = client.get("/tables/lots?format=csv")
    assert (answer.status_code, begun[0].returncode) == (503, exporting.EXIT_CODES[Trouble.UNREACHABLE])
    assert "数据库连接不上" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert "Traceback" not in capfd.readouterr().err
    with tempfile.TemporaryFile() as file, pytest.raises(DatabaseUnavailable):
        make_beside(NOWHERE, of_lots(house), file, lambda: False)


def test_a_process_that_breaks_is_no_file(house: SamplePlant, capfd: pytest.CaptureFixture[str]) -> None:
    with tempfile.TemporaryFile() as file, pytest.raises(ExportBroke):
        make_beside(house.database.url, of_lots(house, "no such table"), file, lambda: False)
    assert "KeyError" in capfd.readouterr().err
