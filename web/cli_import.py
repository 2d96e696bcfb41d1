"""`runcard import`: a plant's sheets read, compared with what is known, and taken in; or only shown (`--dry-run`)."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from labels import typeface
from mes.commands import Request, perform
from mes.database import Database
from mes.intake.change import Change
from mes.intake.columns import SHEETS
from mes.intake.comparing import Comparison, compare, told
from mes.intake.gathered import as_written
from mes.intake.importing import Imported
from mes.intake.known import known_keys, stored
from mes.intake.problems import ImportRefused, Position, Problem
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from mes.people.refusals import SecondSignature
from mes.transaction import Override
from mes.words import Words
from web.cli_door import console, errors, insist, named, sign
from web.cli_setting import Setting
from web.sheets import Sheet, write_text


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--as", "badge", default=None, help="Badge of the person who imports, the author; asks the PIN.")
@click.option(
    "--released-by", "second", default=None, help="Badge of the quality manager who releases it; asks the PIN."
)
@click.option("--reason", default="", help="With --released-by: why it may be released.")
@click.option("--dry-run", is_flag=True, help="Show line by line what would change, and change nothing.")
@click.option(
    "--problems",
    "list_file",
    default=None,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A CSV file to write every problem to, however many there are.",
)
@click.pass_obj
def import_command(
    setting: Setting,
    path: Path,
    badge: str | None,
    second: str | None,
    reason: str,
    dry_run: bool,
    list_file: Path | None,
) -> None:
    """Import a plant: a folder of CSV files or one XLSX workbook, all or nothing."""
    if second and not reason.strip():
        raise click.UsageError("--released-by needs --reason: it is recorded with the signature")
    with setting.database() as database:
        who = None if dry_run else _signed(setting, database, badge, second, reason)
        found, sheets, changed = _taken_in(setting, database, who, path, list_file)
    if who is None:
        sys.exit(_show_dry(found, sheets))
    _show_import(changed, found.changes, sheets.ignored)


def _taken_in(
    setting: Setting, database: Database, who: _Signers | None, path: Path, list_file: Path | None
) -> tuple[Comparison, PlantSheets, dict[str, int]]:
    """What would change, the sheets, and how many rows of each were changed by those who signed; none by nobody."""
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("reading", total=3)
        sheets = _read(database, path, list_file)
        _say(errors, lacking_in_print(sheets))
        progress.update(task, advance=1, description="comparing")
        with database.read() as session:
            found = compare(session, sheets)
        progress.update(task, advance=1, description="writing")
        changed = _import(setting, database, who, path.name, sheets).changed if who else {}
        progress.update(task, advance=1)
    return found, sheets, changed


@dataclass(frozen=True)
class _Signers:
    """Who imports, whether by signature, and who releases what the importer cannot release alone."""

    badge: str | None
    signed: str | None
    second: str | None
    reason: str


def _signed(setting: Setting, database: Database, badge: str | None, second: str | None, reason: str) -> _Signers:
    signed = named(setting, database, badge)
    if second:
        sign(setting, database, second)
    return _Signers(badge, signed, second, reason)


def _import(setting: Setting, database: Database, who: _Signers, source: str, sheets: PlantSheets) -> Imported:
    """Ask the door; what it refuses for want of a second signature is asked again with that, for exactly this."""
    arguments = {"source": source, "digest": hashlib.sha256(repr(sheets).encode()).hexdigest()}
    request = Request("plant:import", arguments, person=who.badge, signed_by=who.signed, payload=sheets)
    outcome = perform(database, request, setting.clock)
    if who.second and outcome.reasons and all(isinstance(one, SecondSignature) for one in outcome.reasons):
        released = tuple(Override(one.fingerprint, who.second, who.reason) for one in outcome.reasons)
        outcome = perform(database, replace(request, overrides=released), setting.clock)
    imported: Imported = insist(outcome)
    return imported


def _read(database: Database, path: Path, list_file: Path | None) -> PlantSheets:
    with database.read() as session:
        before, known = stored(session), known_keys(session)
    try:
        return read_plant(path, known, stored=before)
    except ImportRefused as refused:
        if list_file:
            _write_problems(refused.everything, list_file)
        raise


def lacking_in_print(sheets: PlantSheets) -> Iterator[Words]:
    """Every cell with a character that no label can show: it is taken in all the same, and its labels print a mark."""
    for sheet, columns in SHEETS.items():
        for row in getattr(sheets, sheet):
            for column in columns.columns:
                text = as_written(getattr(row, column.name))
                if found := typeface.lacking(text.replace("\n", "")):
                    yield _lacks(row.at, column.name, found)


def _lacks(at: Position, column: str, found: str) -> Words:
    points = ", ".join(f"{one} (U+{ord(one):04X})" if one.isprintable() else f"U+{ord(one):04X}" for one in found)
    mark = typeface.SUBSTITUTE
    return Words(
        f"{at.file} 第 {at.row} 行“{column}”列：标签字体没有 {points}，打印时以 {mark} 代替。",
        f"{at.file}, row {at.row}, column {column}: labels have no {points} and print {mark} instead.",
    )


def _show_dry(found: Comparison, sheets: PlantSheets) -> int:
    """What would change, and why it may not; the exit status."""
    _say(console, (told(change) for change in found.changes))
    _say_ignored(sheets.ignored)
    counted = (
        f"{len(found.changes)} change(s)" if found.changes else "Nothing new: everything in there is known already"
    )
    console.print(f"{counted}; nothing was written.")
    _say(errors, (Words(one.sentence("zh"), one.sentence("en")) for one in found.reasons))
    return 1 if found.reasons else 0


def _show_import(changed: dict[str, int], changes: Sequence[Change], ignored: Sequence[str]) -> None:
    """What an import added or changed, each change of what was known, and the sheets it left alone."""
    if not changed:
        console.print("Nothing new: everything in there is known already.")
    table = Table("sheet", "rows added or changed")
    for sheet, count in changed.items():
        table.add_row(sheet, str(count))
    if changed:
        console.print(table)
    _say(console, (told(change) for change in changes if change.before is not None))
    _say_ignored(ignored)


def _say(to: Console, lines: Iterable[Words]) -> None:
    for line in lines:
        to.print(line.en, highlight=False, markup=False, soft_wrap=True)
        to.print(line.zh, style="dim", highlight=False, markup=False, soft_wrap=True)


def _say_ignored(ignored: Sequence[str]) -> None:
    for name in ignored:
        console.print(f"ignored: {name} (no sheet of that name is known)")


def show_problems(to: Console, refused: ImportRefused) -> None:
    """Every bad row of a refused import; of very many the first of each file, and where all of them are."""
    to.print(f"runcard: nothing was imported; {refused.count} problem(s):", style="bold")
    _say(to, (Words(f"  {one.in_chinese()}", f"  {one.in_english()}") for one in refused.problems))
    more = refused.count - len(refused.problems)
    if more:
        zh = f"  另有 {more} 处；用 --problems 文件.csv 可得到全部清单。"
        _say(to, [Words(zh, f"  and {more} more; --problems FILE.csv writes the list of all of them.")])


def _write_problems(problems: Iterable[Problem], file: Path) -> None:
    headings = ("file", "row", "column", "found", "说明", "what is wrong")
    rows = ((one.file, one.row, one.column, one.found, one.zh, one.en) for one in problems)
    with file.open("wb") as written:
        write_text(Sheet("problems", headings, rows, numbers=frozenset({1})), written)
