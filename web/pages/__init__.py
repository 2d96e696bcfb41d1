"""The pages for people: floor screens, the inspector's kiosk, and the office."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Blueprint

from mes.quality.model import DISPOSITIONS, JUDGEMENTS, STAGES
from mes.stock.status import STATUS_WORDS
from web.pages import (
    admin_ways,
    administration,
    doing,
    finding,
    floor,
    forms,
    holding,
    home,
    kiosk,
    label_sheets,
    layouts,
    office,
    people,
    printing,
    rights,
    stations,
    tables,
    tracing,
)
from web.pages.ways import open_ways

ROOMS = (
    home,
    doing,
    finding,
    floor,
    kiosk,
    office,
    tables,
    administration,
    rights,
    printing,
    layouts,
    forms,
    tracing,
    holding,
)
SETTING_UP = (admin_ways, people, stations, label_sheets)


def register(app: APIFlask) -> None:
    """Put all pages on the app."""
    pages = Blueprint("pages", __name__)
    for room in (*ROOMS, *SETTING_UP):
        room.add_to(pages)
    app.register_blueprint(pages)
    app.jinja_env.globals.update(
        open_ways=open_ways, STATUS=STATUS_WORDS, STAGE=STAGES, DISPOSITION=DISPOSITIONS, VERDICT=JUDGEMENTS
    )
