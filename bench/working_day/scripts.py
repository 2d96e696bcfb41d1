"""What every station of the bench's day scans, in order, and how it must be answered.

A script is written while its goods are laid out, so both always fit; run cards get their codes only when they are
released, so a step names them by number (`{card0}`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from bench.working_day.sheets import Sheets
from mes import codes

COMPONENTS, SIZED = 13, 4  # of an assembly; of them so many come in boxes for one card each
CARD, SPOILT = 100, 10
PACK, CARTONS = 12, 20
ORDER_BOXES = 7
PLENTY = 100_000
FINISH, SHIP = (codes.encode(codes.CommandCode(word)) for word in ("FINISH", "SHIP"))
SCRATCHED = codes.encode(codes.ReasonCode("SCRATCH"))
SHELVED = "PT-SHELVED"  # lies in the store and is asked for by nobody
OTHER_GTIN = "02000026001041"


@dataclass(frozen=True)
class Step:
    """One scan: what kind of work it is, its text, and the reason for which it must be refused, if it must."""

    kind: str
    text: str
    refused: str | None = None


@dataclass(frozen=True)
class Released:
    """A run card that must be there when the day begins; `inspected`: made and accepted, only packing is left."""

    item: str
    quantity: int
    inspected: bool = False
    station: str = ""


@dataclass
class Part:
    """One station of the day with its script."""

    code: str
    role: str
    place: str | None = None
    work_center: str | None = None
    begin: list[str] = field(default_factory=list)  # boxes that are loaded ahead
    uses: str = ""  # the station of which a batch goes into its cards, so that a trace has depth
    cards: list[Released] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def scan(self, kind: str, text: str, refused: str | None = None) -> None:
        """One more scan."""
        self.steps.append(Step(kind, text, refused))

    def card(self, item: str, quantity: int, *, inspected: bool = False) -> str:
        """A run card released ahead; returns what stands for its code in this script."""
        self.cards.append(Released(item, quantity, inspected, self.code))
        return f"{{card{len(self.cards) - 1}}}"

    def with_cards(self, codes: Sequence[str]) -> list[Step]:
        """The script with the codes of the released cards in it."""
        known = {f"card{number}": code for number, code in enumerate(codes)}
        return [replace(step, text=step.text.format_map(known)) for step in self.steps]


def day(sheets: Sheets, scans: int, stations: Sequence[str]) -> list[Part]:
    """These stations, each with at least so many scans, and their plant in `sheets`."""
    _common(sheets)
    return [WRITERS[mark[:2]](sheets, mark, scans) for mark in stations]


def _common(sheets: Sheets) -> None:
    sheets.person("1002", "planner")
    sheets.person("3002", "inspector", department="quality")
    sheets.person("4001", "storekeeper", department="warehouse")
    names = {"name_zh": "往来单位", "name_en": "partner", "contact": "联系人", "phone": "000"}
    sheets.add("customers", code="C01", address="示例路1号", **names)
    sheets.add("suppliers", code="S01", **names)
    sheets.place("NCR-01", "nonconforming", "nonconforming")
    sheets.place("ST-01", "store")
    sheets.place("FGS-01", "finished")
    sheets.bought(sheets.item(SHELVED, "part"), CARD, "ST-01")


def _crew(sheets: Sheets, mark: str, *roles: str) -> list[str]:
    return [sheets.person(f"{mark}{number}", *roles) for number in (1, 2)]


def _turns(part: Part, scans: int) -> Iterator[int]:
    """Once more, until the script is long enough."""
    for turn in count():
        if len(part.steps) >= scans:
            return
        yield turn


def assembly(sheets: Sheets, mark: str, scans: int) -> Part:
    """An assembly of thirteen components, then a check of it, card after card (F2, F3)."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = _crew(sheets, mark, "operator"), Part(mark, "line", line, f"WC-{mark}")
    sheets.step(item, 10, mark)
    sheets.step(item, 20, mark)
    components = [
        sheets.component(item, f"PT-{mark}-{number:02}", 10, "2" if number == COMPONENTS else "1")
        for number in range(1, COMPONENTS + 1)
    ]
    part.begin = [sheets.bought(component, CARD, line) for component in components[:-1]]
    part.begin.append(sheets.bought(components[-1], 2 * CARD, line))
    elsewhere = sheets.bought(components[-1], CARD, "ST-01")
    part.scan("badge", f"1H{crew[1]}")
    for component in components[SIZED:]:
        part.scan("load", f"1T{sheets.bought(component, PLENTY, line)}")
    for turn in _turns(part, scans):
        part.scan("badge", f"1H{crew[turn % 2]}")
        boxes = [sheets.bought(component, CARD, line) for component in components[:SIZED]]
        _assemble(part, part.card(item, CARD), boxes, elsewhere if turn % 3 == 0 else None)
    return part


