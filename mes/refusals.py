"""The one catalogue of refusals: the system says no with a name, typed facts and a sentence in both languages.

The order of the classes is their order of precedence on the screen. A refusal is a value: it acts on nothing. Whoever
may override it is declared here and nowhere else (law 6); most may be overridden by nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from mes.roles import Role

CATALOGUE: dict[str, type[Refusal]] = {}
BETWEEN = "¦"
"""Between the halves of a text that has a name in each language, Chinese first."""


def both(zh: str, en: str) -> str:
    """A fact with a name in each language, as one text; a sentence shows its reader's half."""
    return f"{zh}{BETWEEN}{en}"


def in_language(text: str, language: str) -> str:
    """The reader's half of a text made by `both`; any other text as it is."""
    zh, halved, en = text.partition(BETWEEN)
    return en if halved and language != "zh" else zh


@dataclass(frozen=True)
class Refusal:
    """One reason to say no. Subclasses carry facts as fields, `code`, `en`, `zh`, and perhaps `override`."""

    code: ClassVar[str]
    en: ClassVar[str]
    zh: ClassVar[str]
    override: ClassVar[Role | None] = None

    def __init_subclass__(cls) -> None:
        if cls.code in CATALOGUE:
            raise TypeError(f"two refusals share the code {cls.code}")
        CATALOGUE[cls.code] = cls

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as JSON values: quantities and dates become text."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def sentence(self, language: str) -> str:
        """The sentence in `en` or `zh`."""
        template = self.zh if language == "zh" else self.en
        return template.format(**{name: _shown(value, language) for name, value in asdict(self).items()})

    @property
    def fingerprint(self) -> str:
        """What an override is bound to: exactly this refusal with exactly these facts (law 6)."""
        return hashlib.sha256(json.dumps([self.code, self.facts], sort_keys=True).encode()).hexdigest()


class Refused(Exception):
    """Raised by a rule; the door records the reasons and undoes everything else."""

    def __init__(self, reasons: Sequence[Refusal]) -> None:
        super().__init__("; ".join(reason.sentence("en") for reason in reasons))
        self.reasons = tuple(in_order(reasons))


def in_order(reasons: Iterable[Refusal]) -> list[Refusal]:
    """Reasons in the catalogue's order of precedence, each once."""
    rank = {name: place for place, name in enumerate(CATALOGUE)}
    return sorted(dict.fromkeys(reasons), key=lambda reason: rank[reason.code])


def refuse(*reasons: Refusal) -> Refused:
    """For `raise refuse(...)`."""
    return Refused(reasons)


def revive(code: str, facts: dict[str, Any]) -> Refusal:
    """A refusal from its journalled code and facts, for showing it again in the reader's language."""
    return CATALOGUE[code](**facts)


def _plain(value: Any) -> Any:
    if isinstance(value, date | Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, tuple | list):
        return ("、" if language == "zh" else ", ").join(in_language(str(one), language) for one in value)
    return in_language(value, language) if isinstance(value, str) else value


# --- the scan itself -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GarbageScanned(Refusal):
    """The scanner delivered no whole code."""

    kind: str
    code = "garbage_scanned"
    en = "That scan came in broken ({kind}). Scan again; wipe the label and the scanner window."
    zh = "扫描数据不完整（{kind}），请重扫；必要时擦净标签和扫描窗。"


@dataclass(frozen=True)
class CodeTooLong(Refusal):
    length: int
    code = "code_too_long"
    en = "A code of {length} characters is none of ours. Scan one label at a time."
    zh = "条码过长（{length} 个字符），不是本厂条码，请一次只扫一个标签。"


@dataclass(frozen=True)
class MistypedCode(Refusal):
    """The check character (ISO 7064 MOD 37,36) does not fit."""

    text: str
    code = "mistyped_code"
    en = "The code {text} has a wrong check character. Scan it instead of typing it."
    zh = "条码 {text} 校验位不对，请扫描，不要手输。"


@dataclass(frozen=True)
class OtherPlantsLabel(Refusal):
    text: str
    site: int
    code = "other_plants_label"
    en = "The label {text} belongs to plant {site}, not to this one. Receive the goods first."
    zh = "标签 {text} 属于 {site} 号工厂，本厂不能直接使用，请先办理收货。"


@dataclass(frozen=True)
class UnknownCode(Refusal):
    text: str
    code = "unknown_code"
    en = "Nothing here has the code {text}."
    zh = "系统中没有条码 {text}。"


@dataclass(frozen=True)
class SeveralBoxes(Refusal):
    """A lot code alone does not say which box."""

    lot: str
    count: int
    code = "several_boxes"
    en = "Lot {lot} lies in {count} boxes. Scan the label of the box."
    zh = "批次 {lot} 有 {count} 箱，请扫描箱标签。"


@dataclass(frozen=True)
class NotExpectedHere(Refusal):
    """The code is good but has no meaning in this dialogue."""

    text: str
    station: str
    code = "not_expected_here"
    en = "{text} means nothing at station {station} now."
    zh = "{text} 在工位 {station} 此时无法处理。"


@dataclass(frozen=True)
class ScanTooOld(Refusal):
    """F7: a scan older than its dialogue is recorded and asked again, never executed blindly."""

    text: str
    code = "scan_too_old"
    en = "The scan {text} waited too long and was not carried out. Scan it again if it still holds."
    zh = "扫描 {text} 等待过久，未执行；如仍有效请重扫。"


