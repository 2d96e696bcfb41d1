"""Refusals about issuing, putting away and finding (P6, P12)."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import Kind, Refusal
from mes.roles import Role


class OfStore(Refusal, of=Kind.STORE):
    """About issuing, putting away and finding."""


@dataclass(frozen=True)
class NotAtPlace(OfStore):
    """F4: not found can only be said of what the books expect there."""

    lot: str
    place: str
    code = "not_at_place"
    en = "The books have no free box of lot {lot} at {place}."
    zh = "账面上 {place} 没有批次 {lot} 的可用料箱。"


@dataclass(frozen=True)
class NotFoundBefore(OfStore):
    """F4: reported per person; nobody reaches a younger lot by one report after the other."""

    person: str
    item: str
    uncounted: int
    wrong: int
    code = "not_found_before"
    en = (
        "{person} has {uncounted} boxes of {item} reported not found that nobody has counted, and {wrong} in 30 days "
        "that were there after all. Have them counted (COUNT), or let the supervisor look and sign for this one."
    )
    zh = (
        "{person} 报找不到的 {item} 尚有 {uncounted} 箱未经他人盘点，30 天内另有 {wrong} 箱其实在原位。"
        "请先由他人盘点（扫「盘点」），或由班组长到现场确认并签字。"
    )
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class NotMissing(OfStore):
    """Only what nobody found is counted box by box."""

    lot: str
    code = "not_missing"
    en = "This box of lot {lot} is not missing: there is nothing to count."
    zh = "批次 {lot} 的此箱未报找不到，无需盘点。"


@dataclass(frozen=True)
class CountedByReporter(OfStore):
    """F4: missing until another person has counted."""

    person: str
    lot: str
    code = "counted_by_reporter"
    en = "{person} reported lot {lot} not found; somebody else counts it."
    zh = "批次 {lot} 由 {person} 报的找不到，须由他人盘点。"


@dataclass(frozen=True)
class CountDiffers(OfStore):
    """P22: what is lost or found is booked with a second person's signature."""

    lot: str
    booked: str
    counted: str
    code = "count_differs"
    en = (
        "The books have {booked} of lot {lot} in this box, {counted} were counted. The supervisor signs the difference."
    )
    zh = "批次 {lot} 此箱账面 {booked}，实点 {counted}，账实差异须班组长签字。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class NotNeeded(OfStore):
    """The run card's bill of material does not ask for it."""

    item: str
    card: str
    code = "not_needed"
    en = "Run card {card} has no use for item {item}."
    zh = "流转单 {card} 不需要物料 {item}。"


@dataclass(frozen=True)
class NotALine(OfStore):
    """F2: the store issues to a run card or to the line side."""

    place: str
    code = "not_a_line"
    en = "Goods are issued to a run card or to a line; {place} is neither."
    zh = "物料只能发到流转单或线边，{place} 不是线边库位。"


@dataclass(frozen=True)
class NotForPuttingAway(OfStore):
    """F4: lines are served by issuing and docks by picking, else first in first out had a back door."""

    place: str
    code = "not_for_putting_away"
    en = "Nothing is put away at {place}: lines are served by issuing, docks by picking."
    zh = "{place} 不能入库：线边须经领料发出，月台须按订单拣货。"


@dataclass(frozen=True)
class AcceptedStaysInStore(OfStore):
    """F4: out of the store, goods would be out of their queue, and a younger lot would pass them."""

    place: str
    code = "accepted_stays_in_store"
    en = "Accepted goods stay in a store. Doubted ones go to {place} by RESCUE, and quality inspects them again."
    zh = "合格品须放在库内；如有疑问，请用「隔离」移至 {place}，由质检复检。"


@dataclass(frozen=True)
class NotForRescue(OfStore):
    """Law 8: doubtful goods go where nobody takes them for good."""

    place: str
    code = "not_for_rescue"
    en = "{place} keeps no doubtful goods: take them to receiving, hold, nonconforming or scrap."
    zh = "{place} 不放可疑品，请移至收货待检区、待判区、不合格品区或报废区。"


@dataclass(frozen=True)
class PlaceFull(OfStore):
    place: str
    capacity: int
    code = "place_full"
    en = "{place} is full: it has {capacity} positions."
    zh = "库位 {place} 已满（{capacity} 个货位）。"
    override = Role.SUPERVISOR
