"""What may be a PIN, and what may be a password: said once, for whoever sets one and whoever proves one.

Knows no person but the badge that a PIN must not repeat, and no database.
"""

from __future__ import annotations

import itertools

SHORTEST_PIN, LONGEST_PIN, SHORTEST_PASSWORD, LONGEST_PASSWORD = 4, 12, 8, 200


def good_pin(pin: str, badge: str) -> str:
    """The PIN itself; raises ValueError for another form than 4 to 12 digits, and for one that anybody would try."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise ValueError("a PIN has 4 to 12 digits")
    if is_obvious(pin, badge):
        raise ValueError(
            "a PIN is no digit or pair repeated, no row like 1234 or 4321, and not the badge: choose another"
        )
    return pin


def good_password(password: str) -> str:
    """The password itself; raises ValueError for fewer than 8 or more than 200 characters."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValueError("a password has at least 8 characters, at most 200")
    return password


def is_obvious(pin: str, badge: str) -> bool:
    """Whether a PIN is one digit or pair repeated, a row of digits up or down, or the digits of the badge."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    repeated = pin[:2] * (len(pin) // 2) == pin
    return repeated or steps in ({0}, {1}, {9}) or pin == "".join(filter(str.isdigit, badge))