@dataclass(frozen=True)
class ScanIdReused(Refusal):
    """Law 2: the id came before with other content."""

    scan: str
    code = "scan_id_reused"
    en = "The scan id {scan} was used before for something else. The station must make a new id for every scan."
    zh = "扫描编号 {scan} 已用于其他内容，工位必须为每次扫描生成新编号。"


# --- who -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BadgeFirst(Refusal):
    station: str
    code = "badge_first"
    en = "Nobody is signed on at {station}. Scan your badge first."
    zh = "工位 {station} 无人登录，请先扫工牌。"


@dataclass(frozen=True)
class NotAllowed(Refusal):
    """The door's rights table: command x role."""

    command: str
    person: str
    roles: tuple[str, ...]
    code = "not_allowed"
    en = "{person} may not do this ({command}); it needs: {roles}."
    zh = "{person} 无权执行此操作（{command}），需要角色：{roles}。"


@dataclass(frozen=True)
class SignatureMissing(Refusal):
    """F8: badge and PIN."""

    command: str
    code = "signature_missing"
    en = "This needs a signature: badge and PIN."
    zh = "此操作须签字：请刷工牌并输入 PIN。"


@dataclass(frozen=True)
class SignatureWrong(Refusal):
    badge: str
    code = "signature_wrong"
    en = "Badge {badge} and PIN do not fit together."
    zh = "工牌 {badge} 与 PIN 不符。"


@dataclass(frozen=True)
class SignatureLocked(Refusal):
    """Delay and lock per badge and station, so that nobody can lock out the manager."""

    badge: str
    minutes: int
    code = "signature_locked"
    en = "Too many wrong PINs for badge {badge} at this station. Try again in {minutes} min or sign elsewhere."
    zh = "工牌 {badge} 在本工位 PIN 错误次数过多，请 {minutes} 分钟后再试或换工位签字。"


@dataclass(frozen=True)
class OwnWork(Refusal):
    """F8: never for one's own work."""

    person: str
    code = "own_work"
    en = "{person} cannot sign for his or her own work. Ask a colleague."
    zh = "{person} 不能为自己的工作签字，请由他人签字。"


# --- planning --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanNotApproved(Refusal):
    """P4: the approved plan is the workshops' basis of work."""

    month: str
    revision: int
    code = "plan_not_approved"
    en = "Revision {revision} of plan {month} is not approved, so nothing is released from it."
    zh = "{month} 月计划第 {revision} 版未批准，不能据此投产。"


@dataclass(frozen=True)
class PlanNotDraft(Refusal):
    month: str
    revision: int
    state: str
    code = "plan_not_draft"
    en = "Revision {revision} of plan {month} is {state}, not a draft."
    zh = "{month} 月计划第 {revision} 版状态为 {state}，不是草稿。"


@dataclass(frozen=True)
class PlanOutdated(Refusal):
    """P5: revisions follow each other; an older one never comes back in force."""

    month: str
    revision: int
    newer: int
    code = "plan_outdated"
    en = "Plan {month} is in force as revision {newer}; the older revision {revision} cannot replace it."
    zh = "{month} 月计划已执行第 {newer} 版，不能再批准较旧的第 {revision} 版。"


@dataclass(frozen=True)
class NoRouting(Refusal):
    """P1: every product has its process documents before work starts."""

    item: str
    code = "no_routing"
    en = "Item {item} has no routing: it is bought, not made."
    zh = "物料 {item} 没有工艺路线，是外购件，不能开流转单。"


@dataclass(frozen=True)
class MoreThanPlanned(Refusal):
    item: str
    planned: str
    left: str
    asked: str
    code = "more_than_planned"
    en = "{asked} of {item} asked, but of the planned {planned} only {left} are left to release."
    zh = "{item} 计划 {planned}，剩余可投 {left}，本次要求 {asked}，超出计划。"
    override = Role.PLAN_APPROVER


# --- stock: where and what -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LabelVoided(Refusal):
    """F5: a voided label is refused for use and accepted for rescue."""

    label: str
    since: str
    code = "label_voided"
    en = "Label {label} was voided on {since}: it no longer tells the truth. Relabel or move the box to hold."
    zh = "标签 {label} 已于 {since} 作废，与实物状态不符；请换贴新标签或移至待判区。"


@dataclass(frozen=True)
class LabelNotVerified(Refusal):
    """Where a station verifies, a status label counts only after it was scanned back."""

    label: str
    station: str
    code = "label_not_verified"
    en = "Label {label} was not scanned back yet. Scan it at {station} before its goods are used."
    zh = "标签 {label} 打印后尚未扫描核对，请先在 {station} 扫描该标签，再使用所标货物。"


@dataclass(frozen=True)
class BoxEmpty(Refusal):
    box: str
    code = "box_empty"
    en = "Box {box} is empty on the books. If goods are in it, call the supervisor for a count."
    zh = "料箱 {box} 账面已空；如实物仍有货，请班组长安排盘点。"


@dataclass(frozen=True)
class BoxLocked(Refusal):
    box: str
    reason: str
    code = "box_locked"
    en = "Box {box} is locked: {reason}."
    zh = "料箱 {box} 已锁定：{reason}。"


