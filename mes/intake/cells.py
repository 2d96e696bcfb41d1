"""Turns one cell into one value: text, code, number, date, word; raises Unfit with what the column expected.

Owns what Excel may have done to a cell and what is still certain then. Never guesses, and knows no sheet.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from stdnum import ean

from mes.intake import damage
from mes.intake.problems import Unfit
from mes.intake.sheets import Cell

EXCEL_DIGITS = 15
"""Excel keeps fifteen digits of a number; a longer code typed as a number has lost its end."""
LONGEST_CODE = 40
"""Fits a Code 128 symbol on a 100 mm label and leaves room under the 128 characters of one scan."""
DAYS_OF_A_CENTURY = 36_525
YEARS = range(1900, 2200)
"""A day outside of these is a slip of the keyboard."""
MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
DAY = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})([ T]0?0:00(:00)?)?", re.ASCII)
"""Also with the midnight that programs write beside a date."""
NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?", re.ASCII)


def words(longest: int) -> Callable[[Cell], str]:
    """Text of at most so many characters."""

    def parse(cell: Cell) -> str:
        found = text(cell)
        if len(found) > longest:
            raise Unfit(f"最多 {longest} 个字。", f"at most {longest} characters.")
        return found

    return parse


def text(cell: Cell) -> str:
    """Any words, line breaks allowed. Normal form C, so that the ohm sign and Greek omega are one character."""
    words = unicodedata.normalize("NFC", _as_text(cell))
    if "\ufffd" in words:
        raise Unfit("含有损坏的字符，请用 UTF-8 或 GB18030 重新保存。", "damaged characters; save as UTF-8 or GB18030.")
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in words):
        raise Unfit("含有控制字符，须为可见文字。", "control characters; readable text is expected.")
    return words


def _as_text(cell: Cell) -> str:
    """A number is text again only where nothing can have been lost."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | float) and cell % 1 == 0 and 0 <= cell < 10**EXCEL_DIGITS:
        return str(int(cell))
    zh = "Excel 已把文字改成数字或日期，原文不能确定；请将单元格设为“文本”格式后重新录入。"
    raise Unfit(zh, "Excel made a number or date of this text; format the cell as Text and type it again.")


def undamaged(cell: Cell) -> Cell:
    """The cell, unless a spreadsheet did to it what no column can read."""
    if what := damage.of_any(cell):
        raise Unfit(what.zh, what.en)
    return cell


def _as_code(cell: Cell) -> str:
    if what := damage.of_code(cell):
        raise Unfit(what.zh, what.en)
    return text(cell)


def foreign_code(longest: int) -> Callable[[Cell], str]:
    """Somebody else's code: any words, but none that a spreadsheet made of it."""
    fits = words(longest)
    return lambda cell: fits(_as_code(cell))


def code(cell: Cell) -> str:
    """A code that can be printed as a barcode: printable ASCII without blanks, at most 40 characters."""
    words = _as_code(cell)
    if not re.fullmatch("[!-~]+", words) or len(words) > LONGEST_CODE:
        zh = f"代码须为 1～{LONGEST_CODE} 个可打印的 ASCII 字符，中间不得有空格。"
        raise Unfit(zh, f"a code is 1 to {LONGEST_CODE} printable ASCII characters without blanks.")
    return words


def code_like(pattern: str, zh: str, en: str) -> Callable[[Cell], str]:
    """A code of one form; the sentences say which."""

    def parse(cell: Cell) -> str:
        words = code(cell)
        if not re.fullmatch(pattern, words, re.ASCII):
            raise Unfit(zh, en)
        return words

    return parse


def gtin(cell: Cell) -> str:
    """GTIN-14 with its check digit (GS1 General Specifications 7.9).

    A number in Excel has lost only leading zeros, so padding it is certain; thirteen digits of text are not repaired.
    """
    digits = text(cell)
    if not isinstance(cell, str):
        digits = digits.zfill(14)
    if not re.fullmatch(r"\d{14}", digits, re.ASCII):
        raise Unfit("GTIN 须为 14 位数字（含前导零）。", "a GTIN is 14 digits, leading zeros included.")
    if not ean.is_valid(digits):
        wanted = ean.calc_check_digit(digits[:-1])
        raise Unfit(f"GTIN 校验位错误，末位应为 {wanted}。", f"wrong check digit; the last digit should be {wanted}.")
    return digits


