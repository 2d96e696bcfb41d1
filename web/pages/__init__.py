"""The pages for people: floor screens, the inspector's kiosk, and the office."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Blueprint

from web.pages import (
    admin_ways,
    administration,
    doing,
    floor,
    forms,
    home,
    kiosk,
    label_sheets,
    layouts,
    office,
    people,
    printing,
    rights,
    stations,
    tracing,
)


def register(app: APIFlask) -> None:
    """Put all pages on the app."""
    pages = Blueprint("pages", __name__)
    for room in (home, doing, floor, kiosk, office, administration, rights, printing, layouts, forms, tracing):
        room.add_to(pages)
    for room in (admin_ways, people, stations, label_sheets):
        room.add_to(pages)
    app.register_blueprint(pages)
