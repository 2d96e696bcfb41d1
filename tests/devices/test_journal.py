"""The station's journal: on disk before anything else, whole after a power cut, honest about a full disk."""

from __future__ import annotations

import errno
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.appendlog import AppendLog, InUse, NotKept
from devices.framing import Garbage, Scan
from devices.journal import Entry, ScanJournal

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def kept(folder: Path, *codes: str) -> list[Entry]:
    journal = ScanJournal(folder)
    entries = [journal.keep("ST-RAW", Scan(code), NOON) for code in codes]
    journal.close()
    return entries


def waiting(folder: Path) -> list[Entry]:
    """What a station started now would send, in order, if every answer were final."""
    journal = ScanJournal(folder)
    found = []
    while entry := journal.oldest(0.0):
        found.append(entry)
        journal.answered(entry, 200, NOON)
    journal.close()
    return found


def test_kept_scans_are_sent_after_a_restart_in_order_with_the_same_ids(folder):
    entries = kept(folder, "one", "二", "three\x1d")
    assert waiting(folder) == entries
    assert [entry.body["code"] for entry in entries] == ["one", "二", "three\x1d"]


def test_an_answered_scan_is_not_sent_again_after_a_restart(folder):
    kept(folder, "one", "two")
    assert len(waiting(folder)) == 2
    assert waiting(folder) == []


def test_a_kept_scan_says_where_what_and_when(folder):
    (entry,) = kept(folder, "W261201")
    assert entry.body == {
        "id": entry.id,
        "station": "ST-RAW",
        "code": "W261201",
        "scanned_at": "2026-12-01T12:00:00+00:00",
        "sequence": 1,
    }


def test_whoever_asks_for_a_scan_waits_as_long_as_he_said(folder):
    journal = ScanJournal(folder)
    began = time.monotonic()
    assert journal.oldest(0.1) is None
    assert time.monotonic() - began >= 0.1
    journal.close()


def test_a_scan_laid_aside_lets_others_pass_counts_as_waiting_and_is_sent_again_at_the_next_start(folder):
    journal = ScanJournal(folder, set_aside_bytes=100)
    poison, sound = (journal.keep("ST-RAW", Scan(code), NOON) for code in ("poison", "sound"))
    journal.lay_aside(poison)
    assert (journal.oldest(0.0), journal.waiting()) == (sound, 2)
    journal.answered(sound, 200, NOON)
    assert journal.waiting() == 1
    journal.close()
    assert waiting(folder) == [poison]


def test_garbage_is_kept_with_its_kind(folder):
    journal = ScanJournal(folder)
    entry = journal.keep("ST-RAW", Garbage("torn", "W26"), NOON)
    journal.close()
    assert (entry.body["garbage"], entry.body["code"]) == ("torn", "W26")


