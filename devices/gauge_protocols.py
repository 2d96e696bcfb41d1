"""What digital calipers, dial gauges and height gauges send: one ASCII line per press of the key.

Pure: a line in, a number or a fault out. Each format is from the maker's manual named beside it; none was tried on a
device.
"""

from __future__ import annotations

import re

from devices.measured import Fault, Said, ToolProtocol, Value, number_of

# Mitutoyo QM-Height manual 99MAF600B, "USB data output" (Digimatic through USB or an RS-232 interface has the same
# line): code 0, channel, item A, sign, eight characters of data with a floating point, CR. 9600 8N1. Multiplexers
# answer 9 and two digits for a tool that is off or absent (from practice, in no manual that we could read).
MITUTOYO = re.compile(r"0[0-9][A-Z]([+-])([0-9]+\.[0-9]+|[0-9]+\.?)")
MITUTOYO_ERROR = re.compile(r"9[0-9][0-9]")

# Sylvac Power instruments manual, "Data format" (Bowers, and OPTO-RS of other makers): sign or blank, whole number,
# point, decimals, CR; with tolerances on, one of < = > follows. Errors: ERR and a number. "?" CR asks.
SYLVAC = re.compile(r"([+\- ]?)([0-9]+(?:\.[0-9]+)?)(?: ?[<=>]{1,2})?")

# Mahr Millimar C1208/C1216/C1240 manual, "OPTORS interface": the number as displayed, the unit, CR LF. "?" CR asks.
MAHR = re.compile(r"([+-]?) *([0-9]+(?:\.[0-9]+)?) *(mm|um|µm|inch|in|deg)?(?: *[<=>]{1,2})?", re.IGNORECASE)


def mitutoyo(line: str) -> Said:
    """`01A+0012.34`; the channel is not passed on, each tool has a port of its own."""
    match = MITUTOYO.fullmatch(line.strip())
    if match is None or MITUTOYO_ERROR.fullmatch(line.strip()):
        return Fault(line)
    return Value(number_of(*match.groups()))


def sylvac(line: str) -> Said:
    """`+012.340`, which says no unit."""
    match = SYLVAC.fullmatch(line.rstrip())
    return Value(number_of(*match.groups())) if match else Fault(line)


def mahr(line: str) -> Said:
    """`+  12.345 mm`."""
    match = MAHR.fullmatch(line.strip())
    if match is None:
        return Fault(line)
    sign, digits, unit = match.groups()
    return Value(number_of(sign, digits), unit or "")


GAUGE_PROTOCOLS = {
    "mitutoyo": ToolProtocol(mitutoyo),
    "sylvac": ToolProtocol(sylvac, b"?\r"),
    "mahr": ToolProtocol(mahr, b"?\r"),
}
