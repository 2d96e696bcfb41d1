"""The ledger keeps its laws whatever people scan in whatever order (law 4): a hypothesis machine at the one door."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from mes.audit import containers
from mes.audit.findings import audit
from mes.clock import local_day
from mes.commands import Outcome
from mes.labelling.model import Label
from mes.masters.model import Item
from mes.shipping.refusals import MoreThanOrdered
from mes.stock import fifo
from mes.tables import tables
from tests.engines import Fresh, SqliteDatabases
from tests.mes.lineside import card
from tests.mes.warehouse import in_a_carton, order_for
from tests.plant import SamplePlant

LOTS = (
    "R260508-01",
    "R260817-01",
    "R261008-02",
    "R261106-01",
    "261028-PKG-01",
    "261112-PKG-01",
    "R261007-01",
    "R261030-01",
    "R261023-06",
    "261104-PKG-01",
)
PLACES = (
    "ST-B04",
    "ST-B07",
    "ST-D02",
    "FGS-01",
    "HLD-02",
    "NCR-03",
    "SCR-01",
    "RCV-03",
    "LN-ARC",
    "LN-MLD",
    "DCK-01",
    "CUSTOMER",
)
ORDERS = {"SO-M-1": 240, "SO-M-2": 100, "SO-M-3": 340}
STOREKEEPER = {"person": "4002", "station": "RAW-1"}
SHIPPER = {"person": "4003", "station": "DOCK-1"}
INSPECTOR = {"person": "3002", "station": "QC-1"}
MOULDER = {"person": "2009", "station": "MLD-1"}
PLANNER: dict[str, Any] = {"person": "1002", "signed": True}
quantities = st.integers(-1, 1000).map(str) | st.sampled_from(["0.5", "x", "2000000"])

UNBALANCED = text(
    "SELECT holder_id, lot_id, location_id, status, sum(quantity) AS off FROM ("
    " SELECT holder_id, lot_id, location_id, status, quantity FROM balance UNION ALL"
    " SELECT from_holder_id, lot_id, from_location_id, from_status, quantity FROM movement UNION ALL"
    " SELECT to_holder_id, lot_id, to_location_id, to_status, -quantity FROM movement"
    ") AS entries GROUP BY holder_id, lot_id, location_id, status HAVING sum(quantity) <> 0"
)
NEGATIVE = text("SELECT * FROM balance WHERE quantity < 0 AND NOT outside")
TORN = text(
    "SELECT holder_id FROM balance JOIN handling_unit ON handling_unit.id = holder_id WHERE quantity <> 0 "
    "GROUP BY holder_id HAVING count(*) > 1"
)
ONE_ENDED = text(
    "SELECT id FROM movement WHERE from_holder_id = to_holder_id AND from_location_id = to_location_id "
    "AND from_status = to_status"
)
NOT_NOTHING = text("SELECT lot_id FROM balance GROUP BY lot_id HAVING sum(quantity) <> 0")
OUTSIDE_MARKS = text(
    "SELECT balance.holder_id FROM balance JOIN location ON location.id = location_id "
    "WHERE outside <> (zone = 'outside')"
)
TOO_MUCH_SHIPPED = text(
    "SELECT order_no FROM sales_order JOIN movement ON movement.order_id = sales_order.id "
    "GROUP BY order_no, sales_order.quantity HAVING sum(movement.quantity) <> sales_order.quantity"
)
LYING_LABELS = text(
    "SELECT serial FROM label JOIN balance ON balance.holder_id = label.holder_id "
    "WHERE voided_at IS NULL AND balance.quantity > 0 AND label.status <> balance.status"
)
CARTONS = {"C-1": "261028-PKG-01", "C-2": "261112-PKG-01", "C-3": "261104-PKG-01"}
LAWS = {
    "a balance is the sum of its movements": UNBALANCED,
    "stock is never negative": NEGATIVE,
    "a box is in one place and in one status": TORN,
    "a movement has two ends": ONE_ENDED,
    "nothing comes from nowhere": NOT_NOTHING,
    "only the world outside is outside": OUTSIDE_MARKS,
    "an order is shipped whole or not at all": TOO_MUCH_SHIPPED,
    "a valid label tells the status of its box": LYING_LABELS,
    "a pallet stands in one place": containers.SCATTERED,
    "a pallet leaves as a whole": containers.TORN_ORDERS,
    "a closed pallet has one label, an open one none": containers.WRONGLY_MARKED,
}


class Floor(RuleBasedStateMachine):
    """People who scan anything anywhere; some of it is refused, none of it may break the books."""

    databases: SqliteDatabases
    boxes = Bundle("boxes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.plant = SamplePlant.copied(Fresh(self.databases, Path(self.folder.name)))
        for order, quantity in ORDERS.items():
            order_for(self.plant, order, "C01", "FG-1P-C16", quantity)
        self.card = card(self.plant, "PT-CAR", "5000")
        for carton, lot in CARTONS.items():
            in_a_carton(self.plant, lot, carton)
        self.pallet: str | None = None
        self.seen = self.rows()

    def teardown(self) -> None:
        """At the end of the day the whole database is checked."""
        with self.plant.read() as session:
            found = audit(session)
        self.plant.close()
        self.folder.cleanup()
        assert found == []

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        with self.plant.read() as session:
            counts = text(
                " UNION ALL ".join(
                    f"SELECT '{table.name}', count(*) FROM {table.name}"  # noqa: S608  our own names
                    for table in tables()
                )
            )
            return {row[0]: row[1] for row in session.execute(counts)}

    def scan(self, command: str, **how: Any) -> Outcome:
        """Ask the door, and see that a refusal left nothing but its event."""
        outcome = self.plant.do(command, **how)
        before, self.seen = self.seen, self.rows()
        if not outcome.accepted:
            changed = {name: self.seen[name] - before[name] for name in before if self.seen[name] != before[name]}
            assert changed == {"event": 1}, (command, how, changed)
        return outcome

    @initialize(target=boxes)
    def open_the_store(self) -> Any:
        """A lot code stands for its box as long as there is one; labels come with the first splits and rescues."""
        return multiple(*LOTS)

    def next_of(self, item: str) -> str:
        """What the storekeeper would scan of an item if he went by the book; its code when nothing is left."""
        with self.plant.read() as session:
            found = session.scalars(select(Item).where(Item.code == item)).unique().one()
            queue = fifo.standing(session, found, local_day(self.plant.now, "Asia/Shanghai"), limit=1)
            if not queue:
                return item
            valid = select(Label.serial).where(Label.holder_id == queue[0].unit, Label.voided_at.is_(None))
            return session.scalar(valid) or queue[0].lot

    @rule(good=quantities)
    def work_by_the_book(self, good: str) -> None:
        """Material is issued, loaded and used up."""
        box, operation = self.next_of("RM-PAB"), f"{self.card}+10"
        self.scan("stock:issue", unit=box, to=self.card, **STOREKEEPER)
        self.scan("production:load", unit=box, **MOULDER)
        self.scan("production:start", operation=operation, **MOULDER)
        self.scan("production:report", operation=operation, good=good, bad="0", **MOULDER)

    @rule(target=boxes, order=st.sampled_from(sorted(ORDERS)))
    def deliver_by_the_book(self, order: str) -> Any:
        """The oldest box is picked; of one that holds too much a part."""
        box = self.next_of("FG-1P-C16")
        picked = self.scan("shipping:pick", order=order, unit=box, **STOREKEEPER)
        left = next((reason.left for reason in picked.reasons if isinstance(reason, MoreThanOrdered)), "").split()
        parts = self.labels_of_split(box, left[0]) if left else []
        if parts:
            self.scan("shipping:pick", order=order, unit=parts[0], **STOREKEEPER)
        self.scan("shipping:ship", order=order, **STOREKEEPER)
        return multiple(*parts)

    def labels_of_split(self, box: str, quantity: str) -> list[str]:
        """The labels of a new box and of what is left in the old one, none when that was refused."""
        outcome = self.scan("stock:split", unit=box, quantity=quantity, **STOREKEEPER)
        return [outcome.value.label, outcome.value.left_label] if outcome.accepted else []

    @rule(box=boxes, to=st.sampled_from(PLACES))
    def issue(self, box: str, to: str) -> None:
        self.scan("stock:issue", unit=box, to=to, **STOREKEEPER)

    @rule(box=boxes)
    def issue_to_the_card(self, box: str) -> None:
        self.scan("stock:issue", unit=box, to=self.card, **STOREKEEPER)

    @rule(box=boxes, to=st.sampled_from(PLACES))
    def put_away(self, box: str, to: str) -> None:
        self.scan("stock:put_away", unit=box, to=to, **STOREKEEPER)

    @rule(target=boxes, box=boxes, quantity=quantities)
    def split(self, box: str, quantity: str) -> Any:
        return multiple(*self.labels_of_split(box, quantity))

    @rule(box=boxes, to=st.sampled_from(PLACES))
    def rescue(self, box: str, to: str) -> None:
        self.scan("stock:rescue", unit=box, to=to, reason="doubt", **STOREKEEPER)

    @rule(lot=st.sampled_from(LOTS), place=st.sampled_from(PLACES))
    def miss(self, lot: str, place: str) -> None:
        self.scan("stock:not_found", unit_lot=lot, place=place, **STOREKEEPER)

    @rule(box=boxes, place=st.sampled_from(PLACES), quantity=quantities, badge=st.sampled_from(["4001", "4002"]))
    def count(self, box: str, place: str, quantity: str, badge: str) -> None:
        self.scan("stock:count", place=place, unit=box, quantity=quantity, person=badge, station="RAW-1")

    @rule(box=boxes, order=st.sampled_from(sorted(ORDERS)))
    def pick(self, box: str, order: str) -> None:
        self.scan("shipping:pick", order=order, unit=box, **STOREKEEPER)

    @rule(box=boxes, order=st.sampled_from(sorted(ORDERS)))
    def unpick(self, box: str, order: str) -> None:
        self.scan("shipping:unpick", order=order, unit=box, **STOREKEEPER)

    @rule(
        cartons=st.lists(st.sampled_from(sorted(CARTONS)), min_size=1, max_size=2),
        begin=st.booleans(),
        command=st.sampled_from(["stock:put_away", "stock:rescue"]),
        to=st.sampled_from(PLACES),
        order=st.sampled_from(sorted(ORDERS)),
    )
    def palletise(self, cartons: list[str], begin: bool, command: str, to: str, order: str) -> None:
        """Cartons go on the newest pallet or on a new one; it is closed, moved and delivered as a whole."""
        pallet = None if begin else self.pallet
        for carton in cartons:
            put = self.scan("packing:put_on_pallet", carton=carton, pallet=pallet, **STOREKEEPER)
            pallet = put.value.pallet if put.accepted else pallet
        self.pallet = pallet
        if pallet:
            self.scan("packing:close_pallet", pallet=pallet, **STOREKEEPER)
            self.scan("shipping:pick", order=order, unit=pallet, **STOREKEEPER)
            self.scan(command, unit=pallet, to=to, **STOREKEEPER)
            self.scan("shipping:ship", order=order, **SHIPPER)

    @rule(carton=st.sampled_from(sorted(CARTONS)))
    def take_off(self, carton: str) -> None:
        self.scan("packing:take_off_pallet", carton=carton, **STOREKEEPER)

    @rule(box=boxes)
    def doubt(self, box: str) -> None:
        self.scan("quality:nonconforming", unit=box, reason="scratched", **INSPECTOR)

    @rule(lot=st.sampled_from(LOTS))
    def hold(self, lot: str) -> None:
        self.scan("quality:hold", lot=lot, reason="supplier called", **INSPECTOR)

    @rule(lot=st.sampled_from(LOTS))
    def release(self, lot: str) -> None:
        who = {**INSPECTOR, "person": "3001"}
        self.scan("quality:release", lot=lot, reason="supplier called again", signed=True, **who)

    @rule(box=boxes)
    def load(self, box: str) -> None:
        self.scan("production:load", unit=box, **MOULDER)

    @rule(seq=st.sampled_from([10, 20]))
    def start(self, seq: int) -> None:
        self.scan("production:start", operation=f"{self.card}+{seq}", **MOULDER)

    @rule(seq=st.sampled_from([10, 20]), good=quantities, bad=st.sampled_from(["0", "2"]))
    def report(self, seq: int, good: str, bad: str) -> None:
        operation = f"{self.card}+{seq}"
        self.scan("production:report", operation=operation, good=good, bad=bad, reason="SCRATCH", **MOULDER)

    @rule(verb=st.sampled_from(["take_back", "take_back", "give_back", "finish"]), seq=st.sampled_from([10, 20]))
    def go_back(self, verb: str, seq: int) -> None:
        """A report is taken back, a start given back, an operation ended."""
        self.scan(f"production:{verb}", operation=f"{self.card}+{seq}", **MOULDER)

    @rule(box=boxes)
    def unload(self, box: str) -> None:
        self.scan("production:unload", unit=box, **MOULDER)

    @rule(verb=st.sampled_from(["hold_card", "resume_card", "resume_card", "close_card"]))
    def stop(self, verb: str) -> None:
        """The card is held, goes on, or ends with what is half made in the nonconforming area."""
        ends = {"to": "NCR-03"} if verb == "close_card" else {}
        self.scan(f"production:{verb}", card=self.card, reason="plan changed", **PLANNER, **ends)

    @rule(days=st.sampled_from([0.1, 1, 30]))
    def time_passes(self, days: float) -> None:
        """Lots expire and fall due."""
        self.plant.now += timedelta(days=days)

    @invariant()
    def the_books_are_in_order(self) -> None:
        """Every law, each a question whose answer must be empty."""
        with self.plant.read() as session:
            broken = {law: session.execute(question).all() for law, question in LAWS.items()}
        assert {law: answer for law, answer in broken.items() if answer} == {}


def run(databases: SqliteDatabases, examples: int, steps: int) -> None:
    """Let so many days of so many scans pass."""
    machine = type("Floor", (Floor,), {"databases": databases})
    pace = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
    )
    run_state_machine_as_test(machine, settings=pace)  # type: ignore[no-untyped-call]


def test_the_ledger_keeps_its_laws_whatever_is_scanned(sqlite_databases: SqliteDatabases) -> None:
    run(sqlite_databases, examples=12, steps=30)


@pytest.mark.long
def test_the_ledger_keeps_its_laws_through_many_long_days(sqlite_databases: SqliteDatabases) -> None:
    run(sqlite_databases, examples=300, steps=100)
