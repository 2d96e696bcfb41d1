"""Packing at the end of the line: the product code on an inner box, then how many go into the carton (F6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.terminal import lists
from mes.terminal.floor import Floor
from mes.terminal.lists import Here, Listing
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Step
from mes.terminal.tasks.line import LineWork, operation_in_hand
from mes.words import Words


@dataclass(frozen=True)
class Packing(LineWork):
    """The station's own task at packing: line work whose good pieces go into cartons."""

    product: str | None = None

    name = "packing"
    words = Words("装箱", "Packing")
    near = ("BAD", "PALLET")

    @property
    def expects(self) -> Words:
        """A run card, then product code and quantity for every carton."""
        if self.operation is None:
            return super().expects
        if self.product:
            return Words("请扫本箱数量", "Scan how many go into this carton")
        return Words("请扫产品码，再扫数量装箱", "Scan the product code, then the quantity to pack")

    def takes(self) -> Mapping[type, Meaning]:
        """What the line takes; a product code; a quantity fills a carton."""
        return {**super().takes(), codes.Gs1: self.remember_product, codes.QuantityCode: self.pack}

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """What the line offers, and while a carton waits for its product code those of what is packed here."""
        asked = self.operation is not None and self.product is None
        return (*((lists.products_here(here),) if asked else ()), *super().lists(here))

    @property
    def pad(self) -> Words | None:
        """Pieces for one carton."""
        return Words("装箱数量", "How many to pack") if self.operation else None

    def remember_product(self, floor: Floor, code: codes.Gs1) -> Step:
        """The product code on an inner box, to be compared with the item on the card (F6)."""
        gtin = dict(code.elements).get("01") or dict(code.elements).get("02")
        if gtin is None:
            raise floor.not_expected()
        return Step(Answer(Words("产品码 {gtin}", "Product code {gtin}").said(gtin=gtin)), self.but(product=gtin))

    def pack(self, floor: Floor, code: codes.QuantityCode) -> Step:
        """A quantity: set-up pieces are reported, everything else goes into a carton."""
        name = operation_in_hand(floor)
        if floor.operation(name).state == "setup":
            return self.report_good(floor, code)
        quantity = f"{code.quantity:f}"
        value = floor.ask("packing:pack", operation=name, quantity=quantity, product=self.product)
        return Step(done("packing:pack", value, quantity=quantity), self.but(product=None))
