"""The lamp at a station: the right colour for its time and then dark, and never in anybody's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from devices.config import LampConfig, Shine
from devices.feedback import Tone
from devices.lamp import Lamp, crc16, lcus, modbus
from devices.simulated import SimulatedLamp
from tests.devices.bench import working
from tests.waiting import until

SHORT = {
    "good": Shine(channel=1, seconds=0.2),
    "bad": Shine(channel=2, seconds=0.2),
    "attention": Shine(channel=3, seconds=30.0),
}


@contextmanager
def shining(config: LampConfig) -> Iterator[Lamp]:
    lamp, stop = Lamp(config), threading.Event()
    thread = threading.Thread(target=lamp.run, args=(stop,))
    thread.start()
    until(lambda: lamp.line.connected, "the lamp's line")
    try:
        yield lamp
    finally:
        stop.set()
        thread.join()


@pytest.fixture(params=["lcus", "modbus"])
def tower(request, tmp_path) -> Iterator[SimulatedLamp]:
    with SimulatedLamp(tmp_path, protocol=request.param) as simulated:
        yield simulated


def test_each_tone_lights_its_channel_for_its_time_and_then_it_is_dark(tower):
    with shining(LampConfig(tower.path, protocol=tower.protocol, **SHORT)) as lamp:
        for tone, channel in ((Tone.GOOD, 1), (Tone.BAD, 2)):
            lamp.show(tone)
            tower.wait_for(channel)
            tower.wait_for()
    assert tower.errors == []


def test_a_newer_tone_takes_the_place_of_the_one_before_and_the_end_is_dark(tower):
    with shining(LampConfig(tower.path, protocol=tower.protocol, **SHORT)) as lamp:
        lamp.show(Tone.ATTENTION)
        tower.wait_for(3)
        lamp.show(Tone.BAD)
        tower.wait_for(2)
        lamp.show(Tone.ATTENTION)
        tower.wait_for(3)
    tower.wait_for()


def test_free_bytes_are_sent_as_written(tmp_path):
    with SimulatedLamp(tmp_path) as tower:
        good = Shine(on=b"\xff\x01G", off=b"\xff\x00G", seconds=0.1)
        with shining(LampConfig(tower.path, protocol="bytes", good=good)) as lamp:
            lamp.show(Tone.GOOD)
            lamp.show(Tone.BAD)  # has no table: lights nothing
            lamp.show(Tone.GOOD)
            tower.heard_bytes(b"\xff\x01G")
            tower.heard_bytes(b"\xff\x00G")


def test_a_lamp_that_comes_back_is_switched_dark_and_used_again(tower):
    with shining(LampConfig(tower.path, protocol=tower.protocol, **SHORT)) as lamp:
        lamp.show(Tone.ATTENTION)
        tower.wait_for(3)
        tower.unplug()
        until(lambda: not lamp.line.connected, "the missing lamp to be noticed", within_s=1)
        lamp.show(Tone.BAD)
        tower.plug()
        until(lambda: lamp.line.connected, "the lamp's line")
        lamp.show(Tone.GOOD)
        tower.wait_for(1)
        tower.wait_for()


def test_the_answer_shines_as_well_as_it_sounds(plant, scanner, configured, tower):
    plant.answers.extend(["good", "bad", "attention"])
    lamp = LampConfig(tower.path, protocol=tower.protocol, **SHORT)
    with working(configured(lamp=lamp)):
        for code, tone, channel in (("A", Tone.GOOD, 1), ("B", Tone.BAD, 2), ("C", Tone.ATTENTION, 3)):
            scanner.scan(code)
            assert scanner.feedback() == tone
            tower.wait_for(channel)


def test_a_missing_lamp_disturbs_no_scan(plant, scanner, configured, tmp_path):
    with working(configured(lamp=LampConfig(str(tmp_path / "absent"), **SHORT))):
        for code in ("one", "two"):
            scanner.scan(code)
            assert scanner.feedback() == Tone.GOOD
    assert plant.delivered() == ["one", "two"]


def test_the_frames_are_those_of_the_makers():
    assert (lcus(1, True).hex(" "), lcus(1, False).hex(" ")) == ("a0 01 01 a2", "a0 01 00 a1")
    # The example of the Modbus specification for function 05: coil 173 (address 0x00AC) of device 0x11 on.
    assert modbus(0x11, 0xAC, True).hex(" ") == "11 05 00 ac ff 00 4e 8b"
    assert crc16(b"123456789") == 0x4B37  # the check value of CRC-16/MODBUS
