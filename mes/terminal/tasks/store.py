"""The store's own task: where do the goods go? A run card or a line side is an issue, other places a putting away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.masters.model import Location
from mes.production.model import RunCard
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import DestinationFirst
from mes.terminal.reply import Answer
from mes.terminal.task import DONE, Meaning, Spoken, Step, Task, Twice
from mes.terminal.tasks.cartons import by_sscc
from mes.terminal.tasks.issue import Issue
from mes.terminal.tasks.put_away import PutAway
from mes.words import Words

TO_CARD = Words("发料至流转单 {card}（{item}）", "Issue to run card {card} ({item})")
TO_PLACE = Words("去向：{place} {zh}", "To {place} {en}")


@dataclass(frozen=True)
class Store(Task):
    """Nothing is in hand: the destination comes first."""

    name = "store"
    words = Words("仓库", "Store")
    near = ("SPLIT", "NOTFOUND", "COUNT", "RESCUE")

    @property
    def expects(self) -> Words:
        """A destination."""
        return Words("请扫去向：流转单、线边或库位", "Scan where goods go: run card, line side or place")

    def takes(self) -> Mapping[type, Meaning]:
        """Destinations; a box only after one."""
        return {
            codes.RunCardCode: self.choose_card,
            codes.OperationCode: self.choose_card,
            codes.LocationCode: self.choose_place,
            **dict.fromkeys(BOXES, self.destination_first),
            codes.Gs1: by_sscc(self.destination_first),
        }

    def hears(self) -> tuple[Spoken, ...]:
        """DONE, when nothing is in hand, changes nothing."""
        return (Spoken("DONE", DONE, self.stay, offered=False, twice=Twice.NOTHING),)

    def stay(self, floor: Floor) -> Step:
        """DONE when nothing is in hand."""
        return Step(self.leave(floor).answer, self)

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Cards that want material, line sides, places."""
        return (lists.open_cards(), lists.places())

    def choose_card(self, floor: Floor, code: codes.RunCardCode | codes.OperationCode) -> Step:
        """A run card: the next boxes are issued to it."""
        card = floor.find(RunCard.code, code.card)
        return Step(Answer(TO_CARD.said(card=card.code, item=card.item.code)), self, Issue(card.code))

    def choose_place(self, floor: Floor, code: codes.LocationCode) -> Step:
        """A place: the next boxes go there, to the line side as an issue."""
        place = floor.find(Location.code, code.location)
        goes = Issue(place.code) if place.zone == "line" else PutAway(place.code)
        return Step(Answer(TO_PLACE.said(place=place.code, zh=place.name_zh, en=place.name_en)), self, goes)

    def destination_first(self, floor: Floor, _code: Box) -> Step:
        """A box before its destination; raises `DestinationFirst`."""
        raise refuse(DestinationFirst(station=floor.station.code))
