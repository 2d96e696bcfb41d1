"""The command sheet of a station: every word that its terminal understands, out of the register of tasks.

A task that is added there stands on the sheet by itself. A word authorises nothing; the door decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mes import codes
from mes.labelling import own_labels
from mes.labelling.own_labels import Kind, Piece
from mes.masters.words import STATION_ROLES
from mes.terminal.register import TASKS, tasks_of
from mes.terminal.task import Spoken, Task
from mes.words import Words


@dataclass(frozen=True)
class SheetWord:
    """A word of the sheet: what it is called, and what it is for or what comes after it."""

    word: str
    words: Words
    use: Words


def words_of(role: str | None = None) -> list[SheetWord]:
    """The words that a station of this role understands, each once; of every role without one."""
    found: dict[str, SheetWord] = {}
    for one in TASKS if role is None else (role,):
        for task in tasks_of(one):
            for spoken in _heard_by(task):
                found.setdefault(spoken.word, _on_the_sheet(task, spoken))
    return list(found.values())


def _heard_by(task: type[Task]) -> Iterator[Spoken]:
    """What begins it, then what it hears once it has begun."""
    yield from task.openings().words
    yield from task().hears()


def _on_the_sheet(task: type[Task], spoken: Spoken) -> SheetWord:
    """A word that has another name everywhere stands under that one: DONE is Done, whatever it closes here."""
    use = task.begun if spoken.word == task.begun_by and task.begun.zh else task.words
    return SheetWord(spoken.word, spoken.also or spoken.words, use)


def _pieces(_session: Session) -> list[Piece]:
    """The words that terminals understand, with the roles of the stations that do."""
    roles = {role: {one.word for one in words_of(role)} for role in STATION_ROLES}
    return [_piece(one, tuple(role for role, heard in roles.items() if one.word in heard)) for one in words_of()]


def _piece(one: SheetWord, roles: tuple[str, ...]) -> Piece:
    use = f"{one.use.zh} {one.use.en}"
    facts = {"word": one.word, "name_zh": one.words.zh, "name_en": one.words.en, "use": use}
    return Piece(one.word, codes.CommandCode(one.word), one.words, one.use, roles, facts)


own_labels.offer(
    "commands", Kind(Words("指令", "commands"), _pieces, Words("工位用途", "kind of station"), STATION_ROLES, "command")
)
