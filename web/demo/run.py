"""The demo from curtain up to curtain down: sets the stage, plays the eight steps, prints what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import mes.intake
from mes.audit import audit
from mes.database import Database
from mes.founding import PlantIdentity, found
from mes.intake.reading import read_plant
from mes.intake.rows import PlantSheets
from web.demo import summary
from web.demo.cast import ADMINISTRATOR, INSPECTOR, OTHER_INSPECTOR, PLAN_APPROVER, PLAN_AUTHOR, QUALITY_MANAGER
from web.demo.devices import DeviceMaker
from web.demo.hands import DemoFailed, Floor
from web.demo.kiosk import Kiosk
from web.demo.stage import Stage
from web.demo.story import Story

SAMPLE = Path(mes.intake.__file__).parent / "sample"
IDENTITY = PlantIdentity(name_zh="示例电器厂", name_en="Example appliance plant")
SIGNERS = [INSPECTOR, OTHER_INSPECTOR, QUALITY_MANAGER, PLAN_APPROVER, PLAN_AUTHOR]
SIGNING = {
    INSPECTOR: "inspector 检验员",
    QUALITY_MANAGER: "quality manager 质量主管",
    PLAN_APPROVER: "production manager 生产主管",
}
Step = tuple[str, Callable[[Story], None]]

STEPS: list[Step] = [
    ("2 run cards printed 流转单", Story.print_cards),
    ("3 material issued by FIFO 先进先出发料", Story.issue_material),
    ("4-5 parts made, first articles signed 首检", Story.produce_parts),
    ("4-5 breakers assembled and tested 总装校验", Story.assemble),
    ("6 final inspection, scrap 成品检验", Story.inspect),
    ("7 packed and put away 装箱入库", Story.pack),
    ("7 shipped to the piece 发货", Story.ship),
]


def run_demo(folder: Path, maker: DeviceMaker, console: Console, *, once: bool) -> None:
    """Play the demo; raises DemoFailed or StageError when something does not happen. Without `once`, stay up."""
    with Stage(folder, maker) as stage:
        story = prepared(stage)
        with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as progress:
            task = progress.add_task("1 plan approved, run cards released 计划", total=len(STEPS) + 2)
            story.plan()
            progress.update(task, advance=1, description="starting server, stations, printers")
            open_floor(stage, story)
            for title, step in STEPS:
                progress.update(task, advance=1, description=title)
                step(story)
            story.floor.wait_for_printers()
            progress.update(task, advance=1, description="8 trace 追溯")
        finish(stage, story, console)
        if not once:
            invite(stage, console)
            stage.wait_for_end()


def invite(stage: Stage, console: Console) -> None:
    """Tell the person at the screen how to look around, and how to be a worker and an inspector for a while."""
    terminal, kiosk = stage.station_code("WLD-1"), stage.station_code("QC-1")
    pins = ", ".join(f"{who} {badge} PIN {stage.pins[badge]}" for badge, who in SIGNING.items())
    console.print(
        f"\n[bold]Look around:[/bold] {stage.address}  badge {ADMINISTRATOR}  password {stage.password}\n"
        f"[bold]Be a worker:[/bold] {stage.address}/enter  code {terminal} opens the terminal WLD-1; with no scanner, "
        f"type 1H2002 (a badge), then ZE.EQ-RW-01 (a machine)\n"
        f"[bold]Be an inspector:[/bold] {stage.address}/enter  in another browser, code {kiosk} opens the kiosk QC-1\n"
        f"Signatures: {pins}\n"
        "Each code opens one screen, once. Ctrl-C ends everything.",
        highlight=False,
        soft_wrap=True,
    )


def prepared(stage: Stage) -> Story:
    """The plant founded and imported, people enrolled, stations set up."""
    stage.at("2026-11-30T09:00+08:00")
    stage.with_database(lambda database: found(database, IDENTITY))
    sheets = read_plant(SAMPLE)
    stage.insist(stage.ask("plant:import", source="masters", digest="", payload=replace(sheets, plan=())))
    first = tuple(row for row in sheets.plan if row.revision == 1)
    stage.insist(
        stage.ask("plant:import", source="plan", digest="", person=PLAN_AUTHOR, payload=PlantSheets(plan=first))
    )
    stage.enrol(SIGNERS)
    stage.enrol_login(ADMINISTRATOR)
    stage.set_up_stations()
    return Story(stage, lambda _line: None)


def open_floor(stage: Stage, story: Story) -> None:
    """Start the programs and give the story its hands."""
    kiosk_code = stage.station_code("QC-1")
    stage.start_server()
    stage.start_stations()
    story.look = Database(stage.url)
    stage.owns(story.look.close)
    story.floor = Floor(stage, story.look)
    story.kiosk = Kiosk(stage, story.floor, kiosk_code)
    stage.owns(story.kiosk.close)


def finish(stage: Stage, story: Story, console: Console) -> None:
    """Show what happened, and insist that the books agree."""
    with story.look.read() as session:
        summary.show(console, session, story)
    with story.look.read() as session:
        findings = audit(session)
    if findings:
        raise DemoFailed("; ".join(f"{one.check}: {one.what} {one.en}" for one in findings))
    console.print(
        f"{story.floor.scans} scans, {story.floor.printed.count} labels in {stage.folder}/labels; books agree."
    )
