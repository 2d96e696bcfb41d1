"""The start page puts first what each role comes for, then whatever else that person may look at."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mes.people.model import Person
from mes.queries.looking import may_look
from mes.roles import Role
from tests.plant import SamplePlant
from web.pages.home import COMES_FOR
from web.pages.ways import WAYS

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


def roles_of(house: SamplePlant, badge: str) -> frozenset[Role]:
    with house.read() as session:
        return session.scalars(select(Person).where(Person.badge == badge)).one().roles


@pytest.mark.parametrize("badge", FIRST)
def test_everybody_finds_their_own_work_first_and_everything_else_below(
    house: SamplePlant, log_in: Callable[[str], FlaskClient], badge: str
) -> None:
    page = log_in(badge).get("/").text
    mine = section(page, "mine")
    assert [path for path in FIRST[badge] if f'href="{path}"' not in mine] == []
    everything = mine + section(page, "office") + section(page, "stations")
    open_to = {way.path: int(may_look(roles_of(house, badge), way.needs)) for way in WAYS}
    assert {path: everything.count(f'href="{path}"') for path in open_to} == open_to
    assert everything.count('href="/screen/') == len(set(re.findall(r'href="(/screen/[^"]+)"', everything)))


def test_nobody_comes_for_a_page_that_he_may_not_look_at() -> None:
    needs = {way.path: way.needs for way in WAYS}
    shut = [
        (role, path) for role, (paths, _) in COMES_FOR.items() for path in paths if not may_look({role}, needs[path])
    ]
    assert shut == []


def test_every_role_of_a_person_comes_here_for_something() -> None:
    assert set(COMES_FOR) == set(Role) - {Role.SYSTEM}
