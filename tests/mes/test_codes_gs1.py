"""The rules of what suppliers and trade partners print: GS1 and ISO/IEC 15434 envelopes."""

from decimal import Decimal

import pytest

from mes.codes import (
    Envelope,
    Foreign,
    Gs1,
    ItemCode,
    LabelCode,
    LotCode,
    Mistyped,
    QuantityCode,
    Unknown,
    encode,
    label_serial,
    parse,
)

GTIN, SSCC = "09501101530003", "106141412345678908"

# --- GS1 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["]C1", "]Q3", "]d2", "]e0", "]J1", "\x1d", "]C1\x1d"])
def test_gs1_is_read_behind_its_symbology_identifier_or_fnc1(mark: str) -> None:
    assert parse(f"{mark}01{GTIN}10ABC\x1d3712") == Gs1((("01", GTIN), ("10", "ABC"), ("37", "12")))


@pytest.mark.parametrize("mark", ["", "]C0", "]Q1"])
def test_plain_digits_are_not_taken_for_gs1(mark: str) -> None:
    with pytest.raises(Unknown):
        parse(f"{mark}01{GTIN}")


def test_a_superfluous_separator_after_a_fixed_length_is_tolerated() -> None:
    assert parse(f"]C101{GTIN}\x1d10ABC\x1d") == Gs1((("01", GTIN), ("10", "ABC")))


@pytest.mark.parametrize("text", ["]C110ABCDEFGHIJKLMNOPQRST3712", "]C1371234567810ABC", "]C1", "\x1d", "]C101A"])
def test_a_message_without_its_separator_is_not_cut_by_guess(text: str) -> None:
    with pytest.raises(Unknown):
        parse(text)


@pytest.mark.parametrize("text", [f"]C101{GTIN[:-1]}4", f"]C100{SSCC[:-1]}9", f"https://id.gs1.org/01/{GTIN[:-1]}4"])
def test_a_gs1_number_with_a_wrong_check_digit_is_mistyped(text: str) -> None:
    with pytest.raises(Mistyped):
        parse(text)


@pytest.mark.parametrize("text", ["]C1 10ABC", "]C110ABC\x0b\x1d3712", "]C137٣", "https://id.gs1.org/414/٣"])
def test_blanks_and_digits_of_other_scripts_are_no_gs1(text: str) -> None:
    with pytest.raises(Unknown):
        parse(text)


@pytest.mark.parametrize(
    "text", ["]C1800309521234567890SER", "]C14149521234567898", "]C12539521234567890X", "]C18018952123456789012344"]
)
def test_a_wrong_check_digit_inside_any_key_of_gs1_is_mistyped(text: str) -> None:
    with pytest.raises(Mistyped):
        parse(text)


def test_sound_check_digits_inside_longer_values_pass() -> None:
    asset = f"0{GTIN[1:]}SER1"
    assert parse(f"]C18003{asset}") == Gs1((("8003", asset),))


def test_what_stands_twice_says_the_same_or_is_refused() -> None:
    with pytest.raises(Unknown):
        parse(f"]C101{GTIN}10ABC\x1d10ABD")
    assert parse(f"]C101{GTIN}10ABC\x1d10ABC") == Gs1((("01", GTIN), ("10", "ABC")))


@pytest.mark.parametrize("query", ["999=5", "10=A&10=B", "17=270410&4321=x"])
def test_a_link_with_an_identifier_nobody_knows_or_two_answers_is_refused(query: str) -> None:
    with pytest.raises(Unknown):
        parse(f"https://id.gs1.org/01/{GTIN}?{query}")


@pytest.mark.parametrize("mark", ["", "]C0", "]Q1"])
@pytest.mark.parametrize("gap", ["", " "])
def test_a_supplier_may_print_brackets(mark: str, gap: str) -> None:
    assert parse(f"{mark}(01){GTIN}{gap}(10)A-1{gap}(37)12") == Gs1((("01", GTIN), ("10", "A-1"), ("37", "12")))


@pytest.mark.parametrize("text", ["(01)123", "(01)", "()", "(10)A(", "(1)A", "(WELD)"])
def test_brackets_around_anything_else_are_no_gs1(text: str) -> None:
    with pytest.raises((Unknown, Mistyped)):
        parse(text)


def test_a_date_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Unknown):
        parse("]C117261332")


def test_a_digital_link_says_the_same_as_the_element_strings() -> None:
    link = parse(f"https://example.com/01/{GTIN}/10/A%2FB?17=261231&utm=1")
    assert link == Gs1((("01", GTIN), ("10", "A/B"), ("17", "261231")))
    assert parse(f"]Q1HTTPS://id.gs1.org/00/{SSCC}") == Gs1((("00", SSCC),))


def test_any_other_web_address_is_unknown() -> None:
    for text in ("https://example.com/", "http://[", "https://example.com/01", f"https://x.cn/01/{GTIN}/10"):
        with pytest.raises(Unknown):
            parse(text)


@pytest.mark.parametrize(("symbol", "number"), [("]E0", "9501101530003"), ("]E4", "96385074"), ("]I1", GTIN)])
def test_an_article_number_symbol_is_a_gtin(symbol: str, number: str) -> None:
    assert parse(symbol + number) == Gs1((("01", f"{number:0>14}"),))


def test_an_article_number_with_more_behind_it_is_unknown() -> None:
    with pytest.raises(Unknown):
        parse(f"]E0{GTIN}10A")


# --- envelopes --------------------------------------------------------------------------------------------------------
def test_an_envelope_gives_our_kinds_and_keeps_the_suppliers_fields() -> None:
    text = "[)>\x1e06\x1dPPT-BM-32\x1d1TS04-261012-A\x1dQ5000\x1dVS04\x1d1PX-9\x1dKPO-77\x1e\x04"
    assert parse(text) == Envelope(
        (
            ItemCode("PT-BM-32"),
            LotCode("S04-261012-A"),
            QuantityCode(Decimal(5000)),
            Foreign("VS04"),
            Foreign("1PX-9"),
            Foreign("KPO-77"),
        )
    )


def test_an_envelope_without_its_end_is_refused_because_a_field_may_be_cut() -> None:
    with pytest.raises(Unknown):
        parse("[)>\x1e06\x1dPA\x1dQ12")


@pytest.mark.parametrize("inside", ["", "PA\x1d", "pa", "PA\x1e06\x1dPB", "1234P"])
def test_an_envelope_with_a_field_without_identifier_or_content_is_refused(inside: str) -> None:
    with pytest.raises(Unknown):
        parse(f"[)>\x1e06\x1d{inside}\x1e\x04")


def test_another_plants_label_in_an_envelope_stays_readable_as_foreign() -> None:
    text = encode(Envelope((LabelCode(label_serial(2, 17)), ItemCode("PT-BM-32"))))
    assert parse(text) == Envelope((Foreign("1J" + label_serial(2, 17)), ItemCode("PT-BM-32")))
    assert parse(text, site=2) == Envelope((LabelCode(label_serial(2, 17)), ItemCode("PT-BM-32")))
