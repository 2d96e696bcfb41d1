"""Layouts: what they ask for and what they refuse; every word given to a label can be read on it or is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import layout, typeface
from labels.drawing import draw
from labels.errors import BadPayload, LabelError, MissingFact, TextDoesNotFit, TooNarrow, UnknownFact, UnknownLayout
from labels.label import Label, Pattern, Text
from mes.codes import label_serial

STATUSES = ("pending", "accepted", "awaiting_decision", "nonconforming", "scrap")


def texts(label: Label) -> str:
    """All text of a label, line by line."""
    return "\n".join(element.text for element in label.elements if isinstance(element, Text))


def name_size(label: Label) -> float:
    """How large the item's name is set."""
    return max(element.size_mm for element in label.elements if isinstance(element, Text) and "断路器" in element.text)


def accepted(**changes: str) -> dict[str, str]:
    return {**layout.sample("accepted"), **changes}


def test_each_status_has_its_colour_its_word_and_an_edge_of_its_own() -> None:
    made = {status: layout.compose(status, layout.sample(status)) for status in STATUSES}
    assert [made[status].stock for status in STATUSES] == ["white", "blue", "white", "yellow", "red"]
    edges = [element.kind for label in made.values() for element in label.elements if isinstance(element, Pattern)]
    assert len(set(edges)) == len(STATUSES)
    words = dict(zip(STATUSES, ("待检", "合格", "待判", "不合格", "报废"), strict=True))
    assert all(texts(made[status]).startswith(word) for status, word in words.items())


@pytest.mark.parametrize("width_mm", [48, 72, 100])
@pytest.mark.parametrize("status", STATUSES)
def test_the_status_word_is_at_least_sixty_dots_high(status: str, width_mm: float) -> None:
    label = layout.compose(status, layout.sample(status), width_mm)
    word = next(element for element in label.elements if isinstance(element, Text))
    assert word.size_mm * 8 >= 60


@pytest.mark.parametrize("name", layout.names())
def test_every_fact_of_a_sample_can_be_read_on_the_label(name: str) -> None:
    facts = layout.sample(name)
    shown = "".join(texts(layout.compose(name, facts)).split())
    for fact in layout.facts_of(name):
        if not fact.name.startswith("code_") and fact.name != "name_en":
            assert all(part in shown for part in facts[fact.name].split()), fact.name


@pytest.mark.parametrize("name", layout.names())
def test_a_missing_fact_is_refused_by_name(name: str) -> None:
    for fact in layout.facts_of(name):
        facts = {key: value for key, value in layout.sample(name).items() if key != fact.name}
        if fact.required:
            with pytest.raises(MissingFact) as refused:
                layout.compose(name, facts)
            assert refused.value.fact == fact.name
        else:
            layout.compose(name, facts)


def test_a_blank_fact_is_a_missing_fact() -> None:
    with pytest.raises(MissingFact, match="lot"):
        layout.compose("nonconforming", {**layout.sample("nonconforming"), "lot": " \t"})


def test_a_reason_too_long_for_the_label_ends_in_dots_behind_the_document_that_holds_it_all() -> None:
    shown = texts(layout.compose("scrap", {**layout.sample("scrap"), "reason": "外壳开裂且触头烧蚀，" * 30}, 48))
    assert "报废 NC-0032" in shown
    assert shown.count("…") == 1


def test_a_misspelt_fact_is_refused_by_name() -> None:
    with pytest.raises(UnknownFact, match="qantity"):
        layout.compose("accepted", accepted(qantity="1"))


def test_an_unknown_layout_is_refused() -> None:
    for name in ("purple", "_status", "../layout"):
        with pytest.raises(UnknownLayout):
            layout.compose(name, {})


def test_paper_narrower_than_every_size_is_refused() -> None:
    with pytest.raises(TooNarrow, match="at least 48 mm"):
        layout.compose("accepted", accepted(), 40)


def test_the_widest_size_that_the_paper_has_room_for_is_taken() -> None:
    assert [layout.compose("accepted", accepted(), width).width_mm for width in (48, 71, 72, 99, 100, 104)] == [
        48,
        48,
        72,
        72,
        100,
        100,
    ]


def test_a_mistyped_code_never_becomes_bars() -> None:
    with pytest.raises(BadPayload, match="check character"):
        layout.compose("accepted", accepted(serial="0100000012X"))


def test_a_label_of_another_plant_of_the_group_may_be_printed_there() -> None:
    serial = label_serial(2, 7)
    assert layout.compose("accepted", accepted(serial=serial)).codes[0].payload[2:] == serial


