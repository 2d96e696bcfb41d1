"""What the tests need from the operating system, group by group, and how Debian calls it.

Run as a program (`make test` does) it installs what is missing where it may, and else names each group whose tests
will be skipped. Standard library only; the conftest asks the same table why a test can't run.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

POSTGRESQL_FOLDERS = "/usr/lib/postgresql"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def postgresql_programs() -> Path | None:
    """The folder of the newest PostgreSQL server's programs, or None; Debian keeps them off the PATH."""
    versions = sorted(Path(POSTGRESQL_FOLDERS).glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    on_path = [Path(found).resolve() for name in ("initdb", "postgres") if (found := shutil.which(name))]
    return next(
        (found.parent for found in [*reversed(versions), *on_path] if (found.parent / "postgres").exists()), None
    )


def chromium() -> str | None:
    """The browser that the browser tests drive, or None."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@dataclass(frozen=True)
class Group:
    """Tests that need one thing from the operating system; `package` is its name on Debian."""

    package: str
    purpose: str
    found: Callable[[], object]

    @property
    def missing(self) -> str | None:
        """Why the group's tests can't run here, with the remedy; None when they can."""
        return None if self.found() else f"{self.purpose} can't run: apt install {self.package}"


GROUPS = {
    "postgresql": Group("postgresql", "tests on PostgreSQL", postgresql_programs),
    "chromium": Group("chromium", "tests in a browser", chromium),
    "zbar": Group("libzbar0", "tests with the second decoder", lambda: ctypes.util.find_library("zbar")),
    "poppler": Group("poppler-utils", "tests that look at PDF pages", lambda: shutil.which("pdftoppm")),
}


def install(groups: list[Group]) -> None:
    """Install the groups' packages with apt, as root or through sudo; show what apt said only if it failed."""
    packages = [group.package for group in groups]
    sys.stderr.write(f"Installing {', '.join(packages)} with apt ...\n")
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            sys.stderr.write(done.stdout[-4000:])


def main() -> None:
    """Install what is missing as root or with SYSTEM=1, then name what is missing still."""
    missing = [group for group in GROUPS.values() if group.missing]
    allowed = os.geteuid() == 0 or os.environ.get("SYSTEM") == "1"
    if missing and allowed and shutil.which("apt-get"):
        install(missing)
    for group in missing:
        if group.missing:
            sys.stderr.write(f"SKIPPED: {group.missing} (or let `make test SYSTEM=1` do it)\n")


if __name__ == "__main__":
    main()
