"""What must be proved before the door is asked, because only this room can: that a label layout stays scannable.

Whoever asks for a command, page or program, passes here first; a refusal is recorded like the door's own.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from mes.commands import Outcome, Request, record_refusal
from mes.declaring import REGISTER
from mes.people.model import Person
from mes.queries.longest import longest_codes
from mes.refusals import Refusal
from web import layouts
from web.house import house, look

PROOFS: dict[str, Callable[..., list[Refusal]]] = {"label:save_layout": layouts.reasons_against}


def refused_before(wanted: Request) -> Outcome | None:
    """The recorded refusal of what cannot be proved; None: the door may be asked."""
    proof = PROOFS.get(wanted.command)
    if proof is None or not _may(wanted):
        return None
    with look() as session:
        longest = longest_codes(session)
    reasons = proof(**wanted.arguments, longest=longest)
    if not reasons:
        return None
    here = house()
    return here.database.write(lambda connection: record_refusal(connection, wanted, reasons, here.clock()))


def _may(wanted: Request) -> bool:
    """Whether the door would hear this person at all: nobody else makes us prove anything."""
    with look() as session:
        person = session.scalar(select(Person).where(Person.badge == wanted.person, Person.disabled.is_(False)))
        return bool(person and person.roles & REGISTER[wanted.command].roles)
