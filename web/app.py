"""The web application: puts the API and the pages on one Flask app with its security headers.

Holds no rule of the plant; everything that changes something goes through `mes.commands` or `mes.terminal`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from apiflask import APIFlask
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from mes.clock import Clock
from mes.database import Database
from web import api, assets, compression, incoming, pages, problems, rights
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


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies, whose signing is put together once and not for every request."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        self._serializer = self._serializer or super().get_signing_serializer(app)
        return self._serializer


class Application(APIFlask):
    """The application; all of its views are plain functions, which need not be asked at every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(
    database: Database, clock: Clock, secret: str | None = None, *, secure_cookies: bool = False
) -> APIFlask:
    """The application on a database, with a clock; `secret` signs the sessions (a new one ends them all)."""
    app = Application(
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
    app.session_interface = Sessions()
    app.extensions["house"] = House(database, clock)
    problems.install(app)
    incoming.install(app)
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


SECURITY = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",  # nothing stays on a shared PC after logging out
}
TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}


def _add_security_headers(response: Response) -> Response:
    wanted = SECURITY | TRANSPORT if request.is_secure else SECURITY
    said = {name.lower() for name, _ in response.headers}
    response.headers.extend({name: value for name, value in wanted.items() if name.lower() not in said})
    return response
