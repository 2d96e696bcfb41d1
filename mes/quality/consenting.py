"""A customer's consent to what is decided on his property (P16): recorded before anything is, scrap included.

Keeps who gave it, when, and by what letter; decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from mes.declaring import command
from mes.given import Choice, Day, Text
from mes.outside import day_of
from mes.quality.model import DISPOSITIONS, Consent, Nonconformance
from mes.quality.refusals import (
    ConsentIncomplete,
    ConsentMissing,
    ConsentNotYetGiven,
    NotCustomersProperty,
    NothingToDispose,
)
from mes.refusals import Refusal
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words


@dataclass(frozen=True)
class Consented:
    """A consent that is on record: of which customer, to what."""

    nonconformance: str
    owner: str
    kind: str


@command(
    "quality:record_consent",
    {Role.QUALITY_MANAGER, Role.SERVICE},
    Words("登记客户同意", "record a customer's consent"),
    done=Words(
        "已登记客户 {owner} 对 {nonconformance} 的同意",
        "The consent of customer {owner} to {nonconformance} is on record",
    ),
    tells=Words(
        "{nonconformance} 客户同意{kind}：{given_by}，{given_on}，{letter}",
        "{nonconformance}: the customer consents ({kind}), {given_by}, {given_on}, {letter}",
    ),
    signed=True,
)
def record_consent(
    tx: Transaction,
    nonconformance: Nonconformance,
    kind: Annotated[str, Choice(DISPOSITIONS), Words("同意的处置", "disposition consented to")],
    given_by: Annotated[str, Text(200), Words("客户方同意人", "who gave it, at the customer's")],
    given_on: Annotated[str, Day(), Words("同意日期", "day on which it was given")],
    letter: Annotated[str, Text(200), Words("函件（编号或日期）", "letter, mail or form that says so")],
) -> Consented:
    """Record the owner's consent to one disposition of his property (P16).

    Raises at once `NothingToDispose`, `NotCustomersProperty`, `ConsentIncomplete`, `ConsentNotYetGiven`.
    """
    owner, day = nonconformance.lot.owner, day_of(given_on)
    tx.require(
        [] if nonconformance.state == "open" else [NothingToDispose(what=nonconformance.code)],
        [] if owner else [NotCustomersProperty(lot=nonconformance.lot.code)],
        [] if given_by.strip() and letter.strip() else [ConsentIncomplete()],
        [ConsentNotYetGiven(given_on=day)] if day > tx.today else [],
    )
    signer = tx.sign(f"consent:{kind}")
    tx.session.add(
        Consent(
            event_id=tx.event.id,
            nonconformance_id=nonconformance.id,
            kind=kind,
            given_by=given_by.strip(),
            given_on=day,
            letter=letter.strip(),
            person_id=signer.id,
            at=tx.now,
        )
    )
    tx.session.flush()
    tx.cause("consent", nonconformance.code, kind, given_by.strip(), given_on, letter.strip())
    return Consented(nonconformance.code, owner.code if owner else "", kind)


def consented(tx: Transaction, nonconformance: Nonconformance, kind: str) -> list[Refusal]:
    """Nothing is decided on a customer's property without his recorded consent to just that (P16)."""
    lot = nonconformance.lot
    on_record = Consent.nonconformance_id == nonconformance.id, Consent.kind == kind
    if lot.owner is None or tx.session.scalar(select(Consent.id).where(*on_record).limit(1)):
        return []
    return [ConsentMissing(lot=lot.code, owner=lot.owner.code)]
