"""What stands on a run card (QR-7502) as a frozen value: heading, operations, nothing of how it looks.

It is filled from the plain values that the planning department hands over and knows no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labels.errors import LayoutFault, MissingFact

CLASSES = {"normal": ("", ""), "key": ("关键", "KEY"), "special": ("特殊", "SPECIAL")}


@dataclass(frozen=True)
class OperationRow:
    """One operation: number, kind, names, where, its process class (P7), whether a first article is due (P9)."""

    seq: int
    code: str
    name_zh: str
    name_en: str
    work_center: str
    process_class: str
    first_article: bool
    instruction: str = ""

    def __post_init__(self) -> None:
        """Raises LayoutFault for a process class that nobody could read off the card."""
        if self.process_class not in CLASSES:
            raise LayoutFault("run_card", f"the process class {self.process_class!a} is unknown")


@dataclass(frozen=True)
class MaterialRow:
    """One component to draw: at which operation, what, how much with its unit."""

    seq: int
    item: str
    name_zh: str
    quantity: str


@dataclass(frozen=True)
class RunCardSheet:
    """One run card as it is printed; `quantity` carries its unit, `plan` names plan line and revision."""

    card: str
    lot: str
    item: str
    name_zh: str
    name_en: str
    quantity: str
    plan: str
    order: str
    due: str
    revision: str
    operations: tuple[OperationRow, ...]
    materials: tuple[MaterialRow, ...] = field(default=())


def read_sheet(plain: Mapping[str, Any]) -> RunCardSheet:
    """The sheet in the plain values of `mes.planning.sheet`. Raises MissingFact."""
    texts = {name: _text(plain, name) for name in ("card", "lot", "item", "name_zh", "name_en", "quantity", "revision")}
    return RunCardSheet(
        **texts,
        plan=str(plain.get("plan", "")),
        order=str(plain.get("order", "")),
        due=str(plain.get("due_on", "")),
        operations=tuple(_operation(row) for row in _rows(plain, "operations")),
        materials=tuple(
            MaterialRow(int(_text(row, "seq")), _text(row, "item"), _text(row, "name_zh"), _text(row, "quantity"))
            for row in plain.get("materials", ())
        ),
    )


def _operation(row: Mapping[str, Any]) -> OperationRow:
    return OperationRow(
        seq=int(_text(row, "seq")),
        code=_text(row, "operation"),
        name_zh=_text(row, "name_zh"),
        name_en=_text(row, "name_en"),
        work_center=_text(row, "work_center"),
        process_class=_text(row, "process_class"),
        first_article=row.get("first_article") in ("yes", True),
        instruction=str(row.get("instruction") or ""),
    )


def _text(plain: Mapping[str, Any], name: str) -> str:
    if name not in plain:
        raise MissingFact("run_card", name)
    return str(plain[name])


def _rows(plain: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    if not plain.get(name):
        raise MissingFact("run_card", name)
    rows: Sequence[Mapping[str, Any]] = plain[name]
    return rows
