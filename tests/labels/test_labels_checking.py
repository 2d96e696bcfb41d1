"""A plant's own layout is proved before it is saved: what would not scan on the floor is refused here, with where."""

from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from labels import layout
from labels.checking import prove_layout
from labels.copying import WORDS, mark_copy
from labels.drawing import draw
from labels.errors import LabelError, LayoutFault, LayoutNotProved, TextDoesNotFit
from labels.label import Area, Label, Pattern, Text
from labels.proof import prove
from labels.rendering import render
from labels.symbols import GS

SIZE = "[[size]]\nwidth_mm = 50\nword_mm = 8\ntext_mm = 3\nsmallest_mm = 2\n"
FACT = '[[fact]]\nname = "item"\nzh = "物料"\nen = "item"\nsample = "A1"\n'
CODE = '[[code]]\ntext = "P{item}"\n'
HEAD = 'title_zh = "物料"\ntitle_en = "Item"\n'
SOUND = HEAD + SIZE + FACT + '[word]\nzh = "{item}"\n' + CODE


@pytest.mark.parametrize("name", layout.names())
def test_every_packaged_layout_is_proved_at_every_size_and_resolution(name: str) -> None:
    plan = layout.load(name)
    assert [proof.dpi for proof in prove_layout(plan)] == [203, 300] * len(plan.sizes)


@pytest.mark.parametrize("name", layout.names())
def test_the_packaged_text_is_the_layout_so_that_a_plant_can_start_from_it(name: str) -> None:
    assert layout.parse(name, layout.text_of(name)) == layout.load(name)


def test_a_plants_own_layout_prints_like_a_packaged_one() -> None:
    plan = layout.parse("ours", SOUND)
    assert prove_layout(plan)[0].codes == ("PA1", "PA1")
    assert render(plan, {"item": "B2"}, "zpl", 203, 50).content.startswith(b"^XA")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SOUND.replace("width_mm = 50", "width_mm = 24"), "does not fit"),
        (SOUND.replace('sample = "A1"', 'sample = "A\U0001f600"'), "cannot be printed"),
        (SOUND.replace("word_mm = 8", "word_mm = 8\nheight_mm = 20"), "edge of the label|does not fit|over it|quiet"),
        (SOUND.replace('text = "P{item}"', 'text = "{item}"'), "no code that a terminal knows"),
        (
            SOUND.replace(SIZE, SIZE + "edge_mm = 3\nfield = [0, 0, 5, 5]\n").replace(HEAD, HEAD + 'stock = "blue"\n'),
            "too small for modules",
        ),
        (SOUND + '[[code]]\ngs1 = "(00)123456789012345675"\nsymbols = ["code128"]\n', "0.25|modules|lower|small"),
    ],
)
def test_a_layout_that_cannot_be_made_scannable_is_refused_with_what_and_where(text: str, why: str) -> None:
    with pytest.raises(LayoutNotProved, match=why) as refused:
        prove_layout(layout.parse("ours", text))
    assert (refused.value.width_mm, refused.value.dpi) in {(50, 203), (24, 203), (50, 300)}
    assert refused.value.fault in str(refused.value)
    assert refused.value.fault_zh in refused.value.in_chinese()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SOUND.replace('zh = "{item}"', 'zh = "{itme}"'), "itme"),
        (SOUND.replace('zh = "{item}"', 'zh = "{item.__class__}"'), "item.__class__"),
        (SOUND.replace('zh = "{item}"', 'zh = "{item:>999999999}"'), "as they are"),
        (SOUND.replace('zh = "{item}"', 'zh = "{item!r}"'), "as they are"),
        (SOUND.replace('zh = "{item}"', 'zh = "{}"'), "does not ask"),
        (SOUND.replace('zh = "{item}"', 'zh = "{item"'), "expected '}'"),
        (SOUND.replace("width_mm = 50", "width_mm = 5000"), "20 to 220"),
        (SOUND.replace("width_mm = 50", "width_mm = nan"), "20 to 220"),
        (SOUND.replace("text_mm = 3", 'text_mm = "3"'), "should be"),
        (SOUND.replace("word_mm = 8\n", ""), "word_mm"),
        (SOUND.replace(SIZE, ""), "'size' is missing"),
        (SOUND.replace(CODE, ""), "no code"),
        (SOUND + 'symbols = ["pdf417"]\n', "pdf417"),
        (SOUND + "shadow = true\n", "shadow"),
        (SOUND + '[[code]]\ngs1 = "(02){item}"\nsymbols = ["code128"]\n', "stand together"),
        (HEAD + 'stock = "green"\n' + SOUND.removeprefix(HEAD), "green"),
        (HEAD + 'stock = "red"\n' + SOUND.removeprefix(HEAD), "white field"),
        (HEAD + 'edge = "stars"\n' + SOUND.removeprefix(HEAD), "stars"),
        (HEAD + 'base = "../../etc/passwd"\n' + SOUND.removeprefix(HEAD), "base it on"),
        (SOUND + "[[row]]\nvalue = [1]\n", "should be a text"),
        (SOUND + '[[row]]\nvalue = ["x"]\nlines = 900\n', "1 to 20 lines"),
        (SOUND.replace("required", "x") + "]", "line"),
        ("title_zh = 1", "should be a text"),
        ("#" * 50_000, "longer than"),
    ],
)
def test_a_file_that_says_what_no_layout_may_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(LayoutFault, match=why) as refused:
        layout.parse("ours", text)
    assert refused.value.layout == "ours"


