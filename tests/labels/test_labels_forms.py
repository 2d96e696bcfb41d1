"""Forms on A4 and A5: every number in full, rows flow over pages, and each form's code leads back to its thing."""

import re
from typing import Any

import pytest
import zxingcpp

from labels import forms
from labels.code_sheet import EACH, Entry, code_sheet, code_sheet_pages
from labels.errors import MissingFact, TextDoesNotFit
from labels.label import Label, Text
from labels.proof import prove
from labels.rendering import render_run_card
from labels.run_card import run_card_labels
from mes.codes import CommandCode, parse
from tests.labels.test_labels_injection import judged_by
from tests.labels.test_labels_run_card import sheet

LOT = "261201-ASA-01-8"
CERTIFICATE: dict[str, Any] = {
    "item": "FG-1P-C16",
    "lot": LOT,
    "name_zh": "小型断路器 DZ47-63 1P C16 6kA",
    "name_en": "Miniature circuit breaker",
    "quantity": "1200 pcs",
    "revision": "3",
    "verdict": "合格 passed",
    "inspector": "3002 庚七",
    "inspected_on": "2026-12-03",
    "plant": "示例电器厂",
    "characteristics": [
        {
            "name": f"项目 {number}",
            "specification": "1 – 120 s",
            "measured": "14.2 – 63.5 s",
            "pieces": "20",
            "verdict": "合格 ok",
        }
        for number in range(1, 6)
    ],
}
PACKING: dict[str, Any] = {
    "customer": "C01 华北电气设备公司",
    "order": "SO-2611-001",
    "item": "FG-1P-C16",
    "name_zh": "小型断路器",
    "ordered": "12000 pcs",
    "cartons": "100",
    "total": "12000 pcs",
    "boxes": [{"container": f"01000000{number:02}P", "lot": LOT, "quantity": "120 pcs"} for number in range(100)],
}
CARD: dict[str, Any] = {
    "item": "PT-SPL",
    "uom": "pcs",
    "name_zh": "脱扣弹簧",
    "printed_at": "2026-12-03 16:20",
    "balance": "4000 pcs",
    "movements": [
        {
            "at": "2026-12-03 10:11",
            "event": "发料 issue",
            "lot": "S04-261012-A",
            "from": "ST-A03",
            "to": "LN-ASA",
            "out": "2000",
            "balance": "4000",
        }
    ],
}
FORMS = {
    "certificate": (forms.certificate, forms.certificate_pages, CERTIFICATE, f"1T{LOT}"),
    "packing_list": (forms.packing_list, forms.packing_list_pages, PACKING, "KSO-2611-001"),
    "material_card": (forms.material_card, forms.material_card_pages, CARD, "PPT-SPL"),
}


def texts(*pages: Label) -> str:
    return "\n".join(element.text for page in pages for element in page.elements if isinstance(element, Text))


@pytest.mark.parametrize("paper", ["A4", "A5"])
@pytest.mark.parametrize("form", FORMS)
def test_every_page_of_a_form_carries_the_code_of_its_thing(form: str, paper: Any) -> None:
    rendered, pages, plain, payload = FORMS[form]
    assert rendered(plain, paper).content.startswith(b"%PDF")
    for page in pages(plain, paper):
        assert prove(page, 300).codes == (payload,)


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_fact_of_a_form_is_refused_by_name(form: str) -> None:
    rendered, _, plain, _ = FORMS[form]
    with pytest.raises(MissingFact, match=f"{form} needs item"):
        rendered({**plain, "item": ""})


def test_a_hundred_cartons_flow_over_pages_and_each_stands_on_exactly_one() -> None:
    pages = forms.packing_list_pages(PACKING)
    assert len(pages) > 1
    shown = texts(*pages)
    assert all(shown.count(box["container"]) == 1 for box in PACKING["boxes"])
    assert re.findall(r"第 (\d+) 页", shown) == [str(number) for number in range(1, len(pages) + 1)]


@pytest.mark.parametrize("paper", ["A4", "A5"])
def test_a_packing_list_names_pallets_where_there_are_any(paper: Any) -> None:
    assert "Pallet" not in texts(*forms.packing_list_pages(PACKING, paper))
    first, *others = PACKING["boxes"]
    shown = texts(*forms.packing_list_pages(PACKING | {"boxes": [first | {"pallet": "0100000500Q"}, *others]}, paper))
    assert "Pallet" in shown
    assert shown.count("0100000500Q") == 1


def test_a_quantity_or_a_lot_on_a_form_is_never_cut() -> None:
    box = {"container": "0100000001P", "lot": "L" * 60, "quantity": "120 pcs"}
    with pytest.raises(TextDoesNotFit):
        forms.packing_list(PACKING | {"boxes": [box]})


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_printed_however_long_the_name_of_its_item_is(form: str) -> None:
    _, pages, plain, payload = FORMS[form]
    made = pages(
        {**plain, "name_zh": "小型断路器（客户三品牌手柄）" * 6, "name_en": "Circuit breaker, branded " * 9}, "A5"
    )
    assert payload in [code.payload for code in made[0].codes]
    assert plain["item"] in texts(*made)
    assert "…" in texts(*made)


def test_no_text_of_a_form_stands_on_another_or_over_the_edge() -> None:
    for _, pages, plain, _ in FORMS.values():
        for page in pages(plain, "A5"):
            for one in page.elements:
                if isinstance(one, Text):
                    assert 0 < one.baseline_mm < page.height_mm
                    assert 0 <= one.x_mm <= page.width_mm


def test_every_code_of_a_sheet_scans_as_it_however_many_pages_it_takes() -> None:
    entries = [
        Entry(CommandCode(f"WORD{number}"), "指令", f"Word {number}", "用途说明很长很长" * 4, "")
        for number in range(EACH + 3)
    ]
    pages = code_sheet_pages("指令卡", "Command sheet", entries)
    read = [
        parse(barcode.text) for page in pages for barcode in zxingcpp.read_barcodes(prove(page, 203).image.convert("L"))
    ]
    assert len(pages) == 2
    assert sorted(code.text for code in read) == sorted(one.code.text for one in entries)
    assert code_sheet("指令卡", "Command sheet", entries).content.startswith(b"%PDF")


@pytest.mark.parametrize("operations", [1, 4, 9, 24])
@pytest.mark.parametrize("dpi", [203, 300])
def test_every_operation_scans_from_the_labels_of_a_run_card(operations: int, dpi: int) -> None:
    card = sheet(operations)
    labels = run_card_labels(card)
    codes = [code for label in labels for code in prove(label, dpi).codes if code.startswith("3W")]
    assert codes == [f"3W{card.card}+{row.seq}" for row in card.operations]
    assert all((label.width_mm, label.height_mm) == (100, 150) for label in labels)
    assert all(card.quantity in texts(label) and card.item in texts(label) for label in labels)


def test_a_run_card_on_labels_is_one_job_of_several_labels() -> None:
    from devices.simulated.tspl import TsplPrinter
    from devices.simulated.zpl import ZplPrinter

    count = len(run_card_labels(sheet(9)))
    assert count == 3
    for printer, language in ((ZplPrinter(), "zpl"), (TsplPrinter(), "tspl")):
        printer.receive(render_run_card(sheet(9), language, 203, 100).content)  # type: ignore[arg-type]
        assert (printer.errors, len(printer.labels)) == ([], count)
    with pytest.raises((AssertionError, ValueError)):
        judged_by(ZplPrinter)(render_run_card(sheet(9), "zpl", 203, 100).content)
