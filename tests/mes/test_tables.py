"""Declared tables: filtered, sorted and cut by the database, alike on both engines, whatever is asked of them."""

from __future__ import annotations

import re

import pytest

import mes.departments  # noqa: F401  every command is declared
from mes.declaring import REGISTER
from mes.quality.refusals import AlreadyOnHold
from mes.queries import asking
from mes.queries.asking import Asked
from mes.queries.declared import TABLES
from mes.queries.declaring import Column, Table, table
from mes.queries.looking import SIGHTS, may_look, station_may_look
from mes.queries.searching import KINDS, find
from mes.queries.stock import STOCK
from mes.roles import Role
from mes.words import Words
from tests.mes.lineside import first_of
from tests.plant import SamplePlant

CHINESE = re.compile(r"[一-鿿]")
PROGRAM_WORD = re.compile(r"\b[a-z]+_[a-z_]+\b")


def filled(plant: SamplePlant) -> None:
    """Something in nearly every table."""
    plant.accept(
        "plant:printer", code="PR-1", stands_at="OFFICE", language="escpos", dpi=203, width_mm=80, stock="receipt"
    )
    plant.accept("planning:approve", person="1001", signed=True, month="2026-12", revision=1)
    plant.release("SA-MG-C32", "100", person="1002", station="OFFICE")
    plant.accept("quality:hold", person="3001", lot="261028-PKG-01", reason="doubt")
    plant.refuse("quality:hold", AlreadyOnHold, person="3001", lot="261028-PKG-01", reason="again")
    step = first_of(plant, "SA-BW-32", "100")
    step.load_all()


def usual_text(column: Column) -> str:
    if column.reads.choices:
        return next(iter(column.reads.choices))
    return "1"


def test_every_table_answers_whatever_it_declares(plant: SamplePlant) -> None:
    filled(plant)
    with plant.read() as session:
        for one in TABLES.values():
            for name in asking.names(one):
                text = usual_text(one.column[name]) if name in one.column else "2026-12-01"
                asked = asking.read(one, {name: text, "q": "a"})
                assert asked.wrong == ()
                asking.page(session, one, asking.first(asked, 5), plant.now)
            for key in one.column:
                asking.rows(session, one, Asked(sort=f"-{key}", limit=5), plant.now)


def test_pages_of_a_table_hold_every_row_once_in_any_order(plant: SamplePlant) -> None:
    with plant.read() as session:
        for sort in ("", "quantity", "-status"):
            whole = asking.rows(session, STOCK, Asked(sort=sort))
            cuts = [Asked(sort=sort, limit=50, offset=at) for at in range(0, len(whole), 50)]
            assert [row for cut in cuts for row in asking.rows(session, STOCK, cut)] == whole
            assert asking.page(session, STOCK, Asked(limit=50, offset=100), plant.now).total == len(whole)
            assert asking.page(session, STOCK, Asked(limit=50, offset=5000), plant.now).total == len(whole)


def test_a_filter_takes_a_part_of_a_code_and_after_an_equals_sign_the_whole(plant: SamplePlant) -> None:
    with plant.read() as session:
        part = {row["item"].code for row in asking.rows(session, STOCK, Asked({"item": "fg-1p-c16"}))}
        whole = {row["item"].code for row in asking.rows(session, STOCK, Asked({"item": "=FG-1P-C16"}))}
    assert (part, whole) == ({"FG-1P-C16", "FG-1P-C16-K3"}, {"FG-1P-C16"})


def test_signs_of_the_database_language_are_letters_like_others(plant: SamplePlant) -> None:
    with plant.read() as session:
        for text in ("%", "_", "'; drop table lot; --", "\\", "=", "\N{GRINNING FACE}"):
            assert asking.rows(session, STOCK, Asked({"item": text}, search=text)) == []


