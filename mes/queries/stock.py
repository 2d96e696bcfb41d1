"""What lies where: the stock list by item, lot, place and status, work in process included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from mes.labelling.model import Label
from mes.masters.model import Item, Location
from mes.masters.words import ZONES
from mes.planning.model import SalesOrder
from mes.production.model import CardOperation, RunCard
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.declaring import Act, Column, Row, table
from mes.queries.reading import Amount, Called, Code, Day, Told
from mes.queries.wording import Mark, Truth, Word
from mes.roles import Role
from mes.stock.model import Balance, Container, HandlingUnit, Lot
from mes.stock.status import STATUS_WORDS, Status
from mes.trace.answers import Named
from mes.words import Words

PAGE = 500
Pallet = aliased(Container)
WAITS = (Status.NONCONFORMING, Status.AWAITING_DECISION, Status.PENDING, Status.SCRAP)
"""What waits for quality, in the order in which it is looked at."""


@dataclass(frozen=True)
class StockFilter:
    """What to list, exactly; None means any. `lot` is our code or the supplier's."""

    item: str | None = None
    lot: str | None = None
    place: str | None = None
    zone: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class StockRow:
    """A quantity of a lot at a place in a status: in a box (with its valid label), or at a run card's operation."""

    item: Named
    lot: str
    supplier_lot: str | None
    quantity: str
    uom: str
    place: Named
    zone: str
    status: str
    label: str | None
    box: str | None
    container: str | None
    pallet: str | None
    operation: str | None
    picked_for: str | None
    locked: str | None
    hold: str | None
    opened: bool
    received_on: str
    expires_on: str | None
    recheck_on: str


def stock(session: Session, only: StockFilter | None = None, *, limit: int = PAGE, offset: int = 0) -> list[StockRow]:
    """The stock in the plant in the order in which it goes (item, FIFO date, lot), `limit` rows from `offset`."""
    wanted = _conditions(only or StockFilter())
    found = asking.rows(session, STOCK, Asked(limit=limit, offset=offset), None, *wanted)
    return [StockRow(**row) for row in found]


def _conditions(only: StockFilter) -> list[ColumnElement[bool]]:
    conditions: dict[str | None, ColumnElement[bool]] = {
        only.item: Item.code == only.item,
        only.lot: (Lot.code == only.lot) | (Lot.supplier_lot == only.lot),
        only.place: Location.code == only.place,
        only.zone: Location.zone == only.zone,
        only.status: Balance.status == only.status,
    }
    return [condition for wanted, condition in conditions.items() if wanted]


def _lying() -> Select[Any]:
    return (
        select()
        .select_from(Balance)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(HandlingUnit, HandlingUnit.id == Balance.holder_id)
        .outerjoin(Container, Container.id == HandlingUnit.container_id)
        .outerjoin(Pallet, Pallet.id == Container.pallet_id)
        .outerjoin(SalesOrder, SalesOrder.id == HandlingUnit.order_id)
        .outerjoin(CardOperation, CardOperation.id == Balance.holder_id)
        .outerjoin(RunCard, RunCard.id == CardOperation.card_id)
        .where(Balance.quantity > 0, Balance.outside.is_(False))
    )


def _waiting() -> Select[Any]:
    return _lying().where(Balance.status.in_(WAITS))


