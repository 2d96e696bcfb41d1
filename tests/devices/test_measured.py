"""What gauges and scales say, read exactly: decimal text in, the same text out, and no reading from an error."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices.gauge_protocols import GAUGE_PROTOCOLS, mahr, mitutoyo, sylvac
from devices.measured import Fault, Settled, Value, parser_of
from devices.scale_protocols import SCALE_PROTOCOLS, headed, sics
from devices.simulated.tools import GAUGE_ERRORS, GAUGE_LINES, SCALE_ERRORS, SCALE_LINES

VALUES = st.decimals("-999.999", "999.999", places=3)
PLACES = st.integers(0, 4)


@given(value=VALUES, protocol=st.sampled_from(list(GAUGE_LINES)))
def test_every_value_a_gauge_can_show_arrives_as_it_was_shown(value, protocol):
    said = GAUGE_PROTOCOLS[protocol].parse(GAUGE_LINES[protocol](value).strip("\r\n"))
    assert isinstance(said, Value)
    assert Decimal(said.text) == value
    assert said.text == f"{value if value else abs(value):f}"


@given(value=st.decimals("-9999", "9999", places=2), stable=st.booleans(), protocol=st.sampled_from(list(SCALE_LINES)))
def test_every_weight_a_scale_can_show_arrives_as_it_was_shown(value, stable, protocol):
    said = SCALE_PROTOCOLS[protocol].parse(SCALE_LINES[protocol](value, stable, "kg").strip("\r\n"))
    assert isinstance(said, Value)
    assert (Decimal(said.text), said.unit, said.stable) == (value, "kg", stable)


@given(line=st.text(st.characters(codec="ascii"), max_size=30), name=st.sampled_from([*GAUGE_LINES, *SCALE_LINES]))
def test_no_line_breaks_a_parser_and_only_digits_make_a_number(line, name):
    said = {**GAUGE_PROTOCOLS, **SCALE_PROTOCOLS}[name].parse(line)
    assert isinstance(said, Fault) or re.search(r"\d", line)


@given(line=st.text(max_size=30))
@example(line="+١٢.٣")
@example(line="ST,+１２.3kg")
def test_letters_and_digits_of_other_scripts_are_no_number(line):
    for protocol in (*GAUGE_PROTOCOLS.values(), *SCALE_PROTOCOLS.values()):
        said = protocol.parse(line)
        assert isinstance(said, Fault) or re.fullmatch(r"-?[0-9]+(\.[0-9]*)?", said.text)


@pytest.mark.parametrize(
    ("parse", "line", "text", "unit"),
    [
        (mitutoyo, "01A+0012.34", "12.34", ""),
        (mitutoyo, "01A-0000.005", "-0.005", ""),
        (mitutoyo, "01A+00.12345", "0.12345", ""),
        (mitutoyo, "01A-0000.000", "0.000", ""),
        (sylvac, "+012.340", "12.340", ""),
        (sylvac, " 0.50", "0.50", ""),
        (sylvac, "-1.999 <", "-1.999", ""),
        (mahr, "+  12.345 mm", "12.345", "mm"),
        (mahr, "-0.0005in", "-0.0005", "in"),
        (mahr, "12.345", "12.345", ""),
        (sics, "S S     100.00 g", "100.00", "g"),
        (sics, "S S      -0.5 kg", "-0.5", "kg"),
        (headed, "ST,+00123.45  g", "123.45", "g"),
        (headed, "QT,+0012345 PC", "12345", "PC"),
        (headed, "ST,GS,+  1.234kg", "1.234", "kg"),
        (headed, "ST,NT,-  0.120,kg", "-0.120", "kg"),
    ],
)
def test_the_lines_of_the_manuals_are_understood(parse, line, text, unit):
    assert parse(line) == Value(Decimal(text), unit)
    assert parse(line).text == text


@pytest.mark.parametrize(
    ("parse", "line"),
    [
        (mitutoyo, "911"),
        (mitutoyo, "01A+12,34"),
        (mitutoyo, "A+0012.34"),
        (mitutoyo, ""),
        (sylvac, "ERR0"),
        (sylvac, "+"),
        (sylvac, "1.2.3"),
        (mahr, "ERR6"),
        (mahr, "1 ERR6"),
        (sics, "S I"),
        (sics, "S +"),
        (sics, "S -"),
        (sics, "ES"),
        (sics, "S S 1.0"),
        (headed, "OL,+9999999"),
        (headed, "ST,GS,+       kg"),
        (headed, "+ 1.234kg"),
    ],
)
def test_an_error_or_a_torn_line_is_no_number(parse, line):
    assert parse(line) == Fault(line)


@pytest.mark.parametrize("name", [*GAUGE_ERRORS, *SCALE_ERRORS])
def test_what_each_tool_says_when_it_cannot_measure_is_a_fault(name):
    said = {**GAUGE_ERRORS, **SCALE_ERRORS}[name].strip("\r\n")
    assert {**GAUGE_PROTOCOLS, **SCALE_PROTOCOLS}[name].parse(said) == Fault(said)


def test_a_weight_that_moves_is_told_as_moving():
    assert sics("S D     100.00 g") == Value(Decimal("100.00"), "g", stable=False)
    assert headed("US,GS,+  1.234kg") == Value(Decimal("1.234"), "kg", stable=False)


def test_a_plants_own_pattern_names_value_unit_and_stability():
    parse = parser_of(re.compile(r"^W(?P<value>[+-]? *[\d.]+)(?P<unit>kg|g)?(?P<stable>S)?$"))
    assert parse("W- 1.50kgS") == Value(Decimal("-1.50"), "kg")
    assert parse("W1.50kg") == Value(Decimal("1.50"), "kg", stable=False)
    assert parse("W1.5.0kg") == Fault("W1.5.0kg")
    assert parse("hello") == Fault("hello")


def test_a_weight_counts_once_until_the_scale_was_moved_or_emptied():
    settled = Settled()
    said = [
        ("0.00", True),
        ("1.20", False),
        ("1.25", True),
        ("1.25", True),
        ("1.30", True),
        ("0.00", True),
        ("1.30", True),
        ("1.30", False),
        ("1.30", True),
    ]
    counted = [text for text, stable in said if settled.passes(Value(Decimal(text), "kg", stable))]
    assert counted == ["1.25", "1.30", "1.30", "1.30"]
