"""What is scanned where goods lie and leave: boxes issued and put away, orders picked and shipped (P6, P24, F4)."""

from __future__ import annotations

from bench.working_day.scripts import CARD, PLENTY, Part, crew_of, turns
from bench.working_day.sheets import Sheets
from mes import codes

SHIP = codes.encode(codes.CommandCode("SHIP"))
BOX, ORDER_BOXES = 12, 7


def issuing(sheets: Sheets, mark: str, scans: int) -> Part:
    """A storekeeper who serves a card and the line side of it by FIFO (P6, F4)."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = crew_of(sheets, mark, "storekeeper"), Part(mark, "store")
    sheets.step(item, 10, mark)
    components = [sheets.component(item, f"PT-{mark}-0{number}", 10) for number in range(1, 5)]
    young = {one: sheets.bought(one, CARD, "ST-01", last=True) for one in components}
    not_wanted = sheets.bought(sheets.item(f"PT-{mark}-99", "part"), CARD, "ST-01")
    card = part.card(item, PLENTY)
    for turn in turns(part, scans):
        part.scan("badge", f"1H{crew[turn % 2]}")
        part.scan("place", f"W{card}")
        for component in components:
            if turn % 2 == 0:
                part.scan("issue", f"1T{young[component]}", "not_oldest")
            _issue(part, [sheets.bought(component, CARD, "ST-01") for _ in range(2)])
        part.scan("place", f"L{line}")
        for component in components:
            _issue(part, [sheets.bought(component, CARD, "ST-01")])
        part.scan("issue", f"1T{not_wanted}", "not_needed_at_station")
    return part


def _issue(part: Part, lots: list[str]) -> None:
    """Boxes in their order."""
    for lot in lots:
        part.scan("issue", f"1T{lot}")


def storing(sheets: Sheets, mark: str, scans: int) -> Part:
    """A storekeeper who fetches finished boxes from a line and puts them away (P12)."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = crew_of(sheets, mark, "storekeeper"), Part(mark, "store")
    sheets.step(item, 10, mark)
    sheets.component(item, f"PT-{mark}-01", 10)
    shelf = sheets.place(f"ST-{mark}", "store")
    for turn in turns(part, scans):
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
    item = sheets.item(f"FG-{mark}", "finished", pack=BOX)
    sheets.step(item, 10, mark)
    sheets.component(item, f"PT-{mark}-01", 10)
    other = sheets.bought(sheets.item(f"PT-{mark}-02", "part"), CARD, "ST-01")
    wrong = (other, sheets.made(item, mark, BOX, "FGS-01", last=True))
    crew, part = crew_of(sheets, mark, "shipper"), Part(mark, "dock", sheets.place(f"DCK-{mark}", "dock"))
    for turn in turns(part, scans):
        order = f"SO-{mark}-{turn:04}"
        sheets.add("orders", order_no=order, customer="C01", item=item, qty=BOX * ORDER_BOXES, due_on=sheets.today)
        part.scan("badge", f"1H{crew[turn % 2]}")
        part.scan("order", f"KSO-{mark}-{turn:04}")
        _ship(part, [sheets.made(item, mark, BOX, "FGS-01") for _ in range(ORDER_BOXES)], wrong, careless=turn % 2 == 0)
    return part


def _ship(part: Part, boxes: list[str], wrong: tuple[str, str], *, careless: bool) -> None:
    """Pick and ship; the careless one picks the wrong item, a younger box, and ships too early."""
    if careless:
        part.scan("pick", f"1T{wrong[0]}", "wrong_item_for_order")
        part.scan("pick", f"1T{wrong[1]}", "not_oldest")
    for box in boxes[:-1]:
        part.scan("pick", f"1T{box}")
    if careless:
        part.scan("ship", SHIP, "less_than_ordered")
    part.scan("pick", f"1T{boxes[-1]}")
    part.scan("ship", SHIP)
