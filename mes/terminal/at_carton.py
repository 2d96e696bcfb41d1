"""A carton scanned by its GS1 label: the (00) names it, whatever else the label says."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from mes import codes
from mes.refusals import NotExpectedHere, UnknownCode, refuse
from mes.stock.model import Container
from mes.terminal.dialogue import Talk
from mes.terminal.floor import Floor
from mes.terminal.reply import Answer

Handling = Callable[[Floor, codes.ContainerCode], tuple[Answer, Talk]]


def by_sscc(handle: Handling) -> Callable[[Floor, codes.Gs1], tuple[Answer, Talk]]:
    """What a GS1 message means where `handle` takes cartons; refuses `NotExpectedHere` without (00), `UnknownCode`."""

    def handle_message(floor: Floor, code: codes.Gs1) -> tuple[Answer, Talk]:
        sscc = dict(code.elements).get("00")
        if sscc is None:
            raise refuse(NotExpectedHere(text=floor.text, station=floor.station.code))
        serial = floor.session.scalar(select(Container.serial).where(Container.sscc == sscc))
        if serial is None:
            raise refuse(UnknownCode(text=sscc))
        return handle(floor, codes.ContainerCode(serial))

    return handle_message
