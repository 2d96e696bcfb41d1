"""The one way from facts to a printer's bytes: compose, prove, translate. Whatever leaves here has been decoded first.

Pure functions: no printer, no file, no clock; the caller keeps the bytes with their sha256.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Literal

from labels import run_card_label
from labels.copying import mark_copy
from labels.drawing import draw, on_stock
from labels.label import Label
from labels.languages import stacked, to_escpos, to_png, to_tspl, to_zpl
from labels.layout import compose
from labels.pdf import to_pdf
from labels.plan import Layout
from labels.proof import Proof, prove
from labels.run_card import PROOF_DPI, run_card_labels, run_card_pages, run_card_receipt
from labels.sheet import RunCardSheet

Language = Literal["escpos", "zpl", "tspl", "png", "pdf"]
PRINT_WIDTH_MM = {58.0: 48.0, 80.0: 72.0}  # receipt paper is wider than its head: 384 and 576 dots


@dataclass(frozen=True)
class Rendered:
    """Bytes for a printer and their digest; how the piece looks on its stock is painted when somebody asks."""

    content: bytes
    sha256: str
    labels: tuple[Label, ...] = field(repr=False, compare=False)
    dpi: int = field(repr=False, compare=False)

    @cached_property
    def picture(self) -> bytes:
        """A PNG of the piece on its stock, in its true size; several pieces one below the other."""
        pictures = [on_stock(draw(label, self.dpi), label.stock, label.field, self.dpi) for label in self.labels]
        return to_png(stacked(pictures), self.dpi)


def render(
    layout: str | Layout,
    facts: Mapping[str, str],
    language: Language,
    dpi: int = 203,
    width_mm: float | None = None,
    *,
    copy: bool = False,
) -> Rendered:
    """One label, proved and translated. `width_mm` is the paper's width (receipt heads are narrower); `copy` marks it.

    Raises LabelError: UnknownLayout, TooNarrow, MissingFact, UnknownFact, TextDoesNotFit, BadPayload,
    NotScannable, TooWide.
    """
    return render_label(compose(layout, facts, _head_mm(width_mm, language)), language, dpi, copy=copy)


def render_label(label: Label, language: Language, dpi: int = 203, *, copy: bool = False) -> Rendered:
    """A composed label, proved and translated. Raises NotScannable, BadPayload, TooWide."""
    return render_labels([label], language, dpi, copy=copy)


def render_labels(labels: Sequence[Label], language: Language, dpi: int = 203, *, copy: bool = False) -> Rendered:
    """Labels of one job, each proved, one after the other. "png" shows them stacked. Raises as `render_label`."""
    if language == "pdf":
        return render_pages(labels, dpi, copy=copy)
    marked = [mark_copy(label) for label in labels] if copy else labels
    proofs = [prove(label, dpi) for label in marked]
    if language == "png":
        content = to_png(stacked([proof.image for proof in proofs]).convert("1"), dpi)
    else:
        content = b"".join(_translated(label, proof, language) for label, proof in zip(marked, proofs, strict=True))
    return _rendered(content, marked, dpi)


def render_run_card(
    card: RunCardSheet, language: Language, dpi: int = 203, width_mm: float | None = None, *, copy: bool = False
) -> Rendered:
    """The run card: A5 pages for "pdf", 100 × 150 mm labels where the paper is so wide, else a tape (default 80 mm).

    Raises NotScannable, TextDoesNotFit, BadPayload, TooWide.
    """
    if language == "pdf":
        return render_pages(run_card_pages(card), title=f"QR-7502 {card.card}", copy=copy)
    if language != "escpos" and width_mm is not None and width_mm >= run_card_label.WIDTH_MM:
        return render_labels(run_card_labels(card), language, dpi, copy=copy)
    return render_label(run_card_receipt(card, _head_mm(width_mm, "escpos")), language, dpi, copy=copy)


def render_pages(
    pages: Sequence[Label], dpi: int = PROOF_DPI, title: str = "Runcard", *, copy: bool = False
) -> Rendered:
    """A form of several pages as PDF, each page proved. Raises NotScannable, BadPayload."""
    marked = [mark_copy(page) for page in pages] if copy else pages
    for page in marked:
        prove(page, dpi)
    return _rendered(to_pdf(*marked, title=title), marked, dpi)


def _head_mm(paper_mm: float | None, language: Language) -> float | None:
    """The print width on this paper; receipt paper is 80 mm wide unless somebody says otherwise."""
    if language != "escpos":
        return paper_mm
    return PRINT_WIDTH_MM.get(paper_mm or 80.0, paper_mm)


def _rendered(content: bytes, labels: Sequence[Label], dpi: int) -> Rendered:
    return Rendered(content, sha256(content).hexdigest(), tuple(labels), dpi)


def _translated(label: Label, proof: Proof, language: Language) -> bytes:
    if language == "escpos":
        return to_escpos(proof.image)
    return to_zpl(proof.image) if language == "zpl" else to_tspl(proof.image, label.width_mm, label.height_mm)
