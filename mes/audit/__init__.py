"""Checks of the whole database by name: does it keep the laws that the house promises? Reads only, repairs nothing.

`audit` runs them all; each check is one small function that names everything it finds, in both languages.
"""

from mes.audit.findings import CHECKS, Finding, audit

__all__ = ["CHECKS", "Finding", "audit"]