@dataclass(frozen=True)
class NotAccepted(Refusal):
    """P14: only accepted goods are used, packed or shipped."""

    lot: str
    status: str
    code = "not_accepted"
    en = "Lot {lot} is {status}, not accepted. It cannot be used."
    zh = "批次 {lot} 状态为 {status}，未判合格，不得使用。"


@dataclass(frozen=True)
class Expired(Refusal):
    """P21: past its last usable day."""

    lot: str
    expired_on: date
    code = "expired"
    en = "Lot {lot} expired on {expired_on}. It cannot be used; move it to hold."
    zh = "批次 {lot} 已于 {expired_on} 过期，不得使用，请移至待判区。"


@dataclass(frozen=True)
class RecheckDue(Refusal):
    """P18: stock older than its term is re-inspected before use."""

    lot: str
    due_on: date
    code = "recheck_due"
    en = "Lot {lot} was due for re-inspection on {due_on}. Quality must inspect it before use."
    zh = "批次 {lot} 应于 {due_on} 复检，复检合格前不得使用。"


@dataclass(frozen=True)
class OnHold(Refusal):
    """Law 8: doubtful goods can be moved, inspected and returned, but not used."""

    lot: str
    reason: str
    code = "on_hold"
    en = "Lot {lot} is on hold: {reason}."
    zh = "批次 {lot} 已隔离：{reason}。"


@dataclass(frozen=True)
class OthersProperty(Refusal):
    """P16: customer-owned material only for that customer's orders."""

    lot: str
    owner: str
    code = "others_property"
    en = "Lot {lot} belongs to customer {owner} and may only go into that customer's orders."
    zh = "批次 {lot} 为客户 {owner} 财产，只能用于该客户订单。"


@dataclass(frozen=True)
class NotInStore(Refusal):
    lot: str
    place: str
    code = "not_in_store"
    en = "Lot {lot} lies at {place}, not in the store."
    zh = "批次 {lot} 在 {place}，不在库内。"


@dataclass(frozen=True)
class NotOldest(Refusal):
    """F4: an older box of the same item is free in the store."""

    lot: str
    oldest: str
    place: str
    code = "not_oldest"
    en = "Take lot {oldest} at {place} before lot {lot}."
    zh = "先进先出：请先取 {place} 的批次 {oldest}，再取 {lot}。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class ExpiresLater(Refusal):
    """F4: an item with a storage life goes out by its date of expiry (FEFO)."""

    lot: str
    first: str
    place: str
    expires_on: date
    code = "expires_later"
    en = "Lot {first} at {place} expires first ({expires_on}). Take it before lot {lot}."
    zh = "先到期先出：{place} 的批次 {first} 于 {expires_on} 先到期，请先取，再取 {lot}。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class OpenedBoxFirst(Refusal):
    """F4: any box of the oldest lot will do, but an opened one goes before a full one."""

    lot: str
    place: str
    code = "opened_box_first"
    en = "An opened box of lot {lot} stands at {place}. Take it before a full one."
    zh = "{place} 有批次 {lot} 的已开箱，请先用完已开箱再取整箱。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class PickedAlready(Refusal):
    """P24: a box that is picked for an order is nobody else's."""

    lot: str
    order: str
    code = "picked_already"
    en = "This box of lot {lot} is picked for order {order} already."
    zh = "批次 {lot} 的此箱已为订单 {order} 拣出。"


@dataclass(frozen=True)
class NotAtPlace(Refusal):
    """F4: not found can only be said of what the books expect there."""

    lot: str
    place: str
    code = "not_at_place"
    en = "The books have no free box of lot {lot} at {place}."
    zh = "账面上 {place} 没有批次 {lot} 的可用料箱。"


@dataclass(frozen=True)
class NotNeeded(Refusal):
    """The run card's bill of material does not ask for it."""

    item: str
    card: str
    code = "not_needed"
    en = "Run card {card} has no use for item {item}."
    zh = "流转单 {card} 不需要物料 {item}。"


@dataclass(frozen=True)
class NotNeededAtStation(Refusal):
    item: str
    station: str
    code = "not_needed_at_station"
    en = "No operation at {station} uses item {item}."
    zh = "工位 {station} 没有工序使用物料 {item}。"


@dataclass(frozen=True)
class NotALine(Refusal):
    """F2: the store issues to a run card or to the line side."""

    place: str
    code = "not_a_line"
    en = "Goods are issued to a run card or to a line; {place} is neither."
    zh = "物料只能发到流转单或线边，{place} 不是线边库位。"


@dataclass(frozen=True)
class NotForPuttingAway(Refusal):
    """F4: lines are served by issuing and docks by picking, else first in first out had a back door."""

    place: str
    code = "not_for_putting_away"
    en = "Nothing is put away at {place}: lines are served by issuing, docks by picking."
    zh = "{place} 不能入库：线边须经领料发出，月台须按订单拣货。"


@dataclass(frozen=True)
class NotForRescue(Refusal):
    """Law 8: doubtful goods go where nobody takes them for good."""

    place: str
    code = "not_for_rescue"
    en = "{place} keeps no doubtful goods: take them to receiving, hold, nonconforming or scrap."
    zh = "{place} 不放可疑品，请移至收货待检区、待判区、不合格品区或报废区。"


