"""What spreadsheets do to codes and numbers, recognised as classes, whether the file is CSV or XLSX.

Owns the looks of the damage and its words. What was there before cannot be known, so nothing is repaired here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from mes.intake.problems import Sentence
from mes.intake.sheets import Cell, Formula

ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?E[+-]\d{2,3}", re.ASCII | re.IGNORECASE)
DATES = re.compile(
    rf"\d{{1,2}}-({MONTHS})(-\d{{2,4}})?|({MONTHS})-\d{{1,4}}"
    r"|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}/\d{1,2}/(\d{2}|\d{4})"
    r"|(\d{4}年)?\d{1,2}月(\d{1,2}日)?",
    re.ASCII | re.IGNORECASE,
)
A_DECIMAL = re.compile(r"\d{4,}\.0+", re.ASCII)
THOUSANDS = re.compile(r"\d{1,3}([,，]\d{3})+(\.\d+)?", re.ASCII)

A_FORMULA = Sentence("单元格为公式；请复制后“选择性粘贴—数值”。", "a formula; paste it as values.")
AN_ERROR = Sentence("单元格为 Excel 错误值，须为文字。", "an Excel error; words are expected.")
NOT_SHOWN = Sentence(
    "单元格为 #####，列宽不够；请加宽后重新保存。", "####: the column was too narrow; widen it and save again."
)
AS_A_POWER = Sentence(
    "Excel 已把长数字改成科学计数法，末尾数字已丢失；请将该列设为“文本”格式后重新录入。",
    "Excel wrote a long number as a power of ten and its last digits are lost; format the column as Text and type it "
    "again.",
)
AS_A_DATE = Sentence(
    "Excel 已把代码改成日期，原文不能确定；请将该列设为“文本”格式后重新录入。",
    "Excel made a date of a code; format the column as Text and type it again.",
)
AS_A_DECIMAL = Sentence(
    "代码被当作小数保存（末尾多出 .0）；请设为“文本”格式。", "a code that was saved as a decimal; format it as Text."
)
IN_THOUSANDS = Sentence(
    "代码被加上了千分位逗号；请设为“文本”格式。", "a code with thousands commas; format it as Text."
)


def of_any(cell: Cell) -> Sentence | None:
    """What no column can read; None where nothing of that sort was done."""
    if isinstance(cell, Formula):
        return A_FORMULA
    if not isinstance(cell, str):
        return None
    if cell.upper() in ERRORS:
        return AN_ERROR
    if set(cell) == {"#"}:
        return NOT_SHOWN
    return AS_A_POWER if SCIENTIFIC.fullmatch(cell) else None


def of_code(cell: Cell) -> Sentence | None:
    """What was done to a code, ours or somebody else's."""
    if isinstance(cell, date | datetime | time | timedelta):
        return AS_A_DATE
    looks = ((DATES, AS_A_DATE), (A_DECIMAL, AS_A_DECIMAL), (THOUSANDS, IN_THOUSANDS))
    return next((what for look, what in looks if isinstance(cell, str) and look.fullmatch(cell)), None)
