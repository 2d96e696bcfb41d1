"""What makes a scanner beep and light: the byte commands of each maker for good, bad and attention.

Only tables, taken from the makers' manuals; nothing here opens a port. The scanner's own beeper is the answer a worker
in gloves gets, so the three tones differ in number and length of beeps, not in pitch alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The three answers to a hand that scans."""

    GOOD = "good"
    BAD = "bad"
    ATTENTION = "attention"


@dataclass(frozen=True)
class CommandSet:
    """One maker's commands; `echo` is what the scanner sends back on accepting one, to be taken out of the scans."""

    tones: dict[Tone, bytes]
    echo: re.Pattern[bytes] | None = None


def _newland(*commands: str) -> bytes:
    return b"\x7e\x010000#" + ";".join(commands).encode("ascii") + b";\x03"


COMMAND_SETS = {
    # Honeywell Xenon/Granit User Guide, "Host ACK Responses" (the same in Xenon XP, 1900 and IT2020): ESC 7 good, ESC 8
    # razz, twice for "not on file" as in the guide's own example, ESC 5 medium beep, each ended by a comma. With Host
    # ACK on, the scanner reads nothing until this answer, and sounds an error by itself after 10 s.
    "honeywell": CommandSet({Tone.GOOD: b"\x1b7,", Tone.BAD: b"\x1b8,\x1b8,", Tone.ATTENTION: b"\x1b5,\x1b5,\x1b5,"}),
    # Datalogic PowerScan PD/PM96xx Product Reference Guide, "LED and beeper control": ESC [ n q; 3 good read, 4 bad
    # transmission, 1 short low tone, 5 wait 100 ms, 6/7 green on/off, 8/9 red on/off. QuickScan I QD24xx has the same
    # list, with the green spot at 8/9.
    "datalogic": CommandSet(
        {
            Tone.GOOD: b"\x1b[6q\x1b[3q\x1b[7q",
            Tone.BAD: b"\x1b[8q\x1b[4q\x1b[9q",
            Tone.ATTENTION: b"\x1b[1q\x1b[5q\x1b[1q\x1b[5q\x1b[1q",
        }
    ),
    # Newland unified command set (`~ SOH 0000 # ... ; ETX`, NLS-HR52 User Manual): BEEPON <hertz>F<ms>T<volume>V and
    # LEDONS <colour>C<ms>D with colour 2 green, 0 red. The two command words are from published examples for Newland
    # scanners, found in no manual that we could read, and not tried on a device. The scanner echoes the command with
    # ACK, NAK or ENQ before its semicolon.
    "newland": CommandSet(
        {
            Tone.GOOD: _newland("LEDONS2C0300D", "BEEPON2700F0080T20V"),
            Tone.BAD: _newland("LEDONS0C1000D", "BEEPON0800F0800T20V"),
            Tone.ATTENTION: _newland("BEEPON1500F0100T20V", "BEEPON1500F0100T20V", "BEEPON1500F0100T20V"),
        },
        echo=re.compile(rb"[\x02~]?\x010000[@#][^\x03]*;\x03?"),
    ),
    "none": CommandSet({Tone.GOOD: b"", Tone.BAD: b"", Tone.ATTENTION: b""}),
}