@dataclass(frozen=True)
class NotAtLine(Refusal):
    """F2: a box is opened where it is used; first it is issued to the line."""

    lot: str
    place: str
    line: str
    code = "not_at_line"
    en = "Lot {lot} lies at {place} on the books, not at {line}. Have it issued to this line first."
    zh = "批次 {lot} 账面在 {place}，不在 {line}；请先办理发料到本线边。"


@dataclass(frozen=True)
class WrongPlaceForStatus(Refusal):
    """P12: goods of different status lie in separate areas."""

    place: str
    allowed: str
    status: str
    code = "wrong_place_for_status"
    en = "{place} holds only {allowed} goods; these are {status}."
    zh = "库位 {place} 只放{allowed}品，此货状态为{status}。"


@dataclass(frozen=True)
class PlaceFull(Refusal):
    place: str
    capacity: int
    code = "place_full"
    en = "{place} is full: it has {capacity} positions."
    zh = "库位 {place} 已满（{capacity} 个货位）。"
    override = Role.SUPERVISOR


@dataclass(frozen=True)
class NotEnough(Refusal):
    """Law 4: stock is never negative; said by the database itself."""

    lot: str
    place: str
    asked: str
    code = "not_enough"
    en = "There are not {asked} of lot {lot} at {place}."
    zh = "{place} 的批次 {lot} 不足 {asked}。"


# --- production: may this start? -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CardClosed(Refusal):
    card: str
    state: str
    code = "card_closed"
    en = "Run card {card} is {state}; nothing more can be reported on it."
    zh = "流转单 {card} 状态为 {state}，不能再报工。"


@dataclass(frozen=True)
class WrongWorkCenter(Refusal):
    operation: str
    work_center: str
    station: str
    code = "wrong_work_center"
    en = "Operation {operation} belongs to {work_center}, not to station {station}."
    zh = "工序 {operation} 属于 {work_center}，不在工位 {station}。"


@dataclass(frozen=True)
class NoLineSide(Refusal):
    """Work in process lies at the line side of its work centre; without one nothing can be booked."""

    work_center: str
    code = "no_line_side"
    en = "Work centre {work_center} has no line-side location. The planner must add one."
    zh = "工作中心 {work_center} 没有线边库位，请计划员先维护。"


@dataclass(frozen=True)
class PreviousNotReady(Refusal):
    """No good pieces from the operation before."""

    card: str
    previous: int
    ready: str
    asked: str
    code = "previous_not_ready"
    en = "Operation {previous} of {card} has {ready} good pieces ready; {asked} are needed."
    zh = "流转单 {card} 上道工序 {previous} 可转合格数 {ready}，需要 {asked}。"


@dataclass(frozen=True)
class MaterialMissing(Refusal):
    """F2: everything the bill of material asks for at this operation is loaded at the line."""

    item: str
    name: str
    station: str
    code = "material_missing"
    en = "Item {item} is not loaded at {station}. Scan a box of it."
    zh = "工位 {station} 未上料 {item}（{name}），请扫料箱上料。"


@dataclass(frozen=True)
class MaterialShort(Refusal):
    item: str
    short: str
    station: str
    code = "material_short"
    en = "The boxes of {item} loaded at {station} are {short} short. Load the next box and report again."
    zh = "工位 {station} 已上料的 {item} 还差 {short}，请加料后再报。"


@dataclass(frozen=True)
class NotQualified(Refusal):
    """P3: only qualified operators at key and special processes."""

    person: str
    operation: str
    code = "not_qualified"
    en = "{person} holds no certificate for {operation}."
    zh = "{person} 无 {operation} 工序上岗证。"


@dataclass(frozen=True)
class CertificateExpired(Refusal):
    """P3: the certificate is no longer valid."""

    person: str
    certificate: str
    expired_on: date
    code = "certificate_expired"
    en = "Certificate {certificate} of {person} expired on {expired_on}."
    zh = "{person} 的上岗证 {certificate} 已于 {expired_on} 到期。"


@dataclass(frozen=True)
class CertificateNotYetValid(Refusal):
    person: str
    certificate: str
    valid_from: date
    code = "certificate_not_yet_valid"
    en = "Certificate {certificate} of {person} is valid only from {valid_from}."
    zh = "{person} 的上岗证 {certificate} 自 {valid_from} 起才有效。"


@dataclass(frozen=True)
class MachineNotNamed(Refusal):
    """P2: at key and special processes the machine that does the work is scanned."""

    operation: str
    code = "machine_not_named"
    en = "Scan the machine that does {operation}."
    zh = "请扫描执行 {operation} 的设备码。"


@dataclass(frozen=True)
class MachineElsewhere(Refusal):
    machine: str
    work_center: str
    code = "machine_elsewhere"
    en = "Machine {machine} does not stand at {work_center}."
    zh = "设备 {machine} 不在工作中心 {work_center}。"


@dataclass(frozen=True)
class MachineNotQualified(Refusal):
    """P2, P8: equipment of key and special processes is qualified before use."""

    machine: str
    until: date
    code = "machine_not_qualified"
    en = "The qualification of machine {machine} ended on {until}."
    zh = "设备 {machine} 的鉴定/校准已于 {until} 到期。"


