"""The one register of tasks: which ones a station has, by its role. The first is its own, always in hand.

Adding a task touches its module and a line here.
"""

from __future__ import annotations

from mes.terminal.task import Task
from mes.terminal.tasks.bad import Bad
from mes.terminal.tasks.bind_card import BindCard
from mes.terminal.tasks.count import Count
from mes.terminal.tasks.inspection import Inspection
from mes.terminal.tasks.issue import Issue
from mes.terminal.tasks.jobs import Jobs
from mes.terminal.tasks.line import LineWork
from mes.terminal.tasks.not_found import NotFound
from mes.terminal.tasks.office import Office
from mes.terminal.tasks.packing import Packing
from mes.terminal.tasks.pallet import Pallet, PalletAtPacking
from mes.terminal.tasks.pick import Pick
from mes.terminal.tasks.print_here import PrintHere
from mes.terminal.tasks.put_away import PutAway
from mes.terminal.tasks.reprint import Reprint
from mes.terminal.tasks.rescue import Rescue
from mes.terminal.tasks.roll import Roll
from mes.terminal.tasks.sign_on import SignOn
from mes.terminal.tasks.split import Split
from mes.terminal.tasks.store import Store
from mes.terminal.tasks.unload import Unload
from mes.terminal.tasks.unpick import Unpick
from mes.terminal.tasks.verify import Verify

EVERYWHERE: tuple[type[Task], ...] = (SignOn, Verify, Roll, PrintHere, BindCard, Reprint, Jobs)
TASKS: dict[str, tuple[type[Task], ...]] = {
    "line": (LineWork, Bad, Unload),
    "packing": (Packing, Bad, Unload, PalletAtPacking),
    "store": (Store, Issue, PutAway, Split, NotFound, Count, Rescue),
    "dock": (Pick, Unpick, Pallet, NotFound, Count),
    "inspection": (Inspection,),
    "office": (Office,),
}


def tasks_of(role: str) -> tuple[type[Task], ...]:
    """The tasks of a station of this role, its own one first."""
    return (*TASKS[role], *EVERYWHERE)
