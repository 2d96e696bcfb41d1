"""The station between a real pty and a real HTTP server: nothing lost, nothing twice, and the worker hears which."""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from devices.appendlog import InUse
from devices.config import ScannerConfig
from devices.feedback import Tone
from devices.simulated import SimulatedScanner
from tests.devices.bench import working
from tests.devices.plant_server import PlantServer

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_scan_reaches_the_server_and_its_answer_sounds_at_the_scanner(plant, scanner, configured):
    plant.answers.extend(["good", "bad", "attention"])
    with working(configured(), now=lambda: NOON):
        for code, tone in (("W261201-ASA-01-K", Tone.GOOD), ("1T?", Tone.BAD), ("Q120", Tone.ATTENTION)):
            scanner.scan(code)
            assert scanner.feedback() == tone
    first = plant.scans[0]
    assert (first["station"], first["code"], first["scanned_at"]) == ("ST-RAW", "W261201-ASA-01-K", NOON.isoformat())


@pytest.mark.parametrize("maker", ["honeywell", "datalogic", "newland"])
def test_every_maker_hears_good_bad_and_attention(plant, scanner, configured, maker):
    plant.answers.extend(["good", "bad", "attention"])
    with working(configured(feedback=maker)):
        heard = []
        for code in ("A", "B", "C"):
            scanner.scan(code)
            heard.append(scanner.feedback())
    assert heard == [Tone.GOOD, Tone.BAD, Tone.ATTENTION]


def test_two_hundred_codes_in_a_burst_arrive_in_order_and_once(plant, scanner, configured):
    codes = [f"1J{number:08d}" for number in range(200)]
    with working(configured(feedback="none")):
        scanner.wait_until_listened()
        scanner.send("".join(code + "\r" for code in codes).encode())
        plant.wait_for(lambda: len(plant.scans) == len(codes), 30)
    assert plant.delivered() == codes
    assert len({scan["id"] for scan in plant.scans}) == len(codes)


@pytest.mark.parametrize("refusal", [503, 500, 401, 403, 429])
def test_a_scan_without_final_answer_is_kept_and_sent_again_as_the_same_scan(plant, scanner, configured, refusal):
    plant.answers.extend([refusal, "good"])
    with working(configured()):
        scanner.scan("Q120")
        assert scanner.feedback() == Tone.ATTENTION
        assert scanner.feedback() == Tone.GOOD
    assert plant.scans[0] == plant.scans[1]


@pytest.mark.parametrize("final", [409, 413, 422])
def test_a_poison_scan_is_told_to_the_worker_and_does_not_block_the_queue(plant, scanner, configured, final):
    plant.answers.append(final)
    with working(configured()):
        scanner.scan("poison")
        assert scanner.feedback() == Tone.BAD
        scanner.scan("Q120")
        assert scanner.feedback() == Tone.GOOD
    assert plant.delivered() == ["poison", "Q120"]


def test_a_scan_that_breaks_a_healthy_server_is_laid_aside_told_and_kept(plant, scanner, configured, monkeypatch):
    monkeypatch.setattr("devices.heartbeat.SAY_EVERY_S", 0.1)
    monkeypatch.setattr("devices.delivery.LONGEST_PAUSE_S", 0.2)
    plant.poison = "poison"
    with working(configured()):
        scanner.scan("poison")
        assert [scanner.feedback(10), scanner.feedback(20)] == [Tone.ATTENTION, Tone.BAD]
        scanner.scan("Q120")
        assert scanner.feedback() == Tone.GOOD
        plant.wait_for(lambda: plant.heartbeats[-1]["waiting"] == 1)
    plant.poison = ""
    with working(configured()):
        plant.wait_for(lambda: plant.delivered()[-1] == "poison")
        plant.wait_for(lambda: plant.heartbeats[-1]["waiting"] == 0)


def test_a_server_that_is_broken_altogether_loses_the_order_of_no_scan(plant, scanner, configured, monkeypatch):
    monkeypatch.setattr("devices.delivery.LONGEST_PAUSE_S", 0.02)
    monkeypatch.setattr("devices.delivery.FIRST_PAUSE_S", 0.02)
    plant.heartbeat_status = 500
    plant.answers.extend([500] * 20)
    with working(configured(feedback="none")):
        scanner.scan("first")
        scanner.scan("second")
        plant.wait_for(lambda: plant.delivered()[-1:] == ["second"])
    assert plant.delivered() == [*["first"] * 21, "second"]


@pytest.mark.parametrize("answer", ["page", "mixed up"])
def test_what_is_no_reply_to_this_scan_does_not_count_as_delivery(plant, scanner, configured, answer):
    plant.answers.extend([answer, "good"])
    with working(configured()):
        scanner.scan("Q120")
        assert [scanner.feedback(), scanner.feedback()] == [Tone.ATTENTION, Tone.GOOD]
    assert plant.delivered() == ["Q120", "Q120"]


def test_scans_wait_on_the_station_while_the_server_is_gone_and_arrive_in_order(plant, scanner, configured):
    port = plant.port
    plant.close()
    with working(configured()):
        for code in ("first", "second", "third"):
            scanner.scan(code)
            assert scanner.feedback() == Tone.ATTENTION
        with PlantServer(port) as back:
            back.wait_for(lambda: len(back.scans) == 3)
            assert [scanner.feedback() for _ in range(3)] == [Tone.GOOD] * 3
    assert back.delivered() == ["first", "second", "third"]


