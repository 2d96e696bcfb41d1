"""`runcard stations`: setting up the floor."""

from __future__ import annotations

import click
from rich.table import Table
from sqlalchemy import select

from mes.commands import Request
from mes.labelling.loaded_stock import RECEIPT, STOCKS
from mes.masters.model import Printer, Station
from mes.masters.words import STATION_ROLES
from web.cli_door import ask, console
from web.cli_setting import Setting

AS = click.option("--as", "badge", default=None, help="Badge of the administrator.")


@click.group()
def stations() -> None:
    """Stations of the floor and their printers."""


@stations.command("list")
@click.pass_obj
def stations_list(setting: Setting) -> None:
    """All stations with their printers and the paper in them."""
    table = Table("station", "name", "role", "work centre", "printers", "scans back")
    with setting.database() as database, database.read() as session:
        printers = session.scalars(select(Printer).where(Printer.retired.is_(False)).order_by(Printer.code)).all()
        for one in session.scalars(select(Station).where(Station.retired.is_(False)).order_by(Station.code)):
            here = ", ".join(f"{p.code} {p.language} {p.loaded_stock}" for p in printers if p.station_id == one.id)
            center = one.work_center.code if one.work_center else ""
            back = "yes" if one.verifies_labels else ""
            table.add_row(one.code, f"{one.name_zh} {one.name_en}", one.role, center, here, back)
    console.print(table)


@stations.command("add")
@click.argument("code")
@click.option("--role", type=click.Choice(list(STATION_ROLES)), required=True)
@click.option("--name-zh", required=True)
@click.option("--name-en", required=True)
@click.option("--location", default=None, help="Where the goods lie that it handles, the code of a place.")
@click.option("--work-center", default=None)
@AS
@click.pass_obj
def stations_add(
    setting: Setting,
    code: str,
    role: str,
    name_zh: str,
    name_en: str,
    location: str | None,
    work_center: str | None,
    badge: str | None,
) -> None:
    """Add a station."""
    arguments = {
        "code": code,
        "role": role,
        "name_zh": name_zh,
        "name_en": name_en,
        "location": location,
        "work_center": work_center,
    }
    with setting.database() as database:
        ask(setting, database, Request("plant:station", arguments, person=badge))
    console.print(f"Station {code} added; give it a token: runcard stations token {code}")


@stations.command("printer")
@click.argument("code")
@click.option("--station", required=True)
@click.option("--language", type=click.Choice(["escpos", "zpl", "tspl"]), required=True)
@click.option("--dpi", type=click.Choice(["203", "300"]), default="203", show_default=True)
@click.option("--width-mm", type=click.IntRange(30, 220), required=True)
@click.option("--stock", type=click.Choice(STOCKS), required=True, help="Paper that is in it now.")
@click.option("--label-mm", type=(int, int), default=None, metavar="W H", help="Width and height of one label on it.")
@AS
@click.pass_obj
def stations_printer(
    setting: Setting,
    code: str,
    station: str,
    language: str,
    dpi: str,
    width_mm: int,
    stock: str,
    label_mm: tuple[int, int] | None,
    badge: str | None,
) -> None:
    """Add a printer to a station; with labels of unknown size it waits until somebody scans their roll."""
    label_width_mm, label_height_mm = label_mm or (None, None)
    arguments = {
        "code": code,
        "stands_at": station,
        "language": language,
        "dpi": int(dpi),
        "width_mm": width_mm,
        "stock": stock,
        "label_width_mm": label_width_mm,
        "label_height_mm": label_height_mm,
    }
    with setting.database() as database:
        ask(setting, database, Request("plant:printer", arguments, person=badge))
    console.print(f"Printer {code} added at {station}, loaded with {stock} paper.")
    if stock != RECEIPT and label_mm is None:
        console.print("It prints once the size of its labels is known: scan the roll, or give --label-mm W H.")


@stations.command("verify")
@click.argument("code")
@click.option("--on/--off", required=True, help="Whether a status label made there must be scanned back.")
@click.option("--as", "badge", required=True, help="Badge of the quality manager or an administrator.")
@click.pass_obj
def stations_verify(setting: Setting, code: str, on: bool, badge: str) -> None:
    """Verify after print: goods marked at the station wait until their own label was scanned there."""
    with setting.database() as database:
        ask(setting, database, Request("plant:verify_labels", {"station": code, "on": on}, person=badge))
    console.print(f"Labels made at {code} {'count once they are scanned back' if on else 'count at once'}.")


@stations.command("token")
@click.argument("code")
@AS
@click.pass_obj
def stations_token(setting: Setting, code: str, badge: str | None) -> None:
    """A new token for the station's program; the old one ends."""
    with setting.database() as database:
        given = ask(setting, database, Request("plant:new_token", {"station": code}, person=badge))
    click.echo(given.token.reveal())


@stations.command("open")
@click.argument("code")
@AS
@click.pass_obj
def stations_open(setting: Setting, code: str, badge: str | None) -> None:
    """A single-use code that opens the station's screen in a browser (page /enter)."""
    with setting.database() as database:
        given = ask(setting, database, Request("plant:open_screen", {"station": code}, person=badge))
    click.echo(given.code.reveal())


@stations.command("close")
@click.argument("code")
@AS
@click.pass_obj
def stations_close(setting: Setting, code: str, badge: str | None) -> None:
    """End every screen of a station in browsers: a lost tablet, a PC that moved."""
    with setting.database() as database:
        ask(setting, database, Request("plant:end_screens", {"station": code}, person=badge))
    console.print(f"All screens of {code} have ended; open them again with: runcard stations open {code}")
