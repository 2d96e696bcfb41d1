"""Scanning a fresh label back at the station that made it: read from paper, it counts (law 9)."""

from __future__ import annotations

from mes import codes
from mes.labelling.verifying import waits_for_scan
from mes.terminal.floor import Floor
from mes.terminal.reply import done
from mes.terminal.task import Openings, Step, Task
from mes.words import Words


class Verify(Task):
    """A label that must be scanned back is: whatever else its scan would mean comes after."""

    name = "verify"
    words = Words("核对标签", "Check labels")

    @classmethod
    def openings(cls) -> Openings:
        """Every label, as long as it waits for its scan."""
        return Openings(codes={codes.LabelCode: verify})


def verify(floor: Floor, code: codes.LabelCode) -> Step | None:
    """The label counts from now on; None for one that does not wait for it here."""
    if not waits_for_scan(floor.session, code.serial, floor.station):
        return None
    return Step(done("label:verify", floor.ask("label:verify", label=code.serial)))
