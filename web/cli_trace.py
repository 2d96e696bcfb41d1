"""`runcard trace` and `runcard recall`: where a batch came from and what it reached."""

from __future__ import annotations

from pathlib import Path

import click

from web import cli_tables as tables
from web.cli_door import console
from web.cli_setting import Setting


@click.command()
@click.argument("code")
@click.option("--up", "direction", flag_value="up", help="Where it went: batches, stock, shipments, customers.")
@click.option("--down", "direction", flag_value="down", default="down", help="What went into it (default).")
@click.option("--format", "form", type=click.Choice(["tree", "json", "csv", "xlsx"]), default="tree", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), default=None, help="File to write; needed for xlsx."
)
@click.pass_obj
def trace(setting: Setting, code: str, direction: str, form: str, output: Path | None) -> None:
    """Trace a batch, lot, supplier lot, label or run card."""
    if form == "xlsx" and output is None:
        raise click.UsageError("--format xlsx needs --output FILE.xlsx")
    with setting.database() as database, database.read() as session:
        tables.show_trace(console, session, code, direction, form, output)


@click.command()
@click.argument("code")
@click.pass_obj
def recall(setting: Setting, code: str) -> None:
    """What a suspect lot reached: stock, work in process, customers, and whether the quantities add up."""
    with setting.database() as database, database.read() as session:
        tables.show_recall(console, session, code)
