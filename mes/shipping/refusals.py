"""Refusals about orders that leave (P24)."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import Kind, Refusal
from mes.roles import Role


class OfShipping(Refusal, of=Kind.SHIPPING):
    """About orders that leave."""


@dataclass(frozen=True)
class WrongItemForOrder(OfShipping):
    """P24: never the wrong thing."""

    order: str
    item: str
    expected: str
    code = "wrong_item_for_order"
    en = "Order {order} wants {expected}, not {item}."
    zh = "订单 {order} 要 {expected}，不是 {item}。"


@dataclass(frozen=True)
class MoreThanOrdered(OfShipping):
    """P24: never too much."""

    order: str
    left: str
    asked: str
    code = "more_than_ordered"
    en = "Order {order} still needs {left}; this box has {asked}. Open it and take {left} out as a new box."
    zh = "订单 {order} 还需 {left}，此箱有 {asked}，请拆箱取 {left}。"


@dataclass(frozen=True)
class LessThanOrdered(OfShipping):
    """P24: never too little."""

    order: str
    picked: str
    ordered: str
    code = "less_than_ordered"
    en = "Order {order} has {picked} of {ordered} picked. Pick the rest before shipping."
    zh = "订单 {order} 已拣 {picked}，应发 {ordered}，数量不足不能发货。"


@dataclass(frozen=True)
class OrderShipped(OfShipping):
    order: str
    code = "order_shipped"
    en = "Order {order} has been shipped."
    zh = "订单 {order} 已发货。"


@dataclass(frozen=True)
class YoungerPicked(OfShipping):
    """F4: first in first out also holds at the dock: two scans, pick and unpick, are no way past it."""

    lot: str
    younger: str
    order: str
    code = "younger_picked"
    en = (
        "Order {order} has the younger lot {younger} picked, which went only because lot {lot} was picked before it. "
        "Unpick that first, then this."
    )
    zh = "订单 {order} 已拣较新的批次 {younger}，因批次 {lot} 先被拣出才得以放行；请先退拣该批，再退拣本箱。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class PalletTooMuch(OfShipping):
    """P24: never too much; which cartons of a pallet stay behind is not for the program to guess."""

    order: str
    left: str
    pallet: str
    has: str
    code = "pallet_too_much"
    en = "Order {order} still needs {left}; pallet {pallet} has {has}. Take cartons off it, or pick another."
    zh = "订单 {order} 还需 {left}，托盘 {pallet} 有 {has}，请取下多余的外箱或另拣。"
