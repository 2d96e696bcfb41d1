"""A database of an older version keeps its meaning: what the program assumed of every plant is written down as data."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from mes.database import open_engine
from mes.schema import alembic_config, migrate
from tests.engines import Fresh

BEFORE = "0002"
OLD_ROWS = (
    "INSERT INTO work_center (id, code, name_zh, name_en, crew, capacity_minutes) "
    "VALUES (1, 'WC-MLD', '注塑', 'M', 1, 450)",
    "INSERT INTO item (id, code, name_zh, name_en, uom, kind, tracking, recheck_days, issue_rule) "
    "VALUES (1, 'FG-1', '断路器', 'B', 'pcs', 'finished', 'lot', 180, 'FIFO')",
    "INSERT INTO process_revision (id, item_id, revision, digest) VALUES (1, 1, 1, 'd')",
    "INSERT INTO operation (revision_id, seq, code, name_zh, name_en, work_center_id, minutes_per_unit, process_class, "
    "first_article, instruction) VALUES (1, 10, 'TCAL', '校验', 'C', 1, 1, 'key', true, '')",
    "INSERT INTO characteristic (revision_id, number, stage, name_zh, name_en, kind, upper, unit, gauge) "
    "VALUES (1, 1, 'final', '时间', 'T', 'measure', 60, 's', 'EQ-TC-01;EQ-TC-02')",
    "INSERT INTO characteristic (revision_id, number, stage, name_zh, name_en, kind, upper, unit, gauge) "
    "VALUES (1, 2, 'final', '长度', 'L', 'measure', 60, 'mm', '卡尺')",
)


def test_an_older_plant_keeps_its_crews_limits_gauges_and_first_articles(fresh: Fresh) -> None:
    url = fresh.blank()
    engine = open_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config = alembic_config(url)
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for statement in OLD_ROWS:
            connection.execute(text(statement))
    migrate(url)
    with engine.connect() as connection:
        asked = connection.execute(text("SELECT exclusive, gauge_codes FROM characteristic ORDER BY number")).all()
        assert [(bool(exclusive), codes) for exclusive, codes in asked] == [(True, "EQ-TC-01;EQ-TC-02"), (False, None)]
        assert connection.scalar(text("SELECT crew_mark FROM work_center")) == "MLD"
        assert connection.scalar(text("SELECT first_article_quantity FROM operation")) == 5
    engine.dispose()


STOCK = (
    "INSERT INTO person (id, badge, name_zh, name_en, department, roles, disabled) "
    "VALUES (1, '4001', '仓管', 'S', 'store', 'storekeeper', false)",
    "INSERT INTO location (id, code, name_zh, name_en, zone, status) VALUES (1, 'ST-1', '架', 'S', 'store', 'pass')",
    "INSERT INTO lot (id, code, item_id, origin, received_on, produced_on, recheck_on) "
    "VALUES (1, 'OLD', 1, 'opening', '2026-06-10', '2026-06-01', '2026-12-07')",
    "INSERT INTO lot (id, code, item_id, origin, received_on, produced_on, recheck_on) "
    "VALUES (2, 'AGAIN', 1, 'opening', '2026-06-10', '2026-06-01', '2027-03-01')",
    "INSERT INTO holder (id, kind) VALUES (1, 'unit')",
    "INSERT INTO handling_unit (id, lot_id, lock_reason) VALUES (1, 1, '账实不符，待盘点¦missing, to be counted')",
    "INSERT INTO balance (holder_id, lot_id, location_id, status, item_id, goes_first, quantity, outside) "
    "VALUES (1, 1, 1, 'accepted', 1, '2026-06-10', 7, false)",
    "INSERT INTO event (id, uuid, kind, schema_version, arguments, result, reasons, overrides, person_id, occurred_at, "
    'recorded_at) VALUES (1, \'u\', \'stock:not_found\', 1, \'{"place":"ST-1","unit_lot":"OLD"}\', '
    "'accepted', '[]', '[]', 1, '2026-11-30 01:00:00.000000', '2026-11-30 01:00:00.000000')",
)


def test_an_older_plants_missing_boxes_keep_who_reported_them_and_own_make_is_due_by_production(fresh: Fresh) -> None:
    url = fresh.blank()
    engine = open_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config = alembic_config(url)
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for statement in (OLD_ROWS[1], *STOCK):
            connection.exec_driver_sql(statement)
    migrate(url)
    with engine.connect() as connection:
        reports = connection.execute(
            text("SELECT unit_id, person_id, location_id, quantity, counted_by FROM missing_report")
        )
        assert reports.all() == [(1, 1, 1, 7, None)]
        due = connection.execute(text("SELECT code, recheck_on FROM lot ORDER BY id"))
        assert [(lot, str(day)) for lot, day in due] == [("OLD", "2026-11-28"), ("AGAIN", "2027-03-01")]
    engine.dispose()
