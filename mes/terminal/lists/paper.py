"""Lists of labels and of what waits to be printed."""

from __future__ import annotations

from mes.labelling.model import Label, PrintJob
from mes.labelling.print_queue import JobState
from mes.masters.model import Item
from mes.stock.model import HandlingUnit, Lot
from mes.terminal.lists.listing import Here, Listing, row
from mes.words import Words


def lots_with_labels_waiting() -> Listing:
    """Batches for which labels wait until somebody at the goods asks for them."""
    query = (
        row("1T" + Lot.code, Item.name_zh, Item.name_en, Lot.code)
        .select_from(PrintJob)
        .join(Label, Label.id == PrintJob.label_id)
        .join(HandlingUnit, HandlingUnit.id == Label.holder_id)
        .join(Lot, Lot.id == HandlingUnit.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(PrintJob.station_id.is_(None), PrintJob.state == JobState.QUEUED)
        .distinct()
        .order_by("code")
    )
    return Listing("boxes", Words("待打印的批次", "Lots whose labels wait"), query)


def labels_of_here(here: Here) -> Listing:
    """The labels that came out here, the newest first."""
    query = (
        row("1J" + Label.serial, PrintJob.title, PrintJob.title, Label.serial)
        .select_from(PrintJob)
        .join(Label, Label.id == PrintJob.label_id)
        .where(PrintJob.station_id == here.station_id, PrintJob.state == JobState.DONE, Label.voided_by.is_(None))
        .order_by(PrintJob.id.desc())
    )
    return Listing("labels", Words("标签", "Labels"), query)
