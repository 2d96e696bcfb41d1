"""New labels for boxes: for those that never had one, as imported stock, and for whole places or lots at a time (F5).

Every piece has a serial of its own, so the labels before are void; who accepted the goods, and when, stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from sqlalchemy import select

from mes import codes
from mes.declaring import command
from mes.given import Text
from mes.labelling import marking
from mes.labelling.model import Label
from mes.labelling.own_labels import PrintedOwn
from mes.labelling.refusals import NoPrinterHere
from mes.masters.model import Location, Station
from mes.refusals import Refusal, UnknownCode
from mes.roles import Role
from mes.stock import lots
from mes.stock.model import Balance, HandlingUnit, Lot
from mes.stock.status import LABEL_OF, Status
from mes.transaction import Transaction
from mes.words import Words

NAMED = Words("料箱标签、批次或库位（以空格分隔）", "labels of boxes, lots or places, with blanks between them")


@command(
    "label:print_boxes",
    {Role.ADMIN, Role.SUPERVISOR, Role.QUALITY_MANAGER, Role.STOREKEEPER},
    Words("打印料箱标签", "print labels of boxes"),
    done=Words("{labels} 张料箱标签在 {station} 打印", "{labels} labels of boxes print at {station}"),
    tells=Words("在 {at} 打印料箱标签：{which}", "labels of boxes printed at {at}: {which}"),
    confirm=Words("料箱原有标签将作废。", "The labels that the boxes carry now will be void."),
)
def print_boxes(
    tx: Transaction,
    which: Annotated[str, Text(4000, lines=4), NAMED],
    at: Annotated[Station, Words("在哪个工位打印", "station where they print")],
) -> PrintedOwn:
    """A new label, with a new serial, for every box named, of a lot or at a place.

    That of goods that do not lie at the station prints when somebody at their place asks. Raises at once `UnknownCode`,
    `NoPrinterHere`.
    """
    wanted = list(dict.fromkeys(which.split()))
    found = {one: _boxes(tx, _named(one)) for one in wanted}
    unknown: list[Refusal] = [UnknownCode(text=one) for one, boxes in found.items() if not boxes]
    tx.require(unknown, [] if marking.has_printer(tx, at) else [NoPrinterHere(station=at.code)])
    boxes = {unit.id: unit for units in found.values() for unit in units}
    marked = [label for unit in boxes.values() if (label := _mark(tx, unit, at))]
    tx.cause("box labels", at.code, wanted)
    return PrintedOwn(at.code, len(marked))


def _named(text: str) -> str:
    """The name in a code of a box's label, a lot or a place; any other text names itself."""
    try:
        code = codes.parse(text)
    except codes.CodeError:
        return text
    match code:
        case codes.LabelCode(name) | codes.LotCode(name) | codes.LocationCode(name):
            return name
    return text


def _boxes(tx: Transaction, name: str) -> Sequence[HandlingUnit]:
    """The boxes inside the plant that a label serial, a lot or a place names."""
    labelled = select(Label.holder_id).where(Label.serial == name)
    query = (
        select(HandlingUnit)
        .join(Lot, Lot.id == HandlingUnit.lot_id)
        .join(Balance, Balance.holder_id == HandlingUnit.id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.quantity > 0, Balance.outside.is_(False))
        .where((Lot.code == name) | (Location.code == name) | HandlingUnit.id.in_(labelled))
        .order_by(HandlingUnit.id)
    )
    return tx.session.scalars(query).all()


def _mark(tx: Transaction, unit: HandlingUnit, at: Station) -> Label | None:
    found = lots.filled(tx, unit)
    status = Status(found.status)
    if status not in LABEL_OF:
        return None
    judged = marking.judgement(tx, unit.id, status)
    return marking.mark_status(tx, unit.id, unit.lot, status, found.quantity, judged, station=at)
