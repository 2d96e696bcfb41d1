"""`runcard user`: who may use the system."""

from __future__ import annotations

import click

from mes.commands import Request
from web import cli_tables as tables
from web.cli_door import ask, console
from web.cli_setting import Setting


@click.group()
def user() -> None:
    """People who use the system."""


@user.command("add")
@click.argument("badge")
@click.pass_obj
def user_add(setting: Setting, badge: str) -> None:
    """Give an imported person a single-use code to set PIN and password (page /enrol)."""
    with setting.database() as database:
        invited = ask(setting, database, Request("plant:invite_person", {"person": badge}))
    console.print(f"Code for badge {badge}, good for ten minutes, once: [bold]{invited.code.reveal()}[/bold]")


@user.command("list")
@click.pass_obj
def user_list(setting: Setting) -> None:
    """Who has a badge, with which roles."""
    with setting.database() as database, database.read() as session:
        tables.show_people(console, session)


@user.command("disable")
@click.argument("badge")
@click.option("--as", "by", required=True, help="Badge of the administrator.")
@click.pass_obj
def user_disable(setting: Setting, badge: str, by: str) -> None:
    """Take a person's rights away; the records of the person stay."""
    with setting.database() as database:
        ask(setting, database, Request("plant:disable_person", {"person": badge}, person=by))
    console.print(f"Badge {badge} is disabled.")
