"""Links to the office form of a command, for whoever may do it: tables offer acts with a row's own code filled in."""

from __future__ import annotations

from urllib.parse import urlencode

from flask_login import current_user

from mes.declaring import REGISTER, Declaration


def link(command: str, **arguments: str | int | None) -> str | None:
    """Where the reader does this, with some arguments filled in; None where he may not, or no form offers it."""
    declared = REGISTER.get(command)
    if declared is None or not may_do(declared):
        return None
    filled = {name: value for name, value in arguments.items() if value is not None}
    path = f"/do/{declared.department}/{declared.verb}"
    return f"{path}?{urlencode(filled)}" if filled else path


def may_do(declared: Declaration) -> bool:
    """Whether the reader has one of the command's roles, and a form offers it."""
    roles = current_user.roles if current_user.is_authenticated else frozenset()
    return not declared.system and bool(roles & declared.roles)
