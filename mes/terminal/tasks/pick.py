"""Picking and shipping at the dock (P24): the order, its cartons by FIFO, and the scan that sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.planning.model import SalesOrder
from mes.refusals import refuse
from mes.terminal import lists
from mes.terminal.floor import BOXES, Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import OrderFirst
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Spoken, Step, Task, Twice
from mes.terminal.tasks.cartons import by_sscc
from mes.words import Words

CHOSEN = Words("订单 {order}（{item}）", "Order {order} ({item})")


@dataclass(frozen=True)
class Pick(Task):
    """The dock's own task: the order in hand."""

    order: str | None = None

    name = "pick"
    words = Words("拣货发货", "Pick and ship")
    near = ("UNPICK", "PALLET")

    @property
    def expects(self) -> Words:
        """The order, then its cartons."""
        if self.order is None:
            return Words("请扫订单号", "Scan the order")
        return Words("请扫外箱标签，拣齐后扫「发货」", "Scan the carton; scan SHIP when complete")

    def takes(self) -> Mapping[type, Meaning]:
        """Orders, cartons, pallets."""
        return {codes.OrderCode: self.choose_order, **dict.fromkeys(BOXES, self.pick), codes.Gs1: by_sscc(self.pick)}

    def hears(self) -> tuple[Spoken, ...]:
        """SHIP sends the order in hand."""
        return (Spoken("SHIP", Words("发货", "Ship"), self.ship, offered=self.order is not None, twice=Twice.NOTHING),)

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Orders that are open; then the cartons that go next, oldest first."""
        return (lists.open_orders(),) if self.order is None else (lists.goods_for(self.order), lists.open_orders())

    def choose_order(self, floor: Floor, code: codes.OrderCode) -> Step:
        """A sales order: the next cartons are picked for it."""
        order = floor.find(SalesOrder.order_no, code.order)
        return Step(Answer(CHOSEN.said(order=order.order_no, item=order.item.code)), self.but(order=order.order_no))

    def pick(self, floor: Floor, code: Box) -> Step:
        """A carton or a whole pallet is picked for the order in hand."""
        order = order_in_hand(floor)
        value = floor.ask("shipping:pick", order=order, unit=unit_of(code))
        return Step(done("shipping:pick", value, order=order), self)

    def ship(self, floor: Floor) -> Step:
        """SHIP."""
        order = order_in_hand(floor)
        value = floor.ask("shipping:ship", order=order)
        return Step(done("shipping:ship", value, order=order), self.but(order=None))


def order_in_hand(floor: Floor) -> str:
    """The order that the station picks for; raises `OrderFirst`."""
    task = floor.in_hand(Pick)
    if task is None or task.order is None:
        raise refuse(OrderFirst(station=floor.station.code))
    return task.order
