"""The run card QR-7502 in its three forms: A5 pages as PDF, 100 × 150 mm labels, a tape of receipt paper.

All carry the card's W code and a 3W code for every operation, and all are proved before they leave.
"""

from labels.label import Label
from labels.pdf import to_pdf
from labels.proof import prove
from labels.run_card_label import labels as run_card_labels
from labels.run_card_page import pages as run_card_pages
from labels.run_card_tape import tape as run_card_receipt
from labels.sheet import MaterialRow, OperationRow, RunCardSheet, read_sheet

PROOF_DPI = 300

__all__ = [
    "MaterialRow",
    "OperationRow",
    "RunCardSheet",
    "read_sheet",
    "run_card_labels",
    "run_card_pages",
    "run_card_pdf",
    "run_card_receipt",
]


def run_card_pdf(card: RunCardSheet) -> bytes:
    """The A5 form as PDF, every page proved. Raises NotScannable, TextDoesNotFit, BadPayload."""
    pages: tuple[Label, ...] = run_card_pages(card)
    for page in pages:
        prove(page, PROOF_DPI)
    return to_pdf(*pages, title=f"QR-7502 {card.card}")
