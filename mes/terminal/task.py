"""What a terminal task is: a frozen value of what it remembers, the codes and words it takes, what it offers by touch.

A task decides nothing about goods; it turns codes into requests at the one door and says what it expects next. Which
tasks a station has stands in `register`; `meanings` walks a scan through the tasks that are in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mes import codes
from mes.terminal.reply import Answer
from mes.words import Words

if TYPE_CHECKING:
    from mes.terminal.floor import Floor
    from mes.terminal.lists import Here, Listing

DONE = Words("结束", "Done")
Meaning = Callable[["Floor", Any], "Step | None"]
"""What is done with a code; None: it is not for this task after all, ask the next one."""


class Twice(StrEnum):
    """What the same code does when it comes again within a moment (`repeats`)."""

    NOTHING = "nothing"
    """Nothing, and the answer says so."""
    ASKS = "asks"
    """It would act again or undo: asks first, and the same scan once more confirms."""


@dataclass(frozen=True)
class OwnWords:
    """What somebody typed that is no code: taken only by a task that asks for a reason in one's own words."""

    text: str


@dataclass(frozen=True)
class Step:
    """What came of a code: the answer, what the task is now (None: it has ended), another that begins on top of it."""

    answer: Answer
    task: Task | None = None
    begins: Task | None = None


@dataclass(frozen=True)
class Spoken:
    """A word of the command sheet that is heard now: scanned, typed in either language, or a button.

    `also` is what the sheet calls it, where the button says it more closely. What is not `offered` is no button:
    its scan is understood, and refused with what has to come first. `twice` must be said of every word.
    """

    word: str
    words: Words
    does: Callable[[Floor], Step | None]
    also: Words | None = None
    offered: bool = True
    twice: Twice | None = None

    @property
    def code(self) -> str:
        """The text that its scan carries, and its button too."""
        return codes.encode(codes.CommandCode(self.word))


@dataclass(frozen=True)
class Openings:
    """What begins a task, or is done by it, whatever else is in hand."""

    words: tuple[Spoken, ...] = ()
    codes: Mapping[type, Meaning] | None = None


@dataclass(frozen=True)
class Task:
    """One thing that somebody does at a station; its fields are all that is remembered of it, codes only."""

    name: ClassVar[str]
    words: ClassVar[Words]
    begun_by: ClassVar[str] = ""
    begun: ClassVar[Words] = Words("", "")
    stands: ClassVar[bool] = False
    """Goes on until it is ended; others are given up when other work is begun."""
    near: ClassVar[tuple[str, ...]] = ()
    """Words that begin other tasks and are wanted so often meanwhile that their buttons stand beside its own."""
    personal: ClassVar[bool] = False
    """Given up when somebody else signs on."""

    def but(self, **changes: Any) -> Self:
        """The same task with some things changed."""
        return replace(self, **changes)

    @classmethod
    def openings(cls) -> Openings:
        """What begins it at a station that has it: its word of the command sheet, if it has one."""
        return Openings((Spoken(cls.begun_by, cls.words, cls.begin, twice=Twice.NOTHING),) if cls.begun_by else ())

    @classmethod
    def begin(cls, floor: Floor) -> Step:
        """The answer to the word that begins it; raises `Refused` where it cannot begin."""
        return Step(Answer(cls.begun), begins=cls())

    @property
    def expects(self) -> Words:
        """What should be scanned now."""
        raise NotImplementedError

    def takes(self) -> Mapping[type, Meaning]:
        """The kinds of codes that mean something to it now."""
        return {}

    def hears(self) -> tuple[Spoken, ...]:
        """The words of the command sheet that mean something to it now; each is a button."""
        return (Spoken("DONE", DONE, self.leave, twice=Twice.ASKS),)

    def leave(self, floor: Floor) -> Step:
        """DONE: it ends, and what was in hand before goes on."""
        return Step(Answer(Words("恢复正常", "Back to normal")))

    def survives(self, code: codes.Code) -> bool:
        """Whether it stays in hand when a task beneath it takes the code."""
        return False

    def lists(self, here: Here) -> tuple[Listing, ...]:
        """What may be chosen by touch instead of a scan."""
        return ()

    @property
    def pad(self) -> Words | None:
        """What a number means now, where one is taken."""
        return None

    @property
    def shows(self) -> str | None:
        """The operation of a run card that the screen shows beside it."""
        return None
