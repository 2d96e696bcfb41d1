"""Refusals about the scan itself and the dialogue it comes in."""

from __future__ import annotations

from dataclasses import dataclass

from mes.refusals import OfScan


@dataclass(frozen=True)
class GarbageScanned(OfScan):
    """The scanner delivered no whole code."""

    kind: str
    code = "garbage_scanned"
    en = "That scan came in broken ({kind}). Scan again; wipe the label and the scanner window."
    zh = "扫描数据不完整（{kind}），请重扫；必要时擦净标签和扫描窗。"


@dataclass(frozen=True)
class OtherKeyboard(OfScan):
    """A wedge scanner and the computer's keyboard layout do not fit: proved by a check character, or signs of it."""

    text: str
    keyboard: str
    code = "other_keyboard"
    en = "{text} came through a {keyboard} keyboard. Set scanner and computer to US English, then scan again."
    zh = "{text} 是经{keyboard}键盘布局传来的：请把扫描枪和电脑的键盘都设为美式英语，再扫一次。"


@dataclass(frozen=True)
class ScannedEarly(OfScan):
    """What a scanner sent while no station program listened is told, not carried out: nobody knows when that was."""

    text: str
    code = "scanned_early"
    en = "{text} was scanned before this station was listening and was not carried out. Scan it again."
    zh = "{text} 是在工位程序启动之前扫的，未执行，请重扫。"


@dataclass(frozen=True)
class OtherPlantsLabel(OfScan):
    text: str
    site: int
    code = "other_plants_label"
    en = "The label {text} belongs to plant {site}, not to this one. Receive the goods first."
    zh = "标签 {text} 属于 {site} 号工厂，本厂不能直接使用，请先办理收货。"


@dataclass(frozen=True)
class ScanTooOld(OfScan):
    """F7: a scan older than its dialogue is recorded and asked again, never executed blindly."""

    text: str
    code = "scan_too_old"
    en = "The scan {text} waited too long and was not carried out. Scan it again if it still holds."
    zh = "扫描 {text} 等待过久，未执行；如仍有效请重扫。"


@dataclass(frozen=True)
class ClockAhead(OfScan):
    """Law 11: the floor's clock is a witness; what it dates ahead of the server is not carried out."""

    text: str
    skew: str
    code = "clock_ahead"
    en = (
        "The scan {text} is dated {skew} ahead of the server and was not carried out. "
        "Set the station's clock and time zone right (NTP), then scan again."
    )
    zh = "扫描 {text} 的时间比服务器快 {skew}，未执行。请校准本工位的时钟和时区（NTP），然后重扫。"


@dataclass(frozen=True)
class ScanIdReused(OfScan):
    """Law 2: the id came before with other content."""

    scan: str
    code = "scan_id_reused"
    en = "The scan id {scan} was used before for something else. The station must make a new id for every scan."
    zh = "扫描编号 {scan} 已用于其他内容，工位必须为每次扫描生成新编号。"


@dataclass(frozen=True)
class BadgeFirst(OfScan):
    station: str
    code = "badge_first"
    en = "Nobody is signed on at {station}. Scan your badge first."
    zh = "工位 {station} 无人登录，请先扫工牌。"


@dataclass(frozen=True)
class OrderFirst(OfScan):
    station: str
    code = "order_first"
    en = "Scan the order before picking at {station}."
    zh = "请先在 {station} 扫描订单号再拣货。"


@dataclass(frozen=True)
class CardFirst(OfScan):
    station: str
    code = "card_first"
    en = "Scan a run card operation at {station} first."
    zh = "请先在 {station} 扫描流转单工序码。"


@dataclass(frozen=True)
class DestinationFirst(OfScan):
    station: str
    code = "destination_first"
    en = "Say where the goods go: scan a run card or a place at {station}."
    zh = "请先在 {station} 扫描去向：流转单或库位。"


@dataclass(frozen=True)
class PlaceFirst(OfScan):
    """F4: a count is made at the place; its scan proves that somebody stands there."""

    station: str
    code = "place_first"
    en = "Scan the place where you count at {station} first."
    zh = "请先在 {station} 扫描盘点的库位。"


@dataclass(frozen=True)
class BoxFirst(OfScan):
    station: str
    code = "box_first"
    en = "Scan the box at {station} first."
    zh = "请先在 {station} 扫描料箱。"


@dataclass(frozen=True)
class RefusalGone(OfScan):
    """Law 6: an override is bound to exactly one refusal, the one that the screen shows."""

    station: str
    code = "refusal_gone"
    en = "That refusal is no longer the last thing that happened at {station}. Scan again, then ask for the override."
    zh = "该拒绝已不是 {station} 的最新情况，请重新扫描后再申请放行。"


@dataclass(frozen=True)
class GroundsForOverride(OfScan):
    code = "grounds_for_override"
    en = "Say why this may pass: an override is recorded together with its reason."
    zh = "请填写放行原因，放行须连同原因一并记录。"
