"""Every file that leaves, through the real server, in both languages; and codes with a slash asked for by path."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
import openpyxl
import pytest
from click.testing import CliRunner

from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.people import access
from mes.queries.declared import TABLES
from tests.house.source import ROOT
from tests.plant import SAMPLE, SamplePlant
from tests.web.browser import PASSWORD, served
from web.cli import runcard
from web.pages.ways import WAYS

ODD_CODES = ["202609001234567", "2026.10", "1.50", "12345678901234567", "0012", "1E5", "=1+1", "-2", "@A1", "+86"]
ODD_LOT = "T/2026/07"
FILES = [
    *(f"/tables/{name}?format={form}" for name in TABLES for form in ("xlsx", "csv")),
    *(f"{way.path}?format=xlsx" for way in WAYS if way.tables),
    f"/trace?code={ODD_LOT}&format=xlsx",
    f"/trace?code={ODD_LOT}&direction=up&format=xlsx",
    "/admin/rights?format=xlsx",
    "/admin/rights?format=csv",
]


@pytest.fixture
def odd(house: SamplePlant) -> SamplePlant:
    """The sample plant with codes that spreadsheets like to spoil and codes with a slash."""
    sheets = read_plant(SAMPLE)
    [item] = [row for row in sheets.items if row.code == "PT-BAS"]
    [lot] = [row for row in sheets.opening_stock if row.lot == "R260805-01"]
    lots = [replace(lot, lot=f"T-{number}", supplier_lot=code) for number, code in enumerate(ODD_CODES)]
    slashed = replace(lot, item="PT/BAS", lot=ODD_LOT, supplier_lot="S/1")
    order = replace(sheets.orders[0], order_no="SO/26/1")
    odd = PlantSheets(items=(replace(item, code="PT/BAS"),), opening_stock=(*lots, slashed), orders=(order,))
    house.accept("plant:import", source="odd", digest="", payload=odd)
    return house


@pytest.fixture
def reader(odd: SamplePlant) -> Iterator[httpx.Client]:
    """The administrator, who may look at everything, logged in through the real server."""
    access.set_password(odd.database, "5002", PASSWORD)
    with served(odd) as address, httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        client.post("/login", data={"csrf_token": _token(client), "badge": "5002", "password": PASSWORD})
        yield client


def _token(client: httpx.Client) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    return token[1] if token else client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_every_file_leaves_in_either_language_with_codes_as_text_and_no_formula(
    reader: httpx.Client, spoken: str
) -> None:
    reader.post(f"/language/{spoken}", data={"csrf_token": _token(reader)})
    for path in FILES:
        answer = reader.get(path)
        assert answer.status_code == 200, (path, answer.text[:300])
        named = re.fullmatch(r"attachment; filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])
        assert named, (path, answer.headers["Content-Disposition"])
        assert any(ord(one) > 0x2E80 for one in unquote(named[1])) == (spoken == "zh"), path
        (_is_a_workbook if "xlsx" in path else _is_a_text)(answer.content, path)


def _is_a_workbook(content: bytes, path: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets, path
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "inlineStr"}, (path, kinds)


def _is_a_text(content: bytes, path: str) -> None:
    assert content.startswith(b"\xef\xbb\xbf"), path
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1, path
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "@", "+"))], path


def test_every_page_that_hands_out_files_is_tried_here() -> None:
    hands_out = re.compile(r"\b(exported|traced|handed_out|handed_out_as_text|sent)\(")
    pages = {path.stem for path in (ROOT / "web/pages").glob("*.py") if hands_out.search(path.read_text("utf-8"))}
    assert pages - {"sheets", "exporting"} == {"office", "rights", "tables", "tracing"}


def test_codes_leave_as_text_from_pages_and_from_the_program(
    odd: SamplePlant, reader: httpx.Client, tmp_path: Path
) -> None:
    files = {}
    for number, code in enumerate(ODD_CODES):
        file = tmp_path / "trace.xlsx"
        _run(odd, "trace", f"T-{number}", "--format", "xlsx", "--output", str(file))
        files[code] = [reader.get(f"/trace?code=T-{number}&format=xlsx").content, file.read_bytes()]
    for code, made in files.items():
        for content, column in zip(made, (6, 7), strict=True):
            cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0][2][column]
            assert (cell.value, cell.data_type) == (code, "s")


def test_a_trace_as_text_is_written_as_the_pages_write_theirs(odd: SamplePlant, tmp_path: Path) -> None:
    said = _run(odd, "trace", "T-6", "--format", "csv")
    _run(odd, "trace", "T-6", "--format", "csv", "--output", str(tmp_path / "trace.csv"))
    assert (tmp_path / "trace.csv").read_bytes() == said
    assert said.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(said.decode("utf-8-sig")))
    assert row["supplier_lot"] == "'=1+1"
    assert json.loads(_run(odd, "trace", "T-6", "--format", "json"))["nodes"][0]["supplier_lot"] == "=1+1"


def _run(plant: SamplePlant, *words: str) -> bytes:
    done = CliRunner().invoke(runcard, ["--database", plant.database.url, *words])
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


@pytest.mark.parametrize("written", [lambda code: code, lambda code: quote(code, safe="")], ids=["plain", "quoted"])
def test_codes_with_a_slash_are_asked_for_by_path(odd: SamplePlant, reader: httpx.Client, written: Any) -> None:
    lot, item, order = written(ODD_LOT), written("PT/BAS"), written("SO/26/1")
    assert reader.get(f"/api/v1/lots/{lot}").json()["lots"][0]["lot"] == ODD_LOT
    for direction in ("backward", "forward"):
        genealogy = reader.get(f"/api/v1/lots/{lot}/genealogy?direction={direction}").json()
        assert [node["lot"] for node in genealogy["nodes"]] == [ODD_LOT]
    assert reader.get(f"/api/v1/recalls/{lot}").json()["trace"]["code"] == ODD_LOT
    assert ODD_LOT in reader.get(f"/trace?code={quote(ODD_LOT)}").text
    for page in (f"/material-cards/{item}.pdf", f"/packing-lists/{order}.pdf"):
        answer = reader.get(page)
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-"), page
    for unknown in ("run-cards", "stations"):
        asked = reader.get(f"/api/v1/{unknown}/{written('A/B')}" + ("/state" if unknown == "stations" else ""))
        assert "A/B" in asked.text, asked.text
