"""`runcard check` finds a master that has shifted under what stands on it, however that came about."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from mes.audit import audit
from tests.mes.warehouse import arrange
from tests.plant import SamplePlant

SHIFTS = [
    ("UPDATE location SET zone = 'scrap', status = 'scrap' WHERE code = 'ST-A04'", "accepted_goods_lie", "R260805-01"),
    ("UPDATE item SET issue_rule = 'FEFO', shelf_life_days = 30 WHERE code = 'PT-BAS'", "a_lot_expires", ""),
    ("UPDATE item SET shelf_life_days = NULL, issue_rule = 'FIFO' WHERE code = 'RM-INK'", "a_lot_expires", ""),
    ("UPDATE item SET owner_id = (SELECT min(id) FROM customer) WHERE code = 'PT-BAS'", "a_lot_belongs", ""),
    ("UPDATE item SET uom = 'kg' WHERE code = 'RM-BRZ'", "a_lot_is_counted", ""),
]


@pytest.mark.parametrize(("shift", "check", "named"), SHIFTS, ids=[check for _, check, _ in SHIFTS])
def test_a_master_that_has_shifted_is_found(plant: SamplePlant, shift: str, check: str, named: str) -> None:
    with plant.read() as session:
        assert [one for one in audit(session) if one.check.startswith(check)] == []
    arrange(plant, lambda tx: tx.session.execute(text(shift)))
    with plant.read() as session:
        found = [one for one in audit(session) if one.check.startswith(check)]
    assert found
    assert any(named in one.what for one in found)
    assert all(one.zh.endswith("。") and one.en.endswith(".") for one in found)
