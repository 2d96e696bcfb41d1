"""`runcard init`, `check`, `backup`, `restore`: a plant's database from its founding on."""

from __future__ import annotations

import sys
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from mes import audit as auditing
from mes.founding import PlantIdentity, found
from mes.packing.gs1 import PREFIX
from mes.sealing import seal_what_is_due
from web import cli_tables as tables
from web.backup import back_up, restore
from web.cli_door import console
from web.cli_setting import Setting, shown_url


@click.command()
@click.option(
    "--site", default=1, type=click.IntRange(1, 99), show_default=True, help="Number of this site; part of every id."
)
@click.option("--name-zh", default=PlantIdentity.name_zh, show_default=True)
@click.option("--name-en", default=PlantIdentity.name_en, show_default=True)
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="The plant's time zone (IANA).")
@click.option("--day-starts", default="06:00", show_default=True, help="When the production day starts.")
@click.option("--gs1-prefix", default=None, help="GS1 company prefix, if the plant has one.")
@click.pass_obj
def init(
    setting: Setting, site: int, name_zh: str, name_en: str, zone: str, day_starts: str, gs1_prefix: str | None
) -> None:
    """Set up the database, or bring it to this version."""
    identity = PlantIdentity(site, name_zh, name_en, _zone(zone), _time(day_starts), _prefix(gs1_prefix))
    with setting.database(founded=False) as database:
        new = found(database, identity)
    console.print(
        f"{shown_url(setting.url)}: {'founded site ' + str(site) if new else 'already founded; schema is current'}."
    )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.UsageError(f"--zone: {name} is no IANA time zone such as Asia/Shanghai") from error


def _prefix(text: str | None) -> str | None:
    if text is not None and not PREFIX.fullmatch(text):
        raise click.UsageError(f"--gs1-prefix: {text} is no GS1 company prefix of 4 to 12 digits")
    return text


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"--day-starts: {text} is no time such as 06:00") from error


@click.command()
@click.option("--seal/--no-seal", default=False, help="Seal what is not sealed yet, then check.")
@click.pass_obj
def check(setting: Setting, seal: bool) -> None:
    """Check the whole database: ledger, genealogy, journal, seals, labels."""
    with setting.database() as database:
        if seal:
            seal_what_is_due(database, setting.clock(), at_once=True)
        with database.read() as session:
            findings = auditing.audit(session)
    tables.show_findings(console, findings)
    sys.exit(1 if findings else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(setting: Setting, file: Path) -> None:
    """Write the whole database into one file, while it is in use."""
    back_up(setting.url, file)
    console.print(f"Backed up {shown_url(setting.url)} to {file} ({file.stat().st_size:,} bytes).")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore_command(setting: Setting, file: Path) -> None:
    """Restore a backup into an empty database; refuses to overwrite one."""
    restore(file, setting.url)
    console.print(f"Restored {file} to {shown_url(setting.url)}.")
