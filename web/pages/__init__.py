"""The pages for people: floor screens, the inspector's kiosk, and the office."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Blueprint

from web.pages import floor, home, kiosk, office, tracing


def register(app: APIFlask) -> None:
    """Put all pages on the app."""
    pages = Blueprint("pages", __name__)
    for room in (home, floor, kiosk, office, tracing):
        room.add_to(pages)
    app.register_blueprint(pages)
