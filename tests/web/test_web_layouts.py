"""A plant's own layouts: proved before they are saved, kept as revisions, and what prints from then on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from labels.layout import text_of
from mes.journal import Event
from mes.labelling.layouts import revisions
from mes.labelling.refusals import LayoutNotPrintable
from mes.refusals import GroundsMissing, NotAllowed
from tests.engines import Fresh
from tests.plant import SamplePlant
from tests.printers import add_printer, job_of, leased, split
from web.layouts import save
from web.paper import layout_of, sizes_in
from web.printing import content_of
from web.rendering import make_ahead

OWN = text_of("accepted").replace("合格标签", "本厂合格证")
QUALITY_MANAGER = "3001"
# A roll on which the codes cannot be made scannable: the decode proof itself refuses it.
TINY_SIZE = "[[size]]\nwidth_mm = 25\nheight_mm = 15\nedge_mm = 2\nword_mm = 3\ntext_mm = 2\nsmallest_mm = 1.5\n"


@pytest.fixture
def plant(fresh: Fresh) -> Iterator[SamplePlant]:
    """The sample plant with a printer for blue labels."""
    found = SamplePlant.copied(fresh)
    add_printer(found)
    yield found
    found.close()


def saved(plant: SamplePlant, text: str, name: str = "accepted", person: str = QUALITY_MANAGER) -> object:
    return save(plant.database, plant.clock, name, text, person=person)


def test_the_newest_saved_revision_prints_and_the_earlier_ones_stay(plant: SamplePlant) -> None:
    first, second = split(plant), OWN.replace("本厂合格证", "新版合格证")
    assert leased(plant)
    assert saved(plant, OWN).accepted  # type: ignore[attr-defined]
    assert saved(plant, second).value.revision == 2  # type: ignore[attr-defined]
    with plant.read() as session:
        assert layout_of(session, "accepted").title_zh == "新版合格证"
        assert layout_of(session, "scrap").title_zh == "报废标签"
        assert revisions(session) == {"accepted": 2}
        assert sizes_in(session)("accepted")
        before = content_of(session, job_of(plant, first).id, "RAW-1")
    assert before is not None


def test_a_label_that_was_made_ahead_of_a_new_layout_prints_by_the_new_one(plant: SamplePlant) -> None:
    label = split(plant)
    make_ahead(plant.database, plant.now)
    by_the_old_one = job_of(plant, label)
    saved(plant, OWN.replace('zh = "合格"', 'zh = "检验合格"'))
    assert leased(plant)
    by_the_new_one = job_of(plant, label)
    assert (by_the_old_one.rendered_for, by_the_new_one.rendered_for) == ("zpl 203 100", "zpl 203 100 r1")
    assert by_the_old_one.sha256 != by_the_new_one.sha256


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no = toml = at all", "accepted"),
        (OWN.replace('stock = "blue"', 'stock = "red"'), "its colour is blue, not red"),
        (OWN + '\n[[code]]\ntext = "P{item}"\n', "its code 1J{serial} is missing"),
        (OWN.replace('base = "_status"', 'base = "_status"\nrequired = ["reason"]'), "it requires reason"),
        (f"{OWN}\n{TINY_SIZE}", "accepted"),
    ],
)
def test_a_layout_that_breaks_its_promise_is_refused_with_the_exact_reason_and_recorded(
    plant: SamplePlant, text: str, why: str
) -> None:
    outcome = saved(plant, text)
    assert not outcome.accepted  # type: ignore[attr-defined]
    reason = outcome.reasons[0]  # type: ignore[attr-defined]
    assert isinstance(reason, LayoutNotPrintable)
    assert why in reason.sentence("en")
    with plant.read() as session:
        event = session.scalars(select(Event).where(Event.kind == "label:save_layout")).one()
        assert json.loads(event.reasons)[0]["code"] == "layout_not_printable"
        assert revisions(session) == {}


def test_who_may_not_change_layouts_is_refused_by_the_door(plant: SamplePlant) -> None:
    plant.refuse("label:save_layout", NotAllowed, name="accepted", content=OWN, person="4001")
    plant.refuse("label:save_layout", GroundsMissing, name="accepted", content=" ", person=QUALITY_MANAGER)
