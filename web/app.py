"""The web application: puts the API and the pages on one Flask app with its security headers.

Holds no rule of the plant; everything that changes something goes through `mes.commands` or `mes.terminal`.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, cast

from apiflask import APIFlask
from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from mes.clock import Clock
from mes.database import Database
from web import api, assets, compression, pages, problems, rights
from web.house import House
from web.language import install_languages
from web.login import install_login
from web.stations import install_stations

SCREEN_LIFE = timedelta(days=90)  # since it was last used: a plant that closes for the New Year opens no screen anew
SCAN_BYTES = 64 * 1024
TRIES = "60 per minute"  # at the doors, from one address: hashing costs time, and nobody types that fast
# The loopback is the station program's own panel beside a terminal's browser: what it kept while the server is away.
CSP = (
    "default-src 'self'; img-src 'self' data:; connect-src 'self' http://127.0.0.1:*; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'; form-action 'self'"
)


def create_app(
    database: Database, clock: Clock, secret: str | None = None, *, secure_cookies: bool = False
) -> APIFlask:
    """The application on a database, with a clock; `secret` signs the sessions (a new one ends them all)."""
    app = APIFlask(
        "web",
        title="Runcard",
        version="1",
        spec_path="/api/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]  # Flask takes it, APIFlask says str
    )
    app.config.update(
        SECRET_KEY=secret or secrets.token_hex(32),
        MAX_CONTENT_LENGTH=SCAN_BYTES,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=secure_cookies,
        PERMANENT_SESSION_LIFETIME=SCREEN_LIFE,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_HEADERS_ENABLED=True,
    )
    app.extensions["house"] = House(database, clock)
    problems.install(app)
    install_languages(app)
    install_login(app)
    install_stations(app)
    csrf = CSRFProtect(app)  # before the guards: a form without its token is turned away whoever sends it
    rights.install(app)
    limiter = Limiter(get_remote_address, app=app, default_limits=["6000 per minute"])
    api.register(app, csrf, limiter)
    pages.register(app)
    assets.install(app)
    compression.install(app)
    views = cast(dict[str, Any], app.view_functions)
    for door in ("login", "enrol", "enter"):
        views[door] = limiter.limit(TRIES, methods=["POST"])(views[door])
    app.after_request(_add_security_headers)
    return app


def _add_security_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    response.headers.setdefault("Cache-Control", "no-store")  # nothing stays on a shared PC after logging out
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
