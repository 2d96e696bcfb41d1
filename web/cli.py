"""The program `runcard`: the one wiring file, which alone knows all rooms.

Errors are one clear sentence on standard error and exit status 1 (2 for wrong usage); a traceback is a bug.
"""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import sys
import threading
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.progress import Progress
from sqlalchemy.exc import OperationalError, ProgrammingError

from devices.config import ConfigError, load_config
from devices.simulated import SimulatedPrinter, SimulatedScanner
from devices.station import run as run_station
from devices.trial.walk import Walk
from mes import audit as auditing
from mes.clock import clock_from, wall_clock
from mes.commands import Request, perform
from mes.database import DEFAULT_URL
from mes.founding import PlantIdentity, found
from mes.intake.problems import ImportRefused
from mes.intake.reading import read_plant
from mes.packing.gs1 import PREFIX
from mes.refusals import Refused
from mes.sealing import seal_what_is_due
from web import cli_tables as tables
from web.backup import BackupError, back_up, restore
from web.cli_floor import stations
from web.cli_label import label
from web.cli_people import user
from web.cli_plan import plan
from web.cli_setting import Setting, console, errors, insist, shown_url
from web.demo.devices import DeviceMaker
from web.demo.ground import StageError
from web.demo.hands import DemoFailed
from web.demo.run import run_demo
from web.serving import secret_of, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--database",
    "url",
    envvar="RUNCARD_DATABASE_URL",
    default=DEFAULT_URL,
    show_default=True,
    help="Database address; SQLite file or PostgreSQL.",
)
@click.option(
    "--now", envvar="RUNCARD_NOW", default="", help="Set the clock (tests and demos): a moment with offset, or @FILE."
)
@click.pass_context
def runcard(context: click.Context, url: str, now: str) -> None:
    """Runcard: production, warehouse, labels and traceability for a plant."""
    try:
        context.obj = Setting(url, clock_from(now) if now else wall_clock)
    except (ValueError, OSError) as error:
        raise click.UsageError(f"--now: {error}") from error


@runcard.command()
@click.option(
    "--site", default=1, type=click.IntRange(1, 99), show_default=True, help="Number of this site; part of every id."
)
@click.option("--name-zh", default="示例电器厂", show_default=True)
@click.option("--name-en", default="Example appliance plant", show_default=True)
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


@runcard.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--as", "badge", default=None, help="Badge of the person who imports; the author of plans.")
@click.pass_obj
def import_command(setting: Setting, path: Path, badge: str | None) -> None:
    """Import a plant: a folder of CSV files or one XLSX workbook, all or nothing."""
    with setting.database() as database, Progress(console=errors, transient=True) as progress:
        task = progress.add_task("reading", total=3)
        sheets = read_plant(path, tables.known_codes(database))
        progress.update(task, advance=1, description="writing")
        digest = hashlib.sha256(repr(sheets).encode()).hexdigest()
        request = Request("plant:import", {"source": path.name, "digest": digest}, person=badge, payload=sheets)
        imported = insist(perform(database, request, setting.clock))
        progress.update(task, advance=2)
    tables.show_import(console, imported.changed, sheets.ignored)


@runcard.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, type=click.IntRange(0, 65535), show_default=True)
@click.option("--proxy", default=None, help="Address of a proxy that speaks HTTPS with the browsers, as 127.0.0.1.")
@click.pass_obj
def serve_command(setting: Setting, host: str, port: int, proxy: str | None) -> None:
    """Start the server: pages, terminals and the interface for stations."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with setting.database() as database:
        secret = os.environ.get("RUNCARD_SECRET") or secret_of(Path.cwd())
        serve(
            database,
            setting.clock,
            host,
            port,
            secret,
            lambda address: click.echo(f"Runcard serves at {address}"),
            proxy,
        )


class Installer:
    """The person who sets up a station, at this terminal."""

    def say(self, sentence: str) -> None:
        """Tell them."""
        click.echo(sentence)

    def confirm(self, question: str) -> bool:
        """Ask them; no answer is a no."""
        return click.confirm(question, default=False)


@runcard.command("station")
@click.argument("config", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--test", "trial", is_flag=True, help="Try every device by hand, and show what was received.")
@click.option("--wait", "wait_s", default=20.0, show_default=True, help="With --test: seconds to wait for a hand.")
@click.pass_obj
def station_command(setting: Setting, config: Path, trial: bool, wait_s: float) -> None:
    """Run a station: its scanner, its beeps, its measuring tools and its printers."""
    if trial:
        sys.exit(0 if Walk(load_config(config), Installer(), wait_s).past_everything() else 1)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_station(load_config(config), stop, setting.clock)


@runcard.command()
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


@runcard.command()
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


@runcard.command()
@click.argument("code")
@click.pass_obj
def recall(setting: Setting, code: str) -> None:
    """What a suspect lot reached: stock, work in process, customers, and whether the quantities add up."""
    with setting.database() as database, database.read() as session:
        tables.show_recall(console, session, code)


@runcard.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(setting: Setting, file: Path) -> None:
    """Write the whole database into one file, while it is in use."""
    back_up(setting.url, file)
    console.print(f"Backed up {shown_url(setting.url)} to {file} ({file.stat().st_size:,} bytes).")


@runcard.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore_command(setting: Setting, file: Path) -> None:
    """Restore a backup into an empty database; refuses to overwrite one."""
    restore(file, setting.url)
    console.print(f"Restored {file} to {shown_url(setting.url)}.")


@runcard.command()
@click.option("--once", is_flag=True, help="End when all eight steps have happened; exit status 0 only then.")
@click.option("--folder", default="demo", show_default=True, type=click.Path(file_okay=False, path_type=Path))
def demo(once: bool, folder: Path) -> None:
    """Play the first days of the sample plant's plan, with simulated scanners, printers and workers."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whoever ends it ends its programs too
    maker = DeviceMaker(
        scanner=lambda directory, name: SimulatedScanner(directory, name),
        printer=lambda language, dots: SimulatedPrinter(language, dots),  # type: ignore[arg-type]
    )
    run_demo(folder, maker, console, once=once)


for group in (user, stations, plan, label):
    runcard.add_command(group)


def main() -> None:
    """Run the program; every foreseen error is one sentence."""
    try:
        runcard(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message())
    except ImportRefused as refused:
        tables.show_problems(errors, refused)
        sys.exit(1)
    except Refused as refused:
        _fail(" ".join(reason.sentence("en") for reason in refused.reasons))
    except (OperationalError, ProgrammingError) as error:
        _fail(f"The database does not answer: {str(error.orig).strip().splitlines()[0]}")
    except (OSError, ValueError, ConfigError, BackupError, StageError, DemoFailed, LookupError) as error:
        _fail(str(error))


def _fail(sentence: str) -> None:
    errors.print(f"runcard: {sentence}", style="bold", highlight=False)
    sys.exit(1)


if __name__ == "__main__":
    main()
