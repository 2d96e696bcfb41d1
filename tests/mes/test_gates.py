"""What may start: which conditions a process asks for follows its class, and every failing one is named at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mes.intake.problems import Position
from mes.intake.reading import read_plant
from mes.intake.rows import EquipmentRow, PlantSheets, QualificationRow
from mes.production import gates
from mes.production.refusals import (
    AlreadyFinished,
    AlreadyStarted,
    CertificateExpired,
    CertificateNotYetValid,
    InstructionNotReleased,
    MachineElsewhere,
    MachineNotNamed,
    MachineNotQualified,
    MaintenanceOverdue,
    MaterialMissing,
    NotQualified,
    PreviousNotReady,
    WrongWorkCenter,
)
from mes.quality.refusals import GaugeOutOfCalibration
from mes.refusals import Refusal, both
from mes.transaction import Override
from tests.mes.lineside import Line, changed_process, first_of
from tests.plant import SAMPLE, SamplePlant

QUALIFIED = "2001"
NEVER_QUALIFIED = "2009"


@pytest.fixture
def brazing(plant: SamplePlant) -> Line:
    """Brazing of moving contacts, a special process, with everything loaded."""
    return ready(plant, "SA-MC")


@pytest.fixture
def drying(plant: SamplePlant) -> Line:
    """Drying of granulate, a normal process without first article, with everything loaded."""
    return ready(plant, "PT-BAS")


def ready(plant: SamplePlant, item: str) -> Line:
    """The first operation of a new card over 100 pieces, with everything loaded."""
    line = first_of(plant, item, "100")
    line.load_all()
    return line


def refused(
    line: Line, *reasons: type[Refusal], person: str = QUALIFIED, equipment: str | None = "EQ-BZ-01", **how: Any
) -> tuple[Refusal, ...]:
    """Starting must be refused for exactly these reasons."""
    return line.plant.refuse(
        "production:start",
        *reasons,
        operation=line.operation,
        person=person,
        equipment=equipment,
        station=line.station,
        **how,
    )


def test_a_special_process_starts_with_a_qualified_person_and_machine(brazing: Line) -> None:
    value = brazing.start(QUALIFIED, "EQ-BZ-01")
    assert (value.operation, value.state, value.set_up) == (brazing.operation, "setup", "5 pcs")


def test_every_reason_is_named_at_once(plant: SamplePlant) -> None:
    line = first_of(plant, "SA-MC", "100")
    reasons = refused(
        line, MaterialMissing, NotQualified, MachineNotQualified, person=NEVER_QUALIFIED, equipment="EQ-BZ-02"
    )
    missing = {reason.facts["item"] for reason in reasons if isinstance(reason, MaterialMissing)}
    assert missing == {"PT-ARM", "RM-AGN", "RM-BRZ", "RM-FLX"}


# --- people ----------------------------------------------------------------------------------------------------------


def test_nobody_without_a_certificate_works_at_a_special_process(brazing: Line) -> None:
    refused(brazing, NotQualified, person=NEVER_QUALIFIED)


def test_a_certificate_for_the_neighbouring_process_is_none(brazing: Line) -> None:
    refused(brazing, NotQualified, person="2003")


def test_an_expired_certificate_is_named_with_its_last_day(brazing: Line) -> None:
    [reason] = refused(brazing, CertificateExpired, person="2002")
    assert reason.facts == {
        "person": both("钱二 2002", "Qian Er 2002"),
        "certificate": "ZY-BRAZ-02",
        "expired_on": "2026-10-31",
    }


@pytest.mark.parametrize(("day", "allowed"), [("2026-12-15", True), ("2026-12-16", False)])
def test_the_last_day_of_a_certificate_counts(plant: SamplePlant, day: str, allowed: bool) -> None:
    keep_maintained(plant, "EQ-RW-01", date(2026, 12, 14))
    line = ready(plant, "SA-BW-16")
    plant.at(f"{day}T10:00+08:00")
    if allowed:
        line.start("2003", "EQ-RW-01")
    else:
        refused(line, CertificateExpired, person="2003", equipment="EQ-RW-01")


@pytest.mark.parametrize(("day", "allowed"), [("2026-11-30", False), ("2026-12-01", True)])
def test_a_certificate_counts_from_its_first_day(plant: SamplePlant, day: str, allowed: bool) -> None:
    plant.at(f"{day}T10:00+08:00")
    riveting = after_first(plant, "SA-OM")
    if allowed:
        riveting.start("2005", "EQ-MR-01")
    else:
        [reason] = refused(riveting, CertificateNotYetValid, person="2005", equipment="EQ-MR-01")
        assert reason.facts["certificate"] == "ZY-MRIV-02"


def after_first(plant: SamplePlant, item: str) -> Line:
    """The second operation of a card whose first one asked for no first article and has delivered."""
    changed_process(plant, item, routing=lambda rows: [replace(rows[0], first_article=False), *rows[1:]])
    line = ready(plant, item)
    line.start()
    line.report("100")
    line.next().load_all()
    return line.next()


def test_a_valid_certificate_beside_an_expired_one_is_enough(plant: SamplePlant, brazing: Line) -> None:
    row = QualificationRow(
        at=Position("qualifications", 1),
        badge="2002",
        operation_code="BRAZ",
        certificate="ZY-BRAZ-09",
        valid_from=date(2026, 12, 1),
        valid_until=date(2026, 12, 1),
    )
    plant.accept("plant:import", source="test", digest="", payload=PlantSheets(qualifications=(row,)))
    brazing.start("2002", "EQ-BZ-01")


def test_anybody_may_work_at_a_normal_process(drying: Line) -> None:
    assert drying.start(NEVER_QUALIFIED).state == "running"


# --- machines --------------------------------------------------------------------------------------------------------


def test_at_a_special_process_the_machine_is_scanned(brazing: Line) -> None:
    refused(brazing, MachineNotNamed, equipment=None)


def test_an_unqualified_machine_is_refused_at_a_special_process(brazing: Line) -> None:
    [reason] = refused(brazing, MachineNotQualified, equipment="EQ-BZ-02")
    assert reason.facts["until"] == "2026-10-31"


@pytest.mark.parametrize(("day", "allowed"), [("2026-11-15", True), ("2026-11-16", False)])
def test_the_last_day_of_a_machines_qualification_counts(plant: SamplePlant, day: str, allowed: bool) -> None:
    plant.at(f"{day}T10:00+08:00")
    line = ready(plant, "SA-BW-16")
    if allowed:
        line.start("2002", "EQ-RW-02")
    else:
        refused(line, MachineNotQualified, person="2002", equipment="EQ-RW-02")


def test_a_machine_of_another_work_centre_is_refused(brazing: Line, drying: Line) -> None:
    refused(brazing, MachineElsewhere, equipment="EQ-RW-01")
    refused(drying, MachineElsewhere, equipment="EQ-BZ-01")


@pytest.mark.parametrize(("day", "allowed"), [("2026-12-02", True), ("2026-12-03", False)])
def test_maintenance_is_overdue_the_day_after_it_was_due(
    plant: SamplePlant, brazing: Line, day: str, allowed: bool
) -> None:
    plant.at(f"{day}T10:00+08:00")
    if allowed:
        brazing.start(QUALIFIED, "EQ-BZ-01")
    else:
        assert refused(brazing, MaintenanceOverdue)[0].facts == {"machine": "EQ-BZ-01", "due_on": "2026-12-02"}


def test_the_quality_manager_may_let_overdue_maintenance_pass(plant: SamplePlant, brazing: Line) -> None:
    plant.at("2026-12-03T10:00+08:00")
    [reason] = refused(brazing, MaintenanceOverdue)
    refused(brazing, MaintenanceOverdue, overrides=(Override(reason.fingerprint, "1004", "急"),))
    plant.accept(
        "production:start",
        operation=brazing.operation,
        person=QUALIFIED,
        equipment="EQ-BZ-01",
        station=brazing.station,
        overrides=(Override(reason.fingerprint, "3001", "已点检，今晚保养"),),
    )


def test_at_a_normal_process_overdue_maintenance_is_a_warning(drying: Line) -> None:
    value = drying.start(NEVER_QUALIFIED, "EQ-IM-02")
    assert [one.zh for one in value.warnings] == ["设备 EQ-IM-02 保养已逾期（应于 2026-11-04 前完成）。"]


def test_a_sound_machine_gives_no_warning(drying: Line) -> None:
    assert drying.start(NEVER_QUALIFIED, "EQ-IM-01").warnings == ()


def keep_maintained(plant: SamplePlant, code: str, day: date) -> None:
    """A machine serviced on a day."""
    changed_machine(plant, code, last_maintained=day)


def changed_machine(plant: SamplePlant, code: str, **change: Any) -> None:
    """A machine with other dates."""
    [row] = [row for row in read_plant(SAMPLE).equipment if row.code == code]
    changed: EquipmentRow = replace(row, **change)
    plant.accept("plant:import", source="test", digest="", payload=PlantSheets(equipment=(changed,)))


# --- gauges and documents --------------------------------------------------------------------------------------------


def gauged_drying(plant: SamplePlant, gauges: str) -> Line:
    """Drying whose moisture is measured with these gauges."""
    changed_process(
        plant,
        "PT-BAS",
        characteristics=lambda rows: [replace(row, gauge=gauges) if row.operation_seq == 10 else row for row in rows],
    )
    return ready(plant, "PT-BAS")


def test_no_process_starts_whose_only_gauge_is_out_of_calibration(plant: SamplePlant) -> None:
    line = gauged_drying(plant, "EQ-HV-02")
    [reason] = refused(line, GaugeOutOfCalibration, equipment=None)
    assert reason.facts == {"gauge": "EQ-HV-02", "until": "2026-09-30"}


@pytest.mark.parametrize(("day", "allowed"), [("2026-12-10", True), ("2026-12-11", False)])
def test_the_last_day_of_a_calibration_counts(plant: SamplePlant, day: str, allowed: bool) -> None:
    line = gauged_drying(plant, "EQ-TC-02")
    plant.at(f"{day}T10:00+08:00")
    if allowed:
        line.start()
    else:
        refused(line, GaugeOutOfCalibration, equipment=None)


def test_one_calibrated_gauge_of_the_list_is_enough(plant: SamplePlant) -> None:
    gauged_drying(plant, "EQ-HV-01;EQ-HV-02").start()


def test_the_scanned_gauge_is_itself_calibrated(plant: SamplePlant) -> None:
    changed_machine(plant, "EQ-IM-01", qualified_until=date(2026, 11, 30))
    line = gauged_drying(plant, "EQ-IM-01;EQ-IM-02")
    refused(line, GaugeOutOfCalibration, equipment="EQ-IM-01")
    line.start(equipment="EQ-IM-02")


def test_a_special_process_needs_a_work_instruction(plant: SamplePlant) -> None:
    changed_process(plant, "SA-MC", routing=lambda rows: [replace(rows[0], instruction=" "), *rows[1:]])
    refused(ready(plant, "SA-MC"), InstructionNotReleased)


# --- material, batch, place ------------------------------------------------------------------------------------------


def test_nothing_starts_while_a_component_is_not_loaded(plant: SamplePlant) -> None:
    line = first_of(plant, "PT-BAS", "100")
    [reason] = refused(line, MaterialMissing, equipment=None)
    assert reason.facts["item"] == "RM-PAN"
    assert reason.facts["station"] == "MLD-1"


def test_the_next_operation_waits_for_good_pieces(drying: Line) -> None:
    moulding = drying.next()
    refused(moulding, PreviousNotReady, equipment=None)
    drying.start()
    refused(moulding, PreviousNotReady, equipment=None)
    drying.report("1")
    moulding.start()


def test_set_up_pieces_do_not_move_on_before_their_first_article_is_signed(drying: Line) -> None:
    moulding = drying.next()
    drying.start()
    drying.report("50")
    moulding.start()
    moulding.report("5")
    refused(moulding.next(), PreviousNotReady, equipment=None)


def test_an_operation_starts_once(drying: Line) -> None:
    drying.start()
    refused(drying, AlreadyStarted, equipment=None)
    drying.report("100")
    drying.finish()
    refused(drying, AlreadyFinished, equipment=None)


def test_an_operation_starts_at_its_own_work_centre(plant: SamplePlant, drying: Line) -> None:
    plant.refuse(
        "production:start", WrongWorkCenter, operation=drying.operation, person=NEVER_QUALIFIED, station="BRZ-1"
    )


# --- the table -------------------------------------------------------------------------------------------------------


def test_key_and_special_processes_ask_for_everything_that_normal_ones_ask_for() -> None:
    table = gates.GATES
    assert set(table) == set(gates.ProcessClass)
    normal = set(table[gates.ProcessClass.NORMAL])
    watched = {
        gates.operator_qualified,
        gates.machine_named,
        gates.machine_qualified,
        gates.machine_maintained,
        gates.instruction_released,
    }
    assert not normal & watched
    assert set(table[gates.ProcessClass.KEY]) == set(table[gates.ProcessClass.SPECIAL]) == normal | watched
