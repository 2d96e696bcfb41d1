"""One search box for the whole office: a code or a few letters of a name lead to the page of the thing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from mes import codes
from mes.queries.searching import KINDS, MOST, Found, find
from mes.words import Words
from web.house import look
from web.pages.ways import LEADS, led
from web.rights import may_see, person

LONGEST = 200


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `cut`: there is more than is listed."""

    words: Words
    found: list[Found]

    @property
    def cut(self) -> bool:
        """Whether there may be more."""
        return len(self.found) >= MOST


def add_to(pages: Blueprint) -> None:
    """Add the search."""
    pages.add_url_rule("/find", "find", person(finding))


def finding() -> str | Response:
    """`?q=`: straight to the one thing of exactly this code, else everything that it may mean."""
    text = request.args.get("q", "").strip()[:LONGEST]
    kinds = [name for name in KINDS if may_see(LEADS[name].sight)]
    with look() as session:
        found = find(session, text, kinds)
    pages = {address for one in found if one.exact and (address := led(one.kind, one.code, {}))}
    if len(pages) == 1:
        return redirect(pages.pop())
    ordered = sorted(found, key=lambda one: kinds.index(one.kind))
    groups = [Group(KINDS[name].called, list(some)) for name, some in groupby(ordered, lambda one: one.kind)]
    return render_template(
        "find.html",
        text=text,
        groups=groups,
        led=led,
        mistyped=bool(text) and codes.looks_mistyped(text),
        kinds=[KINDS[name].called for name in kinds],
    )
