"""Refusals about inspections, gauges and decisions (P8 to P10, P14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mes.refusals import Kind, Refusal


class OfQuality(Refusal, of=Kind.QUALITY):
    """About inspections, gauges and decisions."""


@dataclass(frozen=True)
class GaugeOutOfCalibration(OfQuality):
    """P8: only calibrated gauges are used for any measurement."""

    gauge: str
    until: date
    code = "gauge_out_of_calibration"
    en = "The calibration of {gauge} ended on {until}."
    zh = "量具/设备 {gauge} 校准已于 {until} 到期，不得用于检验。"


@dataclass(frozen=True)
class GaugeNotForThis(OfQuality):
    gauge: str
    characteristic: int
    allowed: tuple[str, ...]
    code = "gauge_not_for_this"
    en = "{gauge} is not the gauge for characteristic {characteristic}; use {allowed}."
    zh = "{gauge} 不能用于检验项目 {characteristic}，应使用：{allowed}。"


@dataclass(frozen=True)
class GaugeNotNamed(OfQuality):
    """P8: where the plan lists gauges, the one that measured is named."""

    characteristic: int
    allowed: tuple[str, ...]
    code = "gauge_not_named"
    en = "Scan the gauge that measured characteristic {characteristic}: {allowed}."
    zh = "检验项目 {characteristic} 须扫描所用量具：{allowed}。"


@dataclass(frozen=True)
class FirstArticleNotMade(OfQuality):
    card: str
    seq: int
    made: str
    wanted: str
    code = "first_article_not_made"
    en = "Operation {seq} of {card} has made {made} of {wanted} first-article pieces; report them first."
    zh = "流转单 {card} 工序 {seq} 首件已做 {made}，应做 {wanted}，请先报首件数量。"


@dataclass(frozen=True)
class HalfMade(OfQuality):
    """P10: what never went through its routing is no good piece, whatever is conceded."""

    nonconformance: str
    code = "half_made"
    en = "The goods of {nonconformance} are half made, their run card has ended: they are scrapped or returned."
    zh = "不合格品 {nonconformance} 为未完工的在制品，其流转单已结束，只能报废或退货。"


@dataclass(frozen=True)
class NothingToInspect(OfQuality):
    what: str
    code = "nothing_to_inspect"
    en = "{what} has nothing waiting for this inspection."
    zh = "{what} 没有待检的检验任务。"


@dataclass(frozen=True)
class MeasurementMissing(OfQuality):
    characteristics: tuple[int, ...]
    code = "measurement_missing"
    en = "Not every characteristic is recorded; missing: {characteristics}."
    zh = "检验项目未全部记录，缺：{characteristics}。"


@dataclass(frozen=True)
class PiecesNotMeasured(OfQuality):
    """F1: all pieces of a first article are measured before it is signed."""

    pieces: tuple[str, ...]
    code = "pieces_not_measured"
    en = "A first article is signed when every piece is measured; still missing: {pieces}."
    zh = "首件须逐件测完才能签字，还缺：{pieces}。"


@dataclass(frozen=True)
class FirstArticleHasBad(OfQuality):
    """F1: none of its pieces is bad."""

    card: str
    seq: int
    bad: str
    code = "first_article_has_bad"
    en = "Of the first article of {card} operation {seq}, {bad} were reported as bad: it can be rejected, not passed."
    zh = "流转单 {card} 工序 {seq} 的首件中有 {bad} 已报不良，只能判不合格，不能放行。"


@dataclass(frozen=True)
class OutOfLimits(OfQuality):
    """P9: an item out of limits cannot be passed."""

    characteristics: tuple[int, ...]
    code = "out_of_limits"
    en = "Out of limits: characteristic {characteristics}. It can be rejected, not passed."
    zh = "检验项目 {characteristics} 超差，只能判不合格，不能放行。"


@dataclass(frozen=True)
class NotAMeasurement(OfQuality):
    characteristic: int
    value: str
    code = "not_a_measurement"
    en = "{value!r} is no value for characteristic {characteristic}."
    zh = "检验项目 {characteristic} 的值 {value!r} 无效。"


@dataclass(frozen=True)
class UnknownCharacteristic(OfQuality):
    characteristic: int
    code = "unknown_characteristic"
    en = "Characteristic {characteristic} is not part of this inspection."
    zh = "本次检验没有项目 {characteristic}。"


@dataclass(frozen=True)
class SplitDoesNotAddUp(OfQuality):
    card: str
    ready: str
    given: str
    code = "split_does_not_add_up"
    en = "{ready} pieces of {card} wait for the decision; accepted and nonconforming add up to {given}."
    zh = "流转单 {card} 待判 {ready}，合格与不合格合计 {given}，不相符。"


@dataclass(frozen=True)
class NothingToDispose(OfQuality):
    what: str
    code = "nothing_to_dispose"
    en = "{what} is no open nonconformance."
    zh = "{what} 不是待处置的不合格品。"


@dataclass(frozen=True)
class ConsentMissing(OfQuality):
    """P16: no disposal of customer property, scrap included, without the customer's recorded consent."""

    lot: str
    owner: str
    code = "consent_missing"
    en = (
        "Lot {lot} belongs to customer {owner}, whose consent to this decision is not on record. "
        "Record it first (Record a customer's consent: who gave it, when, by what letter)."
    )
    zh = "批次 {lot} 为客户 {owner} 财产，尚无其对此处置的同意；请先办理「登记客户同意」（同意人、日期、函件）。"


@dataclass(frozen=True)
class NotCustomersProperty(OfQuality):
    """P16: only the owner of goods consents to what becomes of them."""

    lot: str
    code = "not_customers_property"
    en = "Lot {lot} is no customer's property: nobody has to consent."
    zh = "批次 {lot} 不是客户财产，无需客户同意。"


@dataclass(frozen=True)
class ConsentIncomplete(OfQuality):
    """P16: a consent is recorded with who gave it and by what letter."""

    code = "consent_incomplete"
    en = "Say who gave the consent at the customer's, and which letter, mail or form says so."
    zh = "请填写客户方同意人以及表明同意的函件（编号或日期）。"


@dataclass(frozen=True)
class ConsentNotYetGiven(OfQuality):
    given_on: date
    code = "consent_not_yet_given"
    en = "{given_on} is still to come: record the consent when it has been given."
    zh = "同意日期 {given_on} 尚未到，请在客户同意后再登记。"


@dataclass(frozen=True)
class AlreadyOnHold(OfQuality):
    lot: str
    code = "already_on_hold"
    en = "Lot {lot} is on hold already."
    zh = "批次 {lot} 已在隔离中。"


@dataclass(frozen=True)
class NotOnHold(OfQuality):
    lot: str
    code = "is_not_on_hold"
    en = "Lot {lot} is not on hold."
    zh = "批次 {lot} 未被隔离。"