def test_days_of_a_filter_are_days_of_the_plant(plant: SamplePlant) -> None:
    plant.at("2026-12-01T00:30+08:00").release("SA-MG-C32", "100", person="1002")
    journal = TABLES["journal"]
    with plant.read() as session:
        for day, found in (("2026-11-30", 0), ("2026-12-01", 1)):
            asked = asking.read(journal, {"occurred_at_from": day, "occurred_at_to": day, "kind": "planning:release"})
            assert len(asking.rows(session, journal, asked)) == found


@pytest.mark.parametrize(
    "given",
    [{"status": "blue"}, {"received_on_from": "tomorrow"}, {"sort": "colour"}, {"received_on_to": "2026-02-30"}],
)
def test_what_makes_no_sense_is_named_and_left_out(given: dict[str, str]) -> None:
    asked = asking.read(STOCK, {**given, "item": "X"})
    assert asked.wrong == tuple(given)
    assert asked.filters == {"item": "X"}


@pytest.mark.parametrize("one", TABLES.values(), ids=TABLES)
def test_a_table_speaks_both_languages_and_its_acts_are_commands(one: Table) -> None:
    for words in (one.words, *(column.words for column in one.columns)):
        assert CHINESE.search(words.zh) or words.zh == words.en
        assert words.en
        assert not CHINESE.search(words.en)
    for act in one.acts:
        assert set(act.arguments) <= set(REGISTER[act.command].arguments)
        assert REGISTER[act.command].roles & one.roles, f"nobody who sees {one.name} may {act.command}"


def test_no_word_of_a_state_or_role_is_a_program_word_in_either_language(plant: SamplePlant) -> None:
    filled(plant)
    with plant.read() as session:
        said = {
            (one.name, column.key, column.reads.text(row[column.key], language))
            for one in TABLES.values()
            for row in asking.rows(session, one, Asked(), plant.now)
            for column in one.shown
            if column.key not in ("reason", "remark", "message")
            for language in ("zh", "en")
        }
    assert [one for one in said if PROGRAM_WORD.search(one[2])] == []


def test_what_is_not_declared_nobody_may_look_at_and_no_role_is_the_program() -> None:
    assert not may_look(set(Role), "nothing")
    assert not station_may_look("store", "nothing")
    assert [name for name, sight in SIGHTS.items() if Role.SYSTEM in sight.roles] == []


def test_two_things_to_look_at_cannot_have_one_name_and_no_filter_is_without_its_column() -> None:
    words = Words("甲", "a")
    with pytest.raises(TypeError, match="stock"):
        table("stock", words, set(), source=STOCK.source, columns=STOCK.columns, order=STOCK.order)
    with pytest.raises(TypeError, match="colour"):
        table("tried", words, set(), source=STOCK.source, columns=(), order=(), filters=("colour",))


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("FG-1P-C16", "item", "FG-1P-C16"),
        ("小型断路器", "item", "FG-1P-C16"),
        ("261028-pkg", "lot", "261028-PKG-01"),
        ("S04-261012-A", "lot", "R261027-01"),
        ("1T261028-PKG-01", "lot", "261028-PKG-01"),
        ("SO-2611-001", "order", "SO-2611-001"),
        ("甲一", "person", "1001"),
        ("fgs-01", "place", "FGS-01"),
        ("RAW-1", "station", "RAW-1"),
        ("C01", "customer", "C01"),
    ],
)
def test_a_thing_is_found_by_its_code_by_what_is_scanned_and_by_its_name(
    sqlite_plant: SamplePlant, text: str, kind: str, code: str
) -> None:
    with sqlite_plant.read() as session:
        assert (kind, code) in {(one.kind, one.code) for one in find(session, text, set(KINDS))}


def test_the_very_code_stands_first_and_only_what_one_may_see_is_found(plant: SamplePlant) -> None:
    with plant.read() as session:
        first, *_ = find(session, "FG-1P-C16", set(KINDS))
        assert (first.code, first.exact) == ("FG-1P-C16", True)
        assert {one.kind for one in find(session, "1", {"item", "place"})} <= {"item", "place"}
        assert find(session, "", set(KINDS)) == find(session, "FG", set()) == []
