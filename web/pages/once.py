"""The page of what is shown once: an enrolment code, a station's screen code, a station's token, ready to be used.

It is the answer to the form itself, kept by no session, no address and no cache; looked at again it is gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from flask import make_response, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mes.masters.model import Printer, Station
from mes.people.staff import Invited
from mes.people.station_access import NewToken, ScreenCode
from mes.secret import Secret
from mes.words import Words
from web.house import look


@dataclass(frozen=True)
class Slip:
    """One thing to copy: what it is, the text, and how many lines it has."""

    words: Words
    text: str

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1


def is_shown_once(value: Any) -> bool:
    """Whether a command's value holds something that is shown once."""
    return is_dataclass(value) and any(isinstance(getattr(value, one.name), Secret) for one in fields(value))


def shown_once(title: Words, said: Words, value: Any, onward: str) -> Response:
    """The page with the slips of a value."""
    page = render_template("once.html", title=title, told=said, slips=_slips(value), hint=_hint(value), next=onward)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _slips(value: Any) -> list[Slip]:
    match value:
        case Invited(code=code):
            return _code(code, "enrol")
        case ScreenCode(code=code):
            return _code(code, "enter")
        case NewToken(station=station, token=token):
            return [
                Slip(Words("令牌", "Token"), token.reveal()),
                Slip(Words("工位程序的配置（station.toml）", "For the station's program (station.toml)"), _toml(value)),
                Slip(Words("启动命令", "How it is started"), f"runcard station {station}.toml"),
            ]
    found = [getattr(value, one.name) for one in fields(value)]
    return [Slip(Words("内容", "Text"), one.reveal()) for one in found if isinstance(one, Secret)]


def _code(code: Secret, door: str) -> list[Slip]:
    """The code, and the address that brings it along behind `#`: that part of an address goes to no server and log."""
    address = url_for(door, _external=True)
    return [
        Slip(Words("一次性代码", "Single-use code"), code.reveal()),
        Slip(Words("网址（含代码）", "Address with the code"), f"{address}#{code.reveal()}"),
    ]


def _hint(value: Any) -> Words:
    if isinstance(value, NewToken):
        return Words(
            "令牌只显示这一次，请立即复制到工位电脑。", "The token is shown this once: copy it to the station now."
        )
    return Words(
        "代码只显示这一次，十分钟内有效，只能用一次。", "The code is shown this once; it is good for ten minutes, once."
    )


def _toml(value: NewToken) -> str:
    """What the station's program needs to begin with; its devices are added there."""
    with look() as session:
        here = Printer.station_id == select(Station.id).where(Station.code == value.station).scalar_subquery()
        printers = session.scalars(select(Printer).where(here, Printer.retired.is_(False)).order_by(Printer.code)).all()
    lines = [
        f"station = {json.dumps(value.station)}",
        f"server = {json.dumps(request.host_url.rstrip('/'))}",
        f"token = {json.dumps(value.token.reveal())}",
        f"journal = {json.dumps(f'{value.station}.journal')}",
        "",
        "[scanner]",
        'url = "/dev/serial/by-id/…"',
        *(line for one in printers if one.language != "pdf" for line in _printer(one)),
    ]
    return "\n".join(lines)


def _printer(printer: Printer) -> list[str]:
    url = "socket://192.168.0.100:9100"
    return ["", "[[printers]]", f'code = "{printer.code}"', f'url = "{url}"', f'language = "{printer.language}"']
