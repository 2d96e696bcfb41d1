"""The headlines that a terminal speaks when something was done, and what it asks for next, in both languages."""

from __future__ import annotations

from typing import Any

from mes.declaring import REGISTER
from mes.terminal.reply import Answer
from mes.words import Words

EXPECTS: dict[str, Words] = {
    "badge": Words("请扫工牌", "Scan your badge"),
    "operation": Words("请扫流转单工序码，或扫料箱上料", "Scan the operation on the run card, or a box to load"),
    "quantity": Words(
        "请扫数量报工（不良先扫原因），完工扫「完工」", "Scan a quantity (bad: reason first); scan FINISH when done"
    ),
    "product": Words("请扫产品码，再扫数量装箱", "Scan the product code, then the quantity to pack"),
    "destination": Words("请扫去向：流转单、线边或库位", "Scan where goods go: run card, line side or place"),
    "box": Words("请扫料箱标签", "Scan the box"),
    "order": Words("请扫订单号", "Scan the order"),
    "carton": Words("请扫外箱标签，拣齐后扫「发货」", "Scan the carton; scan SHIP when complete"),
    "on_pallet": Words("请扫外箱放上托盘；装完扫「结束」", "Scan cartons onto the pallet; scan DONE to close it"),
    "off_pallet": Words("请扫要取下托盘的外箱，然后扫「结束」", "Scan the carton to take off its pallet, then DONE"),
    "inspect": Words("请扫流转单，在屏幕上录入并签字", "Scan a run card; record and sign on the screen"),
    "printer": Words("这卷装在哪台打印机？请扫打印机标签", "Which printer is the roll in? Scan the printer's label"),
    "roll": Words("请扫标签卷上的条码", "Scan the label of the roll"),
    "print_box": Words("请扫要打印标签的料箱（旧标签或批次）", "Scan the box to print for (old label or lot)"),
    "bind_box": Words("请扫料箱，再扫颜色卡", "Scan the box, then the colour card"),
    "bind_card": Words("请扫颜色卡", "Scan the colour card"),
    "reprint_reason": Words("请扫补打原因", "Scan the reason for the reprint"),
    "reprint_label": Words("请扫要补打的标签或料箱", "Scan the label or the box"),
    "anything": Words("请扫码", "Scan"),
}

SAID: dict[str, Words] = {
    "signed_on": Words("{zh} 已登录", "{en} signed on"),
    "signed_off": Words("{zh} 已退出", "{en} signed off"),
    "which_printer": Words("{roll} 标签卷：请扫所装打印机的标签", "Roll of {roll}: scan the printer that it is in"),
    "which_roll": Words("打印机 {printer}：请扫装入的标签卷", "Printer {printer}: scan the roll that is in it"),
    "mode_print": Words("打印标签：请扫料箱", "Print labels: scan the box"),
    "mode_bind": Words("绑颜色卡：请扫料箱，再扫卡", "Bind a card: scan the box, then the card"),
    "bind_box": Words("{box}：请扫颜色卡", "{box}: scan the colour card"),
    "mode_reprint": Words("补打标签：请扫原因，再扫标签", "Reprint: scan the reason, then the label"),
    "reprint_reason": Words("补打原因 {reason}：请扫标签", "Reprint because of {reason}: scan the label"),
    "machine": Words("设备 {code} {zh}", "Machine {code} {en}"),
    "taken_up": Words("流转单 {card} 工序 {seq}", "Run card {card} operation {seq}"),
    "reason": Words("不良原因：{reason}，请扫不良数量", "Reason {reason}: scan how many are bad"),
    "product": Words("产品码 {gtin}", "Product code {gtin}"),
    "to_card": Words("发料至流转单 {card}（{item}）", "Issue to run card {card} ({item})"),
    "to_place": Words("去向：{place} {zh}", "To {place} {en}"),
    "notfound_box": Words("{box} 找不到：请扫空库位", "{box} not found: scan the empty place"),
    "split_box": Words("拆箱 {box}：请扫取出数量", "Split {box}: scan how much to take out"),
    "mode_split": Words("拆箱：请扫料箱，再扫数量", "Split: scan the box, then the quantity"),
    "mode_rescue": Words("隔离移动：请扫隔离库位，再扫料箱", "Rescue: scan a hold place, then the box"),
    "mode_notfound": Words("找不到货：请扫批次，再扫空库位", "Not found: scan the lot, then the empty place"),
    "mode_done": Words("恢复正常", "Back to normal"),
    "mode_pallet": Words("装托盘：请扫外箱", "A pallet: scan its cartons"),
    "mode_offpallet": Words("取下托盘：请扫外箱", "Off the pallet: scan the carton"),
    "pallet_again": Words("托盘 {pallet}：请扫外箱", "Pallet {pallet}: scan its cartons"),
    "mode_unpick": Words("退拣：请扫要退回的外箱", "Unpick: scan the carton to take back"),
    "came_out": Words("打印任务 {title}：已打出", "Print job {title}: it came out"),
    "not_out": Words("打印任务 {title}：未打出，重打副本", "Print job {title}: not out, a COPY prints"),
    "order": Words("订单 {order}（{item}）", "Order {order} ({item})"),
    "inspect": Words("检验：流转单 {card}（{item}）", "Inspection: run card {card} ({item})"),
}


def said(what: str, **facts: Any) -> Answer:
    """An answer from the table of things a terminal says by itself."""
    return Answer(SAID[what].said(**facts))


def done(command: str, value: Any, **facts: Any) -> Answer:
    """The answer to a command that was carried out: its own words, with its value's fields as facts too."""
    return Answer(REGISTER[command].said_done(facts, value))