def test_a_long_name_shrinks_and_wraps_before_it_ends_in_dots() -> None:
    plain = {fact.name: fact.sample for fact in layout.facts_of("accepted") if fact.required}
    short, long = (layout.compose("accepted", {**plain, "name_zh": "断路器" * times}) for times in (2, 16))
    assert name_size(long) < name_size(short)
    assert "断路器" * 16 in texts(long).replace("\n", "")
    endless = texts(layout.compose("accepted", {**plain, "name_zh": "断路器" * 90}))
    assert plain["item"] in endless
    assert "…" in endless


def test_a_lot_or_a_quantity_is_never_cut() -> None:
    for name in ("lot", "quantity"):
        with pytest.raises(TextDoesNotFit, match="261201-"):
            layout.compose("accepted", accepted(**{name: "261201-" * 12}))


def test_a_character_without_a_picture_stops_no_label_and_its_place_is_marked() -> None:
    rare, marked = accepted(inspector="3002 张\U0001f600\u200b"), accepted(inspector="3002 张〓")
    assert typeface.lacking("3002 张\U0001f600\u200b") == "\U0001f600\u200b"
    printed = draw(layout.compose("accepted", rare), 203)
    assert printed.tobytes() == draw(layout.compose("accepted", marked), 203).tobytes()
    assert printed.tobytes() != draw(layout.compose("accepted", accepted(inspector="3002 张")), 203).tobytes()


def test_rare_characters_of_personal_names_are_printed() -> None:
    assert "镕喆堃玥昇祎珺翀犇垚瑄彧赟" in texts(
        layout.compose("accepted", accepted(inspector="镕喆堃玥昇祎珺翀犇垚瑄彧赟"))
    )


def test_line_breaks_inside_a_cell_become_blanks() -> None:
    assert "597 只 pcs" in texts(layout.compose("accepted", accepted(quantity=" 597\r\n只\tpcs ")))


@given(reason=st.text(max_size=60))
@settings(max_examples=60)
def test_any_reason_is_printed_in_full_or_to_the_dots_or_refused(reason: str) -> None:
    try:
        label = layout.compose("scrap", {**layout.sample("scrap"), "reason": reason})
    except (MissingFact, TextDoesNotFit):
        return
    shown, asked = "".join(texts(label).split()), "".join(typeface.clean(reason).split())
    assert asked in shown or any(asked[:length] + "…" in shown for length in range(len(asked)))
    draw(label, 203)


@given(text=st.text(alphabet="断路器合格，。（）ab CD12-/. ", max_size=80), room_mm=st.floats(12, 90))
@settings(max_examples=200)
def test_wrapped_lines_hold_every_letter_and_no_line_is_wider_than_its_room(text: str, room_mm: float) -> None:
    lines = typeface.wrap(typeface.clean(text), 3.0, room_mm)
    if lines is not None:
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(typeface.width_mm(line, 3.0) <= room_mm for line in lines)


def test_every_refusal_speaks_both_languages() -> None:
    def kinds(parent: type[LabelError]) -> list[type[LabelError]]:
        return [parent, *(kind for child in parent.__subclasses__() for kind in kinds(child))]

    assert len({kind.code for kind in kinds(LabelError)}) == len(kinds(LabelError))
    assert all(kind.en != kind.zh for kind in kinds(LabelError))
    assert TooNarrow("accepted", 40, 48).in_chinese() == "版式 accepted 至少需要 48 mm 打印宽度，该打印机只有 40 mm。"


def test_a_batch_too_long_for_gs1_is_left_to_letters_and_the_carton_prints() -> None:
    """(10) holds twenty characters; the batch of a split card of a long crew has more."""
    facts = {**layout.sample("carton_gs1"), "lot": "261201-WELD1234-01-AB-3"}
    label = layout.compose("carton_gs1", facts)
    assert not any("WELD" in code.payload for code in label.codes)
    assert any("WELD" in one.text for one in label.elements if isinstance(one, Text))


@pytest.mark.parametrize(
    ("name", "fact", "value", "why"),
    [("command", "word", "finish now", "A-Z and 0-9"), ("quantity", "number", "twelve", "quantities are numbers")],
)
def test_a_wrong_value_is_refused_in_words(name: str, fact: str, value: str, why: str) -> None:
    with pytest.raises(BadPayload) as refused:
        layout.compose(name, {**layout.sample(name), fact: value})
    assert why in str(refused.value)
    assert "unknown_code" not in str(refused.value) + refused.value.in_chinese()
    assert refused.value.in_chinese() != str(refused.value)
