"""`runcard label`: layouts listed, shown, previewed, proved; labels of things and boxes printed, all or chosen.

Reads files and writes previews; a plant's own layout is saved through the door, as any change is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast, get_args

import click
from rich.table import Table

from labels.checking import prove_layout
from labels.code_sheet import Entry, code_sheet
from labels.errors import LabelError
from labels.layout import Layout, load, names, parse, sample, text_of
from labels.rendering import Language, render
from mes.codes import CommandCode
from mes.commands import Request
from mes.labelling.own_labels import KINDS, Piece
from mes.masters.words import STATION_ROLES
from mes.queries.labels import account
from mes.terminal.sheet import words_of
from web import layouts
from web.cli_door import ask, console, insist
from web.cli_setting import Setting

LANGUAGES = get_args(Language)
BOXES = "boxes"
AT_ONCE = 100


@click.group()
def label() -> None:
    """Label layouts: list them, look at them, prove them."""


def or_one_sentence(work: Callable[[], Any]) -> Any:
    """What the work gives; a label that cannot be made becomes the program's one sentence."""
    try:
        return work()
    except LabelError as error:
        raise click.ClickException(f"{error} {error.in_chinese()}") from error


def layout_of(name: str) -> Layout:
    """A packaged layout by name, or a file of the plant's own by path. Raises LabelError."""
    path = Path(name)
    if path.suffix != ".toml":
        return load(name)
    if not path.is_file():
        raise click.UsageError(f"there is no file {name}")
    return parse(path.stem, path.read_text("utf-8"))


@label.command("list")
def label_list() -> None:
    """All layouts, their stock and sizes, and the facts they show."""
    table = Table("layout", "stock", "sizes mm", "facts")
    for name in names():
        layout = load(name)
        facts = ", ".join(fact.name if fact.required else f"[{fact.name}]" for fact in layout.facts)
        table.add_row(name, layout.stock, ", ".join(_sizes(layout)), facts)
    console.print(table, markup=False)


def _sizes(layout: Layout) -> list[str]:
    return [f"{size.width_mm:g}×{f'{size.height_mm:g}' if size.height_mm else '…'}" for size in layout.sizes]


@label.command("show")
@click.argument("layout")
def label_show(layout: str) -> None:
    """One layout (a name, or a FILE.toml): its sizes, and every fact with what it means and a sample."""
    plan = or_one_sentence(lambda: layout_of(layout))
    title = f"{plan.name}: {plan.title_zh} {plan.title_en}, {plan.stock} stock, {', '.join(_sizes(plan))} mm"
    table = Table("fact", "needed", "meaning", "sample", title=title)
    for fact in plan.facts:
        table.add_row(fact.name, "yes" if fact.required else "", f"{fact.zh} {fact.en}", fact.sample)
    console.print(table, markup=False)


@label.command("text")
@click.argument("layout")
def label_text(layout: str) -> None:
    """The packaged file of a layout, to start one of your own from."""
    click.echo(or_one_sentence(lambda: text_of(layout)), nl=False)


@label.command("preview")
@click.argument("layout")
@click.option("--out", "--output", "output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--set", "facts", multiple=True, metavar="FACT=VALUE", help="Instead of the sample's value; may repeat.")
@click.option("--language", type=click.Choice(LANGUAGES), default="png", show_default=True, help="What is written.")
@click.option("--dpi", type=click.Choice(["203", "300"]), default="203", show_default=True)
@click.option("--width", "--width-mm", "width_mm", type=click.FloatRange(20, 220), default=None, help="Paper, in mm.")
@click.option("--copy", is_flag=True, help="Marked as a possible duplicate.")
def label_preview(
    layout: str, output: Path, facts: Sequence[str], language: str, dpi: str, width_mm: float | None, copy: bool
) -> None:
    """Draw a layout (a name, or a FILE.toml) with sample facts as it looks on its stock, and prove that it scans.

    With another language than png the file gets a printer's bytes instead of the picture.
    """
    plan = or_one_sentence(lambda: layout_of(layout))
    wanted = {**sample(plan), **dict(_fact(one) for one in facts)}
    spoken = cast(Language, language)
    paper = or_one_sentence(lambda: render(plan, wanted, spoken, int(dpi), width_mm, copy=copy))
    output.write_bytes(paper.picture if language == "png" else paper.content)
    console.print(f"{plan.name}: every code was read back from the picture; written to {output}")


