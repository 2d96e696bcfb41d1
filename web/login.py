"""Logging in to the office pages with badge and password; kiosk and terminal screens are opened by station.

Nobody has a default password: a person enrols once with a single-use code from an administrator.
"""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIFlask
from flask import flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, login_user, logout_user
from werkzeug.wrappers import Response

from mes.clock import wall_clock
from mes.people import logins
from mes.people.access import enrol, verify_password
from mes.people.model import Person
from mes.people.refusals import SignatureLocked
from mes.refusals import Refusal, Refused
from web.going import own_path
from web.house import house, look
from web.language import t
from web.signing import badge_in, source

LOGIN_LIFE = timedelta(hours=12)
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


def _account(badge: str) -> Account | None:
    """Who is logged in: by a login that stands, for a working day at most; a cookie alone opens nothing."""
    with look() as database_session:
        person = logins.whose(database_session, session.get("login", ""), wall_clock())
    return Account(person) if person and person.badge == badge else None


def login() -> Page:
    """Badge and password."""
    if request.method == "GET":
        return render_template("login.html")
    badge = badge_in(request.form.get("badge", ""))
    database = house().database
    try:
        verify_password(database, badge, request.form.get("password", ""), source(), house().clock())
    except Refused as refused:
        flash(_why_not(refused.reasons[0]))
        return render_template("login.html", badge=badge), 403
    _end()
    kept_language = session.get("language")
    session.clear()
    session["language"] = kept_language
    session["login"] = logins.begin(database, badge, wall_clock() + LOGIN_LIFE)
    login_user(_account(badge))
    return redirect(own_path(request.args.get("next")))


def logout() -> Page:
    """End the login, also for whoever kept its cookie."""
    _end()
    logout_user()
    return redirect(url_for("login"))


def _end() -> None:
    if token := session.pop("login", None):
        logins.end(house().database, token)


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
    except Refused:
        flash(
            t(
                "登记码不对、已用过，或已超过十分钟，请向系统管理员重新领取。",
                "This code is wrong, used, or older than ten minutes: ask the administrator for a new one.",
            )
        )
        return render_template("enrol.html"), 403
    except ValueError:
        flash(
            t(
                "PIN 须为 4～12 位数字，不能是同一数字或数对重复（0000、1212）、顺号（1234、4321）或工牌号；"
                "密码 8～200 个字符。登记码仍然有效，请改好再登记。",
                "A PIN has 4 to 12 digits and is no digit or pair repeated (0000, 1212), no row (1234, 4321) and not "
                "the badge; a password has 8 to 200 characters. The code is still good: try again.",
            )
        )
        return render_template("enrol.html", code=form.get("code", "").strip()), 403
    flash(t("登记好了，请登录。", "Enrolled: now log in."), "good")
    return redirect(url_for("login"))


def _why_not(refusal: Refusal) -> str:
    """A refused login, which asks for a password and not for a PIN."""
    if isinstance(refusal, SignatureLocked):
        return t(
            f"密码错误次数过多，请 {refusal.minutes} 分钟后再试。",
            f"Too many wrong passwords: try again in {refusal.minutes} min.",
        )
    return t("工牌号或密码不对。", "Badge or password is wrong.")
