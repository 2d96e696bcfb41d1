"""The run card QR-7502: every operation has a code that scans, on paper and on receipt tape, and nothing is cut off."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from labels.errors import BadPayload, LayoutFault, MissingFact, TooNarrow
from labels.label import Label, Text
from labels.proof import prove
from labels.run_card import OperationRow, RunCardSheet, read_sheet, run_card_pages, run_card_pdf, run_card_receipt

Form = Callable[[RunCardSheet], tuple[Label, ...]]
CARD = "261201-ASA-01-8"
OURS = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCodeModel2]
)  # as scanners are set
KINDS = ("normal", "key", "special")
INSTRUCTION = "按装配图依次装入脱扣器、机构、灭弧室和接线端子；机构点油一处；合盖前确认软连接不压线。"


def operation(seq: int) -> OperationRow:
    kind = KINDS[seq // 10 % 3]
    return OperationRow(
        seq, "ASSY", "延时（热）校验", "Thermal (delay) calibration", "WC-CAL", kind, seq % 20 == 0, INSTRUCTION
    )


def sheet(operations: int) -> RunCardSheet:
    rows = tuple(operation(10 * (index + 1)) for index in range(operations))
    name = "小型断路器 DZ47-63 1P C16 6kA"
    return RunCardSheet(
        CARD,
        CARD,
        "FG-1P-C16",
        name,
        "Miniature circuit breaker DZ47-63 1P C16 6 kA",
        "1200 pcs",
        "2026-12 r1",
        "SO-2611-001",
        "2026-12-04",
        "1",
        rows,
    )


def wanted(card: RunCardSheet) -> set[str]:
    return {f"W{CARD}", *(f"3W{CARD}+{row.seq}" for row in card.operations)}


def texts(*labels: Label) -> str:
    return "\n".join(element.text for label in labels for element in label.elements if isinstance(element, Text))


def read(picture: Image.Image) -> set[str]:
    return {barcode.text for barcode in zxingcpp.read_barcodes(picture.convert("L"), formats=OURS)}


@pytest.mark.parametrize("operations", [1, 8, 9, 24])
def test_every_operation_scans_from_the_tape(operations: int) -> None:
    card = sheet(operations)
    tape = prove(run_card_receipt(card), 203)
    assert tape.image.width == 576
    assert set(tape.codes) == wanted(card)


@pytest.mark.needs("poppler")
@pytest.mark.parametrize(("operations", "pages"), [(1, 1), (8, 1), (9, 2), (24, 3)])
def test_every_operation_scans_from_the_printed_pdf(operations: int, pages: int, tmp_path: Path) -> None:
    card = sheet(operations)
    (tmp_path / "card.pdf").write_bytes(run_card_pdf(card))
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "card.pdf", "page"], cwd=tmp_path, check=True)  # noqa: S607
    pictures = [Image.open(path) for path in sorted(tmp_path.glob("page*.pgm"))]
    assert len(pictures) == pages
    assert all(f"W{CARD}" in read(picture) for picture in pictures)
    assert set().union(*map(read, pictures)) == wanted(card)


@pytest.mark.needs("poppler")
def test_the_pdf_holds_its_texts_as_text_in_an_embedded_subset(tmp_path: Path) -> None:
    content = run_card_pdf(sheet(3))
    assert len(content) < 200_000  # the whole font would be eight megabytes
    (tmp_path / "card.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "card.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True)  # noqa: S607
    assert all(word in done.stdout for word in ("流转单", "延时（热）校验", "小型断路器", "QR-7502", "操作者"))


def test_the_same_card_is_always_the_same_bytes() -> None:
    assert run_card_pdf(sheet(2)) == run_card_pdf(sheet(2))


@pytest.mark.parametrize("form", [run_card_pages, lambda card: (run_card_receipt(card),)], ids=["page", "tape"])
def test_key_and_special_processes_and_first_articles_are_marked(form: Form) -> None:
    for row, marks in ((operation(10), ("关键", "KEY")), (operation(20), ("特殊", "SPECIAL"))):
        shown = texts(*form(replace(sheet(1), operations=(row,))))
        assert all(mark in shown for mark in marks)
        assert ("首检" in shown) == row.first_article
    plain = texts(*form(replace(sheet(1), operations=(operation(30),))))
    assert "关键" not in plain
    assert "特殊" not in plain


@pytest.mark.parametrize("form", [run_card_pages, lambda card: (run_card_receipt(card),)], ids=["page", "tape"])
def test_everything_a_card_says_stands_on_it(form: Form) -> None:
    card = sheet(10)
    shown = "".join(texts(*form(card)).split())
    for text in (card.card, card.item, card.name_zh, card.name_en, card.quantity, card.plan, card.order, card.due):
        assert "".join(text.split()) in shown
    assert shown.count(INSTRUCTION) == 10


def test_a_card_with_a_wrong_check_character_is_not_printed() -> None:
    with pytest.raises(BadPayload, match="check character"):
        run_card_receipt(replace(sheet(1), card="261201-ASA-01-9"))


def test_a_name_with_a_character_that_the_font_lacks_is_printed_with_a_mark_in_its_place() -> None:
    rare, marked = (replace(sheet(1), name_zh=f"断路器{one}") for one in ("\U0001f600", "〓"))
    assert run_card_pdf(rare) == run_card_pdf(marked)


def test_receipt_paper_too_narrow_for_a_card_is_refused() -> None:
    with pytest.raises(TooNarrow, match="at least 72 mm"):
        run_card_receipt(sheet(1), 48)


def test_the_sheet_that_planning_hands_over_is_read() -> None:
    plain = {
        "card": CARD,
        "lot": CARD,
        "item": "FG-1P-C16",
        "name_zh": "断路器",
        "name_en": "Breaker",
        "quantity": "5 pcs",
        "revision": "1",
        "due_on": "2026-12-04",
        "order": "SO-1",
        "plan": "2026-12 r1",
        "code_card": f"W{CARD}",
        "operations": [
            {
                "seq": "10",
                "operation": "RIVT",
                "name_zh": "铆合",
                "name_en": "Riveting",
                "work_center": "WC-RIV",
                "process_class": "key",
                "first_article": "yes",
                "instruction": "",
                "code_operation": f"3W{CARD}+10",
            }
        ],
        "materials": [{"seq": "10", "item": "PT-SPL", "name_zh": "弹簧", "name_en": "Spring", "quantity": "10 pcs"}],
    }
    card = read_sheet(plain)
    assert card.operations[0] == OperationRow(10, "RIVT", "铆合", "Riveting", "WC-RIV", "key", True)
    assert card.due == "2026-12-04"
    assert card.materials[0].quantity == "10 pcs"
    for missing in ("card", "operations"):
        with pytest.raises(MissingFact, match=missing):
            read_sheet({name: value for name, value in plain.items() if name != missing})


def test_an_unknown_process_class_is_refused() -> None:
    with pytest.raises(LayoutFault, match="'secret'"):
        replace(operation(10), process_class="secret")
