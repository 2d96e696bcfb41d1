"""The HTTP interface under /api/v1 for stations and other programs; bearer tokens, problem documents."""

from __future__ import annotations

from typing import Any, cast

from apiflask import APIFlask
from flask import request
from flask_limiter import Limiter
from flask_wtf import CSRFProtect

from web.api import answers, commands, finding, floor, printing, tables
from web.api.describing import describe


def register(app: APIFlask, csrf: CSRFProtect, limiter: Limiter) -> None:
    """Put the API on the app; bearer tokens are no cookies and need no CSRF tokens. Commands ask logins for one.

    Stations are not limited: a burst of scans is their work, and every one of them carries its station's token.
    """
    limiter.request_filter(lambda: request.blueprint in (floor.blueprint.name, printing.blueprint.name))
    app.spec_processor(cast(Any, describe))
    rooms = (floor.blueprint, printing.blueprint, answers.blueprint, commands.blueprint, finding.blueprint)
    for blueprint in (*rooms, tables.every_table()):
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint, url_prefix="/api/v1")
