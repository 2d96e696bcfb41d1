"""Logging in to the office pages with badge and password; kiosk and terminal screens are opened by station.

Nobody has a default password: a person enrols once with a single-use code from an administrator.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from apiflask import APIFlask
from flask import flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from sqlalchemy import select
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from mes.plant.access import enrol, verify_password
from mes.plant.model import Person
from mes.refusals import Refused
from mes.roles import Role
from web.house import house, look
from web.language import language, t

F = TypeVar("F", bound=Callable[..., Any])
Page = str | Response | tuple[str, int]


class Account(UserMixin):  # type: ignore[misc]
    """A logged-in person, as plain values."""

    def __init__(self, person: Person) -> None:
        self.id = person.badge
        self.badge = person.badge
        self.name_zh = person.name_zh
        self.name_en = person.name_en
        self.roles = person.roles

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return t(self.name_zh, self.name_en)


def install_login(app: APIFlask) -> None:
    """Logins for the pages: /login, /logout, /enrol."""
    manager = LoginManager(app)
    manager.login_view = "login"
    manager.login_message = None
    manager.user_loader(_account)
    app.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    app.add_url_rule("/logout", "logout", logout, methods=["POST"])
    app.add_url_rule("/enrol", "enrol", enrol_page, methods=["GET", "POST"])


def roles_only(*roles: Role) -> Callable[[F], F]:
    """The page is for people with one of these roles; others get 403."""

    def guard(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.roles & set(roles):
                raise Forbidden("Your roles do not include this page. 您的角色无权查看此页。")
            return view(*args, **kwargs)

        return cast(F, login_required(guarded))

    return guard


def _account(badge: str) -> Account | None:
    with look() as database_session:
        person = database_session.scalar(select(Person).where(Person.badge == badge, Person.disabled.is_(False)))
        return Account(person) if person else None


def login() -> Page:
    """Badge and password."""
    if request.method == "GET":
        return render_template("login.html")
    badge = request.form.get("badge", "").strip()
    try:
        verify_password(
            house().database, badge, request.form.get("password", ""), request.remote_addr or "?", house().clock()
        )
    except Refused as refused:
        flash(refused.reasons[0].sentence(language()))
        return render_template("login.html"), 403
    account = _account(badge)
    kept_language = session.get("language")
    session.clear()
    session["language"] = kept_language
    login_user(account)
    return redirect(_next())


def logout() -> Page:
    """End the login."""
    logout_user()
    return redirect(url_for("login"))


def enrol_page() -> Page:
    """Use a single-use code to set PIN and password."""
    if request.method == "GET":
        return render_template("enrol.html")
    form = request.form
    try:
        enrol(
            house().database,
            form.get("code", "").strip(),
            form.get("pin", ""),
            form.get("password", ""),
            house().clock(),
        )
    except (Refused, ValueError) as error:
        reason = error.reasons[0].sentence(language()) if isinstance(error, Refused) else str(error)
        flash(reason)
        return render_template("enrol.html"), 403
    return redirect(url_for("login"))


def _next() -> str:
    target = request.args.get("next", "/")
    return target if target.startswith("/") and not target.startswith("//") else "/"
