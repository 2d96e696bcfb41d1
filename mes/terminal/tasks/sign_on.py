"""Signing on and off: a badge says who works here. It proves nothing; what needs proof asks for a PIN (F8)."""

from __future__ import annotations

from mes import codes
from mes.people.model import Person
from mes.refusals import UnknownCode, refuse
from mes.terminal.floor import Floor
from mes.terminal.reply import Answer
from mes.terminal.task import Openings, Step, Task
from mes.words import Words

ON = Words("{zh} 已登录", "{en} signed on")
OFF = Words("{zh} 已退出", "{en} signed off")


class SignOn(Task):
    """A badge at any station, at any time."""

    name = "sign_on"
    words = Words("登录", "Sign on")

    @classmethod
    def openings(cls) -> Openings:
        """Every badge."""
        return Openings(codes={codes.BadgeCode: sign_on})


def sign_on(floor: Floor, code: codes.BadgeCode) -> Step:
    """A badge: this person now works here; scanning it again logs off."""
    person = floor.find(Person.badge, code.badge)
    if person.disabled:
        raise refuse(UnknownCode(text=floor.text))
    names = {"zh": person.name_zh, "en": person.name_en}
    own, *others = floor.talk.hand
    if floor.talk.badge == person.badge:
        floor.talk = floor.talk.but(badge=None, machine=None, hand=(type(own)(),))
        return Step(Answer(OFF.said(**names)))
    standing = (one for one in others if one.stands and not one.personal)
    floor.talk = floor.talk.but(badge=person.badge, machine=None, hand=(own, *standing))
    return Step(Answer(ON.said(**names)))
