"""What the program prints: tables and trees for people, files for other programs. Reads, never changes anything."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, fields
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.tree import Tree
from sqlalchemy import select
from sqlalchemy.orm import Session

from mes.audit import Finding
from mes.people.model import Person
from mes.trace.answers import Branch, Direction, Inspected, Node, Step, Trace, tree
from mes.trace.recall import MassBalance, recall
from mes.trace.tracing import trace
from web.sheets import Sheet, write_text, write_workbook

DIRECTIONS = {"down": Direction.BACKWARD, "up": Direction.FORWARD}
TRACE_COLUMNS = (
    "level",
    "lot",
    "item",
    "name_zh",
    "name_en",
    "quantity_used",
    "supplier",
    "supplier_lot",
    "produced_on",
    "parent",
    "customers",
)
TRACE_NUMBERS = frozenset({0, 5})


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """What the audit found, or that all is well."""
    if not findings:
        console.print("Ledger, genealogy, journal, seals and labels agree.")
    for finding in findings:
        console.print(f"{finding.check}: {finding.what}: {finding.en} {finding.zh}", highlight=False, markup=False)


def show_people(console: Console, session: Session) -> None:
    """Badges, names and roles."""
    table = Table("badge", "name", "department", "roles", "state")
    for person in session.scalars(select(Person).order_by(Person.badge)):
        state = "disabled" if person.disabled else ""
        table.add_row(person.badge, f"{person.name_zh} {person.name_en}", person.department, person.roles_text, state)
    console.print(table)


# --- trace -----------------------------------------------------------------------------------------------------------


def show_trace(console: Console, session: Session, code: str, direction: str, form: str, output: Path | None) -> None:
    """A trace as a tree, or as JSON, CSV or XLSX."""
    answer = trace(session, code, DIRECTIONS[direction])
    if form == "tree" and output is None:
        print_tree(console, answer)
        return
    made = _made(answer, form)
    if output:
        output.write_bytes(made)
    else:
        click.echo(made, nl=form == "json")


def _made(answer: Trace, form: str) -> bytes:
    """The trace as a file of this form; tables by the writer that the pages have too."""
    if form == "json":
        return json.dumps(asdict(answer), ensure_ascii=False, indent=2).encode()
    if form == "tree":
        target = Console(file=io.StringIO(), width=160, record=True)
        print_tree(target, answer)
        return target.export_text().encode()
    sheet, file = Sheet(answer.code, TRACE_COLUMNS, _rows(answer), TRACE_NUMBERS), io.BytesIO()
    if form == "xlsx":
        write_workbook([sheet], file)
    else:
        write_text(sheet, file)
    return file.getvalue()


def _rows(answer: Trace) -> Iterable[tuple[str, ...]]:
    for root in tree(answer):
        for level, branch in root.walk():
            node, link = branch.node, branch.link
            parent = (link.parent if answer.direction == Direction.BACKWARD else link.child) if link else ""
            used = f"{link.quantity}" if link else node.quantity
            customers = "; ".join(f"{one.customer.code} {one.order} {one.quantity}" for one in node.deliveries)
            yield (
                str(level),
                node.lot,
                node.item.code,
                node.item.zh,
                node.item.en,
                used,
                node.supplier.code if node.supplier else "",
                node.supplier_lot or "",
                node.produced_on,
                parent,
                customers,
            )


def print_tree(console: Console, answer: Trace) -> None:
    """A trace as trees, one per lot that the code means."""
    word = "went into" if answer.direction == Direction.FORWARD else "was made from"
    console.print(f"[bold]{answer.code}[/bold] ({', '.join(answer.found_as)}): what {'it ' + word}")
    for root in tree(answer):
        top = Tree(_title(root))
        _grow(top, root)
        console.print(top)
    if answer.cut:
        console.print("There is more beyond this depth.")


def _grow(top: Tree, branch: Branch) -> None:
    if not branch.repeated:
        for line in _lines(branch.node):
            top.add(line, style="dim")
    for below in branch.branches:
        _grow(top.add(_title(below)), below)


def _title(branch: Branch) -> str:
    node, link = branch.node, branch.link
    used = f"{link.quantity} {link.uom}" if link else node.quantity
    source = f"  {node.supplier.code} {node.supplier_lot}" if node.supplier else ""
    again = "  (see above)" if branch.repeated else ""
    return f"[bold]{node.lot}[/bold] {node.item.code} {node.item.zh}  [cyan]{used}[/cyan]{source}{again}"


def _lines(node: Node) -> list[str]:
    steps = [_step(step) for step in node.steps]
    faults = [f"✗ {fault.code} {fault.quantity} {fault.reason} → {_decided(fault.disposed)}" for fault in node.faults]
    going = [f"→ {one.customer.code} {one.customer.zh} {one.order} {one.quantity} {one.at}" for one in node.deliveries]
    return [*steps, *faults, *going]


def _decided(disposed: Sequence[object]) -> str:
    return ", ".join(str(getattr(one, "kind", "")) for one in disposed) or "open"


def _step(step: Step) -> str:
    people = " ".join(one.code for one in step.operators)
    machines = " ".join(one.code for one in step.machines)
    times = f"{(step.started_at or '')[:16]}–{(step.finished_at or '')[11:16]}"
    seen = "  ".join(_inspection(one) for one in step.inspections)
    who = " · ".join(part for part in (step.work_center.code, people, machines, times) if part)
    return f"{step.seq} {step.zh} {step.en} · {who} · {step.good}/{step.bad}  {seen}"


def _inspection(one: Inspected) -> str:
    mark = {"passed": "✓", "rejected": "✗"}.get(one.verdict, "…")
    values = ", ".join(f"{m.zh} {m.value or ('ok' if m.conforms else 'nok')}{m.unit or ''}" for m in one.measured[:4])
    return f"\\[{one.stage} {one.attempt} {mark} {one.inspector.code if one.inspector else ''} {values}]"


def show_recall(console: Console, session: Session, code: str) -> None:
    """What a suspect code reached, per item and customer, and whether the quantities add up."""
    answer = recall(session, code)
    table = Table("item", *(one.name.replace("_", " ") for one in fields(MassBalance)))
    for item in answer.items:
        table.add_row(item.item.code, *astuple(item.balance))
    console.print(table)
    reached = Table("customer", "orders", "lots and quantities")
    for one in answer.customers:
        lots = ", ".join(f"{lot} ({quantity})" for lot, quantity in one.lots)
        reached.add_row(f"{one.customer.code} {one.customer.zh}", ", ".join(one.orders), lots)
    console.print(reached)
    console.print(
        "The quantities add up." if answer.even else "The quantities do not add up: see the column difference."
    )