@dataclass(frozen=True)
class MaintenanceOverdue(Refusal):
    """P8: overdue equipment is not used for key or special processes."""

    machine: str
    due_on: date
    code = "maintenance_overdue"
    en = "Maintenance of machine {machine} was due on {due_on}."
    zh = "设备 {machine} 保养已逾期（应于 {due_on} 前完成）。"
    override = Role.QUALITY_MANAGER


@dataclass(frozen=True)
class InstructionNotReleased(Refusal):
    """P2: key and special processes have a released work instruction."""

    operation: str
    code = "instruction_not_released"
    en = "Operation {operation} has no released work instruction."
    zh = "工序 {operation} 没有已发布的作业指导书。"


@dataclass(frozen=True)
class GaugeOutOfCalibration(Refusal):
    """P8: only calibrated gauges are used for any measurement."""

    gauge: str
    until: date
    code = "gauge_out_of_calibration"
    en = "The calibration of {gauge} ended on {until}."
    zh = "量具/设备 {gauge} 校准已于 {until} 到期，不得用于检验。"


@dataclass(frozen=True)
class GaugeNotForThis(Refusal):
    gauge: str
    characteristic: int
    allowed: tuple[str, ...]
    code = "gauge_not_for_this"
    en = "{gauge} is not the gauge for characteristic {characteristic}; use {allowed}."
    zh = "{gauge} 不能用于检验项目 {characteristic}，应使用：{allowed}。"


@dataclass(frozen=True)
class GaugeNotNamed(Refusal):
    """P8: where the plan lists gauges, the one that measured is named."""

    characteristic: int
    allowed: tuple[str, ...]
    code = "gauge_not_named"
    en = "Scan the gauge that measured characteristic {characteristic}: {allowed}."
    zh = "检验项目 {characteristic} 须扫描所用量具：{allowed}。"


@dataclass(frozen=True)
class NotStarted(Refusal):
    card: str
    seq: int
    code = "not_started"
    en = "Operation {seq} of {card} has not been started. Scan its code on the run card."
    zh = "流转单 {card} 工序 {seq} 尚未开工，请先扫工序码。"


@dataclass(frozen=True)
class AlreadyStarted(Refusal):
    card: str
    seq: int
    code = "already_started"
    en = "Operation {seq} of {card} is running already."
    zh = "流转单 {card} 工序 {seq} 已开工。"


@dataclass(frozen=True)
class AlreadyFinished(Refusal):
    card: str
    seq: int
    code = "already_finished"
    en = "Operation {seq} of {card} is finished."
    zh = "流转单 {card} 工序 {seq} 已完工。"


@dataclass(frozen=True)
class PiecesWaiting(Refusal):
    """An operation ends when everything the operation before delivered is reported."""

    card: str
    seq: int
    previous: int
    waiting: str
    code = "pieces_waiting"
    en = "{waiting} from operation {previous} of {card} still wait for operation {seq}. Report them first."
    zh = "流转单 {card} 上道工序 {previous} 还有 {waiting} 待工序 {seq} 报工，请先报工再完工。"


@dataclass(frozen=True)
class FirstArticleOpen(Refusal):
    """P9, F1: batch production only after the inspector has passed and signed; set-up quantity until then."""

    card: str
    seq: int
    attempt: int
    allowed: str
    code = "first_article_open"
    en = "First article {attempt} of {card} operation {seq} is not signed; only {allowed} set-up pieces may be made."
    zh = "流转单 {card} 工序 {seq} 第 {attempt} 次首检未签字放行，调试期最多只能做 {allowed}。"


@dataclass(frozen=True)
class MoreThanCard(Refusal):
    card: str
    seq: int
    left: str
    asked: str
    code = "more_than_card"
    en = "{asked} reported, but only {left} are left for operation {seq} of {card}."
    zh = "流转单 {card} 工序 {seq} 剩余 {left}，报工 {asked}，超出。"


@dataclass(frozen=True)
class QuantityNotWhole(Refusal):
    item: str
    asked: str
    code = "quantity_not_whole"
    en = "{asked} is no possible quantity of {item}: it is counted in whole units above zero."
    zh = "{item} 的数量 {asked} 不合法，必须为大于零的整数。"


@dataclass(frozen=True)
class ReasonMissing(Refusal):
    code = "reason_missing"
    en = "Bad pieces need a reason. Scan the reason on the command sheet."
    zh = "不良品必须有原因，请扫描命令表上的不良原因码。"


# --- quality ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FirstArticleNotMade(Refusal):
    card: str
    seq: int
    made: str
    wanted: str
    code = "first_article_not_made"
    en = "Operation {seq} of {card} has made {made} of {wanted} first-article pieces; report them first."
    zh = "流转单 {card} 工序 {seq} 首件已做 {made}，应做 {wanted}，请先报首件数量。"


@dataclass(frozen=True)
class NothingToInspect(Refusal):
    what: str
    code = "nothing_to_inspect"
    en = "{what} has nothing waiting for this inspection."
    zh = "{what} 没有待检的检验任务。"


@dataclass(frozen=True)
class MeasurementMissing(Refusal):
    characteristics: tuple[int, ...]
    code = "measurement_missing"
    en = "Not every characteristic is recorded; missing: {characteristics}."
    zh = "检验项目未全部记录，缺：{characteristics}。"


