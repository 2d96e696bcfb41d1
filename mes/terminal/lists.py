"""What may be chosen by touch instead of a scan: cards, boxes, places, machines, orders, people, reasons.

Each list is one question whose rows carry the text of the code that a scan would have; all lists of a screen are asked
in one statement. A list only offers: whether a choice is allowed is for the door to say, as behind a scan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from mes import codes
from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobState
from mes.masters.model import BomLine, Characteristic, Equipment, Item, Location, Operation, Printer, Reason, Station
from mes.masters.units import shown
from mes.people.model import Person
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, Loaded, Report, RunCard
from mes.roles import Role
from mes.stock.model import Balance, Container, HandlingUnit, Lot, Movement
from mes.stock.status import Status
from mes.words import Words

LONGEST = 60
BETWEEN = " · "
OPEN_CARDS = ("released", "running")
WORK_HERE: dict[str, tuple[Role, ...]] = {
    "line": (Role.OPERATOR, Role.SUPERVISOR),
    "packing": (Role.OPERATOR, Role.SUPERVISOR),
    "store": (Role.STOREKEEPER, Role.SUPERVISOR),
    "dock": (Role.SHIPPER, Role.STOREKEEPER),
    "inspection": (Role.INSPECTOR, Role.QUALITY_MANAGER),
}

Encode = Callable[[str], str]
Text = ColumnElement[str]


@dataclass(frozen=True)
class Here:
    """What a list has to know of its station."""

    station_id: int
    role: str
    location_id: int | None
    work_center_id: int | None

    @classmethod
    def of(cls, station: Station) -> Here:
        """Of this station."""
        return cls(station.id, station.role, station.location_id, station.work_center_id)


@dataclass(frozen=True)
class Listing:
    """One list: its name, what it is called, its question; `encode` makes codes of words with a check character."""

    name: str
    words: Words
    query: Select[Any]
    encode: Encode | None = None


def rows_of(session: Session, listings: Sequence[Listing]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all these lists by name, each with `code`, `zh`, `en`, `hint`; one statement.

    `typed`: the code is somebody's own words, which no label carries.
    """
    found: dict[str, list[dict[str, Any]]] = {one.name: [] for one in listings}
    if not listings:
        return found
    encode = {one.name: one.encode for one in listings}
    parts = [one.query.limit(LONGEST).subquery() for one in listings]
    numbered = union_all(
        *(select(literal(one.name).label("list"), part) for one, part in zip(listings, parts, strict=True))
    )
    for row in session.execute(numbered):
        makes = encode[row.list]
        amount = shown(row.amount, row.uom) if row.amount is not None else ""
        hint = BETWEEN.join(part for part in (row.hint, amount) if part)
        code = makes(row.code) if makes else row.code
        own_words = {"typed": True} if makes and code == row.code else {}
        found[row.list].append({"code": code, "zh": row.zh, "en": row.en, "hint": hint, **own_words})
    return found


def _row(code: Any, zh: Any, en: Any, hint: Any = "", amount: Any = None, uom: Any = None) -> Select[Any]:
    """The columns of every list, of one type on every engine."""
    texts = [cast(one, String).label(name) for name, one in (("code", code), ("zh", zh), ("en", en), ("hint", hint))]
    quantity = cast(null() if amount is None else amount, BigInteger).label("amount")
    unit = cast(null() if uom is None else uom, String).label("uom")
    columns: list[Any] = [*texts, quantity, unit]
    return select(*columns)


# --- people and work -------------------------------------------------------------------------------------------------


def person(badge: str) -> Listing:
    """Whoever is signed on."""
    query = _row("1H" + Person.badge, Person.name_zh, Person.name_en, Person.badge)
    return Listing("person", Person.called, query.where(Person.badge == badge))


def self_checks(revision_id: int, seq: int) -> Listing:
    """What the operator checks at an operation, by the revision of the card (law 10)."""
    query = _row("", Characteristic.name_zh, Characteristic.name_en).where(
        Characteristic.revision_id == revision_id, Characteristic.seq == seq, Characteristic.stage == "self"
    )
    return Listing("self_checks", Words("自检", "Self-checks"), query.order_by(Characteristic.number))


def people(here: Here) -> Listing:
    """Who works at stations of this kind."""
    roles = WORK_HERE.get(here.role, tuple(Role))
    mine = or_(*(Person.roles_text.contains(role.value) for role in roles))
    query = _row("1H" + Person.badge, Person.name_zh, Person.name_en, Person.badge)
    return Listing(
        "people", Words("谁在这里工作？", "Who works here?"), query.where(~Person.disabled, mine).order_by(Person.badge)
    )


def cards_here(here: Here) -> Listing:
    """Operations of open run cards at this work centre that have not ended, those at work first."""
    name = RunCard.code + "+" + cast(CardOperation.seq, String)
    query = (
        _row("3W" + name, Item.name_zh + " · " + Operation.name_zh, Item.name_en + " · " + Operation.name_en, name)
        .select_from(CardOperation)
        .join(RunCard, RunCard.id == CardOperation.card_id)
        .join(Item, Item.id == RunCard.item_id)
        .join(Operation, Operation.id == CardOperation.operation_id)
        .where(Operation.work_center_id == here.work_center_id, RunCard.state.in_(OPEN_CARDS))
        .where(CardOperation.state != "finished")
        .order_by(CardOperation.state == "waiting", RunCard.released_for, RunCard.code, CardOperation.seq)
    )
    return Listing("cards", Words("流转单", "Run cards"), query)


