"""What the station says of itself, at once when it changes: to the server, to this machine's page, and in its log."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from devices.config import PrinterConfig, ScannerConfig
from devices.feedback import Tone
from devices.heartbeat import Vitals, changes
from devices.panel import Panel
from devices.printers import Health
from devices.simulated import OfflinePrinter, SimulatedPrinter
from tests.devices.bench import working
from tests.devices.plant_server import PlantServer
from tests.waiting import until

HEALTHY = Vitals(waiting=0, server=True, scanner=True, printers={})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def answering(panel: Panel) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=panel.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        panel.close()


def scanner_said(plant: PlantServer) -> list[bool]:
    """Whether the scanner was connected, at each change."""
    said = [beat["scanner"]["connected"] for beat in plant.heartbeats]
    return [now for before, now in zip([None, *said], said, strict=False) if now != before]


def printer_said(plant: PlantServer, code: str = "PR-1") -> dict[str, object]:
    """What the last heartbeat said of this printer."""
    printers = plant.heartbeats[-1]["printers"] if plant.heartbeats else []
    return next((one for one in printers if one["code"] == code), {})


def test_an_unplugged_scanner_is_at_the_server_within_a_second_and_so_is_its_return(plant, scanner, configured):
    with working(configured()):
        scanner.wait_until_listened()
        plant.wait_for(lambda: scanner_said(plant)[-1:] == [True])
        pulled_at = time.monotonic()
        scanner.unplug()
        plant.wait_for(lambda: scanner_said(plant)[-1:] == [False])
        assert time.monotonic() - pulled_at < 1
        scanner.plug()
        plant.wait_for(lambda: scanner_said(plant)[-1:] == [True])
        scanner.scan("Q1")
        assert scanner.feedback() == Tone.GOOD
    assert plant.delivered() == ["Q1"]


def test_a_station_without_scanner_says_so(plant, configured):
    with working(configured(scanner=None)):
        plant.wait_for(lambda: plant.heartbeats)
    assert plant.heartbeats[0].keys() == {"at", "round_trip_s", "waiting", "scanner", "printers"}
    assert plant.heartbeats[0]["scanner"] is None


def test_a_station_to_which_nothing_happens_is_heard_all_the_same(plant, configured, monkeypatch):
    monkeypatch.setattr("devices.heartbeat.SAY_EVERY_S", 0.1)
    with working(configured(scanner=None)):
        plant.wait_for(lambda: len(plant.heartbeats) >= 4)


@pytest.mark.parametrize(("switch", "fault"), [("paper_out", "paper_out"), ("cover_open", "cover_open")])
def test_a_fault_of_an_idle_printer_is_at_the_server_and_so_is_its_recovery(plant, configured, switch, fault):
    with SimulatedPrinter("escpos") as printer, working(configured(PrinterConfig("PR-1", printer.url, "escpos"))):
        plant.wait_for(lambda: printer_said(plant) == {"code": "PR-1", "faults": [], "answers": True})
        printer.set_fault(switch, True)
        opened_at = time.monotonic()
        plant.wait_for(lambda: printer_said(plant) == {"code": "PR-1", "faults": [fault], "answers": True})
        assert time.monotonic() - opened_at < 2
        printer.set_fault(switch, False)
        plant.wait_for(lambda: printer_said(plant).get("faults") == [])


@pytest.mark.parametrize("language", ["escpos", "zpl", "tspl"])
def test_a_printer_that_was_switched_off_and_on_while_idle_is_told(plant, configured, language):
    with SimulatedPrinter(language) as printer:
        config = PrinterConfig("PR-1", printer.url, language)
        with working(configured(config)):
            plant.wait_for(lambda: printer_said(plant).get("faults") == [])
            printer.power_cycle()
            lost = {"code": "PR-1", "faults": ["connection_lost"], "answers": False}
            plant.wait_for(lambda: any(lost in beat["printers"] for beat in plant.heartbeats))
            plant.wait_for(lambda: printer_said(plant) == {"code": "PR-1", "faults": [], "answers": True})


@pytest.mark.parametrize("language", ["escpos", "zpl", "tspl"])
def test_a_printer_that_fell_silent_is_told(plant, configured, language):
    with SimulatedPrinter(language) as printer:
        config = PrinterConfig("PR-1", printer.url, language, answer_s=0.2)
        with working(configured(config)):
            plant.wait_for(lambda: printer_said(plant).get("faults") == [])
            printer.mute = True
            plant.wait_for(lambda: printer_said(plant).get("faults") == ["no_answer"])
            printer.mute = False
            plant.wait_for(lambda: printer_said(plant).get("faults") == [])


def test_a_printer_that_is_off_and_one_that_cannot_answer_are_told_as_such(plant, configured):
    with OfflinePrinter() as off, SimulatedPrinter("escpos") as mute:
        unasked = PrinterConfig("PR-2", mute.url, "escpos", answers=False)
        with working(configured(PrinterConfig("PR-1", off.url, "escpos"), unasked)):
            plant.wait_for(lambda: printer_said(plant).get("faults") == ["unreachable"])
            plant.wait_for(lambda: printer_said(plant, "PR-2") == {"code": "PR-2", "faults": [], "answers": False})


def test_the_server_hears_how_many_scans_wait_once_it_is_back(plant, scanner, configured):
    plant.answers.extend([503] * 400)
    with working(configured()):
        scanner.scan("Q120")
        assert scanner.feedback() == Tone.ATTENTION
        plant.wait_for(lambda: plant.heartbeats and plant.heartbeats[-1]["waiting"] == 1)
        with plant.changed:
            plant.answers.clear()
        plant.wait_for(lambda: plant.heartbeats[-1]["waiting"] == 0)


def test_the_page_on_this_machine_sees_what_waits_while_the_server_is_away(plant, scanner, configured):
    port = free_port()
    panel = f"http://127.0.0.1:{port}/state"
    port_of_server, origin = plant.port, plant.url
    with working(configured(panel_port=port)), httpx.Client(trust_env=False, headers={"Origin": origin}) as page:
        scanner.wait_until_listened()
        until(lambda: page.get(panel).json()["scanner"] == {"connected": True}, "the scanner on the page")
        plant.close()
        for number in (1, 2):
            scanner.scan(f"Q{number}")
            assert scanner.feedback() == Tone.ATTENTION
            state = page.get(panel).json()
            assert state == {
                "station": "ST-RAW",
                "server": False,
                "waiting": number,
                "scanner": {"connected": True},
                "printers": [],
            }
        with PlantServer(port_of_server):
            until(lambda: page.get(panel).json()["waiting"] == 0, "the delivery")
            until(lambda: page.get(panel).json()["server"], "the server")


def test_only_the_servers_own_pages_may_read_the_panel():
    panel = Panel("ST-RAW", 0, "http://plant.local:80/", lambda: HEALTHY)
    own, strange = {"Origin": "http://plant.local"}, {"Origin": "http://elsewhere"}
    with answering(panel), httpx.Client(trust_env=False) as browser:
        asked = browser.options(panel.url, headers={**own, "Access-Control-Request-Private-Network": "true"})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Private-Network"]) == (204, "true")
        assert browser.get(panel.url, headers=own).headers["Access-Control-Allow-Origin"] == "http://plant.local"
        assert "Access-Control-Allow-Origin" not in browser.get(panel.url, headers=strange).headers
        assert browser.get(panel.url.replace("/state", "/journal")).status_code == 404
        assert browser.post(panel.url).status_code == 501
        assert panel.url.startswith("http://127.0.0.1:")


def test_a_panel_port_in_use_stops_the_station_with_a_reason(configured):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):  # noqa: SIM117
        with working(configured(panel_port=taken.getsockname()[1])):
            pass


def test_every_change_is_one_line_in_both_languages_in_the_stations_log(plant, scanner, configured, caplog):
    caplog.set_level(logging.INFO)
    port = plant.port
    with working(configured()):
        scanner.wait_until_listened()
        until(lambda: "scanner connected" in caplog.text, "the scanner's line")
        plant.close()
        scanner.scan("Q1")
        until(lambda: "已保存，尚未确认：1 条 · kept, not yet confirmed: 1" in caplog.text, "the count")
        with PlantServer(port):
            until(lambda: "服务器恢复 · the server answers again" in caplog.text, "the return")
            scanner.unplug()
            until(lambda: "扫码枪断开 · SCANNER NOT CONNECTED" in caplog.text, "the unplug")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (HEALTHY, HEALTHY, []),
        (HEALTHY, Vitals(3, True, True, {}), []),
        (HEALTHY, Vitals(0, False, True, {}), ["the server does not answer"]),
        (Vitals(1, False, True, {}), Vitals(2, False, True, {}), ["kept, not yet confirmed: 2"]),
        (Vitals(2, False, True, {}), Vitals(2, True, True, {}), ["still to confirm: 2"]),
        (HEALTHY, Vitals(0, True, True, {"P": Health(("paper_out",))}), ["printer P has a fault: paper_out"]),
        (
            Vitals(0, True, True, {"P": Health(("paper_out",))}),
            Vitals(0, True, True, {"P": Health()}),
            ["printer P is well again"],
        ),
    ],
)
def test_what_changed_is_said_once(before, after, said):
    found = list(changes(before, after))
    assert len(found) == len(said)
    for sentence, words in zip(found, said, strict=True):
        assert words in sentence
        assert any("一" <= letter <= "鿿" for letter in sentence)


def test_a_scanner_that_is_missing_at_the_start_is_said(plant, configured, tmp_path, caplog):
    with working(configured(scanner=ScannerConfig(str(tmp_path / "absent")))):
        plant.wait_for(lambda: scanner_said(plant) == [False])
    assert "SCANNER NOT CONNECTED" in caplog.text
