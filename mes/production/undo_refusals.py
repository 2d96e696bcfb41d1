"""Refusals about stopping, ending short, and undoing what was done: what stands in the way, what comes before."""

from __future__ import annotations

from dataclasses import dataclass

from mes.quality.model import STAGES
from mes.refusals import Kind, Refusal, by_name
from mes.stock.status import STATUS_WORDS
from mes.words import COMMAND_NAMES


class OfUndoing(Refusal, of=Kind.UNDOING):
    """About stopping, ending short, and undoing what was done."""


@dataclass(frozen=True)
class NothingToTakeBack(OfUndoing):
    card: str
    seq: int
    person: str
    code = "nothing_to_take_back"
    en = "{person} has no report that stands at operation {seq} of {card}."
    zh = "{person} 在流转单 {card} 工序 {seq} 没有可撤回的报工。"


@dataclass(frozen=True)
class TakenBackBefore(OfUndoing):
    """A report is taken back once."""

    report: str
    code = "taken_back_before"
    en = "Report {report} was taken back before."
    zh = "报工 {report} 此前已撤回。"


@dataclass(frozen=True)
class JudgedSince(OfUndoing):
    """P9: pieces on which somebody signed a verdict are what the signature says."""

    card: str
    seq: int
    stage: str
    code = "judged_since"
    named = by_name(stage=STAGES)
    en = "An inspector has signed the {stage} of these pieces at operation {seq} of {card}: it stands."
    zh = "流转单 {card} 工序 {seq} 的这些产品已经{stage}签字，不能撤回。"


@dataclass(frozen=True)
class DecidedSince(OfUndoing):
    """P14: quality has signed what becomes of the bad pieces."""

    nonconformance: str
    code = "decided_since"
    en = "Quality has decided on the bad pieces of this report ({nonconformance}): they cannot be taken back."
    zh = "该报工的不良品已由质量处置（{nonconformance}），不能撤回。"


@dataclass(frozen=True)
class GoneOn(OfUndoing):
    """What was reported no longer lies where it was reported."""

    card: str
    seq: int
    asked: str
    left: str
    command: str
    code = "gone_on"
    named = by_name(command=COMMAND_NAMES)
    en = "Of {asked} reported at operation {seq} of {card} only {left} lie there still: {command}. Undo that first."
    zh = "流转单 {card} 工序 {seq} 所报 {asked} 仅剩 {left} 在原处，其后已办理：{command}；请先撤回后者。"


@dataclass(frozen=True)
class WorkReported(OfUndoing):
    """A start is given back only while nothing was reported on it."""

    card: str
    seq: int
    made: str
    code = "work_reported"
    en = "{made} are reported at operation {seq} of {card}: take the reports back first, or finish the operation."
    zh = "流转单 {card} 工序 {seq} 已报工 {made}，请先撤回报工，或报完工。"


@dataclass(frozen=True)
class NotFinished(OfUndoing):
    card: str
    seq: int
    code = "not_finished"
    en = "Operation {seq} of {card} has not ended; there is nothing to open again."
    zh = "流转单 {card} 工序 {seq} 尚未完工，无须重新打开。"


@dataclass(frozen=True)
class CartonGoneOn(OfUndoing):
    """A carton is unpacked where it was packed, as long as nobody has done anything with it."""

    lot: str
    quantity: str
    place: str
    code = "carton_gone_on"
    en = "The carton of {quantity} of lot {lot} is not as it was packed any more; it is at {place} on the books."
    zh = "批次 {lot} 的外箱（{quantity}）已不是装箱时的状态，账面在 {place}，不能撤回。"


@dataclass(frozen=True)
class PiecesMissing(OfUndoing):
    """Ending short is asked back, with the count."""

    card: str
    seq: int
    missing: str
    code = "pieces_missing"
    en = "{missing} of {card} are missing at operation {seq}. Confirm exactly that to finish short, or report them."
    zh = "流转单 {card} 工序 {seq} 还缺 {missing}；确属少做请确认此缺数后完工，否则请先报工。"


