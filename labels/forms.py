"""The forms of finished goods and the store as PDF: certificate of conformity, packing list, material card (P20, P22).

Each is filled from plain values that the departments hand over; nothing here looks anything up or judges.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from labels.errors import MissingFact
from labels.form import Column, Form, Paper, pages
from labels.label import Label
from labels.payloads import written
from labels.rendering import Rendered, render_pages
from mes.codes import ItemCode, LotCode, OrderCode

Plain = Mapping[str, Any]


def certificate(plain: Plain, paper: Paper = "A5") -> Rendered:
    """合格证 of a lot, from the values of `mes.quality.certificate`. Raises LabelError."""
    return _printed("certificate", certificate_pages(plain, paper), plain, "lot")


def packing_list(plain: Plain, paper: Paper = "A4") -> Rendered:
    """装箱单: the cartons of an order, in the values of `mes.shipping.packing_list`. Raises LabelError."""
    return _printed("packing_list", packing_list_pages(plain, paper), plain, "order")


def material_card(plain: Plain, paper: Paper = "A5") -> Rendered:
    """材料卡: what lies where and its last movements, as `mes.warehouse.material_card` has them. Raises LabelError."""
    return _printed("material_card", material_card_pages(plain, paper), plain, "item")


def _printed(kind: str, made: tuple[Label, ...], plain: Plain, key: str) -> Rendered:
    return render_pages(made, title=f"{kind} {plain[key]}")


def certificate_pages(plain: Plain, paper: Paper = "A5") -> tuple[Label, ...]:
    """The pages of a certificate. Raises MissingFact, TextDoesNotFit, BadPayload."""
    text = _Texts("certificate", plain)
    facts = (
        ("物料", "Item", text["item"]),
        ("批次", "Lot", text["lot"]),
        ("名称", "Name", text["name_zh"]),
        ("数量", "Qty", text["quantity"]),
        ("", "", text.get("name_en")),
        ("工艺", "Rev.", text.get("revision")),
        ("判定", "Verdict", text["verdict"]),
        ("检验员", "Inspector", text["inspector"]),
        ("日期", "Date", text["inspected_on"]),
        ("制造", "Maker", text.get("plant")),
    )
    columns = (
        Column(5, "检验项目", "Characteristic", cut=True),
        Column(3, "要求", "Specification"),
        Column(3, "实测", "Measured"),
        Column(1.4, "件数", "Pieces", "right"),
        Column(1.6, "判定", "Verdict", "centre"),
    )
    rows = text.rows("characteristics", ("name", "specification", "measured", "pieces", "verdict"))
    statement = (
        "本批产品经检验符合要求，准予出厂。",
        "This batch has been inspected, conforms and is released for delivery.",
    )
    signatures = (("检验员", "Inspector"), ("质量负责人", "Quality"), ("日期", "Date"))
    form = Form(
        "合格证",
        "CERTIFICATE OF CONFORMITY",
        text["lot"],
        written(LotCode(text["lot"])),
        facts,
        columns,
        rows,
        statement,
        signatures,
    )
    return pages(form, paper)


def packing_list_pages(plain: Plain, paper: Paper = "A4") -> tuple[Label, ...]:
    """The pages of a packing list. Raises MissingFact, TextDoesNotFit, BadPayload."""
    text = _Texts("packing_list", plain)
    facts = (
        ("客户", "Customer", text["customer"]),
        ("订单", "Order", text["order"]),
        ("地址", "Address", text.get("address")),
        ("物料", "Item", text["item"]),
        ("名称", "Name", text["name_zh"]),
        ("订货", "Ordered", text["ordered"]),
        ("箱数", "Cartons", text["cartons"]),
        ("合计", "Total", text["total"]),
        ("批次", "Lots", text.get("lots")),
        ("状态", "State", text.get("state")),
    )
    on_pallets = any(pallet for (pallet,) in text.rows("boxes", ("pallet",)))
    columns = (
        Column(0.8, "序", "No.", "right"),
        Column(3, "箱号", "Carton"),
        Column(3.4, "SSCC", "SSCC"),
        *((Column(3, "托盘", "Pallet"),) if on_pallets else ()),
        Column(3.2, "批次", "Lot"),
        Column(2, "数量", "Quantity", "right"),
        Column(1.2, "核对", "Checked"),
    )
    cells = ("container", "sscc", *(("pallet",) if on_pallets else ()), "lot", "quantity")
    boxes = text.rows("boxes", cells)
    rows = tuple((str(number), *box, "") for number, box in enumerate(boxes, 1))
    statement = (
        "合格证、外观、附件与文件已按本单核对。",
        "Certificate, appearance, accessories and documents were checked.",
    )
    signatures = (("装箱", "Packed"), ("复核", "Checked"), ("发运", "Shipped"), ("日期", "Date"))
    form = Form(
        "装箱单",
        "PACKING LIST",
        text["order"],
        written(OrderCode(text["order"])),
        facts,
        columns,
        rows,
        statement,
        signatures,
    )
    return pages(form, paper)


def material_card_pages(plain: Plain, paper: Paper = "A5") -> tuple[Label, ...]:
    """The pages of a material card. Raises MissingFact, TextDoesNotFit, BadPayload."""
    text = _Texts("material_card", plain)
    facts = (
        ("物料", "Item", text["item"]),
        ("单位", "Unit", text["uom"]),
        ("名称", "Name", text["name_zh"]),
        ("发料", "Issue", text.get("issue_rule")),
        ("", "", text.get("name_en")),
        ("打印", "Printed", text["printed_at"]),
        ("结存", "Balance", text["balance"]),
        ("库位", "Places", text.get("places")),
    )
    columns = (
        Column(2.6, "时间", "When"),
        Column(2.8, "单据", "Event", cut=True),
        Column(2.8, "批次", "Lot"),
        Column(2.8, "从", "From", cut=True),
        Column(2.8, "到", "To", cut=True),
        Column(1.7, "收", "In", "right"),
        Column(1.7, "发", "Out", "right"),
        Column(1.9, "结存", "Balance", "right"),
    )
    rows = text.rows("movements", ("at", "event", "lot", "from", "to", "in", "out", "balance"))
    form = Form(
        "材料卡",
        "MATERIAL CARD",
        text["item"],
        written(ItemCode(text["item"])),
        facts,
        columns,
        rows,
        signatures=(("仓管员", "Storekeeper"), ("盘点", "Counted"), ("日期", "Date")),
    )
    return pages(form, paper)


class _Texts:
    """The plain values of one form as texts; what it must have and has not is refused by name."""

    def __init__(self, form: str, plain: Plain) -> None:
        self.form, self.plain = form, plain

    def __getitem__(self, name: str) -> str:
        if self.plain.get(name) in (None, ""):
            raise MissingFact(self.form, name)
        return str(self.plain[name])

    def get(self, name: str) -> str:
        return str(self.plain.get(name) or "")

    def rows(self, name: str, cells: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(str(row.get(cell) or "") for cell in cells) for row in self.plain.get(name, ()))