@dataclass(frozen=True)
class OutOfLimits(Refusal):
    """P9: an item out of limits cannot be passed."""

    characteristics: tuple[int, ...]
    code = "out_of_limits"
    en = "Out of limits: characteristic {characteristics}. It can be rejected, not passed."
    zh = "检验项目 {characteristics} 超差，只能判不合格，不能放行。"


@dataclass(frozen=True)
class NotAChoice(Refusal):
    """A word that is none of those offered: verdict, stage, disposition."""

    given: str
    allowed: tuple[str, ...]
    code = "not_a_choice"
    en = "{given!r} is none of: {allowed}."
    zh = "{given!r} 不在可选项内：{allowed}。"


@dataclass(frozen=True)
class GroundsMissing(Refusal):
    """A rejection, disposition, hold or release is recorded with its reason."""

    code = "grounds_missing"
    en = "Say why: this decision is recorded together with its reason."
    zh = "请填写原因，此决定须连同原因一并记录。"


@dataclass(frozen=True)
class NotAMeasurement(Refusal):
    characteristic: int
    value: str
    code = "not_a_measurement"
    en = "{value!r} is no value for characteristic {characteristic}."
    zh = "检验项目 {characteristic} 的值 {value!r} 无效。"


@dataclass(frozen=True)
class UnknownCharacteristic(Refusal):
    characteristic: int
    code = "unknown_characteristic"
    en = "Characteristic {characteristic} is not part of this inspection."
    zh = "本次检验没有项目 {characteristic}。"


@dataclass(frozen=True)
class FinalInspectionOpen(Refusal):
    """P10: nothing goes to store without release."""

    card: str
    code = "final_inspection_open"
    en = "Run card {card} has not passed final inspection."
    zh = "流转单 {card} 未经成品检验放行。"


@dataclass(frozen=True)
class OperationsOpen(Refusal):
    """P10: completion only when everything before is complete."""

    card: str
    operations: tuple[int, ...]
    code = "operations_open"
    en = "Operations {operations} of {card} are not complete."
    zh = "流转单 {card} 的工序 {operations} 未完成。"


@dataclass(frozen=True)
class SplitDoesNotAddUp(Refusal):
    card: str
    ready: str
    given: str
    code = "split_does_not_add_up"
    en = "{ready} pieces of {card} wait for the decision; accepted and nonconforming add up to {given}."
    zh = "流转单 {card} 待判 {ready}，合格与不合格合计 {given}，不相符。"


@dataclass(frozen=True)
class TransitionNotAllowed(Refusal):
    """P14: the table of statuses."""

    lot: str
    before: str
    after: str
    code = "transition_not_allowed"
    en = "Lot {lot} cannot go from {before} to {after}."
    zh = "批次 {lot} 不能由 {before} 转为 {after}。"


@dataclass(frozen=True)
class NothingToDispose(Refusal):
    what: str
    code = "nothing_to_dispose"
    en = "{what} is no open nonconformance."
    zh = "{what} 不是待处置的不合格品。"


@dataclass(frozen=True)
class ConsentMissing(Refusal):
    """P16: no disposal of customer property, scrap included, without the customer's recorded consent."""

    lot: str
    owner: str
    code = "consent_missing"
    en = "Lot {lot} belongs to customer {owner}; record the customer's consent first."
    zh = "批次 {lot} 为客户 {owner} 财产，须先登记客户同意。"


@dataclass(frozen=True)
class AlreadyOnHold(Refusal):
    lot: str
    code = "already_on_hold"
    en = "Lot {lot} is on hold already."
    zh = "批次 {lot} 已在隔离中。"


@dataclass(frozen=True)
class NotOnHold(Refusal):
    lot: str
    code = "is_not_on_hold"
    en = "Lot {lot} is not on hold."
    zh = "批次 {lot} 未被隔离。"


# --- packing and shipping --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WrongProductCode(Refusal):
    """F6: the product code on the box is that of the item on the card."""

    scanned: str
    expected: str
    code = "wrong_product_code"
    en = "Product code {scanned} is not {expected}: wrong box or wrong run card."
    zh = "产品码 {scanned} 与应装产品 {expected} 不符，箱或流转单拿错。"


@dataclass(frozen=True)
class MoreThanCarton(Refusal):
    item: str
    pack: str
    asked: str
    code = "more_than_carton"
    en = "A carton of {item} holds {pack}, not {asked}."
    zh = "{item} 每箱装 {pack}，不能装 {asked}。"


@dataclass(frozen=True)
class NotInCarton(Refusal):
    lot: str
    code = "not_in_carton"
    en = "This box of lot {lot} is not packed in a carton. Only cartons go on a pallet."
    zh = "批次 {lot} 的此箱未装外箱，只有外箱可以上托盘。"


@dataclass(frozen=True)
class AlreadyShipped(Refusal):
    what: str
    order: str
    code = "already_shipped"
    en = "{what} was shipped with order {order}."
    zh = "{what} 已随订单 {order} 发货。"


@dataclass(frozen=True)
class CartonOpened(Refusal):
    carton: str
    code = "carton_opened"
    en = "Carton {carton} has been opened. Only closed cartons go on a pallet."
    zh = "外箱 {carton} 已拆开，未封箱不能上托盘。"


