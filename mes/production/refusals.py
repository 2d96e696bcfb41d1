"""Refusals about work on a run card: may this start, may this be reported? (law 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mes.production.model import CARD_STATES
from mes.refusals import Kind, Refusal, by_name
from mes.roles import Role


class OfWork(Refusal, of=Kind.WORK):
    """About work on a run card."""


@dataclass(frozen=True)
class NotNeededAtStation(OfWork):
    item: str
    station: str
    code = "not_needed_at_station"
    en = "No operation at {station} uses item {item}."
    zh = "工位 {station} 没有工序使用物料 {item}。"


@dataclass(frozen=True)
class NotAtLine(OfWork):
    """F2: a box is opened where it is used; first it is issued to the line."""

    lot: str
    place: str
    line: str
    code = "not_at_line"
    en = "Lot {lot} lies at {place} on the books, not at {line}. Have it issued to this line first."
    zh = "批次 {lot} 账面在 {place}，不在 {line}；请先办理发料到本线边。"


@dataclass(frozen=True)
class CardClosed(OfWork):
    card: str
    state: str
    code = "card_closed"
    named = by_name(state=CARD_STATES)
    en = "Run card {card} is {state}; nothing more can be reported on it."
    zh = "流转单 {card} 状态为 {state}，不能再报工。"


@dataclass(frozen=True)
class WrongWorkCenter(OfWork):
    operation: str
    work_center: str
    station: str
    code = "wrong_work_center"
    en = "Operation {operation} belongs to {work_center}, not to station {station}."
    zh = "工序 {operation} 属于 {work_center}，不在工位 {station}。"


@dataclass(frozen=True)
class NoLineSide(OfWork):
    """Work in process lies at the line side of its work centre; without one nothing can be booked."""

    work_center: str
    code = "no_line_side"
    en = "Work centre {work_center} has no line-side location. The planner must add one."
    zh = "工作中心 {work_center} 没有线边库位，请计划员先维护。"


@dataclass(frozen=True)
class PreviousNotReady(OfWork):
    """No good pieces from the operation before."""

    card: str
    previous: int
    ready: str
    asked: str
    code = "previous_not_ready"
    en = "Operation {previous} of {card} has {ready} good pieces ready; {asked} are needed."
    zh = "流转单 {card} 上道工序 {previous} 可转合格数 {ready}，需要 {asked}。"


@dataclass(frozen=True)
class MaterialMissing(OfWork):
    """F2: everything the bill of material asks for at this operation is loaded at the line."""

    item: str
    name: str
    station: str
    code = "material_missing"
    en = "Item {item} is not loaded at {station}. Scan a box of it."
    zh = "工位 {station} 未上料 {item}（{name}），请扫料箱上料。"


@dataclass(frozen=True)
class MaterialShort(OfWork):
    item: str
    short: str
    station: str
    code = "material_short"
    en = "The boxes of {item} loaded at {station} are {short} short. Load the next box and report again."
    zh = "工位 {station} 已上料的 {item} 还差 {short}，请加料后再报。"


@dataclass(frozen=True)
class NotQualified(OfWork):
    """P3: only qualified operators at key and special processes."""

    person: str
    operation: str
    code = "not_qualified"
    en = "{person} holds no certificate for {operation}."
    zh = "{person} 无 {operation} 工序上岗证。"


@dataclass(frozen=True)
class CertificateExpired(OfWork):
    """P3: the certificate is no longer valid."""

    person: str
    certificate: str
    expired_on: date
    code = "certificate_expired"
    en = "Certificate {certificate} of {person} expired on {expired_on}."
    zh = "{person} 的上岗证 {certificate} 已于 {expired_on} 到期。"


@dataclass(frozen=True)
class CertificateNotYetValid(OfWork):
    person: str
    certificate: str
    valid_from: date
    code = "certificate_not_yet_valid"
    en = "Certificate {certificate} of {person} is valid only from {valid_from}."
    zh = "{person} 的上岗证 {certificate} 自 {valid_from} 起才有效。"


@dataclass(frozen=True)
class MachineNotNamed(OfWork):
    """P2: at key and special processes the machine that does the work is scanned."""

    operation: str
    code = "machine_not_named"
    en = "Scan the machine that does {operation}."
    zh = "请扫描执行 {operation} 的设备码。"


@dataclass(frozen=True)
class MachineElsewhere(OfWork):
    machine: str
    work_center: str
    code = "machine_elsewhere"
    en = "Machine {machine} does not stand at {work_center}."
    zh = "设备 {machine} 不在工作中心 {work_center}。"


@dataclass(frozen=True)
class MachineNotQualified(OfWork):
    """P2, P8: equipment of key and special processes is qualified before use."""

    machine: str
    until: date
    code = "machine_not_qualified"
    en = "The qualification of machine {machine} ended on {until}."
    zh = "设备 {machine} 的鉴定/校准已于 {until} 到期。"


@dataclass(frozen=True)
class MaintenanceOverdue(OfWork):
    """P8: overdue equipment is not used for key or special processes."""

    machine: str
    due_on: date
    code = "maintenance_overdue"
    en = "Maintenance of machine {machine} was due on {due_on}."
    zh = "设备 {machine} 保养已逾期（应于 {due_on} 前完成）。"
    override = Role.QUALITY_MANAGER


@dataclass(frozen=True)
class InstructionNotReleased(OfWork):
    """P2: key and special processes have a released work instruction."""

    operation: str
    code = "instruction_not_released"
    en = "Operation {operation} has no released work instruction."
    zh = "工序 {operation} 没有已发布的作业指导书。"


@dataclass(frozen=True)
class NotStarted(OfWork):
    card: str
    seq: int
    code = "not_started"
    en = "Operation {seq} of {card} has not been started. Scan its code on the run card."
    zh = "流转单 {card} 工序 {seq} 尚未开工，请先扫工序码。"


@dataclass(frozen=True)
class AlreadyStarted(OfWork):
    card: str
    seq: int
    code = "already_started"
    en = "Operation {seq} of {card} is running already."
    zh = "流转单 {card} 工序 {seq} 已开工。"


@dataclass(frozen=True)
class AlreadyFinished(OfWork):
    card: str
    seq: int
    code = "already_finished"
    en = "Operation {seq} of {card} is finished. A supervisor can open it again."
    zh = "流转单 {card} 工序 {seq} 已完工；如需继续，请班组长重新打开该工序。"


@dataclass(frozen=True)
class PiecesWaiting(OfWork):
    """An operation ends when everything the operation before delivered is reported."""

    card: str
    seq: int
    previous: int
    waiting: str
    code = "pieces_waiting"
    en = "{waiting} from operation {previous} of {card} still wait for operation {seq}. Report them first."
    zh = "流转单 {card} 上道工序 {previous} 还有 {waiting} 待工序 {seq} 报工，请先报工再完工。"


@dataclass(frozen=True)
class FirstArticleOpen(OfWork):
    """P9, F1: batch production only after the inspector has passed and signed; set-up quantity until then."""

    card: str
    seq: int
    attempt: int
    allowed: str
    code = "first_article_open"
    en = "First article {attempt} of {card} operation {seq} is not signed; only {allowed} set-up pieces may be made."
    zh = "流转单 {card} 工序 {seq} 第 {attempt} 次首检未签字放行，调试期最多只能做 {allowed}。"


@dataclass(frozen=True)
class MoreThanCard(OfWork):
    card: str
    seq: int
    left: str
    asked: str
    code = "more_than_card"
    en = "{asked} reported, but only {left} are left for operation {seq} of {card}."
    zh = "流转单 {card} 工序 {seq} 剩余 {left}，报工 {asked}，超出。"


@dataclass(frozen=True)
class FinalInspectionOpen(OfWork):
    """P10: nothing goes to store without release."""

    card: str
    code = "final_inspection_open"
    en = "Run card {card} has not passed final inspection."
    zh = "流转单 {card} 未经成品检验放行。"


@dataclass(frozen=True)
class OperationsOpen(OfWork):
    """P10: completion only when everything before is complete."""

    card: str
    operations: tuple[int, ...]
    code = "operations_open"
    en = "Operations {operations} of {card} are not complete."
    zh = "流转单 {card} 的工序 {operations} 未完成。"
