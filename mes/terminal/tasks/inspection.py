"""The kiosk: what is scanned opens its inspection on the screen; measuring and signing happen there (P9, P10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mes import codes
from mes.masters.model import Equipment, Item, Location
from mes.production.model import RunCard
from mes.quality.pointing import pointed_at
from mes.refusals import UnknownCode, refuse
from mes.terminal.floor import Floor
from mes.terminal.reply import Answer
from mes.terminal.task import Meaning, Spoken, Step, Task
from mes.words import Words

OPENED = Words("检验：流转单 {card}（{item}）", "Inspection: run card {card} ({item})")
SHOWN = Words("检验：{what}", "Inspection: {what}")
GAUGE = Words(
    "量具/设备 {code} {zh}：打开检验后用于所列项目", "Gauge {code} {en}: it serves the inspection that is open"
)


@dataclass(frozen=True)
class Inspection(Task):
    """The station's own task at a kiosk: the operation that was scanned, and the code whose inspections are shown."""

    operation: str | None = None
    opened: str | None = None

    name = "inspection"
    words = Words("检验", "Inspection")

    @property
    def expects(self) -> Words:
        """Whatever has an inspection."""
        return Words(
            "请扫流转单、批次、料箱或外箱标签、物料或库位，在屏幕上录入并签字",
            "Scan a run card, a lot, the label of a box or carton, an item or a place; record and sign on the screen",
        )

    def takes(self) -> Mapping[type, Meaning]:
        """Everything that stands on a label of goods, work or a gauge."""
        goods = (codes.LotCode, codes.LabelCode, codes.ContainerCode, codes.Gs1)
        return {
            codes.RunCardCode: self.show,
            codes.OperationCode: self.show,
            **dict.fromkeys(goods, self.point),
            codes.ItemCode: self.list_item,
            codes.LocationCode: self.list_place,
            codes.EquipmentCode: self.name_gauge,
        }

    def hears(self) -> tuple[Spoken, ...]:
        """No word: the screen has its own buttons."""
        return ()

    @property
    def shows(self) -> str | None:
        """The operation that was scanned."""
        return self.operation

    def show(self, floor: Floor, code: codes.OperationCode | codes.RunCardCode) -> Step:
        """A run card or one of its operations: its inspection opens."""
        card = floor.find(RunCard.code, code.card)
        seq = f"+{code.seq}" if isinstance(code, codes.OperationCode) else ""
        words = OPENED.said(card=card.code, item=card.item.code)
        return Step(Answer(words), self.but(operation=f"{card.code}{seq}", opened=codes.encode(code)))

    def point(self, floor: Floor, code: codes.Code) -> Step:
        """A lot, or a label: what waits of the goods opens; raises `UnknownCode` for what marks nothing here."""
        found = pointed_at(floor.session, code)
        if not found:
            raise refuse(UnknownCode(text=floor.text))
        return self._opens(code, "、".join(sorted(found.names)))

    def list_item(self, floor: Floor, code: codes.ItemCode) -> Step:
        """An item: what waits of it."""
        return self._opens(code, floor.find(Item.code, code.item).code)

    def list_place(self, floor: Floor, code: codes.LocationCode) -> Step:
        """A place: what waits there."""
        return self._opens(code, floor.find(Location.code, code.location).code)

    def name_gauge(self, floor: Floor, code: codes.EquipmentCode) -> Step:
        """A gauge: the page notes it where the open inspection lists it."""
        gauge = floor.find(Equipment.code, code.equipment)
        return Step(Answer(GAUGE.said(code=gauge.code, zh=gauge.name_zh, en=gauge.name_en)), self)

    def _opens(self, code: codes.Code, what: str) -> Step:
        return Step(Answer(SHOWN.said(what=what)), self.but(operation=None, opened=codes.encode(code)))
