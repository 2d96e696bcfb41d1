"""`runcard serve`: the server, until somebody ends it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from web.cli_setting import Setting
from web.serving import secret_of, serve
from web.sole import sole_server


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, type=click.IntRange(0, 65535), show_default=True)
@click.option("--proxy", default=None, help="Address of a proxy that speaks HTTPS with the browsers, as 127.0.0.1.")
@click.pass_obj
def serve_command(setting: Setting, host: str, port: int, proxy: str | None) -> None:
    """Start the server: pages, terminals and the interface for stations."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with setting.database() as database, sole_server(setting.url):
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
