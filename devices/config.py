"""The station's configuration file: which server, which scanner, which printers.

Owns the names and defaults of the TOML file and refuses what it does not know, so that a misspelt setting is found at
start and not on the floor. It opens no device.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from devices.feedback import COMMAND_SETS
from devices.framing import Framing

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Settings = TypeVar("Settings", bound=DataclassInstance)

LANGUAGES = ("escpos", "zpl", "tspl")
PLAIN_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}


class ConfigError(Exception):
    """The configuration cannot be used; the text says which setting and why."""


@dataclass(frozen=True)
class ScannerConfig:
    """A scanner's port (by-id path, socket:// or rfc2217://), its line settings and its maker's feedback commands."""

    url: str
    baud: int = 9600
    framing: Framing = Framing.CR
    idle_gap_ms: int = 80
    max_bytes: int = 4096
    feedback: str = "none"


@dataclass(frozen=True)
class PrinterConfig:
    """A printer's address (socket://host:port, usb://vendor:product, serial path or file://path) and language.

    `answers` false: the printer cannot tell its status, so no job is ever known to be done. `answer_s`: how long it may
    take over a question about its status; `confirm_s`: over one label.
    """

    code: str
    url: str
    language: str
    baud: int = 115200
    answers: bool = True
    answer_s: float = 2.0
    confirm_s: float = 20.0


@dataclass(frozen=True)
class StationConfig:
    """One station: its code, the server with this station's token, where scans are kept, and its devices."""

    station: str
    server: str
    token: str
    journal: Path
    scanner: ScannerConfig | None = None
    printers: tuple[PrinterConfig, ...] = ()
    poll_s: float = 1.0


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
    if "scanner" in settings:
        settings["scanner"] = _scanner(settings["scanner"])
    settings["printers"] = tuple(_printer(printer) for printer in settings.get("printers", ()))
    return _built(StationConfig, "", settings)


def _scanner(settings: dict[str, Any]) -> ScannerConfig:
    _one_of("scanner.framing", settings.get("framing", Framing.CR), tuple(Framing))
    _one_of("scanner.feedback", settings.get("feedback", "none"), tuple(COMMAND_SETS))
    return _built(ScannerConfig, "scanner.", {**settings, "framing": Framing(settings.get("framing", Framing.CR))})


def _printer(settings: dict[str, Any]) -> PrinterConfig:
    printer = _built(PrinterConfig, "printers.", settings)
    _one_of(f"printers.language of {printer.code}", printer.language, LANGUAGES)
    if urlsplit(printer.url).scheme not in ("socket", "usb", "file", ""):
        raise ConfigError(f"printers.url of {printer.code}: {printer.url} is no socket, usb, file or serial address")
    return printer


def _one_of(setting: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ConfigError(f"{setting} is {value!r}; it can be {', '.join(allowed)}")


def _built(kind: type[Settings], where: str, settings: dict[str, Any]) -> Settings:
    """The dataclass from its settings; every unknown, missing or wrongly typed one is named at once."""
    known = {field.name: field for field in fields(kind)}
    faults = [f"{where}{name} is not a setting" for name in settings if name not in known]
    for name, field in known.items():
        if name in settings and not _fits(field.type, settings[name]):
            faults.append(f"{where}{name} is {settings[name]!r}; expected {field.type}")
        elif name not in settings and field.default is MISSING:
            faults.append(f"{where}{name} is missing")
    if faults:
        raise ConfigError("; ".join(faults))
    return kind(**settings)


def _fits(declared: object, value: object) -> bool:
    """Whether TOML gave the declared plain type; settings with a type of their own were built, and checked, before."""
    plain = PLAIN_TYPES.get(str(declared))
    return plain is None or (isinstance(value, plain) and (bool in plain or not isinstance(value, bool)))
