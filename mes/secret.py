"""A text that is shown once: an enrolment code, a station's token.

It travels in a command's value, beside the journal: wherever else it is written (sentence, log, kept answer, page) it
reads as dots. Only who hands the value to the person who asked for it calls `reveal`.
"""

from __future__ import annotations

DOTS = "••••••"


class Secret:
    """A text that reads as dots everywhere but where it is revealed."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one answer that shows it."""
        return self._text

    def __str__(self) -> str:
        return DOTS

    def __repr__(self) -> str:
        return f"Secret({DOTS})"
