"""What people hang up or stick on once: badges, places, machines, reasons, printers, rolls, quantities, orders.

Says which there are, what stands on each, and prints them at a station. They mark no goods and have no serial: what
is true of the thing today stands on its next print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import Session

from mes import codes
from mes.declaring import command
from mes.given import Choice, Text
from mes.labelling.loaded_stock import COLOURS
from mes.labelling.marking import has_printer, queue_print
from mes.labelling.refusals import NoPrinterHere
from mes.labelling.words import LABEL_STOCKS
from mes.masters import reasons
from mes.masters.model import Equipment, Location, Printer, Reason, Station
from mes.masters.words import PLACE_HOLDS, ZONES
from mes.memory import masters
from mes.people.model import DEPARTMENTS, Person
from mes.planning.model import SalesOrder
from mes.refusals import Refusal, UnknownCode
from mes.roles import ROLE_WORDS, Role
from mes.transaction import Transaction
from mes.words import Words

QUANTITIES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 50, 60, 100, 120, 200, 500, 1000)
USUAL_ROLL = (100, 70)
NOTHING = Words("", "")


@dataclass(frozen=True)
class Piece:
    """One thing with a code: what it is, what is said of it, its group, and the facts of its label."""

    key: str
    code: codes.Code
    words: Words
    use: Words = NOTHING
    groups: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Kind:
    """One kind of things: what it is called, what its groups are called, its label's layout if there is one."""

    words: Words
    pieces: Callable[[Session], list[Piece]]
    by: Words | None = None
    groups: Mapping[str, Words] = field(default_factory=dict, hash=False)
    layout: str | None = None


@dataclass(frozen=True)
class PrintedOwn:
    """How many labels come out where."""

    station: str
    labels: int


def _people(session: Session) -> list[Piece]:
    return [_badge(one) for one in masters(session).all(Person) if not one.disabled]


def _badge(one: Person) -> Piece:
    department = DEPARTMENTS.get(one.department, Words(one.department, one.department))
    roles = [ROLE_WORDS[role] for role in one.roles_text.split(";") if role in ROLE_WORDS]
    use = Words(
        f"{department.zh} {'、'.join(role.zh for role in roles)}", f"{department.en}: {', '.join(r.en for r in roles)}"
    )
    facts = {"badge": one.badge, "name_zh": one.name_zh, "name_en": one.name_en, "department": f"{use.zh} {use.en}"}
    words = Words(one.name_zh, one.name_en)
    return Piece(one.badge, codes.BadgeCode(one.badge), words, use, (one.department,), facts)


def _places(session: Session) -> list[Piece]:
    return [_place(one) for one in masters(session).all(Location) if not one.outside]


def _place(one: Location) -> Piece:
    zone, holds = ZONES[one.zone], PLACE_HOLDS.get(one.status, Words(one.status, one.status))
    use = Words(f"{one.name_zh} · {zone.zh}", f"{one.name_en} · {zone.en}")
    said = f"{zone.zh} {zone.en} · {holds.zh} {holds.en}"
    facts = {"location": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "zone": said}
    return Piece(one.code, codes.LocationCode(one.code), Words(one.code, one.code), use, (one.zone,), facts)


def _machines(session: Session) -> list[Piece]:
    return [_machine(one) for one in masters(session).all(Equipment)]


def _machine(one: Equipment) -> Piece:
    center = one.work_center
    facts = {"equipment": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "work_center": center.code}
    use = Words(f"{one.code} · {center.name_zh}", f"{one.code} · {center.name_en}")
    words = Words(one.name_zh, one.name_en)
    return Piece(one.code, codes.EquipmentCode(one.code), words, use, (center.code,), facts)


def _reasons(session: Session) -> list[Piece]:
    return [_reason(one) for one in masters(session).all(Reason)]


def _reason(one: Reason) -> Piece:
    kinds = tuple(kind for kind in one.kinds_text.split(";") if kind in reasons.KINDS)
    use = Words(
        "、".join(reasons.KINDS[kind].zh for kind in kinds), ", ".join(reasons.KINDS[kind].en for kind in kinds)
    )
    facts = {"word": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "use": f"{use.zh} {use.en}"}
    return Piece(one.code, codes.ReasonCode(one.code), Words(one.name_zh, one.name_en), use, kinds, facts)


def _printers(session: Session) -> list[Piece]:
    return [_printer(one) for one in masters(session).where(Printer, retired=False)]


def _printer(one: Printer) -> Piece:
    paper = f"{one.width_mm} mm · {one.dpi} dpi · {one.language.upper()}"
    use = Words(f"{one.station.name_zh} · {paper}", f"{one.station.name_en} · {paper}")
    facts = {"printer": one.code, "station": f"{one.station.code} {one.station.name_zh}", "paper": paper}
    words = Words(one.code, one.code)
    return Piece(one.code, codes.PrinterCode(one.code), words, use, (one.station.code,), facts)


