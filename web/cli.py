"""The program `runcard`: the one wiring file, which alone knows all rooms.

A command is imported when it is asked for: a station's small machine has no room for the whole house. Errors are one
clear sentence on standard error and exit status 1 (2 for wrong usage); a traceback is a bug.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path

import click

from mes.clock import clock_from, wall_clock
from web.cli_setting import DEFAULT_URL, Setting

ELSEWHERE = {
    "init": "web.cli_database:init",
    "import": "web.cli_import:import_command",
    "check": "web.cli_database:check",
    "backup": "web.cli_database:backup",
    "restore": "web.cli_database:restore_command",
    "serve": "web.cli_serve:serve_command",
    "trace": "web.cli_trace:trace",
    "recall": "web.cli_trace:recall",
    "user": "web.cli_people:user",
    "stations": "web.cli_floor:stations",
    "plan": "web.cli_plan:plan",
    "label": "web.cli_label:label",
}
"""Where the commands stand that do not need the devices."""


class Commands(click.Group):
    """The commands of this file and those from elsewhere, each imported by the first who asks for it."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all."""
        return sorted({*self.commands, *ELSEWHERE})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of this name, or None."""
        if name in ELSEWHERE and name not in self.commands:
            module, _, command = ELSEWHERE[name].partition(":")
            self.add_command(getattr(import_module(module), command))
        return self.commands.get(name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
    from devices.station import ConfigError, load_config, run

    try:
        settings = load_config(config)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if trial:
        from devices.trial.walk import Walk

        sys.exit(0 if Walk(settings, Installer(), wait_s).past_everything() else 1)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(settings, stop, setting.clock)


@runcard.command()
@click.option("--once", is_flag=True, help="End when all eight steps have happened; exit status 0 only then.")
@click.option("--folder", default="demo", show_default=True, type=click.Path(file_okay=False, path_type=Path))
def demo(once: bool, folder: Path) -> None:
    """Play the first days of the sample plant's plan, with simulated scanners, printers and workers."""
    from devices.simulated import SimulatedPrinter, SimulatedScanner
    from web.cli_door import console
    from web.demo.devices import DeviceMaker
    from web.demo.run import run_demo

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whoever ends it ends its programs too
    maker = DeviceMaker(
        scanner=lambda directory, name: SimulatedScanner(directory, name),
        printer=lambda language, dots: SimulatedPrinter(language, dots),  # type: ignore[arg-type]
    )
    run_demo(folder, maker, console, once=once)


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
    except (OSError, ValueError, LookupError) as error:
        _fail(str(error))
    except Exception as error:
        from web.cli_errors import told

        if not told(error):
            raise
        sys.exit(1)


def _fail(sentence: str) -> None:
    click.secho(f"runcard: {sentence}", err=True, bold=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
