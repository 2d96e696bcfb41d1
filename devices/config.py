"""The station's configuration file: which server, scanner, lamp, measuring tools and printers.

Owns the names and defaults of the TOML file and refuses what it does not know, so that a misspelt setting is found at
start and not on the floor. It opens no device.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from devices.feedback import COMMAND_SETS, Tone
from devices.framing import AimIds, Framing
from devices.gauge_protocols import GAUGE_PROTOCOLS
from devices.scale_protocols import SCALE_PROTOCOLS
from devices.settings import ConfigError, built, bytes_of, one_of, pattern_of

__all__ = ["ConfigError", "StationConfig", "load_config"]

LANGUAGES = ("escpos", "zpl", "tspl")
LAMP_PROTOCOLS = ("lcus", "modbus", "bytes")
PARITIES = ("none", "even", "odd", "mark", "space")
OWN_PATTERN = "pattern"


@dataclass(frozen=True)
class PortConfig:
    """A serial port: by-id path, socket://host:port or rfc2217://host:port, and its line settings."""

    url: str
    baud: int = 9600
    data_bits: int = 8
    parity: str = "none"
    stop_bits: int = 1


OnPort = TypeVar("OnPort", bound=PortConfig)


@dataclass(frozen=True)
class ScannerConfig(PortConfig):
    """How a scanner frames its codes, what it puts around them, and its maker's feedback commands.

    `prefix`, `suffix`: text that the scanner adds to every code, taken off. `no_read`: what a fixed reader sends when
    it saw no code.
    """

    framing: Framing = Framing.CR
    idle_gap_ms: int = 80
    max_bytes: int = 4096
    prefix: str = ""
    suffix: str = ""
    aim_ids: AimIds = AimIds.ANY
    no_read: tuple[str, ...] = ("ERROR",)
    feedback: str = "none"


@dataclass(frozen=True)
class ToolConfig(PortConfig):
    """A gauge or a scale: the equipment it is in the plant's records, and what it speaks.

    `request`: sent to ask for a value, "" for the protocol's own. `ask_every_s`: how often to ask; 0 for a tool whose
    own key sends. `pattern`: for the protocol "pattern", a regular expression with the groups value and perhaps unit.
    """

    device: str = ""
    protocol: str = ""
    unit: str = ""
    framing: Framing = Framing.CR
    request: str = ""
    ask_every_s: float = 0.0
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Shine:
    """What a tone switches on: a channel (lcus, modbus) or bytes (bytes), and for how long."""

    channel: int = 0
    on: bytes = b""
    off: bytes = b""
    seconds: float = 1.0


@dataclass(frozen=True)
class LampConfig(PortConfig):
    """A lamp or relay on a serial line; a tone without a table of its own lights nothing. `address` is Modbus'."""

    protocol: str = "lcus"
    address: int = 1
    good: Shine | None = None
    bad: Shine | None = None
    attention: Shine | None = None


@dataclass(frozen=True)
class PrinterConfig:
    """A printer's address (socket://host:port, usb://vendor:product, serial path or file://path) and language.

    `answers` false: the printer cannot tell its status, so no job is ever known to be done. `answer_s`: how long it may
    take over a question about its status; `confirm_s`: over one label. `width_mm` is only for the test label.
    """

    code: str
    url: str
    language: str
    baud: int = 115200
    answers: bool = True
    answer_s: float = 2.0
    confirm_s: float = 20.0
    width_mm: int = 50


@dataclass(frozen=True)
class StationConfig:
    """One station: its code, the server with this station's token, where scans are kept, and its devices.

    `panel_port`: where the terminal page on this machine asks what the station knows; 0 for no panel.
    """

    station: str
    server: str
    token: str
    journal: Path
    scanner: ScannerConfig | None = None
    lamp: LampConfig | None = None
    gauges: tuple[ToolConfig, ...] = ()
    scales: tuple[ToolConfig, ...] = ()
    printers: tuple[PrinterConfig, ...] = ()
    poll_s: float = 1.0
    panel_port: int = 0


