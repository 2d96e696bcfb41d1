"""One or several words of the record, and yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mes.given.kind import Given
from mes.words import Words

SEVERAL = ";"
YES, NO = Words("是", "yes"), Words("否", "no")


@dataclass(frozen=True)
class Choice(Given):
    """One of a few words of the record, each with its name in both languages."""

    names: Mapping[str, Words] = field(hash=False)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.names)}

    def problem(self, value: Any) -> Words | None:
        if isinstance(value, str) and value in self.names:
            return None
        return Words(
            "可选：" + "、".join(one.zh for one in self.names.values()),
            "one of: " + ", ".join(one.en for one in self.names.values()),
        )

    def said(self, value: Any) -> Words:
        return self.names.get(value) or super().said(value) if isinstance(value, str) else super().said(value)


@dataclass(frozen=True)
class Several(Given):
    """One or more of a few words of the record, each once; typed with semicolons between them."""

    names: Mapping[str, Words] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "example", list(self.names)[:1])

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(self.names)}, "minItems": 1}

    def problem(self, value: Any) -> Words | None:
        if not isinstance(value, list) or not value:
            return Words("至少选一项", "choose at least one")
        return next((found for one in value if (found := Choice(self.names).problem(one))), None)

    def read(self, text: str) -> Any:
        return [one.strip() for one in text.split(SEVERAL) if one.strip()]

    def said(self, value: Any) -> Words:
        found = [Choice(self.names).said(one) for one in value] if isinstance(value, list) else [super().said(value)]
        return Words("、".join(one.zh for one in found), ", ".join(one.en for one in found))


@dataclass(frozen=True)
class Flag(Given):
    """Yes or no."""

    example = True

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def problem(self, value: Any) -> Words | None:
        return None if isinstance(value, bool) else Words("须为是或否", "must be yes or no")

    def read(self, text: str) -> Any:
        return {"yes": True, "no": False}.get(text, text)

    def said(self, value: Any) -> Words:
        return (YES if value else NO) if isinstance(value, bool) else super().said(value)
