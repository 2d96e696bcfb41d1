"""What the programs may keep in memory: caches with a limit, and at a station nothing but the station's own parts."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOMS, ROOT, Function, Module, modules

UNLIMITED = {"cache", "functools.cache", "lru_cache(None)", "lru_cache(maxsize=None)"}
OF_THE_CODE = ("Callable", "type")
"""What there is only so much of as the program itself has."""
NOT_AT_A_STATION = {
    "mes.database",
    "labels",
    "flask",
    "apiflask",
    "werkzeug",
    "waitress",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "PIL",
    "fpdf",
    "fontTools",
    "openpyxl",
    "escpos.printer",
    "qrcode",
    "zxingcpp",
    "biip",
    "playwright",
}
STARTED = """
import sys
from click import ClickException
from web.cli import runcard
try:
    runcard.main(["station", sys.argv[1]], standalone_mode=False)
except ClickException as error:
    print(error.format_message(), file=sys.stderr)
print(*sys.modules)
"""


def keeps_without_limit(function: Function) -> bool:
    """Whether a function remembers every answer for arguments of which a plant has ever more."""
    marks = {ast.unparse(mark).removeprefix("functools.") for mark in function.decorator_list}
    given = [argument.annotation for argument in (*function.args.posonlyargs, *function.args.args)]
    kinds = [ast.unparse(one) if one else "" for one in (*given, *(one.annotation for one in function.args.kwonlyargs))]
    return bool(marks & UNLIMITED) and any(not kind.startswith(OF_THE_CODE) for kind in kinds)


def test_no_cache_grows_with_the_plant() -> None:
    found = [
        f"{module.place}: {function.name}"
        for module in modules(*ROOMS)
        for function in module.functions()
        if keeps_without_limit(function)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("written", "grows"),
    [
        ("@cache\ndef face(pixels: int): ...", True),
        ("@functools.cache\ndef layout(self): ...", True),
        ("@lru_cache(maxsize=None)\ndef lot(*, code: str): ...", True),
        ("@lru_cache(maxsize=64)\ndef layout(name: str): ...", False),
        ("@cache\ndef advances(): ...", False),
        ("@cache\ndef parameters(function: Callable[..., Any]): ...", False),
    ],
)
def test_a_cache_that_grows_is_told_from_one_that_does_not(tmp_path: Path, written: str, grows: bool) -> None:
    file = tmp_path / "kept.py"
    file.write_text(written)
    assert [keeps_without_limit(function) for function in Module("kept", file).functions()] == [grows]


def test_a_station_brings_only_its_own_parts(tmp_path: Path) -> None:
    config = tmp_path / "station.toml"
    config.write_text("")
    started = [sys.executable, "-c", STARTED, str(config)]
    told = subprocess.run(started, cwd=ROOT, capture_output=True, text=True, check=True)
    brought = set(told.stdout.split())
    assert "station is missing" in told.stderr
    assert "devices.station" in brought
    assert sorted(brought & NOT_AT_A_STATION) == []