def _assemble(part: Part, card: str, boxes: list[str], wrong_box: str | None) -> None:
    """One card; now and then the wrong box is fetched, the start comes before the boxes, and one piece too many."""
    if wrong_box:
        part.scan("load", f"1T{wrong_box}", "not_at_line")
        part.scan(f"start, {COMPONENTS} components", f"3W{card}+10", "material_missing")
    for box in boxes:
        part.scan("load", f"1T{box}")
    part.scan(f"start, {COMPONENTS} components", f"3W{card}+10")
    good, report = CARD - SPOILT, f"report, {COMPONENTS} components"
    for _ in range(6):
        part.scan(report, f"Q{good // 6}")
    part.scan("reason", SCRATCHED)
    part.scan(report, f"Q{SPOILT}")
    if wrong_box:
        part.scan(report, "Q1", "more_than_card")
    part.scan("finish", FINISH)
    part.scan("start", f"3W{card}+20")
    for _ in range(3):
        part.scan("report", f"Q{good // 3}")
    part.scan("finish", FINISH)


def parts_line(sheets: Sheets, mark: str, scans: int) -> Part:
    """Small parts of two components, in one operation."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = _crew(sheets, mark, "operator"), Part(mark, "line", line, f"WC-{mark}")
    sheets.step(item, 10, mark)
    sized, lasting = (sheets.component(item, f"PT-{mark}-0{number}", 10) for number in (1, 2))
    part.scan("badge", f"1H{crew[1]}")
    part.scan("load", f"1T{sheets.bought(lasting, PLENTY, line)}")
    for turn in _turns(part, scans):
        part.scan("badge", f"1H{crew[turn % 2]}")
        card = part.card(item, CARD)
        if turn % 3 == 0:
            part.scan("start", f"3W{card}+10", "material_missing")
        part.scan("load", f"1T{sheets.bought(sized, CARD, line)}")
        part.scan("start", f"3W{card}+10")
        for _ in range(4):
            part.scan("report", f"Q{(CARD - SPOILT) // 5}")
        part.scan("reason", SCRATCHED)
        part.scan("report", f"Q{SPOILT}")
        part.scan("report", f"Q{(CARD - SPOILT) // 5}")
        part.scan("finish", FINISH)
    return part


def packing(sheets: Sheets, mark: str, scans: int) -> Part:
    """Accepted units into cartons by product code, each with its labels and packing material (F6, P20)."""
    line, item = sheets.line(mark), sheets.item(f"FG-{mark}", "finished", pack=PACK)
    crew, part = _crew(sheets, mark, "operator"), Part(mark, "packing", line, f"WC-{mark}")
    for seq in (10, 20, 30):
        sheets.step(item, seq, mark)
    sheets.add(
        "characteristics",
        item=item,
        operation_seq=20,
        stage="final",
        number=1,
        name_zh="外观",
        name_en="Appearance",
        kind="attribute",
        gauge="目视",
        aql="1.0",
        level="II",
    )
    part.begin = [sheets.bought(sheets.component(item, f"PT-{mark}-01", 10), PLENTY, line)]
    part.uses = f"AS{mark[2]}"
    sheets.add("bom", parent=item, component=f"SA-{part.uses}", qty_per="0.001", scrap_pct=0, operation_seq=10)
    part.scan("badge", f"1H{crew[1]}")
    for number, quantity in enumerate(("1", "1", "0.083333", "0.083333", "0.083333", "0.1"), 1):
        paper = sheets.component(item, f"PK-{mark}-0{number}", 30, quantity, kind="packaging")
        part.scan("load", f"1T{sheets.bought(paper, PLENTY, line)}")
    for turn in _turns(part, scans):
        part.scan("badge", f"1H{crew[turn % 2]}")
        part.scan("start", f"3W{part.card(item, PACK * CARTONS, inspected=True)}+30")
        _pack(part, sheets.gtin(item))
    return part


def _pack(part: Part, gtin: str) -> None:
    part.scan("product", f"]C101{OTHER_GTIN}")
    part.scan("pack", f"Q{PACK}", "wrong_product_code")
    for _ in range(CARTONS):
        part.scan("product", f"]C101{gtin}")
        part.scan("pack", f"Q{PACK}")
    part.scan("finish", FINISH)


def issuing(sheets: Sheets, mark: str, scans: int) -> Part:
    """A storekeeper who serves a card and the line side of it by FIFO (P6, F4)."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = _crew(sheets, mark, "storekeeper"), Part(mark, "store")
    sheets.step(item, 10, mark)
    components = [sheets.component(item, f"PT-{mark}-0{number}", 10) for number in range(1, 5)]
    not_wanted = sheets.bought(sheets.item(f"PT-{mark}-99", "part"), CARD, "ST-01")
    card = part.card(item, PLENTY)
    for turn in _turns(part, scans):
        part.scan("badge", f"1H{crew[turn % 2]}")
        part.scan("place", f"W{card}")
        for component in components:
            _issue(part, [sheets.bought(component, CARD, "ST-01") for _ in range(2)], younger=turn % 2 == 0)
        part.scan("place", f"L{line}")
        for component in components:
            _issue(part, [sheets.bought(component, CARD, "ST-01")])
        part.scan("issue", f"1T{not_wanted}", "not_needed_at_station")
    return part


