"""Things of the plant by their code, records of several fields, and what travels beside the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mes.given.kind import LONGEST_CODE, Given, text_problem
from mes.words import Words


@dataclass(frozen=True)
class Thing(Given):
    """Something of the plant that has a code; of several kinds the first that knows the code is meant."""

    example = "261201-ASA-01"
    kinds: tuple[type, ...]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}

    def problem(self, value: Any) -> Words | None:
        return Words("请填编号", "give its code") if value == "" else text_problem(value, LONGEST_CODE)


@dataclass(frozen=True)
class Rows(Given):
    """Several records of the same few fields, such as readings: a program gives them; for people a page of its own."""

    fields: Mapping[str, Given] = field(hash=False)

    @property
    def schema(self) -> dict[str, Any]:
        row = {"type": "object", "properties": {name: one.schema for name, one in self.fields.items()}}
        return {"type": "array", "items": {**row, "additionalProperties": False}}

    def problem(self, value: Any) -> Words | None:
        fits = isinstance(value, list) and all(self._row_fits(one) for one in value)
        names = ", ".join(self.fields)
        return None if fits else Words(f"须为列表，每行含：{names}", f"must be a list of records with: {names}")

    def said(self, value: Any) -> Words:
        return Words.halves(str(len(value)) if isinstance(value, list) else "")

    def _row_fits(self, row: Any) -> bool:
        if not isinstance(row, dict) or set(row) - set(self.fields):
            return False
        return all(one is None or self.fields[name].problem(one) is None for name, one in row.items())


@dataclass(frozen=True)
class Beside(Given):
    """What travels beside the journal and has a way in of its own, as the sheets of an import: no face offers it."""

    @property
    def schema(self) -> dict[str, Any]:
        return {}

    def problem(self, value: Any) -> Words | None:
        return Words("此处不能提交", "cannot be given here")
