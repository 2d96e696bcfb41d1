"""How what opens something is stored: long random tokens and codes as one round of a hash; they cannot be guessed."""

from __future__ import annotations

import hashlib


def sha256(text: str) -> str:
    """The hash under which tokens and codes are stored."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
