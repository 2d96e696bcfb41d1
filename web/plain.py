"""The value of a command as JSON values: quantities and dates as text, so that nothing is rounded on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mes.secret import Secret


def plain(value: Any) -> Any:
    """JSON values all through; what is shown once stays hidden in it."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, date | Decimal | str) else value


def revealed(value: Any) -> Any:
    """The same with what is shown once in the clear: for the very answer to who asked, never for what is kept."""
    if isinstance(value, Mapping):
        return {name: revealed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [revealed(one) for one in value]
    return value.reveal() if isinstance(value, Secret) else value
