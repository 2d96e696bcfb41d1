"""What scales send: a weight with its unit, and whether it stands still.

Pure: a line in, a weight or a fault out. Each format is from the maker's manual named beside it; none was tried on a
device. A weight that still moves is told as such and is never a reading.
"""

from __future__ import annotations

import re

from devices.measured import Fault, Said, ToolProtocol, Value, number_of

# Mettler-Toledo MT-SICS Reference Manual 11780711, "S": `S S` stable, `S D` dynamic, value, unit; `S I` cannot now,
# `S +` over, `S -` under; ES, ET, EL errors. `S` CR LF asks for a stable weight; the transfer key sends the same.
SICS = re.compile(r"S +([SD]) +(-?)([0-9]+\.?[0-9]*) +(\S+)")

# A&D EK series manual, "Data format": header ST (stable), QT (stable count), US (unstable), OL (over), comma, sign and
# nine digits, unit, CR LF; `Q` CR LF asks. Excell AM4 and Tiger TI-02 manuals (and most Chinese indicators) put GS or
# NT between and send all day: `ST,GS,+  1.234kg`.
HEADED = re.compile(r"(ST|QT|US) *,(?: *(?:GS|NT|G|N|TR) *,)? *([+-]?) *([0-9]+\.?[0-9]*) *,? *([A-Za-z%]*)")


def sics(line: str) -> Said:
    """`S S     100.00 g`."""
    match = SICS.fullmatch(line.strip())
    if match is None:
        return Fault(line)
    status, sign, digits, unit = match.groups()
    return Value(number_of(sign, digits), unit, stable=status == "S")


def headed(line: str) -> Said:
    """`ST,+00123.45  g` and `ST,GS,+  1.234kg`; an overloaded scale (OL) has no weight."""
    match = HEADED.fullmatch(line.strip())
    if match is None:
        return Fault(line)
    status, sign, digits, unit = match.groups()
    return Value(number_of(sign, digits), unit, stable=status != "US")


SCALE_PROTOCOLS = {
    "sics": ToolProtocol(sics, b"S\r\n"),
    "and": ToolProtocol(headed, b"Q\r\n"),
    "continuous": ToolProtocol(headed, streams=True),
}