@dataclass(frozen=True)
class CartonElsewhere(Refusal):
    """A pallet stands in one place, so what is put on it lies there."""

    carton: str
    at: str
    pallet: str
    place: str
    code = "carton_elsewhere"
    en = "On the books carton {carton} lies at {at}, but pallet {pallet} stands at {place}."
    zh = "账上外箱 {carton} 在 {at}，托盘 {pallet} 在 {place}，不在同一处。"


@dataclass(frozen=True)
class CartonOnPallet(Refusal):
    """Whoever scans one carton of a pallet may have meant the pallet: nothing is guessed."""

    carton: str
    pallet: str
    code = "carton_on_pallet"
    en = "Carton {carton} is on pallet {pallet}. Scan the pallet, or take the carton off it first."
    zh = "外箱 {carton} 在托盘 {pallet} 上：请扫托盘，或先把该箱取下托盘。"


@dataclass(frozen=True)
class CartonNotOnPallet(Refusal):
    carton: str
    code = "carton_not_on_pallet"
    en = "Carton {carton} is on no pallet."
    zh = "外箱 {carton} 不在任何托盘上。"


@dataclass(frozen=True)
class PalletOnPallet(Refusal):
    pallet: str
    code = "pallet_on_pallet"
    en = "{pallet} is a pallet itself. Only cartons go on a pallet."
    zh = "{pallet} 本身是托盘，只有外箱可以上托盘。"


@dataclass(frozen=True)
class NotAPallet(Refusal):
    carton: str
    code = "not_a_pallet"
    en = "{carton} is a carton, not a pallet."
    zh = "{carton} 是外箱，不是托盘。"


@dataclass(frozen=True)
class PalletOpen(Refusal):
    """Law 9: an open pallet has no label that says what is on it."""

    pallet: str
    code = "pallet_open"
    en = "Pallet {pallet} is still open and has no label. Close it first."
    zh = "托盘 {pallet} 未封托，没有标签，请先封托。"


@dataclass(frozen=True)
class PalletEmpty(Refusal):
    pallet: str
    code = "pallet_empty"
    en = "Nothing is on pallet {pallet}."
    zh = "托盘 {pallet} 上没有货。"


@dataclass(frozen=True)
class WholePallet(Refusal):
    pallet: str
    code = "whole_pallet"
    en = "{pallet} is a pallet. Scan one of its cartons for this."
    zh = "{pallet} 是托盘，此操作请扫托盘上的外箱。"


@dataclass(frozen=True)
class WrongItemForOrder(Refusal):
    """P24: never the wrong thing."""

    order: str
    item: str
    expected: str
    code = "wrong_item_for_order"
    en = "Order {order} wants {expected}, not {item}."
    zh = "订单 {order} 要 {expected}，不是 {item}。"


@dataclass(frozen=True)
class MoreThanOrdered(Refusal):
    """P24: never too much."""

    order: str
    left: str
    asked: str
    code = "more_than_ordered"
    en = "Order {order} still needs {left}; this box has {asked}. Open it and take {left} out as a new box."
    zh = "订单 {order} 还需 {left}，此箱有 {asked}，请拆箱取 {left}。"


@dataclass(frozen=True)
class NotPicked(Refusal):
    order: str
    lot: str
    code = "not_picked"
    en = "This box of lot {lot} is not picked for order {order}."
    zh = "批次 {lot} 的此箱未为订单 {order} 拣出。"


@dataclass(frozen=True)
class LessThanOrdered(Refusal):
    """P24: never too little."""

    order: str
    picked: str
    ordered: str
    code = "less_than_ordered"
    en = "Order {order} has {picked} of {ordered} picked. Pick the rest before shipping."
    zh = "订单 {order} 已拣 {picked}，应发 {ordered}，数量不足不能发货。"


@dataclass(frozen=True)
class OrderShipped(Refusal):
    order: str
    code = "order_shipped"
    en = "Order {order} has been shipped."
    zh = "订单 {order} 已发货。"


@dataclass(frozen=True)
class PalletTooMuch(Refusal):
    """P24: never too much; which cartons of a pallet stay behind is not for the program to guess."""

    order: str
    left: str
    pallet: str
    has: str
    code = "pallet_too_much"
    en = "Order {order} still needs {left}; pallet {pallet} has {has}. Take cartons off it, or pick another."
    zh = "订单 {order} 还需 {left}，托盘 {pallet} 有 {has}，请取下多余的外箱或另拣。"


@dataclass(frozen=True)
class CartonAtFault(Refusal):
    """A pallet goes as a whole or not at all; this names the carton that the other reasons speak of."""

    pallet: str
    carton: str
    code = "carton_at_fault"
    en = "It is carton {carton} on pallet {pallet}. Take it off, or leave the whole pallet."
    zh = "问题出在托盘 {pallet} 上的外箱 {carton}：请取下该箱，否则整托不能动。"


@dataclass(frozen=True)
class OrderFirst(Refusal):
    station: str
    code = "order_first"
    en = "Scan the order before picking at {station}."
    zh = "请先在 {station} 扫描订单号再拣货。"


@dataclass(frozen=True)
class CardFirst(Refusal):
    station: str
    code = "card_first"
    en = "Scan a run card operation at {station} first."
    zh = "请先在 {station} 扫描流转单工序码。"


