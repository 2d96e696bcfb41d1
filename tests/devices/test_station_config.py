"""The station's configuration file: every wrong setting is named before the station starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.config import ConfigError, load_config
from devices.framing import Framing

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
    ],
)
def test_a_wrong_setting_is_named(written, old, new, named):
    with pytest.raises(ConfigError, match=r"station\.toml") as refusal:
        load_config(written(WHOLE.replace(old, new, 1)))
    assert named in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"absent\.toml"):
        load_config(tmp_path / "absent.toml")
