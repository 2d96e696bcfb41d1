"""`runcard plan`: the monthly production plan and the run cards released from it (P4, P5, P11)."""

from __future__ import annotations

import click
from rich.table import Table

from mes.commands import Request
from mes.queries import plans
from web.cli_door import ask, console, sign
from web.cli_setting import Setting


@click.group()
def plan() -> None:
    """The monthly production plan."""


@plan.command("show")
@click.argument("month")
@click.option("--revision", type=int, default=None, help="Default: the one in force, else the newest.")
@click.pass_obj
def plan_show(setting: Setting, month: str, revision: int | None) -> None:
    """A revision of the plan, with what is released and done."""
    with setting.database() as database, database.read() as session:
        view = plans.plan(session, month, revision)
    if view is None:
        raise click.ClickException(f"there is no plan for {month}; import one: runcard import FOLDER")
    table = Table("item", "quantity", "due", "order", "released", "done", title=_title(view.head))
    for line in view.lines:
        table.add_row(line.item.code, line.quantity, line.due_on, line.order or "", line.released, line.done)
    console.print(table)


def _title(head: plans.PlanHead) -> str:
    people = (
        f"by {head.author.code if head.author else '-'}, approved by {head.approver.code if head.approver else '-'}"
    )
    return f"{head.month} revision {head.revision}: {head.state}, {people}"


@plan.command("approve")
@click.argument("month")
@click.argument("revision", type=int)
@click.option("--as", "badge", required=True, help="Badge of the production manager; never the plan's author.")
@click.pass_obj
def plan_approve(setting: Setting, month: str, revision: int, badge: str) -> None:
    """Approve a revision with badge and PIN."""
    arguments = {"month": month, "revision": revision}
    with setting.database() as database:
        sign(setting, database, badge)
        ask(setting, database, Request("planning:approve", arguments, person=badge, signed_by=badge))
    console.print(f"Plan {month} revision {revision} is approved and in force.")


@plan.command("release")
@click.argument("item")
@click.argument("quantity")
@click.option("--month", default=None, help="From the approved plan of this month; without: a subassembly need.")
@click.option("--order", default=None)
@click.option("--due-on", default=None)
@click.option("--as", "badge", required=True, help="Badge of the planner.")
@click.option("--station", default=None, help="Where the run card is printed.")
@click.pass_obj
def plan_release(
    setting: Setting,
    item: str,
    quantity: str,
    month: str | None,
    order: str | None,
    due_on: str | None,
    badge: str,
    station: str | None,
) -> None:
    """Release a run card with a batch number."""
    arguments = {"item": item, "quantity": quantity, "month": month, "order": order, "due_on": due_on}
    with setting.database() as database:
        released = ask(setting, database, Request("planning:release", arguments, person=badge, station=station))
    console.print(f"Run card {released.card} over {released.quantity} is released.")