LABEL = (
    select(Label.serial)
    .where(Label.holder_id == Balance.holder_id, Label.voided_by.is_(None))
    .order_by(Label.id.desc())
    .limit(1)
    .scalar_subquery()
)
LABEL_OF_UNIT = (
    select(Label.serial)
    .where(Label.holder_id == HandlingUnit.id, Label.voided_by.is_(None))
    .order_by(Label.id.desc())
    .limit(1)
    .scalar_subquery()
)
# An imported box has no label of ours: its lot's number stands for it where that is enough.
BOX_OF_UNIT = func.coalesce(LABEL_OF_UNIT, Lot.code)
BOX = case((HandlingUnit.id.is_not(None), BOX_OF_UNIT))
ITEM = Called(Item.code, Item.name_zh, Item.name_en)
COLUMNS = {
    one.key: one
    for one in (
        Column("item", Words("物料", "Item"), ITEM, leads="item"),
        Column("lot", Words("批次", "Lot"), Code(Lot.code), leads="lot"),
        Column("supplier_lot", Words("供方批次", "Supplier's lot"), Code(Lot.supplier_lot), beside=True),
        Column("quantity", Words("数量", "Quantity"), Amount(Balance.quantity, Item.uom)),
        Column("uom", Words("单位", "Unit"), Code(Item.uom)),
        Column("place", Words("库位", "Place"), Called(Location.code, Location.name_zh, Location.name_en)),
        Column("zone", Words("区域", "Zone"), Word(Location.zone, ZONES), beside=True),
        Column("status", Words("状态", "Status"), Mark(Balance.status, STATUS_WORDS)),
        Column("label", Words("标签", "Label"), Code(LABEL), leads="label"),
        Column("box", Words("料箱扫码", "Box as scanned"), Code(BOX), beside=True),
        Column("container", Words("外箱", "Carton"), Code(Container.serial), leads="container"),
        Column("pallet", Words("托盘", "Pallet"), Code(Pallet.serial), leads="container"),
        Column(
            "operation",
            Words("工序", "Operation"),
            Code(case((RunCard.code.is_not(None), RunCard.code + literal("+") + cast(CardOperation.seq, String)))),
        ),
        Column("picked_for", Words("已拣订单", "Picked for"), Code(SalesOrder.order_no), leads="order"),
        Column("locked", Words("锁定", "Locked"), Told(HandlingUnit.lock_reason)),
        Column("hold", Words("冻结原因", "On hold"), Told(Lot.hold_reason)),
        Column("opened", Words("已开箱", "Opened"), Truth(HandlingUnit.opened_at.is_not(None)), beside=True),
        Column("received_on", Words("收货", "Received"), Day(Lot.received_on)),
        Column("expires_on", Words("到期", "Expires"), Day(Lot.expires_on)),
        Column("recheck_on", Words("复检", "Re-inspect"), Day(Lot.recheck_on)),
    )
}


def _free(row: Row) -> bool:
    return not row["hold"]


def _held(row: Row) -> bool:
    return bool(row["hold"])


def _boxed(row: Row) -> bool:
    return row["box"] is not None


HOLD = Act("quality:hold", {"lot": "lot"}, _free)
RELEASE = Act("quality:release", {"lot": "lot"}, _held)
NONCONFORMING = Act("quality:nonconforming", {"unit": "box"}, _boxed)
PUT_AWAY = Act("stock:put_away", {"unit": "box"}, _boxed)
ORDER = (Item.code, Balance.goes_first, Lot.code, Balance.holder_id, Balance.location_id, Balance.status)
SEEN_BY_QUALITY = ("item", "lot", "quantity", "uom", "place", "status", "label", "operation", "locked", "hold")
FILTERS = ("item", "lot", "supplier_lot", "place", "zone", "status", "received_on", "expires_on")

STOCK = table(
    "stock",
    Words("库存", "Stock"),
    {
        Role.SUPERVISOR,
        Role.INSPECTOR,
        Role.QUALITY_MANAGER,
        Role.STOREKEEPER,
        Role.SHIPPER,
        Role.PLANNER,
        Role.PLAN_APPROVER,
        Role.ADMIN,
    },
    source=_lying,
    columns=tuple(COLUMNS.values()),
    order=ORDER,
    filters=FILTERS,
    acts=(HOLD, RELEASE, NONCONFORMING, PUT_AWAY),
    papers={"material_card": "item"},
)
WAITING = table(
    "waiting_for_quality",
    Words("待处置与待检", "Waiting for quality"),
    {Role.SUPERVISOR, Role.INSPECTOR, Role.QUALITY_MANAGER, Role.STOREKEEPER, Role.ADMIN},
    source=_waiting,
    columns=tuple(
        COLUMNS[key]
        for key in ("item", "lot", "quantity", "uom", "place", "status", "label", "box", "operation", "locked", "hold")
    ),
    order=(case({one: at for at, one in enumerate(WAITS)}, value=Balance.status), *ORDER),
    filters=("item", "lot", "place", "status"),
    acts=(HOLD, RELEASE, NONCONFORMING, PUT_AWAY),
)