def number(
    *, above: int | None = None, at_least: int | None = None, below: int = 10**9, decimals: int = 6
) -> Callable[[Cell], Decimal]:
    """A decimal number within bounds and with at most so many decimals; a milliard kg in mg still fits 2^53."""

    def parse(cell: Cell) -> Decimal:
        value = _decimal(cell)
        if above is not None and value <= above:
            raise Unfit(f"须大于 {above}。", f"must be more than {above}.")
        if at_least is not None and value < at_least:
            raise Unfit(f"不得小于 {at_least}。", f"must be at least {at_least}.")
        if value >= below:
            raise Unfit(f"须小于 {below}。", f"must be less than {below}.")
        if decimals_of(value) > decimals:
            raise Unfit(f"小数最多 {decimals} 位。", f"at most {decimals} decimals.")
        return value

    return parse


def decimals_of(value: Decimal) -> int:
    """Decimals that count: 1.50 has one."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def _decimal(cell: Cell) -> Decimal:
    """Excel writes 17 digits of a binary number; repr gives back the shortest one, which is what was typed."""
    plain = format(Decimal(repr(cell)), "f") if isinstance(cell, int | float) else cell
    if isinstance(cell, date | datetime | time | timedelta):
        raise Unfit("Excel 已把数字改成日期，须为数字。", "Excel made a date of a number.")
    if not isinstance(plain, str) or not NUMBER.fullmatch(plain):
        zh = "须为数字，小数点用“.”，不得有千分位逗号或单位。"
        raise Unfit(zh, "a plain number with a decimal point is expected: no thousands commas, no unit.")
    return Decimal(plain)


def whole(*, below: int = 10**9) -> Callable[[Cell], int]:
    """A whole number above zero."""
    plain = number(above=0, below=below)

    def parse(cell: Cell) -> int:
        value = plain(cell)
        if value != int(value):
            raise Unfit("须为整数。", "a whole number is expected.")
        return int(value)

    return parse


def days() -> Callable[[Cell], int]:
    """A number of days, at most a century: added to a day of this plant it is still a date."""
    return whole(below=DAYS_OF_A_CENTURY)


def day(cell: Cell) -> date:
    """A date: a real Excel date, YYYY-MM-DD, or year/month/day, which a Chinese Excel makes of it in a CSV file."""
    at_midnight = isinstance(cell, datetime) and cell.time() == datetime.min.time()
    found = cell.date() if isinstance(cell, datetime) and at_midnight else _written_day(cell)
    if found.year not in YEARS:
        raise Unfit("年份不合理，请核对。", f"the year must be from {YEARS[0]} to {YEARS[-1]}.")
    return found


def _written_day(cell: Cell) -> date:
    parts = DAY.fullmatch(cell) if isinstance(cell, str) else None
    if parts is None:
        raise Unfit("须为日期，格式 YYYY-MM-DD。", "a date YYYY-MM-DD is expected.")
    try:
        return date(int(parts[1]), int(parts[3]), int(parts[4]))
    except ValueError:
        zh, en = "没有这一天，须为日期 YYYY-MM-DD。", "there is no such day; a date YYYY-MM-DD is expected."
        raise Unfit(zh, en) from None


def month(cell: Cell) -> str:
    """A month YYYY-MM; the first day of it where Excel made a date of it."""
    if isinstance(cell, datetime) or (isinstance(cell, str) and DAY.fullmatch(cell)):
        first = day(cell)
        if first.day == 1:
            return f"{first:%Y-%m}"
    parts = MONTH.fullmatch(cell) if isinstance(cell, str) else None
    if parts is None or not 1 <= int(parts[2]) <= 12:
        raise Unfit("须为月份，格式 YYYY-MM。", "a month YYYY-MM is expected.")
    return parts[0]


def one_of(*words: str) -> Callable[[Cell], str]:
    """One of the allowed words, spelled exactly so."""
    zh, en = f"须为：{'、'.join(words)} 之一。", f"must be one of: {', '.join(words)}."

    def parse(cell: Cell) -> str:
        word = text(cell)
        if word not in words:
            raise Unfit(zh, en)
        return word

    return parse


def several_of(*words: str) -> Callable[[Cell], tuple[str, ...]]:
    """A list of allowed words, divided by semicolons."""
    one = one_of(*words)

    def parse(cell: Cell) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one(part.strip()) for part in text(cell).split(";")))

    return parse


def yes_or_no(cell: Cell) -> bool:
    """The words yes and no; Excel's own TRUE and FALSE are not among them."""
    return one_of("yes", "no")(cell) == "yes"
