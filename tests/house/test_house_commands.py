"""What every command says of itself: words in both languages, kinds of arguments, sentences whose facts there are."""

from __future__ import annotations

import re
import string
from dataclasses import fields, is_dataclass

import pytest

import mes.departments
import mes.terminal.scanning  # noqa: F401  with all departments: every command and every refusal
from mes.declaring import DEPARTMENT_NAMES, REGISTER, Declaration
from mes.given import Beside, Choice, Given
from mes.refusals import CATALOGUE
from mes.words import Words

EVERY = pytest.mark.parametrize("command", REGISTER.values(), ids=REGISTER.keys())
CHINESE = re.compile(r"[一-鿿]")
PROGRAM_WORD = re.compile(r"\b\w+_\w+\b|\b[a-z]+:[a-z]+\b")


def facts_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def speaks_both(words: Words) -> bool:
    return bool(CHINESE.search(words.zh) or words.zh == words.en) and bool(words.en) and not CHINESE.search(words.en)


def in_words(words: Words) -> bool:
    bare = "".join(literal for literal, _, _, _ in string.Formatter().parse(f"{words.zh} {words.en}"))
    return not PROGRAM_WORD.search(bare)


@EVERY
def test_a_command_speaks_both_languages_and_no_program_words(command: Declaration) -> None:
    said = [command.words, command.done, command.tells, *([command.confirm] if command.confirm else [])]
    assert all(speaks_both(words) and in_words(words) for words in said)
    assert DEPARTMENT_NAMES[command.department]


@EVERY
def test_every_argument_has_a_kind_and_words_of_its_own(command: Declaration) -> None:
    for one in command.arguments.values():
        assert isinstance(one.given, Given)
        assert speaks_both(one.words), one.name
        assert in_words(one.words), one.name
        if isinstance(one.given, Choice):
            assert all(speaks_both(words) and in_words(words) for words in one.given.names.values())
    called = [one.words for one in command.fields]
    assert len(set(called)) == len(called), "two fields of one form are called the same"


@EVERY
def test_a_sentence_of_a_command_has_only_facts_that_there_are(command: Declaration) -> None:
    assert is_dataclass(command.value)
    given, found = set(command.arguments), {one.name for one in fields(command.value)}
    for words, facts in ((command.done, given | found), (command.tells, given), (command.confirm or NOTHING, given)):
        assert facts_in(words.zh) == facts_in(words.en)
        assert facts_in(words.zh) <= facts


@EVERY
def test_an_argument_has_a_schema_an_example_that_fits_and_a_sentence_for_any_value(command: Declaration) -> None:
    for one in command.arguments.values():
        if not isinstance(one.given, Beside):
            assert one.given.schema
        for odd in (None, [], {}, True, 12, "word", "中文¦Chinese"):
            assert isinstance(one.given.said(odd), Words)
            one.given.problem(odd)
    assert isinstance(command.told({"nothing": "of this"}), Words)


def test_words_of_the_record_in_refusals_are_named_facts() -> None:
    named = {(refusal.code, fact) for refusal in CATALOGUE.values() for fact in refusal.named}
    assert {("card_closed", "state"), ("not_allowed", "command"), ("not_allowed", "roles")} <= named
    for refusal in CATALOGUE.values():
        assert set(refusal.named) <= {one.name for one in fields(refusal)}


# Facts that are words of the record by their name, but come with both halves already.
HALVED = {
    ("not_accepted", "status"): "status_words",
    ("wrong_place_for_status", "status"): "status_words",
    ("card_of_other_colour", "status"): "status_words",
    ("card_of_other_colour", "colour"): "CARD_NAMES",
    ("garbage_scanned", "kind"): "GARBAGE",
}
OF_THE_RECORD = {"state", "status", "role", "roles", "kind", "stage", "verdict", "colour", "stock", "command"}


def test_no_refusal_shows_a_word_of_the_record_that_has_no_name() -> None:
    bare = [
        (refusal.code, one.name)
        for refusal in CATALOGUE.values()
        for one in fields(refusal)
        if one.name in OF_THE_RECORD and one.name in facts_in(refusal.en) and one.name not in refusal.named
    ]
    assert set(bare) == set(HALVED)


NOTHING = Words("", "")