def load_config(path: Path) -> StationConfig:
    """Read a station's TOML file; relative paths in it start at its folder. Raises ConfigError."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        return _station(settings, path.parent)
    except (OSError, ValueError, ConfigError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _station(settings: dict[str, Any], folder: Path) -> StationConfig:
    if "token_file" in settings:
        settings["token"] = (folder / settings.pop("token_file")).read_text(encoding="ascii").strip()
    if "journal" in settings:
        settings["journal"] = folder / settings["journal"]
    for one, build in {"scanner": _scanner, "lamp": _lamp}.items():
        if one in settings:
            settings[one] = build(settings[one])
    settings["gauges"] = tuple(_tool("gauges", GAUGE_PROTOCOLS, tool) for tool in settings.get("gauges", ()))
    settings["scales"] = tuple(_tool("scales", SCALE_PROTOCOLS, tool) for tool in settings.get("scales", ()))
    settings["printers"] = tuple(_printer(printer) for printer in settings.get("printers", ()))
    return built(StationConfig, "", settings)


def _scanner(settings: dict[str, Any]) -> ScannerConfig:
    one_of("scanner.feedback", settings.get("feedback", "none"), tuple(COMMAND_SETS))
    one_of("scanner.aim_ids", settings.get("aim_ids", AimIds.ANY), tuple(AimIds))
    aim_ids = AimIds(settings.get("aim_ids", AimIds.ANY))
    return _on_a_port(built(ScannerConfig, "scanner.", {**_framed("scanner", settings), "aim_ids": aim_ids}), "scanner")


def _tool(where: str, protocols: dict[str, Any], settings: dict[str, Any]) -> ToolConfig:
    if "pattern" in settings:
        settings = {**settings, "pattern": pattern_of(f"{where}.pattern", settings["pattern"])}
    tool = _on_a_port(built(ToolConfig, f"{where}.", _framed(where, settings)), where)
    one_of(f"{where}.protocol of {tool.device}", tool.protocol, (*protocols, OWN_PATTERN))
    missing = [name for name in ("device", "unit") if not getattr(tool, name)]
    missing += ["pattern"] if tool.protocol == OWN_PATTERN and tool.pattern is None else []
    if missing:
        raise ConfigError("; ".join(f"{where}.{name} is missing" for name in missing))
    return tool


def _lamp(settings: dict[str, Any]) -> LampConfig:
    shines = {tone.value: _shine(f"lamp.{tone}", settings[tone]) for tone in Tone if tone in settings}
    lamp = _on_a_port(built(LampConfig, "lamp.", {**settings, **shines}), "lamp")
    one_of("lamp.protocol", lamp.protocol, LAMP_PROTOCOLS)
    for tone, shine in shines.items():
        if lamp.protocol == "bytes" and not (shine.on and shine.off):
            raise ConfigError(f"lamp.{tone} needs the bytes that switch it: on and off")
        if lamp.protocol != "bytes" and not 0 <= shine.channel <= 255:
            raise ConfigError(f"lamp.{tone}.channel is {shine.channel}; expected 0 to 255")
    return lamp


def _shine(where: str, settings: object) -> Shine:
    if not isinstance(settings, dict):
        raise ConfigError(f"{where} is {settings!r}; expected a table such as {{channel = 1, seconds = 1.0}}")
    switched = {name: bytes_of(f"{where}.{name}", settings[name]) for name in ("on", "off") if name in settings}
    return built(Shine, f"{where}.", {**settings, **switched})


def _printer(settings: dict[str, Any]) -> PrinterConfig:
    printer = built(PrinterConfig, "printers.", settings)
    one_of(f"printers.language of {printer.code}", printer.language, LANGUAGES)
    if urlsplit(printer.url).scheme not in ("socket", "usb", "file", ""):
        raise ConfigError(f"printers.url of {printer.code}: {printer.url} is no socket, usb, file or serial address")
    return printer


def _framed(where: str, settings: dict[str, Any]) -> dict[str, Any]:
    one_of(f"{where}.framing", settings.get("framing", Framing.CR), tuple(Framing))
    return {**settings, "framing": Framing(settings.get("framing", Framing.CR))}


def _on_a_port(config: OnPort, where: str) -> OnPort:
    """The configuration, once its line settings are ones that a serial port can have."""
    one_of(f"{where}.data_bits", config.data_bits, (7, 8))
    one_of(f"{where}.parity", config.parity, PARITIES)
    one_of(f"{where}.stop_bits", config.stop_bits, (1, 2))
    return config
