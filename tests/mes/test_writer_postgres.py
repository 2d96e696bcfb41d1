"""The same promise on PostgreSQL: what is told as done is kept, what is not kept is told so, and the rest is unknown.

The server fails by itself (triggers that raise its own states, backends that are ended) or through a wire that is cut.
"""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from mes.database import Database
from mes.journal import Scan
from mes.terminal.scanning import ScanRequest, scan
from mes.unavailable import DatabaseUnavailable, Trouble
from tests.engines import PostgresqlDatabases
from tests.plant import SamplePlant

STATES = {
    "53100": Trouble.FULL,
    "53200": Trouble.FAILING,
    "53300": Trouble.BUSY,
    "25006": Trouble.READ_ONLY,
    "57014": Trouble.BUSY,
    "57P01": Trouble.UNREACHABLE,
    "58030": Trouble.FAILING,
    "08006": Trouble.UNREACHABLE,
}
FAIL = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.word <> 'good' THEN RAISE EXCEPTION 'struck' USING ERRCODE = NEW.word; END IF; RETURN NEW; END $$
"""
AT_ONCE = "CREATE TRIGGER at_once BEFORE INSERT ON kept FOR EACH ROW EXECUTE FUNCTION fail()"
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON kept DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION fail()
"""


@pytest.fixture
def store(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> Iterator[Database]:
    """A database with one table."""
    url = postgresql_databases.blank(tmp_path)
    found = Database(url)
    found.write(lambda connection: connection.exec_driver_sql("CREATE TABLE kept (id bigint PRIMARY KEY, word text)"))
    yield found
    found.close()
    postgresql_databases.drop(url)


def keep(number: int, word: str = "good") -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        connection.exec_driver_sql("INSERT INTO kept VALUES (%s, %s)", (number, word))
        return number

    return work


def kept(store: Database) -> set[int]:
    with store.read() as session:
        return set(session.connection().exec_driver_sql("SELECT id FROM kept").scalars())


def make_fail(store: Database, trigger: str) -> None:
    store.write(lambda connection: (connection.exec_driver_sql(FAIL), connection.exec_driver_sql(trigger)))


@pytest.mark.parametrize("trigger", [AT_ONCE, AT_COMMIT], ids=["at once", "at commit"])
def test_what_the_server_cannot_keep_is_told_with_its_reason_and_nothing_of_it_stays(
    store: Database, trigger: str
) -> None:
    make_fail(store, trigger)
    for state, trouble in STATES.items():
        with pytest.raises(DatabaseUnavailable) as told:
            store.write(lambda connection, state=state: (keep(1)(connection), keep(2, state)(connection)))
        assert (told.value.trouble, told.value.unsure) == (trouble, False)
        assert store.trouble == trouble
    assert store.write(keep(3)) == 3
    assert (kept(store), store.trouble) == ({3}, None)


def test_with_people_writing_together_what_is_told_as_done_is_kept_and_all_else_is_told_so(store: Database) -> None:
    def work(number: int) -> Callable[[Connection], int]:
        def ended_once(connection: Connection) -> int:
            if number % 7 == 0 and number not in ended:
                ended.append(number)
                connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
            return keep(number, "53100" if number % 3 == 0 else "good")(connection)

        return ended_once

    def told(number: int) -> int | None:
        with suppress(DatabaseUnavailable):
            return store.write(work(number))
        return None

    make_fail(store, AT_ONCE)
    ended: list[int] = []
    with ThreadPoolExecutor(8) as people:
        done = {number for number in people.map(told, range(100)) if number is not None}
    assert kept(store) == done == {number for number in range(100) if number % 3}
    assert len(ended) == 15


def test_a_server_that_cannot_be_reached_is_named_for_writers_and_readers(tmp_path: Path) -> None:
    away = Database(f"postgresql://nobody@/plant?host={tmp_path}")
    with pytest.raises(DatabaseUnavailable) as writer:
        away.write(keep(1))
    with pytest.raises(DatabaseUnavailable) as reader, away.read() as session:
        session.connection()
    assert writer.value.trouble == reader.value.trouble == Trouble.UNREACHABLE
    assert "\n" not in str(writer.value)
    away.close()


def test_a_statement_that_is_wrong_is_no_trouble_of_the_database(store: Database) -> None:
    with pytest.raises(Exception, match="nowhere") as told:
        store.write(lambda connection: connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)"))
    assert not isinstance(told.value, DatabaseUnavailable)


class Wire:
    """Between a database and its server; `cut`: it breaks at the next commit, before it arrives or after its answer."""

    def __init__(self, folder: Path, server: str) -> None:
        self.cut: str | None = None
        self._server = server
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._ends = ExitStack()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{self._server}/.s.PGSQL.5432")
                for one in (client, server):
                    self._ends.callback(_hang_up, one)
                threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(65536):
                if b"COMMIT\0" in said and self.cut:
                    after, self.cut = self.cut == "after", None
                    _hang_up(client)
                    if after:
                        server.sendall(said)
                    else:
                        _hang_up(server)
                    return
                server.sendall(said)
        _hang_up(server)

    @staticmethod
    def _pass(server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                client.sendall(said)
        _hang_up(client)
        _hang_up(server)

    def close(self) -> None:
        _hang_up(self._listener)
        self._ends.close()


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_commit_whose_answer_is_lost_is_told_as_unknown_and_the_same_scan_again_gets_one_outcome(
    postgres_plant: SamplePlant, postgresql_databases: PostgresqlDatabases, tmp_path: Path, cut: str
) -> None:
    (tmp_path / "wire").mkdir()
    server = postgresql_databases.cluster.folder
    wire = Wire(tmp_path / "wire", server)
    far = Database(postgres_plant.database.url.replace(server, str(tmp_path / "wire")))
    wanted = ScanRequest(str(uuid.uuid4()), "WLD-1", "1H4001", postgres_plant.now)
    with far.read() as session:
        session.connection()
    wire.cut = cut
    with pytest.raises(DatabaseUnavailable) as told:
        scan(far, wanted, postgres_plant.clock)
    assert (told.value.trouble, told.value.unsure) == (Trouble.UNREACHABLE, True)
    first = scan(far, wanted, postgres_plant.clock)
    assert scan(postgres_plant.database, wanted, postgres_plant.clock).json == first.json
    with postgres_plant.read() as session:
        assert session.scalars(select(Scan.id)).all() == [wanted.id]
    far.close()
    wire.close()
