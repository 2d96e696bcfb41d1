"""Line work: machine, run card, boxes that are opened, pieces that are reported, the end of an operation (F2, F3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from mes import codes
from mes.masters.model import Equipment
from mes.production.model import RunCard
from mes.refusals import UnknownCode, refuse
from mes.terminal import lists, undoing
from mes.terminal.floor import Box, Floor, unit_of
from mes.terminal.lists import Here, Listing
from mes.terminal.refusals import CardFirst
from mes.terminal.reply import Answer, done
from mes.terminal.task import Meaning, Spoken, Step, Task, Twice
from mes.words import Words

MACHINE = Words("设备 {code} {zh}", "Machine {code} {en}")
TAKEN_UP = Words("流转单 {card} 工序 {seq}", "Run card {card} operation {seq}")
FINISH = Words("完工", "Finish")
TAKE_BACK = Words("撤回上次报工", "Take back the last report")
GIVE_BACK = Words("退回开工", "Give the start back")
ENDS_SHORT = Words(
    "{operation} 还缺 {missing}。确定少做完工，请再扫一次「完工」；否则请先报工",
    "{missing} are missing at {operation}. To finish short scan FINISH once more; else report them first",
)
TAKES_BACK = Words(
    "将撤回 {operation} 上次报工：良品 {good}，不良 {bad}，用料 {lots} 批退回料箱。确定请再扫一次「撤回」",
    "Takes back at {operation}: good {good}, bad {bad}, material of {lots} lots. If you mean it scan it once more",
)
AT_WORK = ("setup", "running")
HOW_MANY_GOOD = Words("良品数量", "How many are good")


@dataclass(frozen=True)
class LineWork(Task):
    """The station's own task at a line: the operation of a run card that is in hand."""

    operation: str | None = None

    name = "line"
    words = Words("生产", "Line work")
    near: ClassVar[tuple[str, ...]] = ("BAD",)

    @property
    def expects(self) -> Words:
        """A run card, then quantities until it is finished."""
        if self.operation is None:
            return Words("请扫流转单工序码，或扫料箱上料", "Scan the operation on the run card, or a box to load")
        return Words(
            "请扫数量报工（不良先扫原因），完工扫「完工」", "Scan a quantity (bad: reason first); scan FINISH when done"
        )

    def takes(self) -> Mapping[type, Meaning]:
        """Machine, card, boxes of material, good pieces."""
        return {
            codes.EquipmentCode: self.choose_machine,
            codes.RunCardCode: self.take_card,
            codes.OperationCode: self.take_operation,
            codes.LabelCode: self.load_box,
            codes.CardCode: self.load_box,
            codes.LotCode: self.load_box,
            codes.QuantityCode: self.report_good,
        }

    def hears(self) -> tuple[Spoken, ...]:
        """FINISH ends the operation in hand; the last report and the start may be undone."""
        working = self.operation is not None
        return (
            Spoken("FINISH", FINISH, self.finish, offered=working, twice=Twice.NOTHING),
            Spoken("TAKEBACK", TAKE_BACK, self.take_back, offered=working, twice=Twice.ASKS),
            Spoken("GIVEBACK", GIVE_BACK, self.give_back, offered=working, twice=Twice.NOTHING),
        )

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """Cards that wait here, machines, boxes that lie here unopened."""
        return (lists.cards_here(here), lists.machines_here(here), lists.boxes_to_load(here))

    @property
    def pad(self) -> Words | None:
        """Good pieces of the operation in hand."""
        return HOW_MANY_GOOD if self.operation else None

    @property
    def shows(self) -> str | None:
        """The operation in hand."""
        return self.operation

    def choose_machine(self, floor: Floor, code: codes.EquipmentCode) -> Step:
        """A machine: the operation in hand goes on on it, or else the work that is taken up next is done on it."""
        machine = floor.find(Equipment.code, code.equipment)
        said = Answer(MACHINE.said(zh=machine.name_zh, en=machine.name_en, code=machine.code))
        if self.operation and floor.operation(self.operation).state in AT_WORK:
            floor.ask("production:resume", operation=self.operation, equipment=machine.code)
        floor.talk = floor.talk.but(machine=machine.code)
        return Step(said, self)

    def take_card(self, floor: Floor, code: codes.RunCardCode) -> Step:
        """A run card alone: its next unfinished operation at this work centre."""
        card = floor.find(RunCard.code, code.card)
        center = floor.station.work_center_id
        here = [one for one in card.operations if one.operation.work_center_id == center]
        unfinished = [one for one in here if one.state != "finished"] or here
        if not unfinished:
            raise floor.not_expected()
        return self.take_operation(floor, codes.OperationCode(card.code, unfinished[0].seq))

    def take_operation(self, floor: Floor, code: codes.OperationCode) -> Step:
        """An operation on a run card: start it when it waits, else take it up again."""
        card = floor.find(RunCard.code, code.card)
        operation = next((one for one in card.operations if one.seq == code.seq), None)
        if operation is None:
            raise refuse(UnknownCode(text=floor.text))
        name, words = f"{code.card}+{code.seq}", {"card": code.card, "seq": code.seq}
        if operation.state == "finished":
            return Step(Answer(TAKEN_UP.said(**words)), self._with(name))
        begun = "production:start" if operation.state == "waiting" else "production:resume"
        value = floor.ask(begun, operation=name, equipment=floor.talk.machine)
        floor.talk = floor.talk.but(machine=None)
        return Step(
            done(begun, value, **words) if begun == "production:start" else Answer(TAKEN_UP.said(**words)),
            self._with(name),
        )

    def load_box(self, floor: Floor, code: Box) -> Step:
        """A box at the line: opened and loaded (F2)."""
        value = floor.ask("production:load", unit=unit_of(code))
        return Step(done("production:load", value), self)

    def report_good(self, floor: Floor, code: codes.QuantityCode) -> Step:
        """A quantity: good pieces."""
        return Step(report(floor, good=f"{code.quantity:f}"), self)

    def finish(self, floor: Floor) -> Step:
        """FINISH ends the operation in hand; with pieces missing it asks first, naming how many."""
        operation = operation_in_hand(floor)
        missing = undoing.missing_at(floor, operation)
        if missing:
            floor.make_sure(ENDS_SHORT.said(operation=operation, missing=missing))
        value = floor.ask("production:finish", operation=operation, missing=missing)
        floor.talk = floor.talk.but(machine=None)
        return Step(done("production:finish", value, operation=operation), self._with(None))

    def take_back(self, floor: Floor) -> Step:
        """TAKEBACK: one's own last report, after the screen has shown what goes back."""
        operation = operation_in_hand(floor)
        if report := undoing.last_report(floor, operation):
            floor.make_sure(TAKES_BACK.said(operation=operation, **report))
        value = floor.ask("production:take_back", operation=operation)
        return Step(done("production:take_back", value), self)

    def give_back(self, floor: Floor) -> Step:
        """GIVEBACK: the operation was started by mistake; it waits again, and no machine is in hand."""
        operation = operation_in_hand(floor)
        value = floor.ask("production:give_back", operation=operation)
        floor.talk = floor.talk.but(machine=None)
        return Step(done("production:give_back", value), self._with(None))

    def _with(self, operation: str | None) -> Self:
        return type(self)(operation)


def operation_in_hand(floor: Floor) -> str:
    """The operation that the station works on; raises `CardFirst`."""
    work = floor.in_hand(LineWork)
    if work is None or work.operation is None:
        raise refuse(CardFirst(station=floor.station.code))
    return work.operation


def report(floor: Floor, good: str = "0", bad: str = "0", reason: str | None = None) -> Answer:
    """Report pieces of the operation in hand."""
    operation = operation_in_hand(floor)
    value = floor.ask("production:report", operation=operation, good=good, bad=bad, reason=reason)
    return done("production:report", value, good=good, bad=bad, operation=operation)
