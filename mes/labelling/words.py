"""What printers, their paper and their faults are called, by the word that stations and the record use for them."""

from __future__ import annotations

from mes.words import Words

LABEL_STOCKS = {
    "white": Words("白色", "white"),
    "blue": Words("蓝色", "blue"),
    "yellow": Words("黄色", "yellow"),
    "red": Words("红色", "red"),
    "receipt": Words("热敏卷纸", "receipt paper"),
    "a4": Words("A4 纸", "A4 paper"),
    "a5": Words("A5 纸", "A5 paper"),
}
FAULTS = {
    "paper_out": Words("缺纸", "paper out"),
    "paper_low": Words("纸将用完", "paper low"),
    "cover_open": Words("开盖", "cover open"),
    "head_open": Words("打印头未合上", "head open"),
    "offline": Words("脱机", "offline"),
    "unreachable": Words("连不上", "unreachable"),
    "connection_lost": Words("连接中断", "connection lost"),
    "paper_changed": Words("标签卷已更换", "other paper was loaded"),
    "failed": Words("打印失败", "it did not print"),
    "content_damaged": Words("数据损坏", "damaged on its way"),
    "station_stopped": Words("工位程序中断", "the station program stopped"),
    "printer_cannot_answer": Words("打印机不能应答", "the printer cannot answer"),
    "no_answer": Words("无应答", "no answer"),
    "not_confirmed": Words("未确认", "not confirmed"),
    "paused": Words("已暂停", "paused"),
    "ribbon_out": Words("碳带用完", "ribbon out"),
    "paper_jam": Words("卡纸", "paper jam"),
    "head_too_hot": Words("打印头过热", "head too hot"),
    "cutter_error": Words("切刀故障", "cutter error"),
    "printer_error": Words("打印机故障", "printer error"),
    "unrecoverable_error": Words("打印机故障，请断电重启", "printer error: switch it off and on"),
    "buffer_full": Words("缓存已满", "buffer full"),
    "power_cycled": Words("打印中断电", "power lost while printing"),
    "size_unknown": Words("标签尺寸未知，请扫标签卷", "size of its labels unknown: scan the roll"),
    "shift_start": Words("新班开始", "a new shift began"),
    "no_status": Words("无状态", "no status"),
}
PRINTER_LANGUAGES = {
    "escpos": Words("ESC/POS 小票机", "ESC/POS receipt"),
    "zpl": Words("ZPL 标签机", "ZPL labels"),
    "tspl": Words("TSPL 标签机", "TSPL labels"),
    "pdf": Words("PDF 文件", "PDF file"),
}
JOB_STATES = {
    "queued": Words("待打印", "waiting"),
    "leased": Words("打印中", "printing"),
    "done": Words("已打印", "printed"),
    "failed": Words("打不出", "failed"),
    "unknown": Words("未确认", "not confirmed"),
    "cancelled": Words("已取消", "cancelled"),
}
