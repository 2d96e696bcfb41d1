"""Pages bring their own typeface: Chinese shows on a PC that has no Chinese font."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.web.browser import Screen

LOADED = (
    "() => document.fonts.load('18px \"Runcard Chinese\"', '流转单').then((faces) => faces.map((one) => one.status))"
)


def test_the_typeface_is_given_to_anybody_and_kept_by_the_browser(client: FlaskClient) -> None:
    with client.get("/typeface.otf") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "font/otf")
        assert answer.data.startswith(b"OTTO")
        assert answer.cache_control.max_age == 30 * 24 * 3600
    with client.get("/typeface.otf", headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304


@pytest.mark.browser
@pytest.mark.needs("chromium")
def test_chinese_is_drawn_in_the_typeface_that_the_page_brings(new_screen: Callable[[], Screen]) -> None:
    page = new_screen().open("/login")
    assert page.evaluate(LOADED) == ["loaded"]