@settings(max_examples=60)
@given(cut=st.integers(0, 400))
def test_a_power_cut_anywhere_loses_at_most_what_was_not_yet_on_disk(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("cut")
    entries = kept(folder, "one", "two")
    path = folder / "scans.log"
    content = path.read_bytes()[: max(0, path.stat().st_size - cut)]
    path.write_bytes(content)
    whole = content.count(b"\n") + (not content.endswith(b"\n") and content.endswith(b"}}"))
    (later,) = kept(folder, "later")
    assert waiting(folder) == [*entries[:whole], later]


def test_blocks_of_zeros_after_a_power_cut_do_not_hide_the_scans_around_them(folder):
    (first,) = kept(folder, "first")
    with (folder / "scans.log").open("ab") as file:
        file.write(b"\0" * 512)
    (second,) = kept(folder, "second")
    assert waiting(folder) == [first, second]


def test_a_full_disk_refuses_the_scan_and_leaves_the_journal_as_it_was(folder, full_disk):
    journal = ScanJournal(folder)
    first = journal.keep("ST-RAW", Scan("first"), NOON)
    before = (folder / "scans.log").read_bytes()
    with full_disk(), pytest.raises(NotKept):
        journal.keep("ST-RAW", Scan("second"), NOON)
    assert (folder / "scans.log").read_bytes() == before
    third = journal.keep("ST-RAW", Scan("third"), NOON)
    journal.close()
    assert waiting(folder) == [first, third]


def test_half_a_record_that_cannot_be_taken_back_spoils_none_of_the_next(folder, full_disk, monkeypatch):
    def broken(fd: int, size: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    journal = ScanJournal(folder)
    first = journal.keep("ST-RAW", Scan("first"), NOON)
    monkeypatch.setattr(os, "ftruncate", broken)
    with full_disk(), pytest.raises(NotKept):
        journal.keep("ST-RAW", Scan("second"), NOON)
    third = journal.keep("ST-RAW", Scan("third"), NOON)
    journal.close()
    assert waiting(folder) == [first, third]


def test_a_scan_answered_on_a_full_disk_leaves_the_queue_and_is_asked_again_after_a_restart(folder, full_disk):
    journal = ScanJournal(folder)
    entry = journal.keep("ST-RAW", Scan("one"), NOON)
    with full_disk(), pytest.raises(NotKept):
        journal.answered(entry, 200, NOON)
    assert journal.waiting() == 0
    journal.close()
    assert waiting(folder) == [entry]


def test_a_second_program_cannot_write_the_same_journal(folder):
    journal = ScanJournal(folder)
    with pytest.raises(InUse):
        ScanJournal(folder)
    journal.close()
    ScanJournal(folder).close()


def test_a_long_journal_is_set_aside_only_when_everything_is_answered(folder):
    journal = ScanJournal(folder, set_aside_bytes=100)
    first, second = (journal.keep("ST-RAW", Scan(code), NOON) for code in ("first", "second"))
    journal.answered(first, 200, NOON)
    assert not (folder / "scans.1.log").exists()
    journal.answered(second, 200, NOON)
    assert (folder / "scans.1.log").exists()
    third = journal.keep("ST-RAW", Scan("third"), NOON)
    journal.close()
    assert waiting(folder) == [third]


@pytest.mark.parametrize("files_left", [0, 1], ids=["no new file", "no look at the folder"])
def test_a_journal_that_cannot_be_set_aside_goes_on_growing_and_loses_nothing(folder, caplog, files_left):
    journal = ScanJournal(folder, set_aside_bytes=100)
    first = journal.keep("ST-RAW", Scan("first"), NOON)
    with open_files_left(files_left):
        journal.answered(first, 200, NOON)
        second = journal.keep("ST-RAW", Scan("second"), NOON)
    journal.close()
    assert waiting(folder) == [second]
    assert "cannot be set aside" in caplog.text


@contextmanager
def open_files_left(number: int) -> Iterator[None]:
    """The operating system lets this process open only so many more files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    spare = [os.open(os.devnull, os.O_RDONLY) for _ in range(number + 1)]
    for descriptor in spare:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(spare), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_scan_is_on_the_disk_when_keep_returns(folder, monkeypatch):
    synced: list[bytes] = []
    fsync = os.fsync

    def recorded(fd: int) -> None:
        fsync(fd)
        synced.append((folder / "scans.log").read_bytes())

    journal = ScanJournal(folder)
    monkeypatch.setattr(os, "fsync", recorded)
    journal.keep("ST-RAW", Scan("W261201"), NOON)
    journal.close()
    assert b"W261201" in synced[-1]


def test_a_damaged_line_in_the_middle_is_left_aside_and_reported(folder, caplog):
    log = AppendLog(folder / "prints.log")
    for number in range(3):
        log.append({"begun": number})
    log.close()
    path = folder / "prints.log"
    path.write_bytes(path.read_bytes().replace(b'"begun":1', b'"begun":7'))
    log = AppendLog(path)
    assert log.records() == [{"begun": 0}, {"begun": 2}]
    log.close()
    assert "line 2 is damaged" in caplog.text
