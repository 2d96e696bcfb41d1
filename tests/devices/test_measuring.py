"""Gauges and scales at a station: a reading is at the server within seconds, or it is dropped and told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.config import ToolConfig
from devices.feedback import Tone
from devices.framing import Framing
from devices.simulated import SimulatedGauge, SimulatedScale
from tests.devices.bench import working
from tests.devices.plant_server import PlantServer

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def caliper(tmp_path: Path) -> Iterator[SimulatedGauge]:
    with SimulatedGauge(tmp_path / "tools") as simulated:
        yield simulated


@pytest.fixture
def scale(tmp_path: Path) -> Iterator[SimulatedScale]:
    with SimulatedScale(tmp_path / "tools") as simulated:
        yield simulated


def gauge(simulated: SimulatedGauge, **more: object) -> ToolConfig:
    return ToolConfig(simulated.path, **{"device": "CAL-07", "protocol": simulated.protocol, "unit": "mm", **more})


def weighing(simulated: SimulatedScale, **more: object) -> ToolConfig:
    return ToolConfig(simulated.path, **{"device": "SC-1", "protocol": simulated.protocol, "unit": "kg", **more})


def values(plant: PlantServer) -> list[tuple[str, str, str]]:
    return [(one["device"], one["value"], one["unit"]) for one in plant.readings]


@pytest.mark.parametrize("protocol", ["mitutoyo", "sylvac", "mahr"])
def test_a_press_of_the_gauges_key_is_a_reading_at_the_server(plant, configured, tmp_path, protocol):
    with (
        SimulatedGauge(tmp_path / "tools", protocol=protocol) as tool,
        working(configured(gauges=(gauge(tool),)), now=lambda: NOON),
    ):
        tool.press("12.340")
        plant.wait_for(lambda: len(plant.readings) == 1)
        tool.press("12.340")
        plant.wait_for(lambda: len(plant.readings) == 2)
    assert values(plant) == [("CAL-07", "12.340", "mm")] * 2
    assert plant.readings[0]["at"] == NOON.isoformat()
    assert len({one["id"] for one in plant.readings}) == 2


def test_a_gauge_with_a_plants_own_pattern_is_read(plant, configured, caliper):
    own = gauge(caliper, protocol="pattern", pattern=re.compile(r"^T(?P<value>[\d.]+)"), framing=Framing.LF)
    with working(configured(gauges=(own,))):
        caliper.wait_until_listened()
        caliper.send(b"T0.25 Nm\n")
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("CAL-07", "0.25", "mm")]


def test_a_tool_that_cannot_measure_sends_no_value_and_the_hand_hears_it(plant, scanner, configured, caliper):
    with working(configured(gauges=(gauge(caliper),))):
        caliper.fail()
        assert scanner.feedback() == Tone.BAD
        caliper.press("1.5")
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("CAL-07", "1.5", "mm")]


def test_a_tool_switched_to_inches_is_refused_and_nothing_is_converted(plant, scanner, configured, tmp_path):
    with SimulatedGauge(tmp_path / "tools", protocol="mahr") as tool, working(configured(gauges=(gauge(tool),))):
        tool.wait_until_listened()
        tool.send(b"0.5000 in\r\n")
        assert scanner.feedback() == Tone.BAD
        tool.press("12.7")
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("CAL-07", "12.7", "mm")]


def test_an_unplugged_gauge_is_found_again(plant, configured, caliper):
    with working(configured(gauges=(gauge(caliper),))):
        for value in ("1.0", "2.0"):
            caliper.press(value)
            plant.wait_for(lambda: any(one["value"] == value for one in plant.readings))  # noqa: B023
            caliper.unplug()
            caliper.plug()
    assert [value for _, value, _ in values(plant)] == ["1.0", "2.0"]


def test_a_scale_is_asked_and_only_a_new_stable_weight_is_a_reading(plant, configured, scale):
    with working(configured(scales=(weighing(scale, ask_every_s=0.02),))):
        for value, stable in (("0.00", True), ("1.25", False), ("1.26", True), ("1.26", True), ("0.00", True)):
            scale.answer(value, stable=stable)
        scale.answer("2.00")
        plant.wait_for(lambda: len(plant.readings) == 2)
    assert values(plant) == [("SC-1", "1.26", "kg"), ("SC-1", "2.00", "kg")]


def test_a_continuous_scale_gives_one_reading_for_each_load(plant, configured, tmp_path):
    with (
        SimulatedScale(tmp_path / "tools", protocol="continuous") as scale,
        working(configured(scales=(weighing(scale),))),
    ):
        for load in ("1.234", "0.500"):
            for value, stable in (("0.000", True), (load, False), (load, True), (load, True)):
                scale.weigh(value, stable=stable)
            plant.wait_for(lambda: plant.readings and plant.readings[-1]["value"] == load)  # noqa: B023
    assert values(plant) == [("SC-1", "1.234", "kg"), ("SC-1", "0.500", "kg")]


def test_a_weight_sent_by_key_while_it_moves_is_refused_aloud(plant, scanner, configured, scale):
    with working(configured(scales=(weighing(scale),))):
        scale.weigh("1.10", stable=False)
        assert scanner.feedback() == Tone.BAD
        scale.fail()
        assert scanner.feedback() == Tone.BAD
        scale.weigh("1.11")
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("SC-1", "1.11", "kg")]


def test_a_reading_is_tried_again_for_a_moment(plant, configured, caliper):
    plant.readings_status = 503
    with working(configured(gauges=(gauge(caliper),))):
        caliper.press("12.34")
        plant.wait_for(lambda: len(plant.offered) == 2)
        plant.readings_status = 200
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("CAL-07", "12.34", "mm")]
    assert len({one["id"] for one in plant.offered}) == 1


def test_a_reading_that_became_old_never_fills_a_field_later(plant, scanner, configured, caliper, monkeypatch):
    monkeypatch.setattr("devices.measuring.FRESH_S", 0.5)
    plant.readings_status = 503
    with working(configured(gauges=(gauge(caliper),))):
        caliper.press("12.34")
        assert scanner.feedback() == Tone.BAD
        plant.readings_status = 200
        caliper.press("5.00")
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("CAL-07", "5.00", "mm")]


def test_a_newer_reading_takes_the_place_of_one_that_is_still_on_its_way(plant, configured, caliper):
    plant.readings_status = 503
    with working(configured(gauges=(gauge(caliper),))):
        caliper.press("1.0")
        plant.wait_for(lambda: plant.offered)
        caliper.press("2.0")
        plant.wait_for(lambda: plant.offered[-1]["value"] == "2.0")
        plant.readings_status = 200
        plant.wait_for(lambda: plant.readings)
    assert values(plant) == [("CAL-07", "2.0", "mm")]


def test_a_reading_the_server_refuses_is_told_and_not_repeated(plant, scanner, configured, caliper):
    plant.readings_status = 422
    with working(configured(gauges=(gauge(caliper),))):
        caliper.press("12.34")
        assert scanner.feedback() == Tone.BAD
        plant.readings_status = 200
        caliper.press("5.00")
        plant.wait_for(lambda: plant.readings)
    assert [one["value"] for one in plant.offered] == ["12.34", "5.00"]


def test_readings_come_while_scans_wait_and_scans_while_readings_fail(plant, scanner, configured, caliper):
    plant.readings_status = 503
    with working(configured(gauges=(gauge(caliper),))):
        caliper.press("1.0")
        plant.wait_for(lambda: plant.offered)
        scanner.scan("Q1")
        assert scanner.feedback() == Tone.GOOD
    assert plant.delivered() == ["Q1"]