@dataclass(frozen=True)
class NotPacked(OfUndoing):
    """P10: a card ends when everything that was accepted is in boxes."""

    card: str
    seq: int
    left: str
    code = "not_packed"
    en = "{left} accepted pieces of {card} still wait at operation {seq}. Pack them first."
    zh = "流转单 {card} 工序 {seq} 还有合格品 {left} 未装箱，请先装箱再完工。"


@dataclass(frozen=True)
class NotLoaded(OfUndoing):
    lot: str
    station: str
    code = "not_loaded"
    en = "No box of lot {lot} that was scanned is loaded at {station}; its loaded boxes stand on the screen."
    zh = "工位 {station} 未装载所扫的批次 {lot} 料箱，已上料的料箱见屏幕。"


@dataclass(frozen=True)
class CardHeld(OfUndoing):
    """Somebody stopped the card; whoever released cards may let it go on."""

    card: str
    reason: str
    code = "card_held"
    en = "Run card {card} is on hold ({reason}). The planner or a supervisor lets it go on."
    zh = "流转单 {card} 已挂起（{reason}），须由计划员或班组长恢复后再继续。"


@dataclass(frozen=True)
class CardNotHeld(OfUndoing):
    card: str
    code = "card_not_held"
    en = "Run card {card} is not on hold."
    zh = "流转单 {card} 未挂起。"


@dataclass(frozen=True)
class PiecesWithQuality(OfUndoing):
    """P14: what quality has in hand is decided on before its card ends."""

    card: str
    operations: tuple[int, ...]
    waiting: str
    code = "pieces_with_quality"
    en = "{waiting} of {card} wait for quality at operations {operations}. They are inspected or disposed of first."
    zh = "流转单 {card} 工序 {operations} 还有 {waiting} 待检或待处置，请先由质量处理。"


@dataclass(frozen=True)
class FinishedPieces(OfUndoing):
    """P10: what was finally accepted goes into store, it is not written off with its card."""

    card: str
    operations: tuple[int, ...]
    waiting: str
    code = "finished_pieces"
    en = "{waiting} of {card} are accepted and wait at operations {operations}. Pack them first."
    zh = "流转单 {card} 工序 {operations} 还有合格品 {waiting} 待装箱，请先装箱入库。"


@dataclass(frozen=True)
class DestinationMissing(OfUndoing):
    """What was made is not left lying about: it goes somewhere, and quality decides what it is."""

    card: str
    operations: tuple[int, ...]
    lying: str
    code = "destination_missing"
    en = "{lying} of {card} lie half made at operations {operations}. Name the nonconforming area where they go."
    zh = "流转单 {card} 工序 {operations} 还有在制品 {lying}，请指定其去向（不合格品区库位）。"


@dataclass(frozen=True)
class SomethingMade(OfUndoing):
    """A card of which something went into store is closed short; cancelled would say that nothing was made."""

    card: str
    made: str
    code = "something_made"
    en = "{made} of {card} went into boxes: close it short instead of cancelling it."
    zh = "流转单 {card} 已有 {made} 入箱，不能取消，请办理短缺关闭。"


@dataclass(frozen=True)
class NextStarted(OfUndoing):
    card: str
    seq: int
    following: int
    code = "next_started"
    en = "Operation {following} of {card} was started on the pieces of operation {seq}. Give it back first."
    zh = "流转单 {card} 工序 {following} 已用工序 {seq} 的产品开工，请先退回开工。"


@dataclass(frozen=True)
class MaterialGoneOn(OfUndoing):
    """The material that was not used after all is in its box; what the box has become, it is too."""

    lot: str
    place: str
    status: str
    code = "material_gone_on"
    named = by_name(status=STATUS_WORDS)
    en = "The box of lot {lot} that this was drawn from is {status} at {place} by now. Have quality decide on it first."
    zh = "所用批次 {lot} 的料箱现为{status}（{place}），请先由质量处理该料箱。"
