"""Refusals about labels, printers and colour cards (law 9, F5)."""

from __future__ import annotations

from dataclasses import dataclass

from mes.labelling.words import JOB_STATES, LABEL_STOCKS
from mes.refusals import Kind, Refusal, by_name


class OfLabels(Refusal, of=Kind.LABELS):
    """About labels, printers and colour cards."""


@dataclass(frozen=True)
class NoSuchStock(OfLabels):
    printer: str
    colour: str
    code = "no_such_stock"
    named = by_name(colour=LABEL_STOCKS)
    en = "Printer {printer} cannot be loaded with {colour} labels."
    zh = "打印机 {printer} 不能装 {colour} 标签。"


@dataclass(frozen=True)
class LabelTooWide(OfLabels):
    printer: str
    width_mm: int
    takes_mm: int
    code = "label_roll_too_wide"
    en = "Labels {width_mm} mm wide do not go into printer {printer}; it takes {takes_mm} mm."
    zh = "打印机 {printer} 最宽 {takes_mm} mm，装不下 {width_mm} mm 宽的标签卷。"


@dataclass(frozen=True)
class PrinterElsewhere(OfLabels):
    """Rolls are confirmed where the printer stands."""

    printer: str
    at: str
    station: str
    code = "printer_elsewhere"
    en = "Printer {printer} stands at {at}, not at {station}. Scan it there."
    zh = "打印机 {printer} 在 {at}，不在 {station}，请到该工位扫描。"


@dataclass(frozen=True)
class NotSoWithThisJob(OfLabels):
    """The table of what may become of a print job does not allow it."""

    job: int
    state: str
    code = "print_job_not_so"
    named = by_name(state=JOB_STATES)
    en = "Print job {job} is {state}: that cannot be done with it now."
    zh = "打印任务 {job} 当前状态为 {state}，不能这样处理。"


@dataclass(frozen=True)
class NoSuchJob(OfLabels):
    job: int
    code = "no_such_print_job"
    en = "There is no print job {job}."
    zh = "没有打印任务 {job}。"


@dataclass(frozen=True)
class NothingUnknown(OfLabels):
    station: str
    code = "nothing_unknown"
    en = "No print job of {station} waits for such an answer."
    zh = "{station} 没有等待确认的打印任务。"


@dataclass(frozen=True)
class NothingToPrint(OfLabels):
    what: str
    code = "nothing_to_print"
    en = "No label of {what} waits to be printed here. If one is spoiled, ask for a reprint."
    zh = "{what} 在此没有待打印的标签；如标签损坏，请办理补打。"


@dataclass(frozen=True)
class NoPrinterHere(OfLabels):
    station: str
    code = "no_printer_here"
    en = "{station} has no printer. Ask at a station that has one."
    zh = "{station} 没有打印机，请到有打印机的工位打印。"


@dataclass(frozen=True)
class ReprintReasonMissing(OfLabels):
    code = "reprint_reason_missing"
    en = "A reprint needs a reason. Scan REPRINT, the reason, then the label."
    zh = "补打标签必须有原因：请依次扫「补打」、原因码、标签。"


@dataclass(frozen=True)
class LabelStillPrinting(OfLabels):
    """Another piece of it may still come out: asking for one more could put two on the goods."""

    label: str
    state: str
    code = "label_still_printing"
    named = by_name(state=JOB_STATES)
    en = "Label {label} has a print job that is {state}. Wait for it, or say whether it came out."
    zh = "标签 {label} 的打印任务尚未结束（{state}），请等待打印，或先确认是否已打出。"


@dataclass(frozen=True)
class NotMarked(OfLabels):
    what: str
    code = "not_marked"
    en = "{what} carries no valid label of ours."
    zh = "{what} 没有本厂的有效标签。"


@dataclass(frozen=True)
class NotACard(OfLabels):
    text: str
    code = "not_a_colour_card"
    en = "{text} is no colour card. Scan the card's own code."
    zh = "{text} 不是颜色卡，请扫颜色卡上的条码。"


@dataclass(frozen=True)
class CardOfOtherColour(OfLabels):
    """Law 9: the card's colour tells the status as a label's does; awaiting decision is white with 待判 on it (P15)."""

    card: str
    colour: str
    wanted: str
    status: str
    code = "card_of_other_colour"
    en = "Card {card} is {colour}; goods that are {status} need a card that is {wanted}."
    zh = "颜色卡 {card} 为{colour}，状态「{status}」须用{wanted}卡。"


@dataclass(frozen=True)
class CardInUse(OfLabels):
    card: str
    lot: str
    code = "card_in_use"
    en = "Card {card} already stands for goods of lot {lot}. Take a free card."
    zh = "颜色卡 {card} 已用于批次 {lot}，请另取空卡。"


@dataclass(frozen=True)
class CardMarksNothing(OfLabels):
    card: str
    code = "card_marks_nothing"
    en = "Card {card} stands for nothing now. Scan BIND, the box, then the card."
    zh = "颜色卡 {card} 未绑定任何货物：请依次扫「绑卡」、料箱、颜色卡。"


@dataclass(frozen=True)
class LayoutNotPrintable(OfLabels):
    """A layout that cannot be made scannable is refused when it is saved, not on the floor."""

    layout: str
    why_zh: str
    why_en: str
    code = "layout_not_printable"
    en = "The layout {layout} is not saved: {why_en}."
    zh = "版式 {layout} 未保存：{why_zh}。"
