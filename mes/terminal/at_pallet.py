"""What scans mean while a pallet is in hand, at packing and at the dock (F6): cartons go on it, or off it, until DONE.

PALLET begins one, or with the code of a pallet goes on with it; OFFPALLET takes the next cartons off; DONE, or PALLET
again, closes the pallet, and its label prints.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from mes import codes
from mes.refusals import NotExpectedHere, refuse
from mes.stock.model import Container
from mes.terminal.at_carton import by_sscc
from mes.terminal.dialogue import Talk
from mes.terminal.floor import Box, Floor, Meaning, unit_of
from mes.terminal.reply import Answer
from mes.terminal.words import done, said

NEW = ""
"""The pallet in hand before its first carton; None: no pallet is in hand."""
OFF = "OFFPALLET"


def with_pallets(table: dict[type, Meaning], *boxes: type) -> dict[type, Meaning]:
    """A station's table in which these codes go on the pallet in hand, and keep their own meaning without one."""
    on_pallet = {
        **{kind: _in_hand(carton_scanned, table.get(kind)) for kind in boxes},
        codes.Gs1: _in_hand(by_sscc(carton_scanned), table.get(codes.Gs1)),
    }
    return {**table, **on_pallet, codes.CommandCode: _word(table[codes.CommandCode])}


def expected_of_pallets(talk: Talk) -> str | None:
    """The word of what should be scanned next while a pallet is in hand."""
    if talk.mode == OFF:
        return "off_pallet"
    return None if talk.pallet is None or talk.mode else "on_pallet"


def _in_hand(meaning: Meaning, otherwise: Meaning | None) -> Meaning:
    """A meaning that holds while a pallet is in hand, else the station's own."""

    def either(floor: Floor, code: Any) -> tuple[Answer, Talk]:
        mine = expected_of_pallets(floor.talk) and (otherwise is None or _names_carton(code))
        chosen = meaning if mine else otherwise
        if chosen is None:
            raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
        return chosen(floor, code)

    return either


def _names_carton(code: codes.Code) -> bool:
    """A GS1 message without (00) is a product code; it means what it means without a pallet."""
    return not isinstance(code, codes.Gs1) or "00" in dict(code.elements)


def carton_scanned(floor: Floor, code: Box) -> tuple[Answer, Talk]:
    """A carton: onto the pallet in hand, or off its pallet. A pallet, where none was begun: it is in hand now."""
    talk, scanned = floor.talk, unit_of(code)
    if talk.mode == OFF:
        value = floor.ask("packing:take_off_pallet", carton=scanned)
        left = value.pallet if value.cartons else None
        return done("packing:take_off_pallet", value), talk.but(pallet=left)
    if talk.pallet == NEW and _is_pallet(floor, scanned):
        return said("pallet_again", pallet=scanned), talk.but(pallet=scanned)
    value = floor.ask("packing:put_on_pallet", carton=scanned, pallet=talk.pallet or None)
    return done("packing:put_on_pallet", value), talk.but(pallet=value.pallet)


def _is_pallet(floor: Floor, serial: str) -> bool:
    pallet = select(Container.id).where(Container.serial == serial, Container.kind == "pallet")
    return floor.session.scalar(pallet) is not None


def _word(otherwise: Meaning) -> Meaning:
    """The words about pallets; every other word is the station's own."""

    def word(floor: Floor, code: codes.CommandCode) -> tuple[Answer, Talk]:
        if code.word == "PALLET" or (code.word == "DONE" and expected_of_pallets(floor.talk)):
            return close(floor, code.word == "PALLET")
        if code.word == OFF:
            return said("mode_offpallet"), floor.talk.but(mode=OFF)
        return otherwise(floor, code)

    return word


def close(floor: Floor, begin: bool) -> tuple[Answer, Talk]:
    """Close the pallet in hand, if anything was put on it or taken off; then begin another, or end."""
    talk = floor.talk.but(mode=None, pallet=NEW if begin else None)
    if not floor.talk.pallet:
        return said("mode_pallet" if begin else "mode_done"), talk
    value = floor.ask("packing:close_pallet", pallet=floor.talk.pallet)
    return done("packing:close_pallet", value), talk
