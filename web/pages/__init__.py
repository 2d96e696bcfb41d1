"""The pages for people: floor screens, the inspector's kiosk, and the office."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Blueprint

from mes.quality.model import DISPOSITIONS, STAGES
from mes.stock.status import STATUS_WORDS
from web.pages import administration, doing, floor, forms, home, kiosk, layouts, office, printing, rights, tracing


def register(app: APIFlask) -> None:
    """Put all pages on the app."""
    app.jinja_env.globals.update(STATUS=STATUS_WORDS, STAGE=STAGES, DISPOSITION=DISPOSITIONS)
    pages = Blueprint("pages", __name__)
    for room in (home, doing, floor, kiosk, office, administration, rights, printing, layouts, forms, tracing):
        room.add_to(pages)
    app.register_blueprint(pages)