@given(st.text(alphabet="[]{}=\"'\n.,#abcdefghilmnorstuwxyz_0123456789", max_size=120))
@settings(max_examples=200)
def test_any_text_is_a_layout_or_a_named_fault(text: str) -> None:
    for candidate in (text, SOUND + text):
        try:
            layout.parse("ours", candidate)
        except LayoutFault:
            continue


# --- copies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", layout.names())
def test_a_copy_says_so_and_changes_nothing_else(name: str) -> None:
    for size in layout.load(name).sizes:
        plain = layout.compose(name, layout.sample(name), size.width_mm)
        copy = mark_copy(plain)
        assert any(isinstance(one, Text) and one.text == WORDS and one.size_mm >= 2.6 for one in copy.elements)
        before, after = draw(plain, 203).convert("L"), draw(copy, 203).convert("L")
        changed = ImageChops.difference(before, after).getbbox()
        assert changed is not None
        assert len(set(before.crop(changed).getextrema())) == 1, "the mark stands where nothing stood"
        assert prove(copy, 203).codes == tuple(code.payload for code in plain.codes)


def test_a_copy_is_marked_in_every_language_and_an_original_is_not() -> None:
    for language in ("escpos", "zpl", "tspl", "png", "pdf"):
        plain, copy = (render("scrap", layout.sample("scrap"), language, 203, 80, copy=copy) for copy in (False, True))
        assert plain.content != copy.content
        assert plain.picture != copy.picture


def test_a_label_without_room_for_the_mark_is_refused_and_not_printed_over() -> None:
    with pytest.raises(TextDoesNotFit, match="COPY"):
        mark_copy(Label(50, 20, "white", (Pattern(Area(0, 0, 50, 20), "solid"),)))


# --- GS1 --------------------------------------------------------------------------------------------------------------


def read(picture: bytes) -> dict[str, list[bytes]]:
    """What a decoder finds, by symbology identifier."""
    found: dict[str, list[bytes]] = {}
    with Image.open(BytesIO(picture)) as image:
        for barcode in zxingcpp.read_barcodes(image.convert("L")):
            found.setdefault(barcode.symbology_identifier, []).append(barcode.bytes)
    return found


def carton(**changes: str) -> dict[str, str]:
    facts = {**layout.sample("carton_gs1"), **changes}
    return {name: value for name, value in facts.items() if value}


def test_a_carton_with_a_prefix_carries_gs1_128_with_its_separators_and_a_digital_link() -> None:
    found = read(render("carton_gs1", carton(lot="AB-1(2)/3"), "png").picture)
    assert sorted(found.pop("]C1")) == [
        b"00095212340000000013",
        b"020952123456781337" + b"0120",
        b"10AB-1(2)/3",
        b"17311201",
    ]
    (link,) = [text for texts in found.values() for text in texts]
    assert link.startswith(b"https://id.gs1.org/00/095212340000000013?02=09521234567813&37=0120&17=311201&10=AB-1")


@pytest.mark.needs("zbar")
def test_separators_come_back_exactly_from_bars_with_several_variable_elements() -> None:
    from pyzbar import pyzbar  # loads the system's library, which need not be there

    text = layout.text_of("carton_gs1").replace('gs1 = "(10){lot}"', 'gs1 = "(10){lot}(240)X9(21)7"')
    label = layout.compose(layout.parse("ours", text), carton(lot="L1"))
    picture = prove(label, 203).picture.convert("L")
    assert [code.payload for code in label.codes][2] == f"{GS}10L1{GS}240X9{GS}217"
    wanted = b"10L1\x1d240X9\x1d217"
    assert wanted in [barcode.bytes for barcode in zxingcpp.read_barcodes(picture)]
    assert wanted in [symbol.data for symbol in pyzbar.decode(picture)]


@pytest.mark.parametrize("missing", ["gtin", "count"])
def test_content_and_count_stand_together_or_not_at_all(missing: str) -> None:
    payloads = [code.payload for code in layout.compose("carton_gs1", carton(**{missing: ""})).codes]
    assert payloads == ["https://id.gs1.org/00/095212340000000013", f"{GS}00095212340000000013"]


@pytest.mark.parametrize("changes", [{"sscc": "095212340000000014"}, {"gtin": "09521234567812"}])
def test_a_wrong_gs1_number_never_becomes_bars(changes: dict[str, str]) -> None:
    with pytest.raises(LabelError):
        layout.compose("carton_gs1", carton(**changes))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("bar_mm = 32", "bar_mm = 20"), "lower than 31.75"),
        (("width_mm = 100", "width_mm = 80"), "too small for modules"),
    ],
)
def test_logistic_bars_are_never_smaller_than_half_a_millimetre_or_lower_than_32(
    change: tuple[str, str], why: str
) -> None:
    with pytest.raises(LayoutNotProved, match=why):
        prove_layout(layout.parse("ours", layout.text_of("carton_gs1").replace(*change)))
    thin = layout.text_of("carton_gs1").replace("module_mm = 0.5", "module_mm = 0.25").replace(*change)
    with pytest.raises(LayoutNotProved, match=r"lower|below 0.495 mm"):
        prove_layout(layout.parse("ours", thin))


def test_a_layout_is_proved_with_the_longest_codes_that_the_plant_has() -> None:
    """A place whose code is too long for this paper: refused when the layout is saved, not on the floor."""
    long = {"location": "L" * 100}
    with pytest.raises(LayoutNotProved):
        prove_layout(layout.load("location"), long)
    assert prove_layout(layout.load("location"), {"location": "ST-QUARANTINE-A03-12", "lot": "not shown here"})