def _issue(part: Part, lots: list[str], *, younger: bool = False) -> None:
    """Boxes in their order; with `younger` somebody reaches for the second one first."""
    if younger:
        part.scan("issue", f"1T{lots[1]}", "not_oldest")
    for lot in lots:
        part.scan("issue", f"1T{lot}")


def storing(sheets: Sheets, mark: str, scans: int) -> Part:
    """A storekeeper who fetches finished boxes from a line and puts them away (P12)."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = _crew(sheets, mark, "storekeeper"), Part(mark, "store")
    sheets.step(item, 10, mark)
    sheets.component(item, f"PT-{mark}-01", 10)
    shelf = sheets.place(f"ST-{mark}", "store")
    for turn in _turns(part, scans):
        boxes = [sheets.made(item, mark, CARD, line) for _ in range(10)]
        part.scan("badge", f"1H{crew[turn % 2]}")
        part.scan("place", "LNCR-01")
        part.scan("put away", f"1T{boxes[0]}", "wrong_place_for_status")
        part.scan("place", f"L{shelf}")
        for box in boxes:
            part.scan("put away", f"1T{box}")
    return part


def dock(sheets: Sheets, mark: str, scans: int) -> Part:
    """A shipper who picks by FIFO exactly what was ordered (P24)."""
    sheets.line(mark)
    item = sheets.item(f"FG-{mark}", "finished", pack=PACK)
    sheets.step(item, 10, mark)
    sheets.component(item, f"PT-{mark}-01", 10)
    other = sheets.bought(sheets.item(f"PT-{mark}-02", "part"), CARD, "ST-01")
    crew, part = _crew(sheets, mark, "shipper"), Part(mark, "dock", sheets.place(f"DCK-{mark}", "dock"))
    for turn in _turns(part, scans):
        order = f"SO-{mark}-{turn:04}"
        sheets.add("orders", order_no=order, customer="C01", item=item, qty=PACK * ORDER_BOXES, due_on=sheets.today)
        part.scan("badge", f"1H{crew[turn % 2]}")
        part.scan("order", f"KSO-{mark}-{turn:04}")
        _ship(
            part, [sheets.made(item, mark, PACK, "FGS-01") for _ in range(ORDER_BOXES)], other, careless=turn % 2 == 0
        )
    return part


def _ship(part: Part, boxes: list[str], other: str, *, careless: bool) -> None:
    """Pick and ship; the careless one picks the wrong item, a younger box, and ships too early."""
    if careless:
        part.scan("pick", f"1T{other}", "wrong_item_for_order")
        part.scan("pick", f"1T{boxes[1]}", "not_oldest")
    for box in boxes[:-1]:
        part.scan("pick", f"1T{box}")
    if careless:
        part.scan("ship", SHIP, "less_than_ordered")
    part.scan("pick", f"1T{boxes[-1]}")
    part.scan("ship", SHIP)


WRITERS: dict[str, Callable[[Sheets, str, int], Part]] = {
    "AS": assembly,
    "PR": parts_line,
    "PK": packing,
    "IS": issuing,
    "ST": storing,
    "DK": dock,
}
SIXTEEN = (
    "ASA",
    "ASB",
    "ASC",
    "ASD",
    "ASE",
    "PRA",
    "PRB",
    "PKA",
    "PKB",
    "ISA",
    "ISB",
    "ISC",
    "STA",
    "STB",
    "DKA",
    "DKB",
)
ONE_OF_EACH = ("ASA", "PRA", "PKA", "ISA", "STA", "DKA")
