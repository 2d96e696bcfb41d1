"""From facts to a printer's bytes: always proved, always the same, in every language and for every paper."""

from hashlib import sha256
from io import BytesIO
from typing import get_args

import pytest
import zxingcpp
from PIL import Image

from labels.errors import NotScannable, TooNarrow, TooWide
from labels.label import Code128, Label
from labels.layout import compose, load, names, sample
from labels.rendering import Language, render, render_label, render_run_card
from labels.run_card import OperationRow, RunCardSheet
from labels.symbols import GS

CARD = "261201-ASA-01-8"
SHEET = RunCardSheet(
    CARD,
    CARD,
    "SA-TU-C16",
    "脱扣器",
    "Trip unit",
    "1200 pcs",
    "2026-12 r1",
    "",
    "",
    "1",
    (OperationRow(10, "RWLD", "电阻焊", "Resistance welding", "WC-WLD", "special", True),),
)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("layout", names())
def test_every_layout_is_rendered_in_every_language_with_a_picture_and_a_digest(
    layout: str, language: Language
) -> None:
    paper_mm = 100 if min(size.width_mm for size in load(layout).sizes) > 72 else 80
    if paper_mm == 100 and language == "escpos":
        with pytest.raises(TooNarrow):
            render(layout, sample(layout), language, 203, 80)
        return
    rendered = render(layout, sample(layout), language, 203, paper_mm)
    assert rendered.sha256 == sha256(rendered.content).hexdigest()
    with Image.open(BytesIO(rendered.picture)) as picture:
        codes = {barcode.bytes.decode() for barcode in zxingcpp.read_barcodes(picture.convert("L"))}
    label = compose(layout, sample(layout), 72 if paper_mm == 80 else 100)
    assert codes == {code.payload.removeprefix(GS) for code in label.codes}


def test_the_same_facts_are_always_the_same_bytes() -> None:
    for language in get_args(Language):
        assert render("scrap", sample("scrap"), language) == render("scrap", sample("scrap"), language)


@pytest.mark.parametrize(("paper_mm", "dots"), [(58, 384), (80, 576), (72, 576)])
def test_receipt_paper_is_wider_than_its_head(paper_mm: float, dots: int) -> None:
    job = render("location", sample("location"), "escpos", 203, paper_mm).content
    assert int.from_bytes(job[6:8], "little") * 8 == dots


def test_a_label_wider_than_a_receipt_head_is_refused_there() -> None:
    with pytest.raises(TooWide):
        render("accepted", sample("accepted"), "escpos", 203, 100)


def test_a_label_that_does_not_scan_is_never_translated() -> None:
    bad = Label(60, 30, "blue", (Code128(6, 5, 0.25, 12, "1J0100000012N"),))
    for language in get_args(Language):
        with pytest.raises(NotScannable):
            render_label(bad, language)


def test_a_run_card_is_a_form_as_pdf_and_a_tape_on_receipt_paper() -> None:
    assert render_run_card(SHEET, "pdf").content.startswith(b"%PDF")
    tape = render_run_card(SHEET, "escpos", 203, 80)
    assert tape.content.startswith(b"\x1b@\x1dv0\x00\x48\x00")
    with Image.open(BytesIO(tape.picture)) as picture:
        assert {barcode.text for barcode in zxingcpp.read_barcodes(picture.convert("L"))} == {
            f"W{CARD}",
            f"3W{CARD}+10",
        }
