"""The rules of the code room: what is printed reads back, and what is mistyped is refused, never mistaken."""

import itertools
import string
from datetime import date
from decimal import Decimal

import pytest
from biip.checksums import gs1_standard_check_digit
from hypothesis import given
from hypothesis import strategies as st

from mes.codes import (
    LONGEST,
    BadgeCode,
    CardCode,
    Code,
    CodeError,
    CommandCode,
    ContainerCode,
    Envelope,
    EquipmentCode,
    Foreign,
    ForeignPlant,
    Gs1,
    ItemCode,
    LabelCode,
    LocationCode,
    LotCode,
    Mistyped,
    OperationCode,
    OrderCode,
    PrinterCode,
    QuantityCode,
    ReasonCode,
    RollCode,
    RunCardCode,
    TooLong,
    Unknown,
    batch_number,
    check_character,
    encode,
    is_valid,
    label_serial,
    looks_mistyped,
    parse,
    with_check,
)
from mes.refusals import CATALOGUE
from mes.terminal import refusals  # noqa: F401  what is said of scanned codes is in the catalogue

ALPHABET = string.digits + string.ascii_uppercase
CARD = "261201-ASA-01-8"

batch_numbers = st.builds(
    batch_number,
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.text(ALPHABET, min_size=1, max_size=8),
    st.integers(1, 359),
    st.sampled_from(["", "A", "Z", "AB"]),
)
serials = st.builds(label_serial, st.just(1), st.integers(1, 99_999_999))
words = st.text(ALPHABET, min_size=1, max_size=20)
literals = st.text(ALPHABET + "-./_+ 批次物料", min_size=1, max_size=30).filter(lambda text: text == text.strip())
quantities = st.decimals(0, 999_999_999, places=6) | st.integers(0, 999_999_999).map(Decimal)

checked = st.one_of(
    st.builds(RunCardCode, batch_numbers),
    st.builds(LabelCode, serials),
    st.builds(ContainerCode, serials),
    st.builds(CommandCode, words),
    st.builds(ReasonCode, words),
    st.builds(
        RollCode, st.text(string.ascii_uppercase, min_size=1, max_size=8), st.integers(1, 9999), st.integers(1, 9999)
    ),
    st.builds(CardCode, st.text(string.ascii_uppercase, min_size=1, max_size=8), st.integers(1, 999_999_999)),
)
fields = st.one_of(
    checked,
    st.builds(OperationCode, batch_numbers, st.integers(1, 9999)),
    st.builds(LotCode, literals | batch_numbers),
    st.builds(ItemCode, literals),
    st.builds(QuantityCode, quantities),
    st.builds(LocationCode, literals),
    st.builds(BadgeCode, literals),
    st.builds(EquipmentCode, literals),
    st.builds(PrinterCode, literals),
)
suppliers_fields = st.builds(
    lambda identifier, text: Foreign(identifier + text), st.sampled_from(["1P", "V", "S", "K", "T", "11K"]), literals
)


def gtin(body: str) -> str:
    return body + str(gs1_standard_check_digit(body))


@st.composite
def gs1_messages(draw: st.DrawFn) -> Gs1:
    choices = {
        "01": st.text(string.digits, min_size=13, max_size=13).map(lambda body: gtin(f"0{body[1:]}")),
        "17": st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda day: f"{day:%y%m%d}"),
        "10": st.text(ALPHABET + "-/()%", min_size=1, max_size=20),
        "37": st.text(string.digits, min_size=1, max_size=8),
        "3103": st.text(string.digits, min_size=6, max_size=6),
        "91": st.text(ALPHABET, min_size=1, max_size=20),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(choices)), min_size=1, unique=True))
    return Gs1(tuple((ai, draw(choices[ai])) for ai in chosen))


envelopes = (
    st.lists(fields | suppliers_fields, min_size=1, max_size=5)
    .map(lambda parts: Envelope(tuple(parts)))
    .filter(lambda envelope: len(envelope.text) <= LONGEST)
)
every_kind = st.one_of(fields, st.builds(OrderCode, literals), gs1_messages(), envelopes)


def identifier_length(code: Code) -> int:
    return 1 if isinstance(code, RunCardCode) else 3 if encode(code).startswith("Z") else 2


def swaps(text: str, first: int) -> list[str]:
    return [
        text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for at in range(first, len(text) - 1)
        if text[at] != text[at + 1]
    ]


def differ_by_one(one: str, other: str) -> bool:
    """The standard's blind spot needs two neighbours that follow one another in 0-9A-Z, counted round."""
    return abs(ALPHABET.index(one) - ALPHABET.index(other)) in (1, 35)


def swap_is_a_blind_spot(text: str, swapped: str) -> bool:
    """Only if both characters are counted ones and follow one another can MOD 37,36 be blind."""
    pair = [character for character, other in zip(text, swapped, strict=True) if character != other]
    return all(character in ALPHABET for character in pair) and differ_by_one(*pair)


