"""The catalogue of refusals: every one has its own code, both languages with the same facts, and a test."""

from __future__ import annotations

import re
import string
from dataclasses import fields
from pathlib import Path

import pytest

from mes.refusals import CATALOGUE, Refusal, in_order

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


def test_reasons_come_in_the_order_of_the_catalogue_and_once() -> None:
    samples = [kind for kind in CATALOGUE.values() if not fields(kind)]
    assert len(samples) > 1
    shuffled = [kind() for kind in reversed(samples)] * 2
    assert [type(one) for one in in_order(shuffled)] == samples
