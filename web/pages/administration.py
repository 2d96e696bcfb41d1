"""Who may look at what, in words: role × tables, pages, papers and answers, and what stations may read."""

from __future__ import annotations

from flask import Blueprint, render_template

from mes.masters.words import STATION_ROLES
from mes.queries.looking import SIGHTS
from mes.roles import ROLE_WORDS, Role
from web.language import language
from web.rights import looks

READERS = [role for role in Role if role is not Role.SYSTEM]


def add_to(pages: Blueprint) -> None:
    """Add the page of who may look."""
    pages.add_url_rule("/admin/looking", "looking", looks("looking")(looking))


def looking() -> str:
    """Every thing to look at with its readers."""
    rows = [
        (
            sight.words,
            [role in sight.roles for role in READERS],
            [STATION_ROLES[role].read(language()) for role in sorted(sight.stations)],
        )
        for sight in SIGHTS.values()
    ]
    return render_template("looking.html", roles=[ROLE_WORDS[role].read(language()) for role in READERS], rows=rows)
