"""The start page puts first what each role comes for, and hides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mes.roles import Role
from web.pages.home import COMES_FOR, OFFICE

FIRST = {
    "2001": ["/screen/WLD-1"],  # an operator
    "3002": ["/quality", "/trace", "/screen/QC-1"],  # an inspector
    "4003": ["/stock", "/shipping"],  # a shipper
    "1003": ["/plan"],  # planner and approver in one
    "5001": ["/service", "/trace"],  # the service desk
    "5002": ["/print", "/labels", "/admin"],  # the administrator
}


def section(page: str, name: str) -> str:
    found = re.search(rf'<section class="panel" id="{name}">.*?</section>', page, re.DOTALL)
    return found.group() if found else ""


@pytest.mark.parametrize("badge", FIRST)
def test_everybody_finds_their_own_work_first_and_everything_else_below(
    log_in: Callable[[str], FlaskClient], badge: str
) -> None:
    page = log_in(badge).get("/").text
    mine = section(page, "mine")
    assert [path for path in FIRST[badge] if f'href="{path}"' not in mine] == []
    everything = mine + section(page, "office") + section(page, "stations")
    assert {path: everything.count(f'href="{path}"') for path in OFFICE} == dict.fromkeys(OFFICE, 1)
    assert everything.count('href="/screen/') == len(set(re.findall(r'href="(/screen/[^"]+)"', everything)))


def test_every_role_of_a_person_comes_here_for_something() -> None:
    assert set(COMES_FOR) == set(Role) - {Role.SYSTEM}
