"""People: who they are, what they are certified for, and how they prove to be themselves (P3, F8)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from mes.database import Base, Code, Digest, Moment, Name, Numbered, Prose, Word
from mes.memory import named, remembered
from mes.refusals import both
from mes.roles import Role
from mes.words import Words

DEPARTMENTS = {
    "production": Words("生产部", "production"),
    "quality": Words("技质部", "quality"),
    "warehouse": Words("仓库", "warehouse"),
    "office": Words("综合部", "office"),
    "management": Words("管理层", "management"),
}


@remembered
class Person(Numbered, Base):
    """Somebody with a badge."""

    __tablename__ = "person"
    called: ClassVar[Words] = Words("人员", "person")
    badge: Mapped[Code] = mapped_column(unique=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    department: Mapped[Word]
    roles_text: Mapped[Prose] = mapped_column("roles", comment="role words separated by semicolons")
    disabled: Mapped[bool] = mapped_column(default=False)

    @property
    def shown(self) -> str:
        """Name and badge as a fact, with a half for each language."""
        return both(f"{self.name_zh} {self.badge}", f"{self.name_en} {self.badge}")

    @property
    def roles(self) -> frozenset[Role]:
        """What this person may act as."""
        return frozenset(Role(word) for word in self.roles_text.split(";") if word)


@remembered
class Qualification(Numbered, Base):
    """P3: a person's certificate for a key or special operation; both days inclusive."""

    __tablename__ = "qualification"
    called: ClassVar[Words] = Words("上岗证", "certificate")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    operation_code: Mapped[Code]
    certificate: Mapped[Code] = mapped_column(unique=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]

    person = named(Person, "person_id")


class Credential(Base):
    """A person's PIN for signatures and password for the browser, as argon2 hashes only."""

    __tablename__ = "credential"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pin_hash: Mapped[Prose | None]
    password_hash: Mapped[Prose | None]


class Login(Base):
    """Operational: somebody is logged in at a browser, until the row is gone or its time is over."""

    __tablename__ = "login"
    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[Moment] = mapped_column(comment="by the wall clock")


class FailedSignature(Numbered, Base):
    """Operational: tries at a PIN or password, per badge and place, for the lock and to be seen in the office."""

    __tablename__ = "failed_signature"
    badge: Mapped[Code] = mapped_column(index=True)
    station: Mapped[Code]
    at: Mapped[Moment]
    counts: Mapped[bool] = mapped_column(
        default=True, server_default=true(), comment="until the right one is given there"
    )


class Enrolment(Numbered, Base):
    """A single-use code, valid ten minutes, with which a person sets PIN and password or a station gets its token."""

    __tablename__ = "enrolment"
    code_hash: Mapped[Digest] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
