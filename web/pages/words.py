"""The plant's words for what printers, stations and print jobs say: one pair of languages per word of the record.

A word that nobody has translated yet is shown as it is, so that nothing a device says is ever hidden.
"""

from __future__ import annotations

from collections.abc import Mapping

from mes.refusals import BETWEEN
from web.language import said, t

Words = Mapping[str, tuple[str, str]]

STOCK: Words = {
    "white": ("白色", "white"),
    "blue": ("蓝色", "blue"),
    "yellow": ("黄色", "yellow"),
    "red": ("红色", "red"),
    "receipt": ("热敏卷纸", "receipt paper"),
    "a4": ("A4 纸", "A4 paper"),
    "a5": ("A5 纸", "A5 paper"),
}
FAULT: Words = {
    "paper_out": ("缺纸", "paper out"),
    "paper_low": ("纸将用完", "paper low"),
    "cover_open": ("开盖", "cover open"),
    "head_open": ("打印头未合上", "head open"),
    "offline": ("脱机", "offline"),
    "unreachable": ("连不上", "unreachable"),
    "connection_lost": ("连接中断", "connection lost"),
    "paper_changed": ("标签卷已更换", "other paper was loaded"),
    "failed": ("打印失败", "it did not print"),
    "content_damaged": ("数据损坏", "damaged on its way"),
    "station_stopped": ("工位程序中断", "the station program stopped"),
    "printer_cannot_answer": ("打印机不能应答", "the printer cannot answer"),
    "no_answer": ("无应答", "no answer"),
    "not_confirmed": ("未确认", "not confirmed"),
    "paused": ("已暂停", "paused"),
    "ribbon_out": ("碳带用完", "ribbon out"),
    "paper_jam": ("卡纸", "paper jam"),
    "head_too_hot": ("打印头过热", "head too hot"),
    "cutter_error": ("切刀故障", "cutter error"),
    "printer_error": ("打印机故障", "printer error"),
    "unrecoverable_error": ("打印机故障，请断电重启", "printer error: switch it off and on"),
    "buffer_full": ("缓存已满", "buffer full"),
    "power_cycled": ("打印中断电", "power lost while printing"),
    "shift_start": ("新班开始", "a new shift began"),
    "no_status": ("无状态", "no status"),
}
JOB_STATE: Words = {
    "queued": ("待打印", "waiting"),
    "leased": ("打印中", "printing"),
    "done": ("已打印", "printed"),
    "failed": ("打不出", "failed"),
    "unknown": ("未确认", "not confirmed"),
    "cancelled": ("已取消", "cancelled"),
}
LANGUAGE: Words = {
    "escpos": ("ESC/POS 小票机", "ESC/POS receipt"),
    "zpl": ("ZPL 标签机", "ZPL labels"),
    "tspl": ("TSPL 标签机", "TSPL labels"),
    "pdf": ("PDF 文件", "PDF file"),
}
ROLE: Words = {
    "store": ("仓库", "store"),
    "line": ("生产线", "line"),
    "inspection": ("检验", "inspection"),
    "packing": ("包装", "packing"),
    "dock": ("发货", "dock"),
    "office": ("办公室", "office"),
}
CARD_STATE: Words = {
    "released": ("已下达", "released"),
    "running": ("生产中", "running"),
    "complete": ("已完工", "complete"),
    "closed": ("已关闭", "closed"),
    "cancelled": ("已取消", "cancelled"),
}
ORDER_STATE: Words = {
    "open": ("未发", "open"),
    "picking": ("拣货中", "picking"),
    "packed": ("已装箱", "packed"),
    "shipped": ("已发货", "shipped"),
    "cancelled": ("已取消", "cancelled"),
}
PLAN_STATE: Words = {
    "draft": ("草稿", "draft"),
    "approved": ("已批准", "approved"),
    "replaced": ("已被替代", "replaced"),
}
RESULT: Words = {"accepted": ("✓ 接受", "✓ accepted"), "refused": ("✗ 拒绝", "✗ refused"), "asks": ("? 询问", "? asks")}
STAGE: Words = {
    "incoming": ("来料检验", "incoming inspection"),
    "first_article": ("首检", "first article"),
    "self": ("自检", "self-inspection"),
    "patrol": ("巡检", "patrol"),
    "final": ("成品检验", "final inspection"),
    "completion": ("完工放行", "completion"),
    "recheck": ("复检", "re-inspection"),
}
DISPOSITION: Words = {
    "rework": ("返工", "rework"),
    "repair": ("返修", "repair"),
    "concession": ("让步接收", "concession"),
    "return": ("退货", "return"),
    "scrap": ("报废", "scrap"),
}


def word(words: Words, key: str | None) -> str:
    """The word in the reader's language; one that nobody has translated as the record has it; empty for none."""
    return t(*words[key]) if key is not None and key in words else said(key)


def all_words(words: Words, keys: str) -> str:
    """Several words of the record (`paper_out, cover_open`), or a sentence in both, in the reader's language."""
    if BETWEEN in keys:
        return said(keys)
    return t("、", ", ").join(word(words, one.strip()) for one in keys.replace(";", ",").split(",") if one.strip())


def for_script() -> dict[str, dict[str, tuple[str, str]]]:
    """What the screens' scripts need, by table: pairs of Chinese and English."""
    return {"stock": dict(STOCK), "fault": dict(FAULT)}
