"""Where a browser goes on to after a form: a page of this site that can be looked at, and never another host."""

from __future__ import annotations

import re

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# No second slash or backslash at the start and no control character: browsers read both as the start of a host.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")


def own_path(target: str | None) -> str:
    """The address if it lies on this site, else the start page."""
    return target if target and OWN_PATH.fullmatch(target) else "/"


def page_at(target: str | None) -> str:
    """The page of an address; of a form that was only sent (`/print/reprint`) the page it stands on (`/print`)."""
    wanted = own_path(target)
    path = wanted.partition("?")[0]
    if _can_be_looked_at(path):
        return wanted
    while path.rpartition("/")[0]:
        path = path.rpartition("/")[0]
        if _can_be_looked_at(path):
            return path
    return "/"


def _can_be_looked_at(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
