"""Framing: whatever the port does with the bytes, the same codes come out, and what is no code is recorded as such."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.feedback import COMMAND_SETS, Tone
from devices.framing import SUFFIXES, AimIds, Framing, Garbage, NoRead, Read, Scan, ScanBuffer, Wrapping, printable

GS = "\x1d"
CODES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\t\x02\x03"), min_size=1, max_size=40)
NOISE = st.binary(min_size=1, max_size=60)
LINES = [Framing.CR, Framing.LF, Framing.CRLF, Framing.TAB, Framing.STX_ETX]


def framed(framing: Framing, code: bytes) -> bytes:
    return (b"\x02" if framing is Framing.STX_ETX else b"") + code + SUFFIXES[framing]


def chunks(stream: bytes, cuts: list[int]) -> list[bytes]:
    marks = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(marks)]


def read_in(pieces: list[bytes], framing: Framing, **limits: Any) -> list[Read]:
    buffer = ScanBuffer(framing, **limits)
    reads = [read for piece in pieces for read in buffer.feed(piece, 0.0)]
    return [*reads, *buffer.unplugged()]


@given(codes=st.lists(CODES, max_size=8), cuts=st.lists(st.integers(0, 500)), framing=st.sampled_from(LINES))
def test_any_chunking_of_framed_codes_gives_exactly_these_codes(codes, cuts, framing):
    stream = b"".join(framed(framing, code.encode()) for code in codes)
    expected = [NoRead() if code == "ERROR" else Scan(code) for code in codes]
    assert read_in(chunks(stream, cuts), framing) == expected


@given(
    parts=st.lists(NOISE | st.sampled_from([b"\r", b"\n", b"\t", b"\x02", b"\x03", b"\r\n"]), max_size=20),
    cuts=st.lists(st.integers(0, 1000)),
    framing=st.sampled_from(list(Framing)),
)
def test_any_chunking_of_any_bytes_gives_the_same_reads(parts, cuts, framing):
    stream = b"".join(parts)
    assert read_in(chunks(stream, cuts), framing, max_bytes=30) == read_in([stream], framing, max_bytes=30)


@given(stream=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400)))
def test_the_buffer_never_holds_more_than_its_limit(stream, cuts):
    buffer = ScanBuffer(Framing.CRLF, max_bytes=20)
    for piece in chunks(stream, cuts):
        buffer.feed(piece, 0.0)
        assert buffer.held <= 21


def test_two_codes_in_one_read_are_two_scans():
    assert read_in([b"ONE\rTWO\r"], Framing.CR) == [Scan("ONE"), Scan("TWO")]


@pytest.mark.parametrize("framing", [Framing.CR, Framing.LF])
def test_a_scanner_set_to_cr_lf_leaves_no_line_end_in_the_code(framing):
    assert read_in([b"ONE\r\nTWO\r\n"], framing) == [Scan("ONE"), Scan("TWO")]


def test_the_group_separator_stays_in_the_code():
    assert read_in([f"]C10109501101530003{GS}10ABC\r".encode()], Framing.CR) == [Scan(f"]C10109501101530003{GS}10ABC")]


def test_a_stray_nul_is_line_noise():
    assert read_in([b"\0W26\0", b"1201\0\r"], Framing.CR) == [Scan("W261201")]


def test_an_oversize_frame_is_one_garbage_and_the_next_code_is_whole():
    assert read_in([b"x" * 50, b"x" * 50, b"\rQ1\r"], Framing.CR, max_bytes=64) == [
        Garbage("oversize", "x" * 40),
        Scan("Q1"),
    ]


def test_bytes_that_are_no_text_are_garbage_with_a_readable_start():
    assert read_in([b"AB\xff\xfeCD\r"], Framing.CR) == [Garbage("undecodable", "AB..CD")]


def test_an_error_of_a_fixed_reader_is_no_code():
    assert read_in([b"\x02ERROR\x03\x02Q1\x03"], Framing.STX_ETX) == [NoRead(), Scan("Q1")]


def test_a_frame_begun_anew_leaves_the_half_one_as_torn():
    assert read_in([b"\x02W2612\x02Q1\x03"], Framing.STX_ETX) == [Garbage("torn", "W2612"), Scan("Q1")]


def test_half_a_line_at_unplug_is_torn_and_not_joined_to_the_next_code():
    buffer = ScanBuffer()
    assert buffer.feed(b"W2612", 0.0) == []
    assert buffer.unplugged() == [Garbage("torn", "W2612")]
    assert buffer.feed(b"Q1\r", 1.0) == [Scan("Q1")]


def test_without_suffix_a_silence_ends_the_code():
    buffer = ScanBuffer(Framing.GAP, idle_gap_s=0.08)
    assert buffer.feed(b"W26", 10.00) == []
    assert buffer.idle(10.05) == []
    assert buffer.feed(b"1201", 10.06) == []
    assert buffer.idle(10.15) == [Scan("W261201")]
    assert buffer.idle(10.30) == []


def test_with_suffix_a_short_silence_tears_nothing_and_a_long_one_does():
    buffer = ScanBuffer(Framing.CR, idle_gap_s=0.08, torn_after_s=1.0)
    buffer.feed(b"W2612", 10.0)
    assert buffer.idle(10.5) == []
    assert buffer.idle(11.0) == [Garbage("torn", "W2612")]


@pytest.mark.parametrize("answer", [b"\x06", b"\x15", b"\x05"])
def test_the_echo_of_a_feedback_command_is_not_part_of_the_next_code(answer):
    newland = COMMAND_SETS["newland"]
    echo = newland.tones[Tone.GOOD].replace(b"~", b"\x02").replace(b";\x03", answer + b";\x03")
    buffer = ScanBuffer(Framing.CR, echo=newland.echo)
    assert buffer.feed(echo + b"Q1\r", 0.0) == [Scan("Q1")]


@given(codes=st.lists(CODES, max_size=8), cuts=st.lists(st.integers(0, 500)), framing=st.sampled_from(LINES))
def test_any_chunking_of_wrapped_codes_gives_the_codes_without_their_wrapping(codes, cuts, framing):
    stream = b"".join(framed(framing, f"<A1>]C1{code}<Z>".encode()) for code in codes)
    wrapping = Wrapping("<A1>", "<Z>", AimIds.STRIP, no_read=())
    assert read_in(chunks(stream, cuts), framing, wrapping=wrapping) == [Scan(code) for code in codes]


@pytest.mark.parametrize(
    ("aim_ids", "text"), [(AimIds.ANY, "]C1W26"), (AimIds.ON, "]C1W26"), (AimIds.OFF, "]C1W26"), (AimIds.STRIP, "W26")]
)
def test_an_aim_id_is_only_taken_off_where_the_settings_say_so(aim_ids, text):
    wrapping = Wrapping(aim_ids=aim_ids)
    assert read_in([b"]C1W26\r"], Framing.CR, wrapping=wrapping) == [Scan(text)]


def test_a_code_without_the_wrapping_of_the_settings_is_passed_on_whole():
    wrapping = Wrapping("<A1>", "<Z>", AimIds.STRIP)
    assert read_in([b"W26\r<A1>W27\r"], Framing.CR, wrapping=wrapping) == [Scan("W26"), Scan("W27")]


@pytest.mark.parametrize("word", ["ERROR", "NR", "?", "NOREAD"])
def test_the_no_read_word_of_any_fixed_reader_is_no_code_with_or_without_prefix(word):
    wrapping = Wrapping("R1:", no_read=(word,))
    stream = f"{word}\rR1:{word}\rR1:Q1\r".encode()
    assert read_in([stream], Framing.CR, wrapping=wrapping) == [NoRead(), NoRead(), Scan("Q1")]


def test_only_the_words_of_the_settings_are_no_reads():
    assert read_in([b"NR\r?\rERROR\r"], Framing.CR) == [Scan("NR"), Scan("?"), NoRead()]
    assert read_in([b"ERROR\r"], Framing.CR, wrapping=Wrapping(no_read=())) == [Scan("ERROR")]


def test_a_frame_that_is_only_wrapping_is_nothing():
    assert read_in([b"<\r"], Framing.CR, wrapping=Wrapping("<")) == []


def test_the_start_of_garbage_is_shown_as_it_reads_and_every_other_byte_as_a_dot():
    shown = {byte: printable(bytes([0x41, byte]))[1:] for byte in range(256)}
    assert {byte for byte, text in shown.items() if text == chr(byte)} == set(range(0x20, 0x7F))
    assert {text for byte, text in shown.items() if not 0x20 <= byte < 0x7F} == {"."}
    assert printable(b"\r\n" + b"W" * 50) == "W" * 40
