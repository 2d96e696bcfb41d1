"""Reads the plant's master data as a whole: everything, or a refusal that names all that is wrong.

Owns the order of reading and the one answer. Never touches the database, and never returns a part.
"""

from collections.abc import Iterator, Mapping, Set
from datetime import date
from pathlib import Path

from mes.intake.columns import SHEETS, columns_of
from mes.intake.gathered import Gathered
from mes.intake.import_rules import RULES
from mes.intake.parsing import ReadSheet, parse_sheet
from mes.intake.problems import ImportRefused, Problem
from mes.intake.rows import PlantSheets
from mes.intake.sheets import RawSheet, read_sheets, sheet_name

LOAD_ORDER = list(SHEETS)


def read_plant(
    path: Path,
    known: Mapping[str, Set[str]] | None = None,
    today: date | None = None,
    stored: PlantSheets | None = None,
) -> PlantSheets:
    """Read a folder of CSV files or one workbook; raises `ImportRefused` with everything that is wrong.

    `stored` gives the rows that exist already (`mes.intake.known`) and `known` further keys per sheet (an operation as
    ITEM/SEQ), for an import that brings only some sheets. With `today` (plant time), stock received and
    maintenance done later than that are refused.
    """
    everything = list(read_sheets(path, _is_ours))
    raw = [sheet for sheet in everything if isinstance(sheet, RawSheet)]
    unreadable = [problem for problem in everything if isinstance(problem, Problem)]
    before = stored or PlantSheets()
    read = tuple(_parsed(raw, before))
    gathered = Gathered(read, known or {}, _broken(unreadable, read), _ignored(raw), today, before)
    problems = [*unreadable, *_repeated(read), *(problem for sheet in read for problem in sheet.problems)]
    problems += [problem for rule in RULES for problem in rule(gathered)]
    if not problems and not read:
        problems.append(_nothing_here(path))
    if problems:
        raise ImportRefused(_in_reading_order(problems, read))
    return gathered.plant


def _is_ours(name: str) -> bool:
    return columns_of(name) is not None


def _parsed(raw: list[RawSheet], stored: PlantSheets) -> Iterator[ReadSheet]:
    ours = [(sheet, columns) for sheet in raw if (columns := columns_of(sheet.name))]
    for sheet, columns in sorted(ours, key=lambda pair: (LOAD_ORDER.index(pair[1].name), pair[0].name)):
        yield parse_sheet(sheet, columns, getattr(stored, columns.name))


def _ignored(raw: list[RawSheet]) -> tuple[str, ...]:
    return tuple(sheet.file for sheet in raw if not _is_ours(sheet.name))


def _broken(unreadable: list[Problem], read: tuple[ReadSheet, ...]) -> frozenset[str]:
    """Sheets whose rows nobody knows: a reference to them is not judged."""
    files = [sheet_name(problem.file) for problem in unreadable]
    return frozenset([*files, *(sheet.columns.name for sheet in read if not sheet.has_headings)])


def _repeated(read: tuple[ReadSheet, ...]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for sheet in read:
        if first.setdefault(sheet.name, sheet.file) != sheet.file:
            zh, en = (
                f"与 {first[sheet.name]} 是同一张表，只能有一张。",
                f"the same sheet as {first[sheet.name]}; keep one.",
            )
            yield Problem(sheet.file, None, None, "", zh, en)


def _nothing_here(path: Path) -> Problem:
    zh = f"没有找到任何可用的表，表名须为：{'、'.join(LOAD_ORDER)}。"
    return Problem(path.name, None, None, "", zh, f"no known sheet here; sheets are named {', '.join(LOAD_ORDER)}.")


def _in_reading_order(problems: list[Problem], read: tuple[ReadSheet, ...]) -> list[Problem]:
    """Whole files first, then sheet by sheet in load order, row by row."""
    order = {sheet.file: number for number, sheet in enumerate(read)}
    return sorted(problems, key=lambda problem: (order.get(problem.file, -1), problem.row or 0))
