"""Refusals about cartons and pallets (F6)."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import Kind, Refusal


class OfPacking(Refusal, of=Kind.PACKING):
    """About cartons and pallets."""


@dataclass(frozen=True)
class ProductCodeMissing(OfPacking):
    """F6: one product code per carton is scanned, the rest is counted; a quantity alone proves nothing."""

    item: str
    expected: str
    code = "product_code_missing"
    en = "Scan the product code on an inner box of {item} first ({expected}), then the quantity."
    zh = "请先扫 {item} 内盒上的产品码（{expected}），再扫数量。"


@dataclass(frozen=True)
class WrongProductCode(OfPacking):
    """F6: the product code on the box is that of the item on the card."""

    scanned: str
    expected: str
    code = "wrong_product_code"
    en = "Product code {scanned} is not {expected}: wrong box or wrong run card."
    zh = "产品码 {scanned} 与应装产品 {expected} 不符，箱或流转单拿错。"


@dataclass(frozen=True)
class MoreThanCarton(OfPacking):
    item: str
    pack: str
    asked: str
    code = "more_than_carton"
    en = "A carton of {item} holds {pack}, not {asked}."
    zh = "{item} 每箱装 {pack}，不能装 {asked}。"


@dataclass(frozen=True)
class NotInCarton(OfPacking):
    lot: str
    code = "not_in_carton"
    en = "This box of lot {lot} is not packed in a carton. Only cartons go on a pallet."
    zh = "批次 {lot} 的此箱未装外箱，只有外箱可以上托盘。"


@dataclass(frozen=True)
class AlreadyShipped(OfPacking):
    what: str
    order: str
    code = "already_shipped"
    en = "{what} was shipped with order {order}."
    zh = "{what} 已随订单 {order} 发货。"


@dataclass(frozen=True)
class CartonOpened(OfPacking):
    carton: str
    code = "carton_opened"
    en = "Carton {carton} has been opened. Only closed cartons go on a pallet."
    zh = "外箱 {carton} 已拆开，未封箱不能上托盘。"


@dataclass(frozen=True)
class CartonElsewhere(OfPacking):
    """A pallet stands in one place, so what is put on it lies there."""

    carton: str
    at: str
    pallet: str
    place: str
    code = "carton_elsewhere"
    en = "On the books carton {carton} lies at {at}, but pallet {pallet} stands at {place}."
    zh = "账上外箱 {carton} 在 {at}，托盘 {pallet} 在 {place}，不在同一处。"


@dataclass(frozen=True)
class CartonOnPallet(OfPacking):
    """Whoever scans one carton of a pallet may have meant the pallet: nothing is guessed."""

    carton: str
    pallet: str
    code = "carton_on_pallet"
    en = "Carton {carton} is on pallet {pallet}. Scan the pallet, or take the carton off it first."
    zh = "外箱 {carton} 在托盘 {pallet} 上：请扫托盘，或先把该箱取下托盘。"


@dataclass(frozen=True)
class CartonNotOnPallet(OfPacking):
    carton: str
    code = "carton_not_on_pallet"
    en = "Carton {carton} is on no pallet."
    zh = "外箱 {carton} 不在任何托盘上。"


@dataclass(frozen=True)
class PalletOnPallet(OfPacking):
    pallet: str
    code = "pallet_on_pallet"
    en = "{pallet} is a pallet itself. Only cartons go on a pallet."
    zh = "{pallet} 本身是托盘，只有外箱可以上托盘。"


@dataclass(frozen=True)
class NotAPallet(OfPacking):
    carton: str
    code = "not_a_pallet"
    en = "{carton} is a carton, not a pallet."
    zh = "{carton} 是外箱，不是托盘。"


@dataclass(frozen=True)
class PalletOpen(OfPacking):
    """Law 9: an open pallet has no label that says what is on it."""

    pallet: str
    code = "pallet_open"
    en = "Pallet {pallet} is still open and has no label. Close it first."
    zh = "托盘 {pallet} 未封托，没有标签，请先封托。"


@dataclass(frozen=True)
class PalletEmpty(OfPacking):
    pallet: str
    code = "pallet_empty"
    en = "Nothing is on pallet {pallet}."
    zh = "托盘 {pallet} 上没有货。"


@dataclass(frozen=True)
class WholePallet(OfPacking):
    pallet: str
    code = "whole_pallet"
    en = "{pallet} is a pallet. Scan one of its cartons for this."
    zh = "{pallet} 是托盘，此操作请扫托盘上的外箱。"


@dataclass(frozen=True)
class NotPicked(OfPacking):
    order: str
    lot: str
    code = "not_picked"
    en = "This box of lot {lot} is not picked for order {order}."
    zh = "批次 {lot} 的此箱未为订单 {order} 拣出。"


@dataclass(frozen=True)
class CartonAtFault(OfPacking):
    """A pallet goes as a whole or not at all; this names the carton that the other reasons speak of."""

    pallet: str
    carton: str
    code = "carton_at_fault"
    en = "It is carton {carton} on pallet {pallet}. Take it off, or leave the whole pallet."
    zh = "问题出在托盘 {pallet} 上的外箱 {carton}：请取下该箱，否则整托不能动。"
