"""No text of a label reaches a printer's commands: strict interpreters print exactly the picture, or it was refused.

ZPL is judged by zplkit, a strict interpreter of other people; ESC/POS and TSPL by our own strict ones, which refuse
every command they do not know.
"""

import re
from collections.abc import Callable

import pytest
import zplkit
import zplkit.rendering
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from devices.simulated.escpos import EscposPrinter
from devices.simulated.interpreter import Interpreter
from devices.simulated.tspl import TsplPrinter
from labels.errors import LabelError
from labels.label import Label
from labels.languages import to_escpos, to_tspl, to_zpl
from labels.layout import compose, sample
from labels.proof import prove
from labels.rendering import Language, render

HOSTILE = (
    "^XZ^XA^FO0,0^ADN,36,20^FDx^FS",
    "~JA~HS",
    "\x1b@\x1dV\x00",
    "\x1d\x1e\x04",
    '"\r\nPRINT 9,9\r\nCLS\r\n',
    "\\&\\\\",
    "`'\"",
)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet="^~\\\"'`{}[]_XZGFAPRINTCLS01 ,;@!=.\x00\x1b\x1d\x1e\x04\r\n\t\x7f合格", max_size=30),
    st.text(max_size=30),
)
FACTS = ("item", "name_zh", "lot", "quantity", "reason", "inspector")


def judged_by_zplkit(job: bytes) -> Image.Image:
    limits = zplkit.rendering.Limits(graphic_bytes=2_000_000)
    document = zplkit.render(job, zplkit.Options(width=576, height=640, dpi=203), limits=limits)
    assert document.warnings == []
    (scene,) = document.labels
    raster = scene.rasterize()
    return Image.frombytes("L", (raster.width, raster.height), raster.pixels)


def judged_by(printer: Callable[[], Interpreter]) -> Callable[[bytes], Image.Image]:
    def judge(job: bytes) -> Image.Image:
        made = printer()
        made.receive(job)
        assert made.errors == []
        assert made.waiting == 0
        (picture,) = made.labels
        return picture.convert("L")

    return judge


JUDGES: dict[Language, Callable[[bytes], Image.Image]] = {
    "zpl": judged_by_zplkit,
    "escpos": judged_by(EscposPrinter),
    "tspl": judged_by(TsplPrinter),
}


def prints_exactly(language: Language, label: Label, content: bytes) -> None:
    """The judge's picture is the proved one; ESC/POS feeds white paper after it."""
    printed, wanted = JUDGES[language](content), prove(label, 203).image.convert("L")
    assert ImageChops.difference(printed.crop((0, 0, *wanted.size)), wanted).getbbox() is None
    rest = printed.crop((0, wanted.height, *printed.size)) if printed.height > wanted.height else None
    assert rest is None or rest.getextrema() == (255, 255)


@pytest.mark.parametrize("language", JUDGES)
@given(fact=st.sampled_from(FACTS), text=texts)
@example("reason", HOSTILE[0])
@example("reason", HOSTILE[1])
@example("name_zh", HOSTILE[4])
@settings(max_examples=40)
def test_any_text_prints_exactly_its_picture_or_is_refused(language: Language, fact: str, text: str) -> None:
    facts = {**sample("scrap"), fact: text}
    try:
        label = compose("scrap", facts, 72)
    except LabelError:
        return
    prints_exactly(language, label, render("scrap", facts, language, 203, 80).content)


@pytest.mark.parametrize(("language", "translate"), [("zpl", to_zpl), ("escpos", to_escpos)])
def test_a_judge_sees_a_job_into_which_a_command_slipped(language: Language, translate: Callable[..., bytes]) -> None:
    picture = prove(compose("scrap", sample("scrap"), 72), 203).image
    job = translate(picture)
    slipped = job.replace(b"^FO0,0", b"^FO0,0^ZZ", 1) if language == "zpl" else job + b"hello"
    with pytest.raises((AssertionError, ValueError)):
        JUDGES[language](slipped)


def test_the_tspl_judge_sees_a_second_print() -> None:
    picture = prove(compose("scrap", sample("scrap"), 72), 203).image
    with pytest.raises((AssertionError, ValueError)):
        JUDGES["tspl"](to_tspl(picture, 72, 80) + b"PRINT 1,1\r\n")


def printed(printer: Interpreter, job: bytes) -> list[bytes] | None:
    """The labels of a job, or None if the printer is not through with it."""
    printer.receive(job)
    through = not printer.errors and not printer.waiting and not printer._buffer
    return [bytes(str(picture.size), "ascii") + picture.tobytes() for picture in printer.labels] if through else None


# What a judge may take for the same: values of the manuals that mean the same or show only on real paper.
SAME_TO_A_JUDGE = {
    "escpos": (rb"\x1dv0([\x000])", rb"\x1dV([\x00\x0101])\Z"),
    "tspl": (rb"GAP ([0-9 ]+)mm,([0-9 ]+)mm\r\n", rb"DIRECTION ([01])\r\n"),
}


@pytest.mark.parametrize(("language", "printer"), [("escpos", EscposPrinter), ("tspl", TsplPrinter)])
def test_our_own_judges_see_every_wrong_byte_among_the_commands(
    language: str, printer: Callable[[], Interpreter]
) -> None:
    picture = Image.new("1", (64, 24), 255)
    picture.paste(0, (3, 5, 40, 9))
    raster = picture.tobytes("raw", "1;I") if language == "escpos" else picture.tobytes()
    job = to_escpos(picture) if language == "escpos" else to_tspl(picture, 8, 3)
    right, begin = printed(printer(), job), job.index(raster)
    assert right is not None
    assert len(right) == 1
    for place in (*range(begin), *range(begin + len(raster), len(job))):
        for byte in set(range(256)) - {job[place]}:
            wrong = job[:place] + bytes([byte]) + job[place + 1 :]
            if printed(printer(), wrong) == right:
                assert any(meant(pattern, wrong, place) for pattern in SAME_TO_A_JUDGE[language]), (place, byte)


def meant(pattern: bytes, job: bytes, place: int) -> bool:
    """Whether the byte at this place is one of those that the pattern leaves open."""
    found = re.search(pattern, job)
    return found is not None and any(start <= place < end for start, end in found.regs[1:])


@given(text=texts)
@example(text="ñ")
@example(text="库位1")
@settings(max_examples=60)
def test_a_code_says_exactly_its_fact_or_is_refused(text: str) -> None:
    """Codes are stricter than text: no blank is cleaned away unseen, no control character becomes part of a code."""
    try:
        label = compose("location", {**sample("location"), "location": text}, 72)
    except LabelError:
        return
    assert {code.payload for code in label.codes} == {"L" + " ".join(text.split())}
    assert prove(label, 203).codes == tuple(code.payload for code in label.codes)
