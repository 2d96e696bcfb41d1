"""One long export in a process of its own: it shares no interpreter with the scans.

Started by `web.exporting` only. The order comes on standard input, the file goes to standard output; why the database
could not give it is the exit code. It lives as long as somebody holds its standard input: however the server ends, this
ends with it and leaves nothing behind.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import tempfile
import threading


def main() -> int:
    """Carry out the order on standard input."""
    order = pickle.load(sys.stdin.buffer)  # noqa: S301  nobody but the server writes into this pipe
    with tempfile.TemporaryDirectory(prefix="runcard-export-") as folder:
        tempfile.tempdir = folder  # a workbook is written in pieces
        threading.Thread(target=_end_when_nobody_waits, args=(folder,), daemon=True).start()
        from web.exports import carry_out  # takes seconds, and whoever leaves meanwhile need not wait for it

        return carry_out(order, sys.stdout.buffer)


def _end_when_nobody_waits(folder: str) -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written: this returns when the other end is let go
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