def _fact(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise click.UsageError(f"--set {text}: say FACT=VALUE")
    return name, value


@label.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def label_check(file: Path) -> None:
    """Prove a layout file on its sample: at every size, at 203 and 300 dpi, sparse, and as a copy."""
    plan = or_one_sentence(lambda: parse(file.stem, file.read_text("utf-8")))
    proofs = or_one_sentence(lambda: prove_layout(plan))
    for proof in proofs:
        codes = ", ".join(dict.fromkeys(proof.codes))
        console.print(f"✓ {proof.image.width}×{proof.image.height} dots at {proof.dpi} dpi: {codes}", markup=False)
    console.print(f"{file}: sound.")


@label.command("save")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "badge", required=True, help="Badge of the administrator or quality manager.")
@click.pass_obj
def label_save(setting: Setting, file: Path, badge: str) -> None:
    """Use a layout file from now on, under its file name; refused if any of its codes could not be scanned."""
    with setting.database() as database:
        saved = insist(layouts.save(database, setting.clock, file.stem, file.read_text("utf-8"), person=badge))
    console.print(f"Layout {saved.name} revision {saved.revision} prints from now on.")


@label.command("account")
@click.argument("lot")
@click.pass_obj
def label_account(setting: Setting, lot: str) -> None:
    """A batch's labels: printed = in use + voided + spoiled, and what is not decided yet."""
    with setting.database() as database, database.read() as session:
        found = account(session, lot)
    table = Table(*(name.replace("_", " ") for name in asdict(found)))
    table.add_row(*(str(value) for value in asdict(found).values()))
    console.print(table)
    console.print("Every piece is accounted for." if found.even else "The account is not even.")


@label.command("print")
@click.argument("kind", type=click.Choice([*KINDS, BOXES]))
@click.argument("which", nargs=-1)
@click.option("--group", default="", help="Only this department, zone, work centre or use.")
@click.option(
    "--out", "output", type=click.Path(dir_okay=False, path_type=Path), default=None, help="A4 sheets as PDF."
)
@click.option("--at", "station", default=None, help="Station whose label printer prints them.")
@click.option("--as", "badge", default=None, help="Badge of whoever prints at a station.")
@click.pass_obj
def label_print(
    setting: Setting,
    kind: str,
    which: Sequence[str],
    group: str,
    output: Path | None,
    station: str | None,
    badge: str | None,
) -> None:
    """Print labels of a kind, all or those named: as A4 sheets (--out) or on a label printer (--at, --as).

    Boxes are named by label, lot or place, and get new labels with serials of their own.
    """
    if (output is None) == (station is None):
        raise click.UsageError("say --out FILE.pdf for A4 sheets, or --at STATION for its label printer")
    with setting.database() as database:
        if kind != BOXES:
            with database.read() as session:
                chosen = _chosen(KINDS[kind].pieces(session), kind, which, group)
            which = [one.key for one in chosen]
        if output:
            _write_sheets(kind, chosen if kind != BOXES else [], output)
            return
        if not which:
            raise click.UsageError("name boxes, lots or places")
        name, of_kind = ("label:print_boxes", {}) if kind == BOXES else ("label:print_own", {"kind": kind})
        for start in range(0, len(which), AT_ONCE):
            arguments = {**of_kind, "which": " ".join(which[start : start + AT_ONCE]), "at": station}
            printed = ask(setting, database, Request(name, arguments, person=badge))
            console.print(f"{printed.labels} labels wait for the printer of {printed.station}.")


def _chosen(known: list[Piece], kind: str, which: Sequence[str], group: str) -> list[Piece]:
    """The pieces named, or all of the group."""
    keys = {one.key for one in known}
    if unknown := [one for one in which if one not in keys]:
        raise click.UsageError(f"there is no {', '.join(unknown)} among the {KINDS[kind].words.en}")
    chosen = [one for one in known if (not which or one.key in which) and (not group or group in one.groups)]
    if not chosen:
        raise click.UsageError(f"there are no {KINDS[kind].words.en} in {group or 'the plant'}")
    return chosen


def _write_sheets(kind: str, chosen: Sequence[Piece], output: Path) -> None:
    if kind == BOXES:
        raise click.UsageError("a box's label has a serial of its own: print it at a station, with --at")
    entries = [Entry(one.code, *one.words, *one.use) for one in chosen]
    zh, en = KINDS[kind].words
    output.write_bytes(or_one_sentence(lambda: code_sheet(zh, en, entries).content))
    console.print(f"{len(entries)} codes written to {output}, each read back.")


@label.command("commands")
@click.option("--out", "output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="PDF to write.")
@click.option("--role", type=click.Choice(list(STATION_ROLES)), default=None, help="Only what such a station takes.")
def label_commands(output: Path, role: str | None) -> None:
    """The command sheet: every word a terminal understands, as an A4 page to hang at the bench."""
    words = words_of(role)
    entries = [Entry(CommandCode(one.word), *one.words, *one.use) for one in words]
    output.write_bytes(code_sheet("指令卡", "Command sheet", entries).content)
    console.print(f"{len(words)} commands written to {output}")
