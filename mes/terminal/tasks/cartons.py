"""A carton scanned by its GS1 label: the (00) names it, whatever else the label says."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from mes import codes
from mes.refusals import UnknownCode, refuse
from mes.stock.model import Container
from mes.terminal.floor import Floor
from mes.terminal.task import Step

Handling = Callable[[Floor, codes.ContainerCode], Step]


def by_sscc(handle: Handling, or_else: bool = False) -> Callable[[Floor, codes.Gs1], Step | None]:
    """What a GS1 message means where `handle` takes cartons; refuses `UnknownCode`.

    Without (00) it is refused as `NotExpectedHere`, or with `or_else` left to whoever else takes GS1 messages.
    """

    def handle_message(floor: Floor, code: codes.Gs1) -> Step | None:
        sscc = dict(code.elements).get("00")
        if sscc is None:
            if or_else:
                return None
            raise floor.not_expected()
        serial = floor.session.scalar(select(Container.serial).where(Container.sscc == sscc))
        if serial is None:
            raise refuse(UnknownCode(text=sscc))
        return handle(floor, codes.ContainerCode(serial))

    return handle_message
