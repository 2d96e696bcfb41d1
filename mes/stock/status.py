"""The statuses of goods, their names and colours, and the table of allowed changes (P14, P15).

Everything not in the table is refused; a test walks the full matrix.
"""

from __future__ import annotations

from enum import StrEnum

from mes.words import Words


class Status(StrEnum):
    """What is known about goods."""

    IN_PROCESS = "in_process"
    PENDING = "pending"
    ACCEPTED = "accepted"
    AWAITING_DECISION = "awaiting_decision"
    NONCONFORMING = "nonconforming"
    SCRAP = "scrap"


TRANSITIONS: dict[Status, set[Status]] = {
    Status.IN_PROCESS: {Status.ACCEPTED, Status.NONCONFORMING, Status.AWAITING_DECISION},  # final inspection, report
    Status.PENDING: {Status.ACCEPTED, Status.NONCONFORMING, Status.AWAITING_DECISION},
    Status.AWAITING_DECISION: {Status.ACCEPTED, Status.NONCONFORMING},
    # doubt, hold; work accepted by concession or after rework goes on through its routing
    Status.ACCEPTED: {Status.PENDING, Status.AWAITING_DECISION, Status.IN_PROCESS},
    Status.NONCONFORMING: {Status.PENDING, Status.ACCEPTED, Status.SCRAP},  # rework, repair; concession; scrap
    Status.SCRAP: set(),
}

STATUS_NAMES: dict[Status, tuple[str, str]] = {
    Status.IN_PROCESS: ("在制", "in process"),
    Status.PENDING: ("待检", "pending inspection"),
    Status.ACCEPTED: ("合格", "accepted"),
    Status.AWAITING_DECISION: ("待判", "awaiting decision"),
    Status.NONCONFORMING: ("不合格", "nonconforming"),
    Status.SCRAP: ("报废", "scrap"),
}

STATUS_WORDS: dict[str, Words] = {status.value: Words(*names) for status, names in STATUS_NAMES.items()}

LABEL_OF: dict[Status, tuple[str, str]] = {
    Status.PENDING: ("pending", "white"),
    Status.AWAITING_DECISION: ("awaiting_decision", "white"),
    Status.ACCEPTED: ("accepted", "blue"),
    Status.NONCONFORMING: ("nonconforming", "yellow"),
    Status.SCRAP: ("scrap", "red"),
}

# The pre-printed card that may stand for each label. A plain white one says pending; awaiting decision is white with
# 待判 overprinted, so it is a card of its own, whose code says AWAITING (P15).
CARD_OF: dict[Status, str] = {
    Status.PENDING: "white",
    Status.AWAITING_DECISION: "awaiting",
    Status.ACCEPTED: "blue",
    Status.NONCONFORMING: "yellow",
    Status.SCRAP: "red",
}

CARD_NAMES: dict[str, tuple[str, str]] = {
    "white": ("白色", "white"),
    "awaiting": ("白色加印「待判」", "white with 待判 on it"),
    "blue": ("蓝色", "blue"),
    "yellow": ("黄色", "yellow"),
    "red": ("红色", "red"),
}

# What a zone may hold (P12). Hold areas keep doubtful goods, whether or not somebody has looked at them yet.
ZONE_STATUSES: dict[str, set[Status]] = {
    "pass": {Status.ACCEPTED},
    "pending": {Status.PENDING, Status.AWAITING_DECISION},
    "nonconforming": {Status.NONCONFORMING},
    "scrap": {Status.SCRAP},
    "any": set(Status),
}
