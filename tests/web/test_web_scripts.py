"""Our scripts and styles: nothing that a tablet of 2019 lacks, nothing that the policy of the pages forbids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web

ROOM = Path(web.__file__).parent
SCRIPTS = sorted((ROOM / "static").glob("*.js"))
STYLES = sorted((ROOM / "static").glob("*.css"))
TEMPLATES = sorted((ROOM / "templates").glob("*.html"))
# Chromium 74, 2019: none of these
TOO_NEW = [
    r"\?\.",
    r"\?\?",
    r"randomUUID",
    r"replaceChildren",
    r"\.at\(-",
    r"\.replaceAll\(",
    r"structuredClone",
    r"\|\|=",
    r"&&=",
    r"allSettled",
    r"static \{",
    r"import\.meta",
]
TOO_NEW_STYLE = [r":has\(", r":is\(", r":where\(", r"\binset:", r"aspect-ratio", r"@container", r"@layer"]
MARKUP_FROM_TEXT = [r"innerHTML", r"outerHTML", r"insertAdjacentHTML", r"document\.write", r"\beval\(", r"new Function"]
FORBIDDEN = [
    r"<script(?![^>]* src=)",
    r"\son[a-z]+\s*=\s*[\"']",
    r"\sstyle\s*=",
    r"<style",
    r"javascript:",
    r"https?://",
]


def lines_with(path: Path, patterns: list[str]) -> list[str]:
    text = path.read_text(encoding="utf-8").splitlines()
    return [
        f"{path.name}:{n}: {line.strip()}" for n, line in enumerate(text, 1) for p in patterns if re.search(p, line)
    ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_say_nothing_that_an_old_tablet_does_not_know(script: Path) -> None:
    assert lines_with(script, [*TOO_NEW, r"^await "]) == []


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_styles_say_nothing_that_an_old_tablet_does_not_know(style: Path) -> None:
    assert lines_with(style, TOO_NEW_STYLE) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_hold_no_script_and_no_style_of_their_own(template: Path) -> None:
    assert lines_with(template, FORBIDDEN) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_make_markup_from_text(script: Path) -> None:
    assert lines_with(script, MARKUP_FROM_TEXT) == []