def open_cards() -> Listing:
    """Run cards that still want material."""
    query = (
        _row("W" + RunCard.code, Item.name_zh, Item.name_en, RunCard.code, RunCard.quantity, Item.uom)
        .join(Item, Item.id == RunCard.item_id)
        .where(RunCard.state.in_(OPEN_CARDS))
        .order_by(RunCard.released_for, RunCard.code)
    )
    return Listing("cards", Words("流转单", "Run cards"), query)


def machines_here(here: Here) -> Listing:
    """The machines of this work centre."""
    query = _row("ZE." + Equipment.code, Equipment.name_zh, Equipment.name_en, Equipment.code)
    return Listing(
        "machines",
        Words("设备", "Machines"),
        query.where(Equipment.work_center_id == here.work_center_id).order_by(Equipment.code),
    )


def reasons_for(kind: str) -> Listing:
    """The plant's own reasons of a kind, in the order of its sheet."""
    fits = (literal(";") + Reason.kinds_text + ";").contains(f";{kind};")
    query = _row(Reason.code, Reason.name_zh, Reason.name_en, Reason.code).where(fits).order_by(Reason.id)
    return Listing("reasons", Words("原因", "Reasons"), query, _reason)


def reasons_given_here(here: Here) -> Listing:
    """What people at this work centre have given as reasons in their own words, the most frequent first."""
    query = (
        _row(Report.reason, Report.reason, Report.reason)
        .join(CardOperation, CardOperation.id == Report.card_operation_id)
        .join(Operation, Operation.id == CardOperation.operation_id)
        .where(Operation.work_center_id == here.work_center_id, Report.reason.is_not(None))
        .where(Report.reason.not_in(select(Reason.code)))
        .group_by(Report.reason)
        .order_by(func.count().desc(), Report.reason)
    )
    return Listing("given", Words("以前填写的原因", "Given before"), query, _reason)


def _reason(word: str) -> str:
    """A reason as it is scanned where it is a word of a sheet, else as it was typed."""
    try:
        return codes.encode(codes.ReasonCode(word))
    except codes.CodeError:
        return word


def printers_here(here: Here) -> Listing:
    """The printers of this station."""
    query = _row("ZP." + Printer.code, Printer.code, Printer.code, Printer.loaded_stock)
    return Listing(
        "printers",
        Words("打印机", "Printers"),
        query.where(Printer.station_id == here.station_id).order_by(Printer.code),
    )


# --- places ----------------------------------------------------------------------------------------------------------


def places() -> Listing:
    """Every place of the plant."""
    return _places("places", Words("库位", "Places"), Location.zone != "outside")


def hold_places() -> Listing:
    """Where doubtful goods lie."""
    held = Location.zone.in_(("hold", "nonconforming", "scrap"))
    return _places("places", Words("隔离库位", "Hold places"), held)


def _places(name: str, words: Words, which: ColumnElement[bool]) -> Listing:
    query = _row("L" + Location.code, Location.name_zh, Location.name_en, Location.code)
    return Listing(name, words, query.where(which).order_by(Location.code))


# --- boxes -----------------------------------------------------------------------------------------------------------


def loaded(here: Here) -> Listing:
    """The boxes that are opened at this line and not empty, in the order in which they were."""
    query = (
        _row(Lot.code, Item.name_zh, Item.name_en, Item.code, Balance.quantity, Item.uom)
        .select_from(Loaded)
        .join(Balance, and_(Balance.holder_id == Loaded.unit_id, Balance.quantity > 0))
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(Loaded.location_id == here.location_id, Loaded.unloaded_at.is_(None))
        .order_by(Loaded.id)
    )
    return Listing("loaded", Words("已上料", "Loaded"), query)


def boxes_to_load(here: Here) -> Listing:
    """Accepted boxes at this line that are not opened yet."""
    loaded = select(Loaded.unit_id).where(Loaded.location_id == here.location_id, Loaded.unloaded_at.is_(None))
    here_now = and_(Balance.location_id == here.location_id, Balance.status == Status.ACCEPTED)
    return _boxes("boxes", Words("待上料", "Boxes to load"), here_now, HandlingUnit.id.not_in(loaded))


def boxes_to_issue(to: str) -> Listing:
    """Free boxes in the store that the run card, or the line side, wants; what goes first comes first (F4)."""
    wanted = select(BomLine.component_id).join(RunCard, RunCard.revision_id == BomLine.revision_id)
    at_line = (
        select(BomLine.component_id)
        .join(Operation, and_(Operation.revision_id == BomLine.revision_id, Operation.seq == BomLine.seq))
        .join(Location, Location.work_center_id == Operation.work_center_id)
    )
    fits = or_(
        Balance.item_id.in_(wanted.where(RunCard.code == to)), Balance.item_id.in_(at_line.where(Location.code == to))
    )
    free = and_(HandlingUnit.order_id.is_(None), HandlingUnit.lock_reason.is_(None))
    in_store = and_(Location.zone == "store", Balance.status == Status.ACCEPTED)
    return _boxes("boxes", Words("可发料箱", "Boxes to issue"), fits, free, in_store)


