"""Fresh databases for tests, cheaply: each engine migrates one template per worker and copies it from then on.

Gives addresses only; opening, filling and judging a database is the tests' business.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from tests.postgres import Cluster


def migrate(url: str) -> None:
    """Bring a blank database to the newest schema."""
    from mes import schema  # not at the top: tests of devices and labels run without a database

    schema.migrate(url)


class SqliteDatabases:
    """Files in a folder; the template is a file beside them."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    @cached_property
    def template(self) -> Path:
        """The migrated template, with nothing left in its write-ahead log."""
        path = self.folder / "template.db"
        migrate(f"sqlite:///{path}")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path

    def blank(self, folder: Path) -> str:
        """The address of a file that isn't there yet."""
        return f"sqlite:///{folder}/runcard-{next(self.numbers)}.db"

    def migrated(self, folder: Path) -> str:
        """The address of a copy of the template."""
        url = self.blank(folder)
        shutil.copyfile(self.template, url.removeprefix("sqlite:///"))
        return url

    def filled(self, folder: Path, name: str, fill: Callable[[str], None]) -> str:
        """The address of a copy of a template that `fill` has filled once."""
        path = self.folder / f"{name}.db"
        if not path.exists():
            shutil.copyfile(self.template, path)
            fill(f"sqlite:///{path}")
            with contextlib.closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        url = self.blank(folder)
        shutil.copyfile(path, url.removeprefix("sqlite:///"))
        return url

    def drop(self, url: str) -> None:
        """Remove one database with its log files."""
        path = Path(url.removeprefix("sqlite:///"))
        for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            part.unlink(missing_ok=True)


class PostgresqlDatabases:
    """Databases of one cluster; the template is one of them."""

    name = "postgresql"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.numbers = itertools.count(1)
        self.filled_templates: set[str] = set()

    @cached_property
    def template(self) -> str:
        """The name of the migrated template."""
        self.cluster.execute("DROP DATABASE IF EXISTS migrated WITH (FORCE)")
        self.cluster.execute("CREATE DATABASE migrated")
        migrate(self.cluster.url("migrated"))
        return "migrated"

    def blank(self, _folder: Path) -> str:
        """The address of an empty database."""
        return self._create("template1")

    def migrated(self, _folder: Path) -> str:
        """The address of a copy of the template."""
        return self._create(self.template)

    def filled(self, _folder: Path, name: str, fill: Callable[[str], None]) -> str:
        """The address of a copy of a template that `fill` has filled once."""
        if name not in self.filled_templates:
            self.cluster.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE {self.template}")
            fill(self.cluster.url(name))
            self.filled_templates.add(name)
        return self._create(name)

    def _create(self, template: str) -> str:
        name = f"runcard_{next(self.numbers)}"
        self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.cluster.url(name)

    def drop(self, url: str) -> None:
        """Remove one database, cutting off whoever is still connected."""
        name = url.partition("@/")[2].partition("?")[0]
        self.cluster.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


Databases = SqliteDatabases | PostgresqlDatabases


class Statements(dict[Any, Any]):
    """Statements as SQLAlchemy wrote them out, for all databases of one kind: by itself it writes them for each anew.

    Only the writing is shared, not what a database prepares or answers.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._for_all(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._for_all(key), compiled)

    @staticmethod
    def _for_all(key: Any) -> Any:
        dialect, *rest = key
        return (type(dialect), *rest)


STATEMENTS = Statements()


class Fresh:
    """Makes fresh databases for one test, as many as it asks for, and drops them afterwards."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.engine = databases.name
        self.drop = databases.drop
        self._blank = partial(databases.blank, folder)
        self._migrated = partial(databases.migrated, folder)
        self._filled = partial(databases.filled, folder)
        self._made: list[str] = []

    def blank(self) -> str:
        """The address of an empty database, not migrated."""
        return self._keep(self._blank())

    def migrated(self) -> str:
        """The address of an empty database with the newest schema."""
        return self._keep(self._migrated())

    def filled(self, name: str, fill: Callable[[str], None]) -> str:
        """The address of a copy of a database that `fill` has filled once for this worker."""
        return self._keep(self._filled(name, fill))

    def _keep(self, url: str) -> str:
        self._made.append(url)
        return url

    def drop_all(self) -> None:
        for url in self._made:
            self.drop(url)
