"""The refusals of all departments: every one has its own code, both languages with the same facts, and a test."""

from __future__ import annotations

import re
import string
from dataclasses import fields
from pathlib import Path

import pytest

import mes.departments
import mes.terminal.scanning  # noqa: F401  with all departments: every refusal is in the catalogue
from mes.refusals import CATALOGUE, Kind, Refusal, in_order

TESTS = Path(__file__).parents[1]
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path.name != Path(__file__).name
)
EVERY = pytest.mark.parametrize("refusal", CATALOGUE.values(), ids=CATALOGUE.keys())


def facts_in(template: str) -> set[str]:
    return {name.partition("!")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


@EVERY
def test_a_refusal_speaks_both_languages_and_names_only_its_facts(refusal: type[Refusal]) -> None:
    names = {field.name for field in fields(refusal)}
    assert facts_in(refusal.en) <= names
    assert facts_in(refusal.zh) <= names
    assert re.search(r"[一-鿿]", refusal.zh)
    assert not re.search(r"[一-鿿]", refusal.en)
    assert refusal.en.endswith(".")


@EVERY
def test_a_refusal_is_provoked_by_a_test(refusal: type[Refusal]) -> None:
    assert re.search(rf"\b{refusal.__name__}\b|[\"']{refusal.code}[\"']", SOURCES), f"no test names {refusal.__name__}"


def test_reasons_come_by_kind_then_as_their_department_lists_them_and_once() -> None:
    samples = [refusal for refusal in CATALOGUE.values() if not fields(refusal)]
    assert len(samples) > 1
    shuffled = [refusal() for refusal in reversed(samples)] * 2
    ordered = [type(one) for one in in_order(shuffled)]
    assert ordered == sorted(samples, key=lambda refusal: refusal.about)


def test_a_scan_that_cannot_be_read_speaks_before_the_goods_and_those_before_the_paper() -> None:
    assert sorted([Kind.LABELS, Kind.WORK, Kind.GOODS, Kind.PERSON, Kind.SCAN]) == [
        Kind.SCAN,
        Kind.PERSON,
        Kind.GOODS,
        Kind.WORK,
        Kind.LABELS,
    ]


def test_each_kind_of_refusal_but_the_shared_ones_stands_in_one_department() -> None:
    homes = {
        refusal.about: {one.__module__.rpartition(".")[0] for one in CATALOGUE.values() if one.about is refusal.about}
        for refusal in CATALOGUE.values()
    }
    assert {about: len(rooms - {"mes"}) for about, rooms in homes.items()} == dict.fromkeys(Kind, 1)
