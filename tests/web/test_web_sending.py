"""What goes over the wire: files once in a version's life, pages compressed where that is worth it, nothing twice."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator

import httpx
import openpyxl
import pytest

from mes.people import access
from tests.plant import SamplePlant
from tests.web.browser import PASSWORD
from web.assets import FOLDER

GZIP, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}
ASSET = re.compile(r"/static/[0-9a-f]{16}/[a-z./]+")


@pytest.fixture
def reader(house: SamplePlant, address: str) -> Iterator[httpx.Client]:
    """Somebody of the office, logged in through the real server."""
    access.set_password(house.database, "5002", PASSWORD)
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
        assert token
        login = {"csrf_token": token[1], "badge": "5002", "password": PASSWORD}
        assert client.post("/login", data=login).status_code == 302
        yield client


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer and its bytes as they came over the wire."""
    with client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


def test_a_file_stays_in_the_browser_for_good_because_its_address_names_its_content(reader: httpx.Client) -> None:
    found = set(ASSET.findall(reader.get("/stock").text))
    assert {path.rpartition("/")[2] for path in found} >= {"runcard.css", "tables.js", "icon.svg"}
    for path in found:
        answer = reader.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.content == (FOLDER / path.rpartition("/")[2]).read_bytes()


@pytest.mark.parametrize("path", ["/static/screen.js", "/static/0123456789abcdef/screen.js"])
def test_a_file_of_another_version_is_asked_for_again_each_time(reader: httpx.Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.headers["Cache-Control"] == "no-cache"
    again = reader.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "nothing.js", "0123456789abcdef/../../app.py"]
)
def test_nothing_but_the_files_of_the_pages_is_given(reader: httpx.Client, name: str) -> None:
    assert reader.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/stock", "/api/openapi.json", "/static/terminal.js", "/static/runcard.css"])
def test_texts_are_compressed_for_who_takes_that(reader: httpx.Client, path: str) -> None:
    plain, whole = raw(reader, path, **PLAIN)
    zipped, small = raw(reader, path, **GZIP)
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert (int(zipped.headers["Content-Length"]), int(plain.headers["Content-Length"])) == (len(small), len(whole))
    assert len(small) < len(whole) / 2
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(gzip.decompress(small)) == len(whole)


def test_what_is_small_stays_as_it_is(reader: httpx.Client) -> None:
    answer, content = raw(reader, "/api/v1/nothing-here", **GZIP)
    assert "Content-Encoding" not in answer.headers
    assert len(content) == int(answer.headers["Content-Length"])


def test_a_workbook_and_a_pdf_are_not_compressed_twice(reader: httpx.Client) -> None:
    book, content = raw(reader, "/stock?format=xlsx", **GZIP)
    assert "Content-Encoding" not in book.headers
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert book.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8")
    form, content = raw(reader, "/material-cards/PT-SPL.pdf", **GZIP)
    assert "Content-Encoding" not in form.headers
    assert content.startswith(b"%PDF")


def test_a_screen_that_has_the_newest_state_is_sent_nothing_compressed_or_not(house: SamplePlant, address: str) -> None:
    token = access.new_station_token(house.database, "RAW-1")
    with httpx.Client(base_url=address, trust_env=False, headers={"Authorization": f"Bearer {token}"}) as screen:
        for encoding in (GZIP, PLAIN):
            state, _ = raw(screen, "/api/v1/stations/RAW-1/state", **encoding)
            again, content = raw(
                screen, "/api/v1/stations/RAW-1/state", **encoding, **{"If-None-Match": state.headers["ETag"]}
            )
            assert state.status_code == 200
            assert (again.status_code, content) == (304, b"")


def test_a_compressed_page_holds_no_secret_that_another_page_could_ask_for(reader: httpx.Client, address: str) -> None:
    """BREACH needs many pages of one person, asked for by a stranger's page: the browser sends those no cookie."""
    with httpx.Client(base_url=address, trust_env=False) as stranger:
        cookie = stranger.get("/login").headers["Set-Cookie"]
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie
