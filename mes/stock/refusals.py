"""Refusals about goods: what they are, where they are, and whose turn it is (P14, P21, F4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mes.refusals import Kind, Refusal, by_name
from mes.roles import Role
from mes.stock.locks import WAYS_OUT
from mes.stock.status import STATUS_WORDS


class OfGoods(Refusal, of=Kind.GOODS):
    """About goods."""


@dataclass(frozen=True)
class SeveralBoxes(OfGoods):
    """A lot code alone does not say which box."""

    lot: str
    count: int
    code = "several_boxes"
    en = "Lot {lot} lies in {count} boxes. Scan the label of the box."
    zh = "批次 {lot} 有 {count} 箱，请扫描箱标签。"


@dataclass(frozen=True)
class LabelVoided(OfGoods):
    """F5: a voided label is refused for use and accepted for rescue."""

    label: str
    since: str
    code = "label_voided"
    en = "Label {label} was voided on {since}: it no longer tells the truth. Relabel or move the box to hold."
    zh = "标签 {label} 已于 {since} 作废，与实物状态不符；请换贴新标签或移至待判区。"


@dataclass(frozen=True)
class LotCodeNotEnough(OfGoods):
    """F5: what hangs on the box with this lot code may be the label that was voided."""

    lot: str
    voided: str
    since: str
    code = "lot_code_not_enough"
    en = (
        "Label {voided} of lot {lot} was voided on {since}, so its lot code alone proves nothing. "
        "Scan the box's present label (1J); if it has none, print it or move the box to hold."
    )
    zh = (
        "批次 {lot} 的标签 {voided} 已于 {since} 作废，仅凭批号不能认箱。"
        "请扫料箱现行标签（1J），没有则补打标签或移至待判区。"
    )


@dataclass(frozen=True)
class LabelNotVerified(OfGoods):
    """Where a station verifies, a status label counts only after it was scanned back."""

    label: str
    station: str
    code = "label_not_verified"
    en = "Label {label} was not scanned back yet. Scan it at {station} before its goods are used."
    zh = "标签 {label} 打印后尚未扫描核对，请先在 {station} 扫描该标签，再使用所标货物。"


@dataclass(frozen=True)
class BoxEmpty(OfGoods):
    box: str
    code = "box_empty"
    en = "Box {box} is empty on the books. If goods are in it, call the supervisor for a count."
    zh = "料箱 {box} 账面已空；如实物仍有货，请班组长安排盘点。"


@dataclass(frozen=True)
class BoxLocked(OfGoods):
    """Says with the reason who unlocks the box, and how."""

    box: str
    reason: str
    code = "box_locked"
    named = by_name(reason=WAYS_OUT)
    en = "Box {box} is locked: {reason}."
    zh = "料箱 {box} 已锁定：{reason}。"


@dataclass(frozen=True)
class NotAccepted(OfGoods):
    """P14: only accepted goods are used, packed or shipped."""

    lot: str
    status: str
    code = "not_accepted"
    en = "Lot {lot} is {status}, not accepted. It cannot be used."
    zh = "批次 {lot} 状态为 {status}，未判合格，不得使用。"


@dataclass(frozen=True)
class Expired(OfGoods):
    """P21: past its last usable day."""

    lot: str
    expired_on: date
    code = "expired"
    en = "Lot {lot} expired on {expired_on}. It cannot be used; move it to hold."
    zh = "批次 {lot} 已于 {expired_on} 过期，不得使用，请移至待判区。"


@dataclass(frozen=True)
class RecheckDue(OfGoods):
    """P18: stock older than its term is re-inspected before use."""

    lot: str
    due_on: date
    code = "recheck_due"
    en = "Lot {lot} was due for re-inspection on {due_on}. Quality must inspect it before use."
    zh = "批次 {lot} 应于 {due_on} 复检，复检合格前不得使用。"


@dataclass(frozen=True)
class OnHold(OfGoods):
    """Law 8: doubtful goods can be moved, inspected and returned, but not used."""

    lot: str
    reason: str
    code = "on_hold"
    en = (
        "Lot {lot} is on hold: {reason}. An inspector or the quality manager, other than who put it on hold, "
        "releases it with a signature, at the kiosk or in the office (Release a lot from hold)."
    )
    zh = "批次 {lot} 已隔离：{reason}。由挂起人以外的检验员或质量主管在检验台或办公室签字解冻（批次解冻）。"


@dataclass(frozen=True)
class OthersProperty(OfGoods):
    """P16: customer-owned material only for that customer's orders."""

    lot: str
    owner: str
    code = "others_property"
    en = "Lot {lot} belongs to customer {owner} and may only go into that customer's orders."
    zh = "批次 {lot} 为客户 {owner} 财产，只能用于该客户订单。"


@dataclass(frozen=True)
class NotInStore(OfGoods):
    lot: str
    place: str
    code = "not_in_store"
    en = "Lot {lot} lies at {place}, not in the store."
    zh = "批次 {lot} 在 {place}，不在库内。"


@dataclass(frozen=True)
class NotOldest(OfGoods):
    """F4: an older box of the same item is free in the store."""

    lot: str
    oldest: str
    place: str
    code = "not_oldest"
    en = "Take lot {oldest} at {place} before lot {lot}."
    zh = "先进先出：请先取 {place} 的批次 {oldest}，再取 {lot}。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class CountDue(OfGoods):
    """F4: not found lets the younger lot go for a day, not for good; then somebody else has to count."""

    lot: str
    missing: str
    place: str
    code = "count_due"
    en = (
        "Lot {missing} was not found at {place} and goes before lot {lot}. "
        "Somebody other than who reported it counts there first (COUNT: place, box, quantity)."
    )
    zh = (
        "批次 {missing} 在 {place} 报过找不到，应先于批次 {lot} 发出。"
        "请由报告人以外的人先到该库位盘点（扫「盘点」、库位、料箱、数量）。"
    )
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class ExpiresLater(OfGoods):
    """F4: an item with a storage life goes out by its date of expiry (FEFO)."""

    lot: str
    first: str
    place: str
    expires_on: date
    code = "expires_later"
    en = "Lot {first} at {place} expires first ({expires_on}). Take it before lot {lot}."
    zh = "先到期先出：{place} 的批次 {first} 于 {expires_on} 先到期，请先取，再取 {lot}。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class OpenedBoxFirst(OfGoods):
    """F4: any box of the oldest lot will do, but an opened one goes before a full one."""

    lot: str
    place: str
    code = "opened_box_first"
    en = "An opened box of lot {lot} stands at {place}. Take it before a full one."
    zh = "{place} 有批次 {lot} 的已开箱，请先用完已开箱再取整箱。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class PickedAlready(OfGoods):
    """P24: a box that is picked for an order is nobody else's."""

    lot: str
    order: str
    code = "picked_already"
    en = "This box of lot {lot} is picked for order {order} already; the dock takes it back out of it (UNPICK)."
    zh = "批次 {lot} 的此箱已为订单 {order} 拣出；须先由月台退拣（扫「退拣」）。"


@dataclass(frozen=True)
class WrongPlaceForStatus(OfGoods):
    """P12: goods of different status lie in separate areas."""

    place: str
    allowed: str
    status: str
    code = "wrong_place_for_status"
    en = "{place} holds only {allowed} goods; these are {status}."
    zh = "库位 {place} 只放{allowed}品，此货状态为{status}。"


@dataclass(frozen=True)
class NotEnough(OfGoods):
    """Law 4: stock is never negative; said by the database itself."""

    lot: str
    place: str
    asked: str
    code = "not_enough"
    en = "There are not {asked} of lot {lot} at {place}."
    zh = "{place} 的批次 {lot} 不足 {asked}。"


@dataclass(frozen=True)
class TransitionNotAllowed(OfGoods):
    """P14: the table of statuses."""

    lot: str
    before: str
    after: str
    code = "transition_not_allowed"
    named = by_name(before=STATUS_WORDS, after=STATUS_WORDS)
    en = "Lot {lot} cannot go from {before} to {after}."
    zh = "批次 {lot} 不能由 {before} 转为 {after}。"
