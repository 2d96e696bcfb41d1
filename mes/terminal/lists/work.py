"""Lists of people, run cards, machines and reasons."""

from __future__ import annotations

from sqlalchemy import String, cast, func, literal, or_, select

from mes import codes
from mes.masters.model import Characteristic, Equipment, Item, Operation, Printer, ProcessRevision, Reason
from mes.people.model import Person
from mes.production.model import CardOperation, Report, RunCard
from mes.roles import Role
from mes.terminal.lists.listing import Here, Listing, row
from mes.words import Words

OPEN_CARDS = ("released", "running")
WORK_HERE: dict[str, tuple[Role, ...]] = {
    "line": (Role.OPERATOR, Role.SUPERVISOR),
    "packing": (Role.OPERATOR, Role.SUPERVISOR),
    "store": (Role.STOREKEEPER, Role.SUPERVISOR),
    "dock": (Role.SHIPPER, Role.STOREKEEPER),
    "inspection": (Role.INSPECTOR, Role.QUALITY_MANAGER),
}


def person(badge: str) -> Listing:
    """Whoever is signed on."""
    query = row("1H" + Person.badge, Person.name_zh, Person.name_en, Person.badge)
    return Listing("person", Person.called, query.where(Person.badge == badge))


def self_checks(revision_id: int, seq: int) -> Listing:
    """What the operator checks at an operation, by the revision of the card (law 10)."""
    query = row("", Characteristic.name_zh, Characteristic.name_en).where(
        Characteristic.revision_id == revision_id, Characteristic.seq == seq, Characteristic.stage == "self"
    )
    return Listing("self_checks", Words("自检", "Self-checks"), query.order_by(Characteristic.number))


def people(here: Here) -> Listing:
    """Who works at stations of this kind."""
    roles = WORK_HERE.get(here.role, tuple(Role))
    mine = or_(*(Person.roles_text.contains(role.value) for role in roles))
    query = row("1H" + Person.badge, Person.name_zh, Person.name_en, Person.badge)
    return Listing(
        "people", Words("谁在这里工作？", "Who works here?"), query.where(~Person.disabled, mine).order_by(Person.badge)
    )


def cards_here(here: Here) -> Listing:
    """Operations of open run cards at this work centre that have not ended, those at work first."""
    name = RunCard.code + "+" + cast(CardOperation.seq, String)
    query = (
        row("3W" + name, Item.name_zh + " · " + Operation.name_zh, Item.name_en + " · " + Operation.name_en, name)
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
        row("W" + RunCard.code, Item.name_zh, Item.name_en, RunCard.code, RunCard.quantity, Item.uom)
        .join(Item, Item.id == RunCard.item_id)
        .where(RunCard.state.in_(OPEN_CARDS))
        .order_by(RunCard.released_for, RunCard.code)
    )
    return Listing("cards", Words("流转单", "Run cards"), query)


def machines_here(here: Here) -> Listing:
    """The machines of this work centre."""
    query = row("ZE." + Equipment.code, Equipment.name_zh, Equipment.name_en, Equipment.code)
    return Listing(
        "machines",
        Words("设备", "Machines"),
        query.where(Equipment.work_center_id == here.work_center_id).order_by(Equipment.code),
    )


def reasons_for(kind: str) -> Listing:
    """The plant's own reasons of a kind, in the order of its sheet."""
    fits = (literal(";") + Reason.kinds_text + ";").contains(f";{kind};")
    query = row(Reason.code, Reason.name_zh, Reason.name_en, Reason.code).where(fits).order_by(Reason.id)
    return Listing("reasons", Words("原因", "Reasons"), query, _reason)


def reasons_given_here(here: Here) -> Listing:
    """What people at this work centre have given as reasons in their own words, the most frequent first."""
    query = (
        row(Report.reason, Report.reason, Report.reason)
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
    query = row("ZP." + Printer.code, Printer.code, Printer.code, Printer.loaded_stock)
    return Listing(
        "printers",
        Words("打印机", "Printers"),
        query.where(Printer.station_id == here.station_id).order_by(Printer.code),
    )


def products_here(here: Here) -> Listing:
    """The product codes of what is made at this work centre, as they stand on inner boxes."""
    routed = (
        select(ProcessRevision.item_id)
        .join(Operation, Operation.revision_id == ProcessRevision.id)
        .where(Operation.work_center_id == here.work_center_id)
    )
    query = row("(01)" + Item.gtin, Item.name_zh, Item.name_en, Item.code)
    which = Item.gtin.is_not(None), Item.id.in_(routed)
    return Listing("products", Words("产品码", "Product codes"), query.where(*which).order_by(Item.code))