def boxes_in_store() -> Listing:
    """Boxes in the stores."""
    return _boxes("boxes", Words("料箱", "Boxes"), Location.zone.in_(("store", "finished", "receiving")))


def boxes_to_put_away() -> Listing:
    """Boxes that lie where goods come in, at lines and at the dock."""
    return _boxes("boxes", Words("待上架", "To put away"), Location.zone.in_(("receiving", "dock", "line", "finished")))


def lots_in_store() -> Listing:
    """Lots that should lie in the stores, each once."""
    query = (
        _row("1T" + Lot.code, Item.name_zh, Item.name_en, Lot.code + " " + func.min(Location.code))
        .select_from(Balance)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.quantity > 0, Location.zone.in_(("store", "finished")))
        .group_by(Lot.code, Item.name_zh, Item.name_en)
        .order_by(Lot.code)
    )
    return Listing("boxes", Words("批次", "Lots"), query)


def cartons_here(here: Here) -> Listing:
    """Cartons that lie on no pallet."""
    loose = and_(Container.kind == "carton", Container.pallet_id.is_(None))
    return _boxes("boxes", Words("外箱", "Cartons"), loose, Location.zone.in_(("finished", "dock", "line")))


def open_orders() -> Listing:
    """Orders of which nothing has left."""
    left = select(Movement.order_id).where(Movement.order_id.is_not(None))
    query = (
        _row("K" + SalesOrder.order_no, Item.name_zh, Item.name_en, SalesOrder.order_no, SalesOrder.quantity, Item.uom)
        .join(Item, Item.id == SalesOrder.item_id)
        .where(SalesOrder.id.not_in(left))
        .order_by(SalesOrder.due_on, SalesOrder.order_no)
    )
    return Listing("orders", Words("订单", "Orders"), query)


def goods_for(order: str) -> Listing:
    """What may be picked for the order, the oldest first."""
    item = select(SalesOrder.item_id).where(SalesOrder.order_no == order).scalar_subquery()
    free = and_(HandlingUnit.order_id.is_(None), HandlingUnit.lock_reason.is_(None))
    at_hand = and_(Location.zone.in_(("finished", "dock")), Balance.status == Status.ACCEPTED)
    return _boxes("boxes", Words("可拣外箱", "To pick"), Balance.item_id == item, free, at_hand)


def picked_for(order: str) -> Listing:
    """What was picked for the order."""
    mine = select(SalesOrder.id).where(SalesOrder.order_no == order).scalar_subquery()
    return _boxes("boxes", Words("已拣外箱", "Picked"), HandlingUnit.order_id == mine)


def _boxes(name: str, words: Words, *which: ColumnElement[bool]) -> Listing:
    """Boxes by their carton's code, their label's, or their lot's; what goes first comes first."""
    code = func.coalesce("2J" + Container.serial, "1J" + Label.serial, "1T" + Lot.code)
    query = (
        _row(code, Item.name_zh, Item.name_en, Lot.code + " " + Location.code, Balance.quantity, Item.uom)
        .select_from(Balance)
        .join(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(Label, and_(Label.holder_id == HandlingUnit.id, Label.voided_by.is_(None)))
        .outerjoin(Container, Container.id == HandlingUnit.container_id)
        .where(Balance.quantity > 0, *which)
        .order_by(Item.code, Balance.goes_first, Balance.holder_id)
    )
    return Listing(name, words, query)


# --- paper -----------------------------------------------------------------------------------------------------------


def lots_with_labels_waiting() -> Listing:
    """Batches for which labels wait until somebody at the goods asks for them."""
    query = (
        _row("1T" + Lot.code, Item.name_zh, Item.name_en, Lot.code)
        .select_from(PrintJob)
        .join(Label, Label.id == PrintJob.label_id)
        .join(HandlingUnit, HandlingUnit.id == Label.holder_id)
        .join(Lot, Lot.id == HandlingUnit.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(PrintJob.station_id.is_(None), PrintJob.state == JobState.QUEUED)
        .distinct()
        .order_by("code")
    )
    return Listing("boxes", Words("待打印的批次", "Lots whose labels wait"), query)


def labels_of_here(here: Here) -> Listing:
    """The labels that came out here, the newest first."""
    query = (
        _row("1J" + Label.serial, PrintJob.title, PrintJob.title, Label.serial)
        .select_from(PrintJob)
        .join(Label, Label.id == PrintJob.label_id)
        .where(PrintJob.station_id == here.station_id, PrintJob.state == JobState.DONE, Label.voided_by.is_(None))
        .order_by(PrintJob.id.desc())
    )
    return Listing("labels", Words("标签", "Labels"), query)
