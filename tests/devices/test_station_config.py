"""The station's configuration file: every wrong setting is named before the station starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.config import ConfigError, Shine, load_config
from devices.framing import AimIds, Framing

WHOLE = """
station = "ST-RAW"
server = "http://127.0.0.1:8000"
token_file = "token"
journal = "journal"

[scanner]
url = "/dev/serial/by-id/usb-Honeywell"
baud = 115200
framing = "STX/ETX"
idle_gap_ms = 60
feedback = "honeywell"
data_bits = 7
parity = "even"
prefix = "<"
aim_ids = "strip"
no_read = ["NR", "?"]

[lamp]
url = "/dev/ttyUSB3"
protocol = "modbus"
address = 3
good = {channel = 0, seconds = 1}
bad = {channel = 1, seconds = 3.5}

[[gauges]]
device = "CAL-07"
url = "/dev/ttyUSB1"
protocol = "mitutoyo"
unit = "mm"

[[gauges]]
device = "DIAL-2"
url = "rfc2217://10.0.0.9:4001"
protocol = "pattern"
pattern = "^N(?P<value>[-0-9.]+)"
unit = "mm"

[[scales]]
device = "SC-1"
url = "/dev/ttyUSB2"
protocol = "sics"
unit = "kg"
ask_every_s = 0.5

[[printers]]
code = "PR-RAW-1"
url = "socket://127.0.0.1:9100"
language = "escpos"

[[printers]]
code = "PR-RAW-2"
url = "/dev/ttyUSB0"
language = "tspl"
confirm_s = 30
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        (tmp_path / "token").write_text("secret\n", encoding="ascii")
        path = tmp_path / "station.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_whole_configuration_is_read(written, tmp_path):
    config = load_config(written(WHOLE))
    assert (config.station, config.token, config.journal) == ("ST-RAW", "secret", tmp_path / "journal")
    assert config.scanner is not None
    assert (config.scanner.framing, config.scanner.baud) == (Framing.STX_ETX, 115200)
    assert (config.scanner.data_bits, config.scanner.parity, config.scanner.prefix) == (7, "even", "<")
    assert (config.scanner.aim_ids, config.scanner.no_read) == (AimIds.STRIP, ("NR", "?"))
    assert config.lamp is not None
    assert (config.lamp.address, config.lamp.good, config.lamp.attention) == (3, Shine(channel=0), None)
    assert [(tool.device, tool.protocol, tool.unit) for tool in (*config.gauges, *config.scales)] == [
        ("CAL-07", "mitutoyo", "mm"),
        ("DIAL-2", "pattern", "mm"),
        ("SC-1", "sics", "kg"),
    ]
    assert [(printer.code, printer.language) for printer in config.printers] == [
        ("PR-RAW-1", "escpos"),
        ("PR-RAW-2", "tspl"),
    ]


def test_a_station_needs_neither_scanner_nor_printer(written):
    config = load_config(written('station="S"\nserver="http://x"\ntoken="t"\njournal="j"\n'))
    assert (config.scanner, config.printers) == (None, ())


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('framing = "STX/ETX"', 'framing = "EOT"', "scanner.framing is 'EOT'; it can be CR, LF, CRLF"),
        ('feedback = "honeywell"', 'feedback = "zebra"', "scanner.feedback is 'zebra'"),
        ("baud = 115200", 'baud = "fast"', "scanner.baud is 'fast'"),
        ("baud = 115200", "baud = true", "scanner.baud is True"),
        ("idle_gap_ms", "idle_gap", "scanner.idle_gap is not a setting"),
        ('language = "tspl"', 'language = "pcl"', "printers.language of PR-RAW-2 is 'pcl'"),
        ("socket://127", "http://127", "is no socket, usb, file or serial address"),
        ('station = "ST-RAW"', "", "station is missing"),
        ('token_file = "token"', 'token_file = "absent"', "No such file"),
        ("[scanner]", "[scanner", "station.toml"),
        ('aim_ids = "strip"', 'aim_ids = "maybe"', "scanner.aim_ids is 'maybe'; it can be any, on, strip, off"),
        ("data_bits = 7", "data_bits = 9", "scanner.data_bits is 9; it can be 7, 8"),
        ('parity = "even"', 'parity = "E"', "scanner.parity is 'E'; it can be none, even"),
        ('no_read = ["NR", "?"]', 'no_read = "NR"', "scanner.no_read is 'NR'"),
        ('protocol = "modbus"', 'protocol = "dali"', "lamp.protocol is 'dali'; it can be lcus, modbus, bytes"),
        ('protocol = "modbus"', 'protocol = "bytes"', "lamp.good needs the bytes that switch it: on and off"),
        ("good = {channel = 0, seconds = 1}", "good = 1", "lamp.good is 1; expected a table"),
        ("{channel = 1, seconds = 3.5}", '{on = "A0 0G"}', "lamp.bad.on is 'A0 0G'; expected bytes as hexadecimal"),
        ("{channel = 1, seconds = 3.5}", "{channel = 256}", "lamp.bad.channel is 256; expected 0 to 255"),
        ('protocol = "mitutoyo"', 'protocol = "bcd"', "gauges.protocol of CAL-07 is 'bcd'; it can be mitutoyo, sylvac"),
        ('device = "CAL-07"', "", "gauges.device is missing"),
        ("(?P<value>[-0-9.]+)", "([-0-9.]+)", "it must name the number"),
        ("(?P<value>[-0-9.]+)", "(?P<value>[", "gauges.pattern is"),
        ('pattern = "^N(?P<value>[-0-9.]+)"', "", "gauges.pattern is missing"),
    ],
)
def test_a_wrong_setting_is_named(written, old, new, named):
    with pytest.raises(ConfigError, match=r"station\.toml") as refusal:
        load_config(written(WHOLE.replace(old, new, 1)))
    assert named in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"absent\.toml"):
        load_config(tmp_path / "absent.toml")
