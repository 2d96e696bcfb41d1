"""PDFs: the font is read once for many of them, from any thread, and a document is the same whatever came before it."""

from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from labels import embedding, pdf
from labels.embedding import CutFont
from labels.label import Label, Text
from labels.layout import compose, sample


def characters_in(font: bytes) -> set[str]:
    with TTFont(BytesIO(font)) as opened:
        return set(map(chr, opened.getBestCmap()))


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[Set[str]]:
    """What the font was cut to, each time it was read from its file."""
    made: list[Set[str]] = []
    cut = embedding._cut

    def counted(characters: Set[str]) -> bytes:
        made.append(characters)
        return cut(characters)

    monkeypatch.setattr(embedding, "_cut", counted)
    monkeypatch.setattr(pdf, "_FONT", CutFont())
    return made


def test_the_font_is_read_again_only_for_a_character_that_is_new(cuts: list[Set[str]]) -> None:
    for text in ("合格", "合格 ACCEPTED 597", "格合", "不合格", "合格"):
        pdf.to_pdf(Label(50, 20, "white", (Text(2, 10, 4, text),)))
    assert [set("合格不") & made for made in cuts] == [set("合格"), set("合格不")]


def test_a_document_is_the_same_whatever_was_printed_before_it(cuts: list[Set[str]]) -> None:
    label = compose("carton", sample("carton"))
    first = pdf.to_pdf(label)
    for name in ("scrap", "location", "badge"):
        pdf.to_pdf(compose(name, sample(name)))
    assert len(cuts) == 4
    assert pdf.to_pdf(label) == first


def test_every_thread_gets_a_font_with_its_characters(cuts: list[Set[str]]) -> None:
    font, texts = CutFont(), [frozenset("断路器合格"[:length]) for length in range(1, 6)] * 3
    with ThreadPoolExecutor(8) as threads:
        fonts = list(threads.map(font.holding, texts))
    assert all(text <= characters_in(made) for text, made in zip(texts, fonts, strict=True))
    assert len(cuts) <= 5
