"""Numbers in an address: whole, from 0, exact in JavaScript."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import UnprocessableEntity

LARGEST = 2**53  # exact in JavaScript, and within the database


def whole_number(name: str, usual: int) -> int:
    """A number of the address; 422 for what is none."""
    text = request.args.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST):
        raise UnprocessableEntity(f"{name} is a whole number from 0.")
    return int(text)
