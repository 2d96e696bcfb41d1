"""What a scan means here and now: one table per station role, from the kind of code to what is done with it.

Each meaning looks at the dialogue and either asks the door for a command or remembers something for the next scan.
"""

from __future__ import annotations

from mes import codes
from mes.masters.model import Station
from mes.production.model import RunCard
from mes.refusals import NotExpectedHere, refuse
from mes.terminal.at_dock import DOCK
from mes.terminal.at_line import LINE, PACKING
from mes.terminal.at_pallet import expected_of_pallets
from mes.terminal.at_printer import expected_of_labels, label_meaning, other_work
from mes.terminal.at_store import STORE
from mes.terminal.dialogue import Talk
from mes.terminal.floor import EVERYWHERE, Floor, Meaning
from mes.terminal.refusals import BadgeFirst
from mes.terminal.reply import Answer
from mes.terminal.words import EXPECTS, said
from mes.words import Words


def meaning_of(floor: Floor, code: codes.Code) -> tuple[Answer, Talk]:
    """Do what the code means here now; raises `Refused`."""
    if isinstance(code, codes.Envelope):
        return _envelope(floor, code)
    about_labels = label_meaning(floor, code)
    meaning = about_labels or ROLES[floor.station.role].get(_like(code))
    if meaning is None:
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    if floor.talk.badge is None and type(code) not in WITHOUT_BADGE:
        raise refuse(BadgeFirst(station=floor.station.code))
    if not about_labels:
        floor.talk = other_work(floor.talk)
    answer, talk = meaning(floor, code)
    return Answer(answer.headline, expected(floor.station, talk), answer.asks), talk


def _like(code: codes.Code) -> type:
    """A colour card is scanned as the label that it stands for."""
    return codes.LabelCode if isinstance(code, codes.CardCode) else type(code)


def expected(station: Station, talk: Talk) -> Words:
    """What the station's next scan should be."""
    if talk.badge is None:
        return EXPECTS["badge"]
    if about_labels := expected_of_labels(talk):
        return EXPECTS[about_labels]
    if about_pallets := expected_of_pallets(talk):
        return EXPECTS[about_pallets]
    for thing, words in EXPECTED_AT[station.role]:
        if getattr(talk, thing, None) is None:
            return EXPECTS[words]
    return EXPECTS[LAST_AT[station.role]]


EXPECTED_AT: dict[str, list[tuple[str, str]]] = {
    "line": [("operation", "operation")],
    "packing": [("operation", "operation")],
    "store": [("destination", "destination")],
    "dock": [("order", "order")],
    "inspection": [],
    "office": [],
}
LAST_AT = {
    "line": "quantity",
    "packing": "product",
    "store": "box",
    "dock": "carton",
    "inspection": "inspect",
    "office": "anything",
}


def _envelope(floor: Floor, envelope: codes.Envelope) -> tuple[Answer, Talk]:
    """A two-dimensional symbol with several fields: the first that means something here speaks."""
    for part in envelope.parts:
        if type(part) in ROLES[floor.station.role]:
            return meaning_of(floor, part)
    raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))


def show_operation(floor: Floor, code: codes.OperationCode | codes.RunCardCode) -> tuple[Answer, Talk]:
    """A run card at the kiosk: its inspection opens on the screen; measuring and signing happen there."""
    card = floor.find(RunCard.code, code.card)
    seq = f"+{code.seq}" if isinstance(code, codes.OperationCode) else ""
    return said("inspect", card=card.code, item=card.item.code), floor.talk.but(operation=f"{card.code}{seq}")


WITHOUT_BADGE: set[type] = {codes.BadgeCode}
ROLES: dict[str, dict[type, Meaning]] = {
    "line": LINE,
    "packing": PACKING,
    "store": STORE,
    "dock": DOCK,
    "inspection": {**EVERYWHERE, codes.RunCardCode: show_operation, codes.OperationCode: show_operation},
    "office": EVERYWHERE,
}
