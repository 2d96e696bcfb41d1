"""`runcard check` finds what no gate would have let pass: it came past the door."""

from __future__ import annotations

from sqlalchemy import text

from mes.audit import audit
from tests.mes.kiosk import dispose, judge_first, set_up
from tests.mes.warehouse import plan_card
from tests.plant import SamplePlant


def forge(plant: SamplePlant, *statements: str) -> None:
    """Change the database behind everybody's back."""
    with plant.database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def found(plant: SamplePlant) -> set[tuple[str, str]]:
    """Which checks found something, and on what, except that history was changed."""
    with plant.read() as session:
        return {(one.check, one.what) for one in audit(session) if not one.check.startswith(("an_effect", "history"))}


def test_a_card_that_stands_for_no_line_is_found(plant: SamplePlant) -> None:
    card = plan_card(plant, "FG-1P-C16", "120", "SO-2611-001")
    assert found(plant) == set()
    forge(plant, "UPDATE run_card SET plan_line_id = NULL")
    assert found(plant) == {("a_run_card_stands_for_a_line_of_an_approved_plan", card)}


def test_a_first_article_that_passed_unmeasured_is_found(plant: SamplePlant) -> None:
    line = set_up(plant)
    judge_first(line, "pass")
    assert found(plant) == set()
    forge(plant, "UPDATE inspection SET quantity = 6")
    assert found(plant) == {("a_passed_first_article_is_measured_piece_by_piece", line.operation)}


def test_a_decision_by_whoever_raised_it_is_found(plant: SamplePlant) -> None:
    raised = plant.accept("quality:nonconforming", unit="R260817-01", reason="锈斑", person="3002", station="QC-1")
    dispose(plant, raised.nonconformance, "scrap")
    assert found(plant) == set()
    forge(plant, "UPDATE nonconformance SET found_by = (SELECT id FROM person WHERE badge = '3001')")
    assert found(plant) == {("nobody_decided_on_what_he_found_nonconforming", raised.nonconformance)}
