"""Certificates: who may work at key and special operations, and how long (P3). Nobody certifies himself or herself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mes.declaring import command
from mes.given import Code, Day, NewCode
from mes.masters.model import Operation
from mes.masters.refusals import AlreadyThere
from mes.outside import day_of
from mes.people.model import Person, Qualification
from mes.people.refusals import BadPeriod
from mes.refusals import OwnWork, Refusal, UnknownCode, both, refuse
from mes.roles import Role
from mes.transaction import Transaction
from mes.words import Words

Until = Annotated[str, Day(), Words("有效期至", "valid until")]


@dataclass(frozen=True)
class Certified:
    """A certificate and the last day on which it is valid."""

    certificate: str
    until: str


@command(
    "plant:certify",
    {Role.QUALITY_MANAGER},
    Words("发上岗证", "certify a person"),
    done=Words("证书 {certificate} 有效至 {until}", "Certificate {certificate} is valid until {until}"),
    tells=Words("{person} 工序 {operation} 上岗证 {certificate}", "{person} certified for {operation}: {certificate}"),
)
def certify(
    tx: Transaction,
    person: Person,
    operation: Annotated[str, Code(), Words("工序代码", "kind of operation")],
    certificate: Annotated[str, NewCode(), Words("证书编号", "certificate number")],
    valid_from: Annotated[str, Day(), Words("有效期自", "valid from")],
    valid_until: Until,
) -> Certified:
    """A person may do a kind of operation from one day to another, both inclusive.

    Raises `AlreadyThere`, `UnknownCode` for an operation of no routing, `OwnWork`, `BadPeriod`.
    """
    if tx.masters.find(Qualification, certificate=certificate):
        raise refuse(AlreadyThere(what=both("证书", "certificate"), text=certificate))
    unknown = [] if tx.masters.find(Operation, code=operation) else [UnknownCode(text=operation)]
    ends_first = [BadPeriod(certificate, valid_until)] if valid_until < valid_from else []
    tx.require(unknown, _own(tx, person), ends_first)
    tx.session.add(
        Qualification(
            person_id=person.id,
            operation_code=operation,
            certificate=certificate,
            valid_from=day_of(valid_from),
            valid_until=day_of(valid_until),
        )
    )
    tx.cause("certified", person.badge, operation, certificate, valid_from, valid_until)
    return Certified(certificate, valid_until)


@command(
    "plant:prolong_certificate",
    {Role.QUALITY_MANAGER},
    Words("延长上岗证", "prolong a certificate"),
    done=Words("证书 {certificate} 有效至 {until}", "Certificate {certificate} is valid until {until}"),
    tells=Words("上岗证 {certificate} 延至 {valid_until}", "certificate {certificate} prolonged to {valid_until}"),
)
def prolong_certificate(tx: Transaction, certificate: Qualification, valid_until: Until) -> Certified:
    """The same certificate, longer; raises `OwnWork`, `BadPeriod` for a day that is no later than before."""
    shorter = valid_until <= certificate.valid_until.isoformat()
    wrong: list[Refusal] = [BadPeriod(certificate.certificate, valid_until)] if shorter else []
    tx.require(_own(tx, certificate.person), wrong)
    tx.row(certificate).valid_until = day_of(valid_until)
    tx.cause("certificate prolonged", certificate.certificate, valid_until)
    return Certified(certificate.certificate, valid_until)


def _own(tx: Transaction, person: Person) -> list[Refusal]:
    return [OwnWork(person=person.shown)] if tx.person and tx.person.id == person.id else []
