"""What scans mean at the dock: the order, its cartons, and shipping (P24)."""

from __future__ import annotations

from mes import codes
from mes.planning.model import SalesOrder
from mes.refusals import NotExpectedHere, refuse
from mes.terminal.at_carton import by_sscc
from mes.terminal.at_pallet import with_pallets
from mes.terminal.dialogue import Talk
from mes.terminal.floor import EVERYWHERE, Floor, Meaning, unit_of
from mes.terminal.refusals import OrderFirst
from mes.terminal.reply import Answer
from mes.terminal.words import done, said


def choose_order(floor: Floor, code: codes.OrderCode) -> tuple[Answer, Talk]:
    """A sales order: the next cartons are picked for it."""
    order = floor.find(SalesOrder.order_no, code.order)
    return said("order", order=order.order_no, item=order.item.code), floor.talk.but(order=order.order_no, mode=None)


def pick_box(floor: Floor, code: codes.LabelCode | codes.LotCode | codes.ContainerCode) -> tuple[Answer, Talk]:
    """A carton or a whole pallet at the dock: picked for the order in hand, or taken back out of it."""
    if floor.talk.order is None:
        raise refuse(OrderFirst(station=floor.station.code))
    command = "shipping:unpick" if floor.talk.mode == "UNPICK" else "shipping:pick"
    value = floor.ask(command, order=floor.talk.order, unit=unit_of(code))
    return done(command, value, order=floor.talk.order), floor.talk.but(mode=None)


def dock_command(floor: Floor, code: codes.CommandCode) -> tuple[Answer, Talk]:
    """SHIP sends the order in hand; UNPICK takes the next carton back out."""
    if code.word not in ("SHIP", "UNPICK"):
        raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
    if floor.talk.order is None:
        raise refuse(OrderFirst(station=floor.station.code))
    if code.word == "UNPICK":
        return said("mode_unpick"), floor.talk.but(mode="UNPICK")
    value = floor.ask("shipping:ship", order=floor.talk.order)
    return done("shipping:ship", value, order=floor.talk.order), floor.talk.but(order=None)


AT_DOCK: dict[type, Meaning] = {
    **EVERYWHERE,
    codes.OrderCode: choose_order,
    codes.LabelCode: pick_box,
    codes.LotCode: pick_box,
    codes.ContainerCode: pick_box,
    codes.Gs1: by_sscc(pick_box),
    codes.CommandCode: dock_command,
}
DOCK = with_pallets(AT_DOCK, codes.LabelCode, codes.LotCode, codes.ContainerCode)
