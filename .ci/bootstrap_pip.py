"""Puts pip into an environment whose Python came without ensurepip, from the package index alone.

Takes the newest released wheel of pip that the index lists and lets it install itself. Standard library only.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple")
WHEEL = re.compile(r'href="([^"#]*/(pip-\d+(?:\.\d+)+-py3-none-any\.whl))#sha256=([0-9a-f]{64})"')


def fetch(url: str) -> bytes:
    """The bytes at a web address of the index."""
    if not url.startswith(("https://", "http://")):
        sys.exit(f"the package index must be a web address, not {url}")
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  checked above
        return bytes(answer.read())


def newest(page: str) -> tuple[str, str, str]:
    """Link, file name and SHA-256 of the newest pip on the index's page."""
    wheels: list[tuple[str, str, str]] = WHEEL.findall(page)
    if not wheels:
        sys.exit(f"{INDEX} lists no pip; install it yourself: apt install python3-venv")
    return max(wheels, key=lambda wheel: [int(part) for part in re.findall(r"\d+", wheel[1].split("-")[1])])


def main() -> None:
    """Fetch, check against the index's digest, and install."""
    page_url = f"{INDEX.rstrip('/')}/pip/"
    link, name, digest = newest(fetch(page_url).decode())
    content = fetch(urllib.parse.urljoin(page_url, link))
    if hashlib.sha256(content).hexdigest() != digest:
        sys.exit(f"{name} arrived damaged: its SHA-256 is not the one that the index names")
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / name
        wheel.write_bytes(content)
        subprocess.run([sys.executable, f"{wheel}/pip", "install", "--quiet", wheel], check=True)


if __name__ == "__main__":
    main()
