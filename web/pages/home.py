"""The start page: what this person's roles come here for."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import login_required
from sqlalchemy import select

from mes.plant.model import Station
from web.house import look


def add_to(pages: Blueprint) -> None:
    """Add the start page."""
    pages.add_url_rule("/", "home", home)


@login_required  # type: ignore[untyped-decorator]
def home() -> str:
    """The stations and the office pages."""
    with look() as session:
        stations = session.scalars(select(Station).order_by(Station.role, Station.code)).all()
        return render_template("home.html", stations=stations)
