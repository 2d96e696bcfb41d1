"""What may be chosen by touch instead of a scan: cards, boxes, places, machines, orders, people, reasons.

Each list is one question; all of a screen are asked in one statement. A list only offers: whether a choice is allowed
is for the door to say, as behind a scan.
"""

from mes.terminal.lists.goods import (
    boxes_in_store,
    boxes_loaded,
    boxes_to_issue,
    boxes_to_load,
    boxes_to_put_away,
    cartons_here,
    goods_for,
    hold_places,
    loaded,
    lots_in_store,
    missing_boxes,
    open_orders,
    picked_for,
    places,
)
from mes.terminal.lists.listing import BETWEEN, LONGEST, Here, Listing, rows_of
from mes.terminal.lists.paper import labels_of_here, lots_with_labels_waiting
from mes.terminal.lists.work import (
    cards_here,
    machines_here,
    open_cards,
    people,
    person,
    printers_here,
    products_here,
    reasons_for,
    reasons_given_here,
    self_checks,
)

__all__ = [
    "BETWEEN",
    "LONGEST",
    "Here",
    "Listing",
    "boxes_in_store",
    "boxes_loaded",
    "boxes_to_issue",
    "boxes_to_load",
    "boxes_to_put_away",
    "cards_here",
    "cartons_here",
    "goods_for",
    "hold_places",
    "labels_of_here",
    "loaded",
    "lots_in_store",
    "lots_with_labels_waiting",
    "machines_here",
    "missing_boxes",
    "open_cards",
    "open_orders",
    "people",
    "person",
    "picked_for",
    "places",
    "printers_here",
    "products_here",
    "reasons_for",
    "reasons_given_here",
    "rows_of",
    "self_checks",
]
