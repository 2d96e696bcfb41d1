"""How large a file of sheets may be, judged before anything of it is unpacked or read. Never looks into a cell."""

from __future__ import annotations

import zipfile
from pathlib import Path

from mes.intake.problems import Problem

MOST_BYTES = 64 * 2**20
MOST_UNPACKED_BYTES = 256 * 2**20
LONGEST_CELL = 32_767
"""What Excel itself holds in one cell."""
MIB = 2**20


def oversize(path: Path) -> Problem | None:
    """Why a file is too large to be read: by its size, for a workbook also by the sizes that its directory tells.

    A directory that lies gains nothing: no part is unpacked beyond the size that it tells.
    """
    size, most = path.stat().st_size, MOST_BYTES
    if size <= most and zipfile.is_zipfile(path):
        size, most = _unpacked(path), MOST_UNPACKED_BYTES
    if size <= most:
        return None
    zh = f"文件过大（{size // MIB} MB，最多 {most // MIB} MB）：请删去无关的工作表、空行和图片，或分成几个文件导入。"
    en = (
        f"the file is too large ({size // MIB} MB, at most {most // MIB} MB): remove sheets, empty rows and pictures "
        "that do not belong here, or import it in parts."
    )
    return Problem(path.name, None, None, "", zh, en)


def _unpacked(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile:
        return 0  # whoever opens it says that it is damaged
