"""What scans mean at the store: destination and boxes, rescue, splitting, and goods that are not found (F2, F4)."""

from __future__ import annotations

from typing import Any

from mes import codes
from mes.masters.model import Location
from mes.production.model import RunCard
from mes.refusals import NotExpectedHere, refuse
from mes.terminal.at_carton import by_sscc
from mes.terminal.dialogue import Talk
from mes.terminal.floor import EVERYWHERE, Floor, Meaning, unit_of
from mes.terminal.refusals import DestinationFirst
from mes.terminal.reply import Answer
from mes.terminal.words import done, said


def choose_card(floor: Floor, code: codes.RunCardCode | codes.OperationCode) -> tuple[Answer, Talk]:
    """A run card at the store: the next boxes are issued to it."""
    card = floor.find(RunCard.code, code.card)
    return said("to_card", card=card.code, item=card.item.code), floor.talk.but(destination=f"W{card.code}", mode=None)


def choose_place(floor: Floor, code: codes.LocationCode) -> tuple[Answer, Talk]:
    """A place at the store: the next boxes go there. After NOT FOUND it is the empty place that was looked at."""
    place = floor.find(Location.code, code.location)
    if floor.talk.mode == "NOTFOUND" and floor.talk.unit:
        value = floor.ask("stock:not_found", unit_lot=floor.talk.unit, place=place.code)
        return done("stock:not_found", value, lot=floor.talk.unit, place=place.code), floor.talk.but(
            mode=None, unit=None
        )
    return said("to_place", place=place.code, zh=place.name_zh, en=place.name_en), floor.talk.but(
        destination=place.code
    )


def handle_box(floor: Floor, code: codes.LabelCode | codes.LotCode | codes.ContainerCode) -> tuple[Answer, Talk]:
    """A box at the store: issued to the card or line in hand, put away, or rescued, as the dialogue says."""
    unit, talk = unit_of(code), floor.talk
    if talk.mode in ("NOTFOUND", "SPLIT"):
        return said(f"{talk.mode.lower()}_box", box=unit), talk.but(unit=unit)
    if talk.destination is None:
        raise refuse(DestinationFirst(station=floor.station.code))
    command, arguments = _store_command(floor, unit, talk.destination)
    return done(command, floor.ask(command, **arguments), place=talk.destination), talk


def _store_command(floor: Floor, unit: str, destination: str) -> tuple[str, dict[str, Any]]:
    if destination.startswith("W"):
        return "stock:issue", {"unit": unit, "to": destination[1:]}
    if floor.talk.mode == "RESCUE":
        return "stock:rescue", {"unit": unit, "to": destination, "reason": "terminal"}
    place = floor.find(Location.code, destination)
    return ("stock:issue" if place.zone == "line" else "stock:put_away"), {"unit": unit, "to": destination}


def store_command(floor: Floor, code: codes.CommandCode) -> tuple[Answer, Talk]:
    """RESCUE moves doubtful goods to hold; NOTFOUND says a place is empty; SPLIT opens a box; DONE ends all of them."""
    if code.word not in ("RESCUE", "NOTFOUND", "SPLIT", "DONE"):
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    mode = None if code.word == "DONE" else code.word
    return said(f"mode_{code.word.lower()}"), floor.talk.but(mode=mode, destination=None, unit=None)


def split_box(floor: Floor, code: codes.QuantityCode) -> tuple[Answer, Talk]:
    """A quantity after SPLIT and a box: so much goes into a new box with a label of its own."""
    if floor.talk.mode != "SPLIT" or floor.talk.unit is None:
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    value = floor.ask("stock:split", unit=floor.talk.unit, quantity=f"{code.quantity:f}")
    return done("stock:split", value), floor.talk.but(mode=None, unit=None)


STORE: dict[type, Meaning] = {
    **EVERYWHERE,
    codes.RunCardCode: choose_card,
    codes.OperationCode: choose_card,
    codes.LocationCode: choose_place,
    codes.LabelCode: handle_box,
    codes.LotCode: handle_box,
    codes.ContainerCode: handle_box,
    codes.Gs1: by_sscc(handle_box),
    codes.QuantityCode: split_box,
    codes.CommandCode: store_command,
}