def test_scans_survive_a_restart_of_the_station(plant, scanner, configured):
    port = plant.port
    plant.close()
    with working(configured()):
        scanner.scan("before")
        assert scanner.feedback() == Tone.ATTENTION
    with PlantServer(port) as back, working(configured()):
        back.wait_for(lambda: back.delivered() == ["before"])


def test_an_unplugged_scanner_is_found_again_by_itself(plant, scanner, configured):
    with working(configured()):
        for code in ("one", "two", "three"):
            scanner.scan(code)
            assert scanner.feedback() == Tone.GOOD
            scanner.unplug()
            scanner.plug()
    assert plant.delivered() == ["one", "two", "three"]


def wait_until_heard(line: socket.socket) -> None:
    """What arrives while the station opens its port is thrown away; a no-read is answered and leaves no trace."""
    line.settimeout(0.1)
    for _ in range(100):
        line.sendall(b"ERROR\r")
        with suppress(TimeoutError):
            line.recv(1024)
            break
    line.settimeout(10)


def test_half_a_code_before_the_cable_is_pulled_is_recorded_as_torn_and_joined_to_nothing(plant, configured):
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        gateway.settimeout(10)
        url = f"socket://127.0.0.1:{gateway.getsockname()[1]}"
        with working(configured(scanner=ScannerConfig(url, feedback="honeywell"))):
            for sent in (b"one\rW2612", b"two\r"):
                line, _ = gateway.accept()
                with line:
                    wait_until_heard(line)
                    line.sendall(sent)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(1024):
                        pass
            plant.wait_for(lambda: len(plant.scans) == 3)
    assert [(scan["code"], scan.get("garbage")) for scan in plant.scans] == [
        ("one", None),
        ("W2612", "torn"),
        ("two", None),
    ]


def test_a_station_with_its_own_journal_in_use_refuses_to_start(plant, scanner, configured):
    with working(configured()):
        scanner.wait_until_listened()
        with pytest.raises(InUse), working(configured()):
            pass


def test_garbage_is_sent_as_garbage(plant, scanner: SimulatedScanner, configured):
    plant.answers.extend(["bad", "bad"])
    with working(configured()):
        scanner.wait_until_listened()
        scanner.send(b"\xff\xfe\x80\r" + b"x" * 5000 + b"\r")
        assert [scanner.feedback(), scanner.feedback()] == [Tone.BAD, Tone.BAD]
    assert [scan["garbage"] for scan in plant.scans] == ["undecodable", "oversize"]


def test_a_full_disk_refuses_the_scan_audibly(plant, scanner, configured, full_disk):
    with working(configured()):
        scanner.scan("one")
        assert scanner.feedback() == Tone.GOOD
        with full_disk():
            scanner.scan("two")
            assert scanner.feedback() == Tone.BAD
        scanner.scan("three")
        assert scanner.feedback() == Tone.GOOD
    assert plant.delivered() == ["one", "three"]


def test_a_full_disk_is_told_for_every_scan_and_loses_none_that_was_kept(plant, scanner, configured, full_disk):
    port = plant.port
    plant.close()
    with working(configured()):
        scanner.scan("kept")
        assert scanner.feedback() == Tone.ATTENTION
        with full_disk():
            for code in ("refused", "refused too"):
                scanner.scan(code)
                assert scanner.feedback() == Tone.BAD
        with PlantServer(port) as back:
            assert scanner.feedback() == Tone.GOOD
            scanner.scan("after")
            assert scanner.feedback() == Tone.GOOD
    assert back.delivered() == ["kept", "after"]


def test_a_power_cut_in_the_middle_of_a_line_loses_no_scan_that_was_answered_to_the_hand(
    plant, scanner, configured, tmp_path
):
    port = plant.port
    plant.close()
    with working(configured()):
        scanner.scan("whole")
        assert scanner.feedback() == Tone.ATTENTION
    with (tmp_path / "journal" / "scans.log").open("ab") as torn:
        torn.write(b'1234abcd {"kept":{"id":"half')
    scanner.unplug()
    scanner.plug()
    with PlantServer(port) as back, working(configured()):
        scanner.scan("later")
        back.wait_for(lambda: len(back.scans) == 2)
    assert back.delivered() == ["whole", "later"]


def test_a_fixed_reader_that_sees_nothing_sends_no_code(plant, scanner, configured):
    with working(configured()):
        scanner.scan("ERROR")
        assert scanner.feedback() == Tone.BAD
        scanner.scan("Q1")
        assert scanner.feedback() == Tone.GOOD
    assert plant.delivered() == ["Q1"]


def test_what_was_scanned_before_the_station_listened_is_told_and_not_carried_out(plant, configured, scanner):
    scanner.send(b"W261201-ASA-01-8\rQ12")
    with working(configured()):
        plant.wait_for(lambda: plant.scans)
        scanner.send(b"0\r")
        plant.wait_for(lambda: len(plant.scans) == 2)
    early, whole = plant.scans
    assert (early["garbage"], early["code"]) == ("early", "W261201-ASA-01-8")
    assert (whole.get("garbage"), whole["code"]) == (None, "Q120")
