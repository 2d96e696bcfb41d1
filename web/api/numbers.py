"""Numbers in an address: whole, from 0, exact in JavaScript."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import UnprocessableEntity

from mes.outside import whole_of


def whole_number(name: str, usual: int) -> int:
    """A number of the address; 422 for what is none."""
    try:
        return whole_of(request.args.get(name, str(usual)))
    except ValueError as error:
        raise UnprocessableEntity(f"{name} is a whole number from 0.") from error
