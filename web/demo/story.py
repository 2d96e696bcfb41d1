"""What happens in the demo: the first days of the December plan, in eight steps, each with the refusals it shows.

The story says who does what when; hands and kiosk do it through scanners and pages. Every step raises DemoFailed when
the floor does not behave as the procedure says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mes import codes
from mes.database import Database
from web.demo.cast import INSPECTOR, PACKER, PLAN_APPROVER, PLAN_AUTHOR, PLANNER, SHIPPER, STOREKEEPER
from web.demo.hands import DemoFailed, Floor
from web.demo.kiosk import Kiosk
from web.demo.line import Card, issue_for, run_operation, start_and_sign
from web.demo.stage import Stage

MONTH = "2026-12"
SUSPECT = "S04-261012-A"


@dataclass(frozen=True)
class Wanted:
    """A run card of the demo: what, how many, for which order of the plan (none: a subassembly need)."""

    item: str
    quantity: int
    order: str | None = None


WANTED = {
    "BW": Wanted("SA-BW-32", 1300),
    "MG": Wanted("SA-MG-C32", 1000),
    "TU-1": Wanted("SA-TU-C32", 600),
    "TU-2": Wanted("SA-TU-C32", 920),
    "2P": Wanted("FG-2P-C32", 552, "SO-2611-007"),
    "1P": Wanted("FG-1P-C32", 900, "SO-2611-006"),
}


@dataclass
class Story:
    """The demo's plot, one method per step; `cards` fills as run cards are released."""

    stage: Stage
    tell: Callable[[str], None]
    cards: dict[str, Card] = field(default_factory=dict)
    look: Database = field(init=False)
    floor: Floor = field(init=False)
    kiosk: Kiosk = field(init=False)

    # --- 1: the plan -------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """P4, P11: nobody approves his own plan; the approved one is released into run cards with batch numbers."""
        self.stage.at("2026-11-30T10:00+08:00")
        self._refused_at_door("planning:approve", "own_work", person=PLAN_AUTHOR)
        self._insist("planning:approve", person=PLAN_APPROVER, signed=True, month=MONTH, revision=1)
        self.tell("plan 2026-12 revision 1 approved by 1001")
        self.stage.at("2026-11-30T14:00+08:00")
        for lot in ("R260807-02", "R260824-01"):
            self._insist(
                "quality:hold", person=INSPECTOR, station="QC-1", lot=lot, reason="双金属片锈斑 rust spots on strip"
            )
        self.stage.at("2026-12-01T07:30+08:00")
        for name, wanted in WANTED.items():
            plan = {"month": MONTH, "order": wanted.order} if wanted.order else {}
            released = self._insist(
                "planning:release",
                person=PLANNER,
                station="OFFICE",
                item=wanted.item,
                quantity=str(wanted.quantity),
                **plan,
            )
            self.cards[name] = Card(released.card, released.lot, wanted.item, wanted.quantity)
        self.tell(f"{len(self.cards)} run cards released")

    def _refused_at_door(self, command: str, reason: str, person: str) -> None:
        outcome = self.stage.ask(command, person=person, signed=True, month=MONTH, revision=1)
        if outcome.accepted or reason not in {one.code for one in outcome.reasons}:
            raise DemoFailed(f"{command} by {person} was not refused for {reason}")

    def _insist(self, command: str, **how: Any) -> Any:
        outcome = self.stage.ask(command, **how)
        if not outcome.accepted:
            raise DemoFailed(f"{command}: {'; '.join(one.sentence('en') for one in outcome.reasons)}")
        return outcome.value

    def _later(self, when: str) -> None:
        """Move on in time: terminals have logged idle people off, so badges are scanned again.

        A day ends when its labels are out: on the next nobody vouches for the rolls, and what a station has in hand
        would wait for somebody who confirms its paper (law 9).
        """
        self.floor.wait_for_the_day()
        self.stage.at(when)
        self.floor.everybody_home()

    def _morning(self, when: str, **rolls: str) -> None:
        """A new day: until somebody has scanned the roll in a printer, no label leaves it (law 9)."""
        self._later(when)
        for station, badge in rolls.items():
            self.floor.confirm_rolls(station.replace("_", "-"), badge)

    # --- 2: run cards on paper ---------------------------------------------------------------------------------------

    def print_cards(self) -> None:
        """QR-7502: every card on 80 mm paper with a scannable code per operation; the PDFs are kept in the folder."""
        for card in self.cards.values():
            self.floor.printed.wait_for(f"W{card.code}")
            for seq in self.floor_operations(card):
                self.floor.printed.wait_for(f"3W{card.code}+{seq}")
            self.kiosk.save_run_card(card.code, self.stage.folder / f"QR-7502-{card.code}.pdf")
        self.tell("run cards printed on 80 mm and as A5 PDF")

    def floor_operations(self, card: Card) -> list[int]:
        """The sequence numbers on a card."""
        return [step.seq for step in card.steps(self.floor)]

    # --- 3: material -------------------------------------------------------------------------------------------------

    def issue_material(self) -> None:
        """P6, P18, P21, F4: by FIFO from the store; younger, expired and doubtful lots are refused."""
        self._morning("2026-12-01T08:00+08:00", RAW_1=STOREKEEPER, QC_1=INSPECTOR)
        floor = self.floor
        floor.badge("RAW-1", STOREKEEPER)
        floor.must("RAW-1", f"W{self.cards['BW'].code}")
        floor.refused("RAW-1", "1TR261110-02", "not_oldest")
        floor.refused("RAW-1", "1TR260807-02", "on_hold")
        floor.must("RAW-1", "1TR261027-01", "1TR261110-02")
        floor.must("RAW-1", "LLN-PAD")
        floor.refused("RAW-1", "1TR260529-01", "expired")
        floor.must("RAW-1", f"W{self.cards['MG'].code}")
        floor.refused("RAW-1", "1TR260522-01", "recheck_due")
        floor.refused("RAW-1", "1TR269999-99", "unknown_code")
        floor.refused("RAW-1", "W261201-WLD-01-0", "mistyped_code")
        issue_for(floor, self.cards["BW"])
        issue_for(floor, self.cards["MG"])
        self.tell("material for the welded parts and magnets issued by FIFO")

    # --- 4 and 5: production and first articles ----------------------------------------------------------------------

    def produce_parts(self) -> None:
        """P2, P3, P8, P9, F1: gates at special processes, first articles signed at the kiosk, one rejected first."""
        floor, card = self.floor, self.cards["BW"]
        floor.badge("WLD-1", "2009")
        floor.must("WLD-1", "ZE.EQ-RW-02")
        floor.refused("WLD-1", f"3W{card.code}+10", "not_qualified", "machine_not_qualified", "material_missing")
        run_operation(floor, self.kiosk, card, 10, reject_first=True)
        for seq in (20, 30, 40):
            run_operation(floor, self.kiosk, card, seq)
        self.kiosk.complete(card.code, 40)
        self.tell("bimetal weldments made; the first first article was rejected, the second passed")
        self._later("2026-12-01T13:00+08:00")
        self._make("MG")
        self._store("BW", "ST-D03")
        self._store("MG", "ST-D04")
        self._morning("2026-12-02T08:00+08:00", RAW_1=STOREKEEPER, QC_1=INSPECTOR)
        for name in ("TU-1", "TU-2"):
            issue_for(floor, self.cards[name])
            self._make(name)
            self._store(name, "ST-D04")
        self.tell("trip units made and stored")

    def _make(self, name: str) -> None:
        """Run all operations of a subassembly's card and let the inspector complete it (P10)."""
        card = self.cards[name]
        steps = card.steps(self.floor)
        for step in steps:
            run_operation(self.floor, self.kiosk, card, step.seq)
        self.kiosk.complete(card.code, steps[-1].seq)

    def _store(self, name: str, place: str) -> None:
        """Put a finished box of parts into the store by its printed blue label."""
        self.floor.badge("RAW-1", STOREKEEPER)
        self.floor.must("RAW-1", f"L{place}", self.floor.box_code(self.cards[name].lot))

    def assemble(self) -> None:
        """The breakers: assembly to pad printing, both products over the shared lines."""
        self._morning("2026-12-03T08:00+08:00", RAW_1=STOREKEEPER)
        for name, bad in (("2P", 4), ("1P", 6)):
            card = self.cards[name]
            issue_for(self.floor, card)
            for step in card.steps(self.floor):
                if step.operation not in ("FINS", "PACK"):
                    run_operation(self.floor, self.kiosk, card, step.seq, bad=bad if step.operation == "TCAL" else 0)
        self.tell("breakers assembled, riveted, calibrated, tested and printed")

    # --- 6: final inspection and dispositions ------------------------------------------------------------------------

    def inspect(self) -> None:
        """P14, P15, F5: accepted goes blue, nonconforming yellow, scrap red; a voided label is refused for use."""
        self._morning("2026-12-04T08:00+08:00", QC_1=INSPECTOR, PKG_1=PACKER)
        for name, bad in (("2P", 3), ("1P", 5)):
            self.kiosk.final(
                self.cards[name].code,
                70,
                waiting=self.cards[name].waiting(self.floor, 70),
                bad=bad,
                reason="外壳划伤 scratched housing",
            )
        card = self.cards["1P"]
        self.yellow = self.floor.box_code(card.lot)
        self.floor.badge("FGS-1", STOREKEEPER)
        self.floor.must("FGS-1", "LFGS-02")
        self.floor.refused("FGS-1", self.yellow, "wrong_place_for_status")
        self.kiosk.scrap(card.lot)
        self.floor.wait_for_printers()
        self.floor.refused("FGS-1", self.yellow, "label_voided")
        self.tell("final inspection split both batches; the nonconforming breakers of one are scrapped")

    # --- 7: packing and shipping -------------------------------------------------------------------------------------

    def pack(self) -> None:
        """F6: whole cartons by product code, put away in a blue zone; those of one order as a pallet, with one scan."""
        self._later("2026-12-04T13:00+08:00")
        for name, gtin, pack in (("2P", "02000026001041", 60), ("1P", "02000026001034", 120)):
            self._pack(self.cards[name], gtin, pack)
        cartons = self.floor.cartons(self.cards["2P"].lot)
        self.floor.must("PKG-1", _command("PALLET"), *cartons[:9])
        self.floor.refused("PKG-1", cartons[0], "carton_on_pallet")
        self.floor.must("PKG-1", _command("DONE"))
        self.pallet = self.floor.pallet()
        self._put_away("FGS-03", self.pallet, *cartons[9:])
        self._put_away("FGS-02", *self.floor.cartons(self.cards["1P"].lot))
        self.tell("cartons packed, palletised, labelled and put away")

    def _put_away(self, place: str, *goods: str) -> None:
        self.floor.badge("FGS-1", STOREKEEPER)
        self.floor.must("FGS-1", f"L{place}", *goods)

    def _pack(self, card: Card, gtin: str, pack: int) -> None:
        start_and_sign(self.floor, self.kiosk, card, 80)
        left = card.waiting(self.floor, 80)
        while left:
            carton = min(pack, left)
            self.floor.must("PKG-1", f"]C101{gtin}", f"Q{carton}")
            left -= carton

    def ship(self) -> None:
        """P24: the order's exact quantity by FIFO: over, under and wrong item are refused."""
        self._later("2026-12-07T09:00+08:00")
        floor = self.floor
        floor.badge("DOCK-1", SHIPPER)
        floor.must("DOCK-1", "KSO-2611-006")
        floor.refused("DOCK-1", "1T261112-PKG-01", "wrong_item_for_order")
        cartons = floor.cartons(self.cards["1P"].lot)
        floor.refused("DOCK-1", cartons[0], "not_oldest")
        floor.must("DOCK-1", "1T261106-PKG-01", *cartons[:6])
        floor.refused("DOCK-1", _command("SHIP"), "less_than_ordered")
        floor.must("DOCK-1", cartons[6])
        floor.refused("DOCK-1", cartons[7], "more_than_ordered")
        floor.must("DOCK-1", _command("SHIP"))
        self._ship_second()
        self.tell("two orders shipped to the piece")

    def _ship_second(self) -> None:
        """Most of the order stands on one pallet: one scan takes all of its cartons, and none of them goes alone."""
        floor = self.floor
        floor.must("DOCK-1", "KSO-2611-007", "1T261110-PKG-01")
        floor.refused("DOCK-1", floor.cartons(self.cards["2P"].lot)[0], "carton_on_pallet")
        floor.must("DOCK-1", self.pallet, _command("SHIP"))


def _command(word: str) -> str:
    return codes.encode(codes.CommandCode(word))