@dataclass(frozen=True)
class DestinationFirst(Refusal):
    station: str
    code = "destination_first"
    en = "Say where the goods go: scan a run card or a place at {station}."
    zh = "请先在 {station} 扫描去向：流转单或库位。"


# --- printing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NoSuchStock(Refusal):
    printer: str
    colour: str
    code = "no_such_stock"
    en = "Printer {printer} cannot be loaded with {colour} labels."
    zh = "打印机 {printer} 不能装 {colour} 标签。"


@dataclass(frozen=True)
class LabelTooWide(Refusal):
    printer: str
    width_mm: int
    takes_mm: int
    code = "label_roll_too_wide"
    en = "Labels {width_mm} mm wide do not go into printer {printer}; it takes {takes_mm} mm."
    zh = "打印机 {printer} 最宽 {takes_mm} mm，装不下 {width_mm} mm 宽的标签卷。"


@dataclass(frozen=True)
class PrinterElsewhere(Refusal):
    """Rolls are confirmed where the printer stands."""

    printer: str
    at: str
    station: str
    code = "printer_elsewhere"
    en = "Printer {printer} stands at {at}, not at {station}. Scan it there."
    zh = "打印机 {printer} 在 {at}，不在 {station}，请到该工位扫描。"


@dataclass(frozen=True)
class NotSoWithThisJob(Refusal):
    """The table of what may become of a print job does not allow it."""

    job: int
    state: str
    code = "print_job_not_so"
    en = "Print job {job} is {state}: that cannot be done with it now."
    zh = "打印任务 {job} 当前状态为 {state}，不能这样处理。"


@dataclass(frozen=True)
class NoSuchJob(Refusal):
    job: int
    code = "no_such_print_job"
    en = "There is no print job {job}."
    zh = "没有打印任务 {job}。"


@dataclass(frozen=True)
class NothingUnknown(Refusal):
    station: str
    code = "nothing_unknown"
    en = "No print job of {station} waits for such an answer."
    zh = "{station} 没有等待确认的打印任务。"


@dataclass(frozen=True)
class NothingToPrint(Refusal):
    what: str
    code = "nothing_to_print"
    en = "No label of {what} waits to be printed here. If one is spoiled, ask for a reprint."
    zh = "{what} 在此没有待打印的标签；如标签损坏，请办理补打。"


@dataclass(frozen=True)
class NoPrinterHere(Refusal):
    station: str
    code = "no_printer_here"
    en = "{station} has no printer. Ask at a station that has one."
    zh = "{station} 没有打印机，请到有打印机的工位打印。"


@dataclass(frozen=True)
class ReprintReasonMissing(Refusal):
    code = "reprint_reason_missing"
    en = "A reprint needs a reason. Scan REPRINT, the reason, then the label."
    zh = "补打标签必须有原因：请依次扫「补打」、原因码、标签。"


@dataclass(frozen=True)
class LabelStillPrinting(Refusal):
    """Another piece of it may still come out: asking for one more could put two on the goods."""

    label: str
    state: str
    code = "label_still_printing"
    en = "Label {label} has a print job that is {state}. Wait for it, or say whether it came out."
    zh = "标签 {label} 的打印任务尚未结束（{state}），请等待打印，或先确认是否已打出。"


@dataclass(frozen=True)
class NotMarked(Refusal):
    what: str
    code = "not_marked"
    en = "{what} carries no valid label of ours."
    zh = "{what} 没有本厂的有效标签。"


@dataclass(frozen=True)
class NotACard(Refusal):
    text: str
    code = "not_a_colour_card"
    en = "{text} is no colour card. Scan the card's own code."
    zh = "{text} 不是颜色卡，请扫颜色卡上的条码。"


@dataclass(frozen=True)
class CardOfOtherColour(Refusal):
    """Law 9: the card's colour tells the status as a label's does; awaiting decision is white with 待判 on it (P15)."""

    card: str
    colour: str
    wanted: str
    status: str
    code = "card_of_other_colour"
    en = "Card {card} is {colour}; goods that are {status} need a card that is {wanted}."
    zh = "颜色卡 {card} 为{colour}，状态「{status}」须用{wanted}卡。"


@dataclass(frozen=True)
class CardInUse(Refusal):
    card: str
    lot: str
    code = "card_in_use"
    en = "Card {card} already stands for goods of lot {lot}. Take a free card."
    zh = "颜色卡 {card} 已用于批次 {lot}，请另取空卡。"


@dataclass(frozen=True)
class CardMarksNothing(Refusal):
    card: str
    code = "card_marks_nothing"
    en = "Card {card} stands for nothing now. Scan BIND, the box, then the card."
    zh = "颜色卡 {card} 未绑定任何货物：请依次扫「绑卡」、料箱、颜色卡。"


@dataclass(frozen=True)
class LayoutNotPrintable(Refusal):
    """A layout that cannot be made scannable is refused when it is saved, not on the floor."""

    layout: str
    why_zh: str
    why_en: str
    code = "layout_not_printable"
    en = "The layout {layout} is not saved: {why_en}."
    zh = "版式 {layout} 未保存：{why_zh}。"


@dataclass(frozen=True)
class AlreadyThere(Refusal):
    """Something of that code exists; bad input never half-does anything."""

    what: str
    text: str
    code = "already_there"
    en = "{what} {text} exists already."
    zh = "{what} {text} 已存在。"
