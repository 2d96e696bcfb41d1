"""Print jobs that wait for a person: did it come out, and has somebody mended what stood in the way (law 11)?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from mes.labelling import print_queue
from mes.labelling.at_hand import printers_at
from mes.labelling.model import PrintJob
from mes.labelling.print_queue import JobState
from mes.labelling.refusals import NothingUnknown
from mes.refusals import refuse
from mes.terminal.floor import Floor
from mes.terminal.reply import done
from mes.terminal.task import Openings, Spoken, Step, Task, Twice
from mes.words import Words


class Jobs(Task):
    """CAMEOUT, NOTOUT and RETRY, at any station, at any time."""

    name = "jobs"
    words = Words("打印任务", "Print jobs")

    @classmethod
    def openings(cls) -> Openings:
        """Its three words."""
        return Openings(
            (
                Spoken("CAMEOUT", Words("已打出", "Came out"), _came_out, twice=Twice.ASKS),
                Spoken("NOTOUT", Words("没打出", "Not out"), _not_out, twice=Twice.ASKS),
                Spoken("RETRY", Words("重试", "Retry"), retry, twice=Twice.ASKS),
            )
        )


def _came_out(floor: Floor) -> Step:
    return settle(floor, came_out=True)


def _not_out(floor: Floor) -> Step:
    return settle(floor, came_out=False)


def settle(floor: Floor, came_out: bool) -> Step:
    """The oldest job here of which nobody knows whether it came out; raises `NothingUnknown`."""
    job = _oldest(floor, print_queue.untold(floor.now))
    word = "CAMEOUT" if came_out else "NOTOUT"
    return Step(done("label:settle", floor.ask("label:settle", job=job, came_out=came_out, reason=word)))


def retry(floor: Floor) -> Step:
    """RETRY: somebody has mended a printer here on which a job failed, or what kept the oldest job from being made."""
    if any(one.failed for one in printers_at(floor.session, floor.station, floor.now)):
        value = floor.ask("plant:mend_printers", station=floor.station.code)
        return Step(done("plant:mend_printers", value))
    job = _oldest(floor, PrintJob.state == JobState.FAILED)
    return Step(done("label:retry", floor.ask("label:retry", job=job)))


def _oldest(floor: Floor, which: ColumnElement[bool]) -> int:
    query = select(PrintJob.id).where(PrintJob.station_id == floor.station.id, which)
    job = floor.session.scalar(query.order_by(PrintJob.id).limit(1))
    if job is None:
        raise refuse(NothingUnknown(station=floor.station.code))
    return job
