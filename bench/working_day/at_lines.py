"""What is scanned where things are made: assemblies of thirteen components, small parts, cartons (F2, F3, F6)."""

from __future__ import annotations

from bench.working_day.scripts import CARD, FINISH, PLENTY, Part, crew_of, turns
from bench.working_day.sheets import Sheets
from mes import codes

COMPONENTS, SIZED = 13, 4  # of an assembly; of them so many come in boxes for one card each
SPOILT, PACK, CARTONS = 10, 12, 20
SCRATCHED = codes.encode(codes.ReasonCode("SCRATCH"))
OTHER_GTIN = "02000026001041"


def assembly(sheets: Sheets, mark: str, scans: int) -> Part:
    """An assembly of thirteen components, then a check of it, card after card (F2, F3)."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = crew_of(sheets, mark, "operator"), Part(mark, "line", line, f"WC-{mark}")
    sheets.step(item, 10, mark)
    sheets.step(item, 20, mark)
    components = [
        sheets.component(item, f"PT-{mark}-{number:02}", 10, "2" if number == COMPONENTS else "1")
        for number in range(1, COMPONENTS + 1)
    ]
    part.ahead = [sheets.bought(component, CARD, line) for component in components[:-1]]
    part.ahead.append(sheets.bought(components[-1], 2 * CARD, line))
    elsewhere = sheets.bought(components[-1], CARD, "ST-01")
    part.begin = [sheets.bought(component, PLENTY, line) for component in components[SIZED:]]
    for turn in turns(part, scans):
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
    for share in _shares(good // 6, 6):
        part.scan(report, f"Q{share}")
    part.scan("reason", SCRATCHED)
    part.scan(report, f"Q{SPOILT}")
    if wrong_box:
        part.scan(report, "Q1", "more_than_card")
    part.scan("finish", FINISH)
    part.scan("start", f"3W{card}+20")
    for share in _shares(good // 3, 3):
        part.scan("report", f"Q{share}")
    part.scan("finish", FINISH)


def _shares(about: int, times: int) -> list[int]:
    """So many quantities about this, no two neighbours the same: the bench scans faster than a hand may repeat one."""
    offsets = [(-1) ** turn for turn in range(times - times % 2)] + [0] * (times % 2)
    return [about + offset for offset in offsets]


def parts_line(sheets: Sheets, mark: str, scans: int) -> Part:
    """Small parts of two components, in one operation."""
    line, item = sheets.line(mark), sheets.item(f"SA-{mark}", "subassembly")
    crew, part = crew_of(sheets, mark, "operator"), Part(mark, "line", line, f"WC-{mark}")
    sheets.step(item, 10, mark)
    sized, lasting = (sheets.component(item, f"PT-{mark}-0{number}", 10) for number in (1, 2))
    part.begin = [sheets.bought(lasting, PLENTY, line)]
    for turn in turns(part, scans):
        part.scan("badge", f"1H{crew[turn % 2]}")
        card = part.card(item, CARD)
        if turn % 3 == 0:
            part.scan("start", f"3W{card}+10", "material_missing")
        part.scan("load", f"1T{sheets.bought(sized, CARD, line)}")
        part.scan("start", f"3W{card}+10")
        for share in _shares((CARD - SPOILT) // 5, 4):
            part.scan("report", f"Q{share}")
        part.scan("reason", SCRATCHED)
        part.scan("report", f"Q{SPOILT}")
        part.scan("report", f"Q{(CARD - SPOILT) // 5}")
        part.scan("finish", FINISH)
    return part


def packing(sheets: Sheets, mark: str, scans: int) -> Part:
    """Accepted units into cartons by product code, each with its labels and packing material (F6, P20)."""
    line, item = sheets.line(mark), sheets.item(f"FG-{mark}", "finished", pack=PACK)
    crew, part = crew_of(sheets, mark, "operator"), Part(mark, "packing", line, f"WC-{mark}")
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
    for number, quantity in enumerate(("1", "1", "0.083333", "0.083333", "0.083333", "0.1"), 1):
        paper = sheets.component(item, f"PK-{mark}-0{number}", 30, quantity, kind="packaging")
        part.begin.append(sheets.bought(paper, PLENTY, line))
    for turn in turns(part, scans):
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