def is_code_or_named_error(text: str) -> bool:
    try:
        return isinstance(parse(text), Code)
    except CodeError as error:
        return error.reason in CATALOGUE


# --- what is printed reads back ---------------------------------------------------------------------------------------


@given(every_kind)
def test_every_printed_code_reads_back_as_itself(code: Code) -> None:
    assert parse(encode(code)) == code


@given(every_kind.filter(lambda code: not isinstance(code, Gs1)), st.sampled_from(["]C0", "]Q1", "]d1", "]L0"]))
def test_a_symbology_identifier_and_blanks_around_change_nothing(code: Code, symbol: str) -> None:
    assert parse(f"  {symbol}{encode(code)}\r\n") == code


@given(st.text(max_size=140) | st.text("]CQdE01[)>\x1e\x1d\x0406W1JTZPKQ-. ", max_size=40))
def test_any_text_is_a_code_or_a_named_error(text: str) -> None:
    assert is_code_or_named_error(text)


@given(st.sampled_from(["]C1", "]Q3", "]d2", "\x1d", "https://a.cn/01/", "http://"]), st.text(max_size=60))
def test_any_text_after_a_gs1_mark_is_a_code_or_a_named_error(mark: str, text: str) -> None:
    assert is_code_or_named_error(mark + text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"W{CARD}", RunCardCode(CARD)),
        (f"3W{CARD}+30", OperationCode(CARD, 30)),
        ("1TR261112-01", LotCode("R261112-01")),
        ("PFG-1P-C16-K3", ItemCode("FG-1P-C16-K3")),
        ("Q0.52", QuantityCode(Decimal("0.52"))),
        ("Q0", QuantityCode(Decimal(0))),
        ("1J0100000001T", LabelCode("0100000001T")),
        ("2J0100000001T", ContainerCode("0100000001T")),
        ("LST-A01", LocationCode("ST-A01")),
        ("1H1001", BadgeCode("1001")),
        ("KSO-2611-001", OrderCode("SO-2611-001")),
        ("ZE.EQ-BZ-01", EquipmentCode("EQ-BZ-01")),
        ("ZC.START-L", CommandCode("START")),
        (with_check("ZX.BURR"), ReasonCode("BURR")),
        (with_check("ZR.BLUE.100X70"), RollCode("BLUE", 100, 70)),
        ("ZP.PR-QC-1", PrinterCode("PR-QC-1")),
        (with_check("ZK.RED.17"), CardCode("RED", 17)),
    ],
)
def test_the_text_of_each_kind_is_the_one_agreed_on(text: str, code: Code) -> None:
    assert parse(text) == code
    assert encode(code) == text


# --- what is mistyped is refused --------------------------------------------------------------------------------------


@given(checked, st.data())
def test_one_wrong_character_is_refused_as_mistyped(code: Code, choice: st.DataObject) -> None:
    text = encode(code)
    at = choice.draw(st.integers(identifier_length(code), len(text) - 1))
    wrong = choice.draw(st.sampled_from(ALPHABET + "-.+/ax").filter(lambda character: character != text[at]))
    with pytest.raises(Mistyped):
        parse(text[:at] + wrong + text[at + 1 :])


@given(batch_numbers, st.integers(1, 9999), st.data())
def test_one_wrong_character_in_the_card_of_an_operation_is_refused(card: str, seq: int, choice: st.DataObject) -> None:
    at = choice.draw(st.integers(0, len(card) - 1))
    wrong = choice.draw(st.sampled_from(ALPHABET + "-").filter(lambda character: character != card[at]))
    with pytest.raises(Mistyped):
        parse(f"3W{card[:at]}{wrong}{card[at + 1 :]}+{seq}")


@given(checked)
def test_two_swapped_neighbours_are_refused_as_mistyped(code: Code) -> None:
    text = encode(code)
    for swapped in swaps(text, identifier_length(code)):
        if not swap_is_a_blind_spot(text, swapped):
            with pytest.raises(Mistyped):
                parse(swapped)


def test_a_hyphen_that_changed_places_with_its_neighbour_is_refused_in_every_crew_and_number() -> None:
    for crew, number, part in itertools.product(["A", "L01", "ASA", "LINE1"], [1, 12, 99, 100, 359], ["", "A", "AB"]):
        card = batch_number(date(2026, 12, 1), crew, number, part)
        for swapped in swaps(f"W{card}", 1):
            if swapped.replace("-", "") == f"W{card}".replace("-", ""):
                with pytest.raises(Mistyped):
                    parse(swapped)


def test_the_check_character_overlooks_fewer_than_one_swap_in_a_hundred() -> None:
    tried = [swapped for number in range(1, 3000) for swapped in swaps(label_serial(1, number * 7919), 0)]
    assert sum(map(is_valid, tried)) < len(tried) / 100


def test_a_command_sheet_never_reads_a_command_as_a_reason() -> None:
    with pytest.raises(Mistyped):
        parse(encode(CommandCode("SCRAP")).replace("ZC.", "ZX."))


