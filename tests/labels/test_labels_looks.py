"""How labels look: every packaged layout at every size, with few and with endless texts, original and copy.

Nothing leaves the paper, stands on another or on the white field; what people act on stays large; nothing is refused
because a text is long.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import combinations

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from labels import layout, typeface
from labels.copying import mark_copy
from labels.drawing import draw, in_light, left_of, on_stock, pattern_picture
from labels.errors import NotScannable
from labels.imager import worn
from labels.label import Area, Box, Code128, Label, Pattern, PatternKind, Qr, Text
from labels.proof import prove
from labels.run_card import OperationRow, RunCardSheet, run_card_labels, run_card_pages, run_card_receipt
from labels.symbols import GS, QUIET_MODULES, matrix, symbology
from mes.codes import label_serial

STATUSES = ("pending", "accepted", "awaiting_decision", "nonconforming", "scrap")
ZH = "小型断路器（客户三品牌手柄，带辅助触头与报警触头）"
EN = " Miniature circuit breaker, branded handle, with auxiliary and alarm contacts"
LONG_CODE = "FG-1P-C16-CUST3-XL20"
LONGEST = {
    "serial": label_serial(99, 99_999_998),
    "container": label_serial(99, 99_999_999),
    "count": "99999999",
    "quantity": "999999999 只 pcs",
    "quantities": "1 20 500 24000 999999999",
    "number": "999999999",
    "lot": "261201-CAL-104-X",
    "order": "SO-2611-000123456789",
    "cartons": "9999 箱 cartons",
    "inspector": "30020045 欧阳镕喆·阿卜杜拉",
    "marked_at": "2026-12-01 16:20",
    "received_on": "2026-10-12",
    "expires_on": "2027-04-10",
    "packed_on": "2026-12-03",
    "document": "返工 NC-261201-0033",
    "badge": "30020045",
    "word": "WRONGASSEMBLY",
    "colour_zh": "黄色",
    "colour_en": "YELLOW",
    "width": "100",
    "height": "150",
    "uom": "pcs",
    "sscc": "095212340000000013",
    "gtin": "09521234567813",
    "supplier": "S02 " + ZH + EN,
    "customer": "C01 " + ZH + EN,
    "item": LONG_CODE,
    "location": "ST-QUARANTINE-A03-12",
    "equipment": "EQ-THERMAL-CAL-BEN01",
    "printer": "PR-QC-FINAL-LINE-001",
    "work_center": "WC-CALIBRATION-12",
    "contents": "FG-1P-C16-CUST3-XL20 261201-ASA-01-8 1200 pcs, " * 6,
    "issue_rule": "先到期先出 FEFO",
}
CODED = ("accepted", "carton", "pallet", "carton_gs1", "pallet_gs1", "handling_unit", "location", "equipment")
SIZES = [(name, size.width_mm) for name in layout.names() for size in layout.load(name).sizes]


def longest(name: str) -> dict[str, str]:
    """Every fact as long as a plant would make it; prose is longer than any paper."""
    facts = {**LONGEST, "name_zh": ZH * 3, "name_en": EN * 2}
    return {fact.name: facts.get(fact.name, ZH * 3 + EN * 2) for fact in layout.facts_of(name)}


def required(name: str) -> dict[str, str]:
    return {fact.name: fact.sample for fact in layout.facts_of(name) if fact.required}


def every_label(name: str, width_mm: float) -> Iterator[Label]:
    for facts in (required(name), layout.sample(name), longest(name)):
        label = layout.compose(name, facts, width_mm)
        yield from (label, mark_copy(label))


@cache
def heights(text: str) -> tuple[float, float]:
    """How far letters reach above and below the baseline, in ems."""
    _, top, _, bottom = typeface.face(200).getbbox(text, anchor="ls")
    return -top / 200, bottom / 200


def ink(text: Text) -> Area:
    """The paper that a line of text blackens."""
    above, below = (text.size_mm * height for height in heights(text.text))
    return Area(left_of(text), text.baseline_mm - above, typeface.width_mm(text.text, text.size_mm), above + below)


def code_area(code: Code128 | Qr) -> Area:
    rows, quiet = matrix(code), QUIET_MODULES[symbology(code)] * code.module_mm
    side = len(rows[0]) * code.module_mm
    if isinstance(code, Code128):
        return Area(code.x_mm - quiet, code.y_mm, side + 2 * quiet, code.height_mm)
    return Area(code.x_mm - quiet, code.y_mm - quiet, side + 2 * quiet, side + 2 * quiet)


def meet(one: Area, other: Area) -> bool:
    return (
        min(one.right_mm, other.right_mm) - max(one.x_mm, other.x_mm) > 0.01
        and min(one.bottom_mm, other.bottom_mm) - max(one.y_mm, other.y_mm) > 0.01
    )


def inside(one: Area, other: Area) -> bool:
    return (
        other.x_mm <= one.x_mm
        and one.right_mm <= other.right_mm
        and other.y_mm <= one.y_mm
        and one.bottom_mm <= other.bottom_mm
    )


def faults(label: Label) -> Iterator[str]:
    """Whatever stands where it must not."""
    paper = Area(0, 0, label.width_mm, label.height_mm)
    texts = [element for element in label.elements if isinstance(element, Text)]
    codes = [code_area(code) for code in label.codes]
    boxes = [element for element in label.elements if isinstance(element, Box)]
    black = [one.area for one in boxes if one.ink == "black"]
    black += [element.area for element in label.elements if isinstance(element, Pattern)]
    white = [one.area for one in boxes if one.ink == "paper"]
    for text in texts:
        area = ink(text)
        if area.x_mm < 0.5 or area.right_mm > paper.right_mm - 0.5 or area.bottom_mm > paper.bottom_mm:
            yield f"{text.text} leaves the paper"
        if any(meet(area, code) for code in codes):
            yield f"{text.text} stands in a code"
        on_white = any(inside(area, box) for box in white)
        if text.ink == "black" and not on_white and any(meet(area, box) for box in black):
            yield f"{text.text} stands on black"
        if text.ink == "paper" and (on_white or not any(inside(area, box) for box in black)):
            yield f"{text.text} is white on white"
        if label.field and label.field.y_mm < area.bottom_mm and area.y_mm < min(code.y_mm for code in label.codes):
            yield f"{text.text} runs into the white field"
    for one, other in combinations(texts, 2):
        if meet(ink(one), ink(other)):
            yield f"{one.text} and {other.text} meet"


@pytest.mark.parametrize(("name", "width_mm"), SIZES)
def test_nothing_stands_on_another_or_leaves_its_place_however_long_the_texts(name: str, width_mm: float) -> None:
    for label in every_label(name, width_mm):
        assert list(faults(label)) == []


@pytest.mark.parametrize("lot", ["261201-CAL-04-X", "261201-WELD1234-01-AB-3"])
@pytest.mark.parametrize(("name", "width_mm"), [size for size in SIZES if size[0] in CODED])
def test_codes_of_real_lengths_are_read_in_twelve_of_twelve_poor_shots(name: str, width_mm: float, lot: str) -> None:
    """A split batch and a long item: 150 dpi, blur 0.7, noise 10, turned up to four degrees either way."""
    facts = {**longest(name), **({"lot": lot} if "lot" in layout.sample(name) else {})}
    label = layout.compose(name, facts, width_mm)
    seen = in_light(draw(label, 203), label.stock, label.field, red=label.stock != "red")
    wanted = {code.payload.removeprefix(GS) for code in label.codes}
    assert wanted
    for shot in range(12):
        read = zxingcpp.read_barcodes(worn(seen, 203, turned=shot * 8 / 11 - 4, shot=shot))
        assert {one.bytes.decode() for one in read} >= wanted, shot


@pytest.mark.parametrize("status", STATUSES)
def test_lot_and_quantity_are_read_from_two_metres(status: str) -> None:
    """Seven to eight millimetres where the paper is wide enough for the batch."""
    facts = {**layout.sample(status), "expires_on": "", "owner": ""}
    for width_mm, least in ((100, 7.0), (72, 6.5)):
        label = layout.compose(status, facts, width_mm)
        sizes = {text.text: text.size_mm for text in label.elements if isinstance(text, Text)}
        assert min(sizes[facts["lot"]], sizes[facts["quantity"]]) >= least
        assert sizes[facts["lot"]] <= 8.0


@pytest.mark.parametrize(("name", "width_mm"), SIZES)
def test_the_longest_texts_a_plant_has_still_make_a_label_that_scans(name: str, width_mm: float) -> None:
    prove(mark_copy(layout.compose(name, longest(name), width_mm)), 203)


@given(
    reason=st.text(alphabet="外壳裂 crackedbase，。", max_size=200),
    name_zh=st.text(alphabet="小型断路器 C16（）-", min_size=1, max_size=120),
    operation=st.text(alphabet="70 成品检验 Final", max_size=120),
    place=st.sampled_from([(status, width) for status in STATUSES for width in (100, 72, 48)]),
)
@settings(max_examples=60, deadline=None)
def test_no_status_label_is_refused_for_long_prose(
    reason: str, name_zh: str, operation: str, place: tuple[str, float]
) -> None:
    status, width_mm = place
    facts = {**layout.sample(status), "reason": reason, "name_zh": name_zh or "x", "operation": operation}
    facts["name_zh"] = facts["name_zh"].strip() or "x"
    assert list(faults(layout.compose(status, facts, width_mm))) == []


def test_rows_end_above_the_white_field_however_high_it_is() -> None:
    size = "[[size]]\nwidth_mm = 72\nheight_mm = 90\nword_mm = 12\ntext_mm = 3.8\nsmallest_mm = 2.4\nedge_mm = 6\n"
    ours = layout.parse("ours", f'base = "scrap"\n{size}field = [0, 40, 72, 50]\n')
    assert list(faults(layout.compose(ours, longest("scrap")))) == []


@pytest.mark.parametrize("width_mm", [100, 72, 48])
@pytest.mark.parametrize("status", STATUSES)
def test_lot_and_quantity_stay_larger_than_everything_but_the_word(status: str, width_mm: float) -> None:
    facts = longest(status)
    label = layout.compose(status, facts, width_mm)
    sizes = {element.text: element.size_mm for element in label.elements if isinstance(element, Text)}
    acted_on = [sizes.pop(facts["lot"]), sizes.pop(facts["quantity"])]
    prose = [size for text, size in sizes.items() if text.startswith(("物料", "70", "返工", facts["item"]))]
    assert min(acted_on) >= 1.3 * max(prose)
    assert min(prose) >= 0.84 * 2.0  # a caption beside the smallest text


@pytest.mark.parametrize("form", [run_card_pages, run_card_labels, lambda card: (run_card_receipt(card),)])
def test_a_run_card_with_the_longest_names_is_printed_and_nothing_on_it_stands_on_another(
    form: Callable[[RunCardSheet], tuple[Label, ...]],
) -> None:
    kinds = ("key", "special", "normal")
    rows = (
        OperationRow(10 * seq, "RCAL", ZH * 2, EN * 2, "WC-THERMAL-CALIBR-01", kinds[seq % 3], True, ZH * 9)
        for seq in range(1, 10)
    )
    card = RunCardSheet(
        "261201-ASA-01-8",
        "261201-ASA-01-8",
        LONG_CODE,
        ZH * 3,
        EN * 2,
        "999999999 只 pcs",
        "2026-12 r12 line 120",
        "SO-2611-0001234",
        "2026-12-24",
        "12",
        tuple(rows),
    )
    for label in form(card):
        assert list(faults(label)) == []
        prove(label, 300)


@pytest.mark.parametrize(("name", "width_mm"), [("equipment", 48), ("location", 72), ("material_card", 48)])
def test_a_code_too_long_for_bars_stands_as_a_qr_code_with_what_it_says(name: str, width_mm: float) -> None:
    label = layout.compose(name, longest(name), width_mm)
    (code,) = label.codes
    assert isinstance(code, Qr)
    assert code.payload in "".join(element.text for element in label.elements if isinstance(element, Text))


def test_a_carriers_code_is_bars_of_full_size_or_left_to_the_qr_code() -> None:
    facts: Mapping[str, str] = {**layout.sample("pallet_gs1"), "count": "24000"}
    label = layout.compose("pallet_gs1", facts)
    bars = [code.payload for code in label.codes if isinstance(code, Code128)]
    assert not any(payload.startswith(GS + "02") for payload in bars)
    assert GS + "00" + facts["sscc"] in bars
    assert any("37=024000" in code.payload for code in label.codes)
    text = layout.text_of("pallet_gs1").replace("width_mm = 100", "width_mm = 80")
    with pytest.raises(NotScannable, match="too small for modules"):
        layout.compose(layout.parse("ours", text), facts)


def test_the_edges_of_the_statuses_differ_in_grey_light() -> None:
    kinds: tuple[PatternKind, ...] = ("solid", "diagonal", "cross", "ladder", "rule")
    made = [pattern_picture(Pattern(Area(0, 0, 7, 70), kind), 8.0, (56, 560)).convert("L") for kind in kinds]
    for one, other in combinations(made, 2):
        different = ImageChops.difference(one, other).histogram()[255]
        assert different > 0.2 * 56 * 560


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_word_stands_out_in_grey_light(status: str) -> None:
    label = layout.compose(status, layout.sample(status))
    grey = on_stock(draw(label, 203), label.stock, label.field).convert("L")
    levels = grey.crop((60, 0, 800, 120)).getextrema()
    assert levels[1] - levels[0] > 60  # of 255


@pytest.mark.parametrize("name", layout.names())
def test_a_scanners_light_sees_what_the_coloured_picture_shows(name: str) -> None:
    label = layout.compose(name, layout.sample(name))
    image = draw(label, 203)
    coloured = on_stock(image, label.stock, label.field)
    red, white = (in_light(image, label.stock, label.field, red=red) for red in (True, False))
    assert red.tobytes() == coloured.getchannel("R").tobytes()
    assert white.tobytes() == coloured.convert("L").tobytes()
