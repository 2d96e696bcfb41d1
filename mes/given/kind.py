"""What every kind of argument has in common: its schema, what is wrong with a value, how it reads. Knows no kind."""

from __future__ import annotations

from typing import Any, ClassVar

from mes.outside import is_text
from mes.words import Words

LONGEST_CODE = 64
NO_TEXT = Words("须为文字", "must be text")
NOT_KEPT = Words("含有无法保存的字符（如 NUL）", "has characters that cannot be kept, as NUL")


class Given:
    """How an argument is given; each kind becomes a field of a form and a schema of the API."""

    called: ClassVar[Words | None] = None
    example: ClassVar[Any] = "…"

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        raise NotImplementedError

    def problem(self, value: Any) -> Words | None:
        """What is wrong with the form of a value; None for nothing."""
        raise NotImplementedError

    def read(self, text: str) -> Any:
        """The value that somebody typed, for `problem` to judge."""
        return text

    def said(self, value: Any) -> Words:
        """How a value reads in a sentence, also one that is none of this kind."""
        return Words.halves("" if value is None else str(value))


def text_problem(value: Any, longest: int) -> Words | None:
    """What is wrong with a value as text of at most so many characters; None for nothing."""
    if not isinstance(value, str):
        return NO_TEXT
    if len(value) > longest:
        return Words(f"最多 {longest} 个字符", f"at most {longest} characters")
    return None if is_text(value) else NOT_KEPT
