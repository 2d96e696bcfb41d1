"""Where a browser goes on to after a form: a page of this site that can be looked at, and never another host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

# No second slash or backslash at the start and no control character: browsers read both as the start of a host.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")


def own_path(target: str | None) -> str:
    """The address if it lies on this site, else the start page."""
    return target if target and OWN_PATH.fullmatch(target) else "/"


def page_at(target: str | None) -> str:
    """The page of an address; of a form that was only sent (`/print/reprint`) the page it stands on (`/print`)."""
    wanted = own_path(target)
    path = asked = wanted.partition("?")[0]
    page = _page_of(path)
    while page is None and path.rpartition("/")[0]:
        path = path.rpartition("/")[0]
        page = _page_of(path)
    return wanted if page == asked else page or "/"


def _page_of(path: str) -> str | None:
    """What can be looked at there: the page itself, or the page of a code that stands above a form.

    A code may have a slash, so the page of a code takes the forms below it for pages of longer codes.
    """
    try:
        page, _ = _matched(path, "GET")
    except RequestRedirect:
        return path
    except HTTPException:
        return None
    try:
        form, named = _matched(path, "POST")
    except HTTPException:
        return path
    if not form.rule.startswith(f"{page.rule}/"):
        return path
    return url_for(page.endpoint, **{name: named[name] for name in page.arguments})


def _matched(path: str, method: str) -> tuple[Rule, Mapping[str, Any]]:
    """The rule for this address, and what it names; raises HTTPException."""
    found: tuple[Rule, Mapping[str, Any]]
    found = current_app.create_url_adapter(request).match(unquote(path), method, return_rule=True)  # type: ignore[union-attr]
    return found
