"""Codes in other letters, and codes that a keyboard changed: what is certain is read, what is not is named."""

from __future__ import annotations

import pytest

from mes import codes
from mes.codes.spelling import KEYBOARDS

CARD = codes.with_check("261201-MAG-01")
YZ_CARD = codes.with_check("261201-MAZ-01")


def through(keyboard: codes.Keyboard, text: str) -> str:
    """What a US scanner's keys become on a computer with this keyboard."""
    return text.translate(str.maketrans(keyboard.instead_of, keyboard.types))


FRENCH, GERMAN, SPANISH = KEYBOARDS


@pytest.mark.parametrize(
    "text", [f"W{CARD}", f" w{CARD.lower()} ", f"]C1W{CARD}", "Ｗ" + CARD, f"W{CARD[:6]} {CARD[6:]}", f"W{CARD}\u00a0"]
)
def test_a_check_character_proves_a_code_in_whatever_letters(text: str) -> None:
    assert codes.certain(text) == codes.RunCardCode(CARD)


@pytest.mark.parametrize("text", ["1h4001", "lst-b01", f"W{CARD[:-1]}*", "q12"])
def test_what_no_check_character_proves_is_not_certain(text: str) -> None:
    assert codes.certain(text) is None


@pytest.mark.parametrize("keyboard", [FRENCH, GERMAN, SPANISH], ids=lambda one: one.en)
@pytest.mark.parametrize("code", [f"W{YZ_CARD}", f"3W{YZ_CARD}+10", codes.encode(codes.CommandCode("FINISH"))])
def test_a_keyboard_that_changed_a_code_of_ours_is_known_by_it(keyboard: codes.Keyboard, code: str) -> None:
    assert codes.keyboard_of(through(keyboard, code)) == keyboard


@pytest.mark.parametrize(
    ("text", "keyboard"), [(through(FRENCH, "1H4001"), FRENCH), (through(GERMAN, "LST-B01"), GERMAN), ("1H4001", None)]
)
def test_signs_that_no_code_has_name_the_keyboard(text: str, keyboard: codes.Keyboard | None) -> None:
    assert codes.keyboard_of(text) == keyboard


@pytest.mark.parametrize("text", ["完工", "Ｗ２６", f"W{CARD}", f"W{CARD[:-1]}*", "S02/260716_C", "(01)"])
def test_no_keyboard_is_blamed_for_what_it_did_not_do(text: str) -> None:
    assert codes.keyboard_of(text) is None
