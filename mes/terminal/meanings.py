"""What a scan means here and now: the tasks in hand are asked from the top, and those that the station could begin.

First what was begun for a moment, then what holds at any time (a badge, a roll of labels, a word that begins a task),
then what stands: the pallet, the run card or the order in hand. Knows no task by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from mes import codes
from mes.refusals import refuse
from mes.terminal.dialogue import Talk
from mes.terminal.floor import Floor
from mes.terminal.refusals import BadgeFirst
from mes.terminal.register import tasks_of
from mes.terminal.repeats import rule_of
from mes.terminal.reply import Answer
from mes.terminal.task import Meaning, OwnWords, Spoken, Step, Task
from mes.words import Words

BADGE = Words("请扫工牌", "Scan your badge")
LOG_OFF = Words("退出登录", "Sign off")
Taken = codes.Code | OwnWords


def meaning_of(floor: Floor, code: Taken) -> tuple[Answer, Talk]:
    """Do what the code means here now; the answer and what is in hand after it. Raises `Refused`."""
    if isinstance(code, codes.Envelope):
        return meaning_of(floor, _first_meant(floor, code))
    if floor.talk.badge is None and not isinstance(code, codes.BadgeCode):
        raise refuse(BadgeFirst(station=floor.station.code))
    for depth, meaning, spoken in _meanings(floor, code):
        floor.twice = rule_of(code, spoken)
        if step := meaning(floor, code):
            floor.talk = floor.talk.but(hand=_in_hand_after(floor.talk.hand, depth, step, code))
            answer = step.answer
            expects, warned = expected(floor.talk), tuple(floor.warned)
            return Answer(answer.headline, expects, answer.asks, answer.choices, warned), floor.talk
    raise floor.not_expected()


def expected(talk: Talk) -> Words:
    """What the station's next scan should be."""
    return BADGE if talk.badge is None else talk.task.expects


def heard(talk: Talk, role: str) -> list[Spoken]:
    """The words that mean something now, those of the task on top first, each once."""
    if talk.badge is None:
        return []
    found = [one for task in reversed(talk.hand) for one in task.hears()]
    found += [one for kind in tasks_of(role) for one in kind.openings().words]
    return list({one.word: one for one in reversed(found)}.values())[::-1]


def is_taken(floor: Floor, code: Taken) -> bool:
    """Whether the code means something here now."""
    if floor.talk.badge is None:
        return isinstance(code, codes.BadgeCode)
    return next(_meanings(floor, code), None) is not None


Found = tuple[int | None, Meaning, Spoken | None]


def _meanings(floor: Floor, code: Taken) -> Iterator[Found]:
    """Everything that may want the code, in order, with the place in hand of the task that does (None: none yet)."""
    hand = [(depth, task) for depth, task in enumerate(floor.talk.hand)][::-1]
    yield from _of_tasks([(depth, task) for depth, task in hand if not (task.stands or depth == 0)], code)
    for kind in tasks_of(floor.station.role):
        openings = kind.openings()
        if isinstance(code, codes.CommandCode):
            yield from ((None, _spoken(one), one) for one in openings.words if one.word == code.word)
        elif meaning := (openings.codes or {}).get(type(code)):
            yield None, meaning, None
    yield from _of_tasks([(depth, task) for depth, task in hand if task.stands or depth == 0], code)


def _of_tasks(tasks: list[tuple[int, Task]], code: Taken) -> Iterator[Found]:
    for depth, task in tasks:
        if isinstance(code, codes.CommandCode):
            yield from ((depth, _spoken(one), one) for one in task.hears() if one.word == code.word)
        elif meaning := task.takes().get(type(code)):
            yield depth, meaning, None


def _spoken(one: Spoken) -> Meaning:
    return lambda floor, _code: one.does(floor)


def _in_hand_after(hand: tuple[Task, ...], depth: int | None, step: Step, code: Taken) -> tuple[Task, ...]:
    """What is in hand after a step of the task at `depth`; None: of one that was in hand nowhere."""
    if depth is None:
        return _begun(hand, step.begins) if step.begins else hand
    if step.begins:
        return (*hand[:depth], *(() if step.task is None else (step.task,)), step.begins)
    ended: tuple[Task, ...] = () if depth else (type(hand[0])(),)
    below = hand[:depth] + ((step.task,) if step.task else ended)
    return below + tuple(task for task in hand[depth + 1 :] if not isinstance(code, OwnWords) and task.survives(code))


def _begun(hand: tuple[Task, ...], task: Task) -> tuple[Task, ...]:
    """Another task on top: what was begun for a moment is given up, and each kind is in hand once."""
    own, *others = hand
    return (own, *(one for one in others if one.stands and type(one) is not type(task)), task)


def _first_meant(floor: Floor, envelope: codes.Envelope) -> codes.Code:
    """Of a two-dimensional symbol with several fields the first that means something here."""
    for part in envelope.parts:
        if floor.talk.badge is None or is_taken(floor, part):
            return part
    raise floor.not_expected()
