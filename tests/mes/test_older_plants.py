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
