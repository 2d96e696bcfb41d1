"""The rules of the numbers we issue ourselves: batch numbers and label serials."""

import itertools
from datetime import date, timedelta

import pytest

from mes.codes import batch_number, is_valid, label_serial
from mes.codes.check import is_serial, site_of

CARD = "261201-ASA-01-8"


def test_a_batch_number_tells_day_and_crew_and_ends_in_its_check_character() -> None:
    assert batch_number(date(2026, 12, 1), "ASA", 1) == CARD
    assert is_valid(CARD)


def test_the_hundredth_batch_of_a_day_keeps_the_form() -> None:
    numbers = [batch_number(date(2026, 12, 1), "ASA", number) for number in range(1, 360)]
    assert len(set(numbers)) == 359
    assert {len(number) for number in numbers} == {len(CARD)}
    assert numbers[98].startswith("261201-ASA-99-")
    assert numbers[99].startswith("261201-ASA-A0-")
    assert numbers[358].startswith("261201-ASA-Z9-")


@pytest.mark.parametrize(
    ("crew", "number", "part"),
    [("ASA", 0, ""), ("ASA", 360, ""), ("", 1, ""), ("asa", 1, ""), ("A-B", 1, ""), ("ASA", 1, "1")],
)
def test_a_batch_number_of_another_form_is_never_issued(crew: str, number: int, part: str) -> None:
    with pytest.raises(ValueError, match=r"batch|substring"):
        batch_number(date(2026, 12, 1), crew, number, part)


@pytest.mark.parametrize(("site", "number"), [(1, 1), (99, 99_999_999)])
def test_the_first_and_the_last_label_serial_of_the_first_and_the_last_plant_are_issued(site: int, number: int) -> None:
    assert is_serial(label_serial(site, number))
    assert site_of(label_serial(site, number)) == site


@pytest.mark.parametrize(("site", "number"), [(0, 1), (100, 1), (1, 0), (1, 100_000_000)])
def test_a_label_serial_of_another_form_is_never_issued(site: int, number: int) -> None:
    with pytest.raises(ValueError, match="label serial"):
        label_serial(site, number)


def test_different_batches_never_share_a_number() -> None:
    days = [date(2026, 12, 1) + timedelta(days=days) for days in range(31)]
    made = [batch_number(*parts) for parts in itertools.product(days, ["ASA", "ASB", "L01"], range(1, 12), ["", "A"])]
    assert len(set(made)) == len(made)