def _rolls(session: Session) -> list[Piece]:
    """Every colour in every size that a printer of the plant has in it, and in the usual one."""
    loaded = {(one.loaded_width_mm, one.loaded_height_mm) for one in masters(session).where(Printer, retired=False)}
    sizes = sorted({USUAL_ROLL, *((width, height) for width, height in loaded if width and height)})
    return [_roll(colour, width, height) for colour in COLOURS for width, height in sizes]


def _roll(colour: str, width: int, height: int) -> Piece:
    zh, en, size = *LABEL_STOCKS[colour], f"{width} × {height} mm"
    facts = {"colour_zh": zh, "colour_en": en.upper(), "width": str(width), "height": str(height)}
    code = codes.RollCode(en.upper(), width, height)
    key = f"{colour}.{width}x{height}"
    return Piece(key, code, Words(zh, en), Words(f"标签卷 {size}", f"label roll {size}"), (colour,), facts)


def _quantities(_session: Session) -> list[Piece]:
    return [_quantity(f"{one}") for one in QUANTITIES]


def _quantity(one: str) -> Piece:
    return Piece(one, codes.QuantityCode(Decimal(one)), Words(one, one), facts={"number": one})


def _orders(session: Session) -> list[Piece]:
    rows = session.scalars(select(SalesOrder).order_by(SalesOrder.order_no))
    return [_order(one) for one in rows]


def _order(one: SalesOrder) -> Piece:
    use = Words(f"{one.customer.name_zh} · {one.item.code}", f"{one.customer.name_en} · {one.item.code}")
    words = Words(one.order_no, one.order_no)
    return Piece(one.order_no, codes.OrderCode(one.order_no), words, use, (one.customer.code,))


KINDS: dict[str, Kind] = {
    "people": Kind(Words("工牌", "badges"), _people, Words("部门", "department"), DEPARTMENTS, "badge"),
    "places": Kind(Words("库位", "places"), _places, Words("区域", "zone"), ZONES, "location"),
    "machines": Kind(Words("设备", "machines"), _machines, Words("工作中心", "work centre"), layout="equipment"),
    "reasons": Kind(Words("原因", "reasons"), _reasons, Words("用于", "for"), reasons.KINDS, "reason"),
    "printers": Kind(Words("打印机", "printers"), _printers, Words("工位", "station"), layout="printer"),
    "rolls": Kind(Words("标签卷", "label rolls"), _rolls, Words("颜色", "colour"), LABEL_STOCKS, "roll"),
    "quantities": Kind(Words("数量", "quantities"), _quantities, layout="quantity"),
    "orders": Kind(Words("订单", "orders"), _orders, Words("客户", "customer")),
}
WITH_LABELS = {name: kind.words for name, kind in KINDS.items() if kind.layout}


def offer(name: str, kind: Kind) -> None:
    """Let another department have what it knows printed: the words of the terminals."""
    KINDS[name] = kind
    if kind.layout:
        WITH_LABELS[name] = kind.words


@command(
    "label:print_own",
    {Role.ADMIN, Role.SUPERVISOR, Role.QUALITY_MANAGER, Role.STOREKEEPER},
    Words("打印工牌、库位等标签", "print labels of badges, places, machines"),
    done=Words("{labels} 张标签在 {station} 打印", "{labels} labels print at {station}"),
    tells=Words("在 {at} 打印标签（{kind}）：{which}", "labels printed at {at} ({kind}): {which}"),
)
def print_own(
    tx: Transaction,
    kind: Annotated[str, Choice(WITH_LABELS), Words("种类", "which kind")],
    which: Annotated[str, Text(4000, lines=4), Words("编号（以空格分隔）", "codes, with blanks between them")],
    at: Annotated[Station, Words("在哪个工位打印", "station where they print")],
) -> PrintedOwn:
    """Labels of things that the plant knows by their codes, on white paper; raises `UnknownCode`, `NoPrinterHere`."""
    known = {one.key: one for one in KINDS[kind].pieces(tx.session)}
    wanted = list(dict.fromkeys(which.split()))
    unknown: list[Refusal] = [UnknownCode(text=one) for one in wanted if one not in known]
    tx.require(unknown, [] if has_printer(tx, at) else [NoPrinterHere(station=at.code)])
    for piece in (known[one] for one in wanted):
        queue_print(tx, at, KINDS[kind].layout or "", "white", f"{KINDS[kind].words.zh} {piece.key}", piece.facts)
    tx.cause("own labels", at.code, kind, wanted)
    return PrintedOwn(at.code, len(wanted))
