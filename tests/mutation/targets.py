"""Which rules are worth the hours, and which test files are there to guard each of them."""

from __future__ import annotations

MES, DEVICES, LABELS = "tests/mes/test_", "tests/devices/test_", "tests/labels/test_labels_"
STOCK = [f"{MES}{name}.py" for name in ("fifo", "ledger", "stock_issuing", "stock_storing", "shipping")]
GATES = [f"{MES}gates.py"]
DRAWING = [f"{MES}production_drawing.py", f"{MES}production_reporting.py"]
QUALITY = [f"{MES}quality_{name}.py" for name in ("statuses", "commands", "dispositions", "limits")]
CODES = [f"{MES}{name}.py" for name in ("codes", "codes_gs1", "codes_issued")]
QUEUE = [f"{MES}print_queue.py", f"{MES}labels.py", f"{MES}paper.py"]
WALKING = [f"{MES}genealogy.py", f"{MES}trace.py"]
WIRES = [f"{DEVICES}{name}.py" for name in ("framing", "journal")]
PROOF = [f"{LABELS}{name}.py" for name in ("proof", "checking")]

TARGETS: dict[str, list[str]] = {
    "mes.stock.fifo": STOCK,
    "mes.stock.ledger": STOCK,
    "mes.stock.status": [f"{MES}ledger.py", f"{MES}quality_statuses.py"],
    "mes.labelling.print_queue": QUEUE,
    "mes.packing.gs1": [f"{MES}stock_gs1.py"],
    "mes.production.gates": GATES,
    "mes.production.drawing": DRAWING,
    "mes.quality.final": QUALITY,
    "mes.quality.judging": QUALITY,
    "mes.quality.disposing": QUALITY,
    "mes.quality.regrading": QUALITY,
    "mes.quality.limits": QUALITY,
    "mes.codes": CODES,
    "mes.codes.check": CODES,
    "mes.codes.gs1": CODES,
    "mes.codes.kinds": CODES,
    "mes.codes.plain": CODES,
    "mes.codes.reading": CODES,
    "mes.trace.genealogy": WALKING,
    "mes.trace.tracing": WALKING,
    "mes.trace.walking": WALKING,
    "devices.framing": WIRES,
    "devices.appendlog": WIRES,
    "devices.journal": WIRES,
    "labels.proof": PROOF,
}
