"""Limits are inclusive, except where the plant says exclusive; values are exact or refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mes.masters.model import Characteristic
from mes.quality.limits import Limits, limits_of, measured


def characteristic(unit: str, lower: str | None, upper: str | None, *, exclusive: bool = False) -> Characteristic:
    """A characteristic with these limits."""
    return Characteristic(
        number=1,
        kind="measure",
        unit=unit,
        exclusive=exclusive,
        lower=Decimal(lower) if lower else None,
        upper=Decimal(upper) if upper else None,
    )


@pytest.mark.parametrize("value", ["5", "6", "7", "5.000000", "7.0"])
def test_a_value_on_the_limit_conforms(value: str) -> None:
    assert limits_of(characteristic("N", "5", "7")).hold(measured(value))


@pytest.mark.parametrize("value", ["4.999999", "7.000001", "-6"])
def test_a_value_beyond_the_limit_fails_by_the_last_digit(value: str) -> None:
    assert not limits_of(characteristic("N", "5", "7")).hold(measured(value))


@pytest.mark.parametrize(("value", "conforms"), [("1", False), ("1.000001", True), ("59.999999", True), ("60", False)])
def test_a_tripping_time_on_the_limit_fails(value: str, conforms: bool) -> None:
    assert limits_of(characteristic("s", "1", "60", exclusive=True)).hold(measured(value)) is conforms


@pytest.mark.parametrize("unit", ["s", "ms", "mA", "℃"])
@pytest.mark.parametrize("exclusive", [True, False])
def test_no_unit_says_whether_limits_are_exclusive(unit: str, exclusive: bool) -> None:
    assert limits_of(characteristic(unit, None, "60", exclusive=exclusive)).hold(Decimal(60)) is not exclusive


def test_a_missing_limit_is_open() -> None:
    assert limits_of(characteristic("N", "140", None)).hold(Decimal(10**9))
    assert limits_of(characteristic("W", None, "3.5")).hold(Decimal(-1))


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "NaN", "Infinity", "-inf", "1,5", "1e30", "0.0000001", "1000000000000", "1_0"]
)
def test_what_is_no_number_or_could_not_be_kept_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        measured(text)


@given(value=st.decimals(min_value=-(10**6), max_value=10**6, places=6))
def test_a_typed_value_is_kept_exactly(value: Decimal) -> None:
    assert measured(f" {value} ") == value


@given(low=st.integers(-100, 100), width=st.integers(0, 100), value=st.integers(-250, 250))
def test_exclusive_limits_never_accept_more_than_inclusive_ones(low: int, width: int, value: int) -> None:
    ends = Decimal(low), Decimal(low + width)
    assert Limits(*ends).hold(Decimal(value)) or not Limits(*ends, exclusive=True).hold(Decimal(value))


@pytest.mark.parametrize(
    ("unit", "lower", "upper", "text"),
    [
        ("s", "1", "60", "1 < x < 60 s"),
        ("s", None, "0.1", "< 0.1 s"),
        ("s", "0.1", None, "> 0.1 s"),
        ("mm", "4.00", "4.40", "4 … 4.4 mm"),
        ("N·m", "2", None, "≥ 2 N·m"),
        ("W", None, "3.5", "≤ 3.5 W"),
        ("mm", None, None, ""),
        ("mm", "0", "100", "0 … 100 mm"),
    ],
)
def test_limits_are_written_as_the_standard_writes_them(
    unit: str, lower: str | None, upper: str | None, text: str
) -> None:
    assert limits_of(characteristic(unit, lower, upper, exclusive=unit == "s")).text(unit) == text