def test_check_characters_follow_the_example_of_the_standard() -> None:
    assert check_character("A12425GABC1234002") == "M"
    assert is_valid("A124-25GABC1234002-M")
    assert not is_valid("A12425GABC1234002N")


@pytest.mark.parametrize("code", ["", "-", "a1", "批次", "W261201-ASA-01-8 "])
def test_what_has_other_characters_is_never_valid(code: str) -> None:
    assert not is_valid(code)


# --- foreign codes are looked up, not verified ------------------------------------------------------------------------


@pytest.mark.parametrize("lot", ["261028-PKG-01", "R261112-01", "S04-261012-A", "A", CARD, "批次7"])
def test_a_lot_from_elsewhere_is_taken_literally_and_not_called_mistyped(lot: str) -> None:
    assert parse(f"1T{lot}") == LotCode(lot)
    assert not looks_mistyped(lot)


@pytest.mark.parametrize("lot", ["261201-ASA-01-9", "261210-ASA-01-8", "261201-ASB-01-8", "261301-ASA-01-8"])
def test_a_lot_of_our_form_with_a_wrong_check_character_looks_mistyped(lot: str) -> None:
    assert looks_mistyped(lot)


@pytest.mark.parametrize("text", ["WX-1234", "WATER", "1JUN043325711", "1J123456789012345678", "3WA+1"])
def test_a_suppliers_code_that_begins_like_ours_is_unknown_not_mistyped(text: str) -> None:
    with pytest.raises(Unknown):
        parse(text)


# --- labels of other plants -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [LabelCode, ContainerCode])
def test_the_label_of_another_plant_is_refused_with_its_number(kind: type[LabelCode | ContainerCode]) -> None:
    text = encode(kind(label_serial(2, 17)))
    with pytest.raises(ForeignPlant) as refused:
        parse(text)
    assert refused.value.facts == {"text": text, "site": 2}
    assert parse(text, site=2) == kind(label_serial(2, 17))


def test_a_mistyped_label_is_mistyped_even_if_the_slip_is_in_the_plant() -> None:
    with pytest.raises(Mistyped):
        parse("1J" + label_serial(1, 17).replace("01", "02", 1))


# --- what is none of ours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "]C0",
        "ERROR",
        "NOREAD",
        "30240",
        "12345",
        "w261201-ASA-01-8",
        "1j0100000001T",
        "Z1",
        "ZQ.A-1",
        "P",
        "L",
        "1T",
        "Q",
        "Q-1",
        "Q1,5",
        "Q1e3",
        "QNaN",
        "Q1234567890",
        "Q٣",
        "1PX",
        "VSUP",
        "Ｐ1",
        "P\x07A",
        "P A\x1dB",
    ],
)
def test_what_is_no_code_of_ours_is_unknown(text: str) -> None:
    with pytest.raises(Unknown):
        parse(text)


def test_a_code_of_128_characters_is_read_and_one_more_is_too_long() -> None:
    assert parse("P" + "A" * 127) == ItemCode("A" * 127)
    with pytest.raises(TooLong) as refused:
        parse("P" + "A" * 128)
    assert refused.value.facts == {"length": 129}


def test_control_characters_stand_as_visible_signs_in_the_facts() -> None:
    with pytest.raises(Unknown) as refused:
        parse("A\x00B\x1d\x7f")
    assert refused.value.facts == {"text": "A␀B␝\N{REPLACEMENT CHARACTER}"}


@pytest.mark.parametrize("error", [Unknown("X"), Mistyped("X"), TooLong(129), ForeignPlant("X", 2)])
def test_every_error_names_a_refusal_that_takes_its_facts(error: CodeError) -> None:
    assert CATALOGUE[error.reason](**error.facts).facts == error.facts


@pytest.mark.parametrize(
    "code",
    [
        ItemCode(""),
        ItemCode(" A"),
        ItemCode("A\x1d"),
        LotCode("A\n"),
        QuantityCode(Decimal(-1)),
        CommandCode("start"),
        QuantityCode(Decimal("0.1234567")),
        RollCode("blue", 100, 70),
        RollCode("BLUE", 0, 70),
        CardCode("red", 1),
        CardCode("RED", 0),
        PrinterCode(" "),
        RunCardCode("A"),
        RunCardCode("261201-ASA-01-9"),
        OperationCode(CARD, 0),
        LabelCode("1"),
        Gs1(()),
        Gs1((("01", "1"),)),
        Gs1((("10", "A B"),)),
        Gs1((("05", "1"),)),
        Foreign("VSUP"),
        Envelope(()),
        Envelope((OrderCode("1"),)),
        Envelope((Foreign("P1"),)),
        ItemCode("A" * 128),
    ],
)
def test_what_could_not_be_read_back_is_never_printed(code: Code) -> None:
    with pytest.raises(CodeError):
        encode(code)
