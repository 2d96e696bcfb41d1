"""Label layouts as data files (`labels/layouts/*.toml`) that a plant can change; `compose` fills one with facts.

It owns what a layout file may say and which facts it wants; where things then stand is `blocks`' business.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

from labels import blocks
from labels.errors import LayoutFault, MissingFact, TooNarrow, UnknownFact, UnknownLayout
from labels.label import Area, Label, PatternKind, StockColour
from labels.payloads import checked as checked_payload
from labels.table import Line
from labels.typeface import clean
from mes.codes import with_check

FOLDER = Path(__file__).parent / "layouts"


@dataclass(frozen=True)
class Fact:
    """Something a layout shows: its name for callers, what it means in both languages, an example."""

    name: str
    zh: str
    en: str
    sample: str
    required: bool = True


@dataclass(frozen=True)
class Row:
    """A caption and a value; the value's parts are left out when their fact is not given, the row when all are."""

    zh: str
    en: str
    value: tuple[str, ...]
    lines: int = 1
    strong: bool = False
    clip: bool = False


@dataclass(frozen=True)
class CodePlan:
    """What a code says, in which symbols, its caption and reading; a grid has one for each word of the fact `each`.

    `check` ends it with a check character (ISO 7064 MOD 37,36).
    """

    text: str
    symbols: tuple[str, ...] = ("code128", "qr")
    zh: str = ""
    en: str = ""
    human: str = ""
    each: str = ""
    check: bool = False


@dataclass(frozen=True)
class Layout:
    """One layout file."""

    name: str
    title_zh: str
    title_en: str
    stock: StockColour
    sizes: tuple[blocks.Size, ...]
    facts: tuple[Fact, ...]
    word_zh: str
    word_en: str
    rows: tuple[Row, ...]
    codes: tuple[CodePlan, ...]
    grid: CodePlan | None
    edge: PatternKind | None
    band: bool


def names() -> tuple[str, ...]:
    """All layouts, by name."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_")))


def facts_of(layout: str) -> tuple[Fact, ...]:
    """The facts a layout takes, those it requires marked. Raises UnknownLayout."""
    return load(layout).facts


def sample(layout: str) -> dict[str, str]:
    """Facts to try a layout with: every fact, the optional ones too. Raises UnknownLayout."""
    return {fact.name: fact.sample for fact in load(layout).facts}


def compose(layout: str, facts: Mapping[str, str], width_mm: float | None = None) -> Label:
    """The label of a layout filled with facts, for paper with this print width (None: the layout's first size).

    Raises UnknownLayout, TooNarrow, MissingFact, UnknownFact, TextDoesNotFit, MissingGlyph, BadPayload.
    """
    plan = load(layout)
    given = _checked(plan, facts)
    return blocks.arrange(_size(plan, width_mm), _content(plan, given))


def _checked(plan: Layout, facts: Mapping[str, str]) -> dict[str, str]:
    known = {fact.name for fact in plan.facts}
    for name in facts:
        if name not in known:
            raise UnknownFact(plan.name, name)
    given = {name: clean(value) for name, value in facts.items() if clean(value)}
    for fact in plan.facts:
        if fact.required and fact.name not in given:
            raise MissingFact(plan.name, fact.name)
    return given


def _size(plan: Layout, width_mm: float | None) -> blocks.Size:
    """The widest size that the paper has room for."""
    if width_mm is None:
        return plan.sizes[0]
    fitting = [size for size in plan.sizes if size.width_mm <= width_mm + 0.01]
    if not fitting:
        raise TooNarrow(plan.name, width_mm, min(size.width_mm for size in plan.sizes))
    return max(fitting, key=lambda size: size.width_mm)


def _content(plan: Layout, given: Mapping[str, str]) -> blocks.Content:
    rows = ((row, "".join(_filled(part, given) for part in row.value)) for row in plan.rows)
    return blocks.Content(
        stock=plan.stock,
        edge=plan.edge,
        band=(plan.title_zh, plan.title_en) if plan.band else None,
        word=(_filled(plan.word_zh, given), _filled(plan.word_en, given)),
        rows=tuple(Line(row.zh, row.en, text.strip(), row.lines, row.strong, row.clip) for row, text in rows if text),
        codes=tuple(_coded(code, given) for code in plan.codes if all(name in given for name in _fields(code.text))),
        grid=tuple(_grid(plan.grid, given)) if plan.grid else (),
    )


def _coded(plan: CodePlan, given: Mapping[str, str]) -> blocks.Coded:
    text = _filled(plan.text, given)
    payload = checked_payload(with_check(text) if plan.check else text)
    return blocks.Coded(payload, plan.symbols, plan.zh, plan.en, _filled(plan.human, given))


def _grid(plan: CodePlan, given: Mapping[str, str]) -> Iterator[blocks.Coded]:
    """One code for each word of a fact."""
    for word in given[plan.each].split():
        yield _coded(plan, {**given, plan.each: word})


def _fields(template: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]


def _filled(template: str, given: Mapping[str, str]) -> str:
    """The template with its facts, or nothing if one is not given."""
    wanted = _fields(template)
    return template.format(**{name: given[name] for name in wanted}) if all(name in given for name in wanted) else ""


@cache
def load(name: str) -> Layout:
    """One layout file, checked. Raises UnknownLayout, LayoutFault."""
    if name not in names():
        raise UnknownLayout(name)
    try:
        return _sound(_built(name, _document(name)))
    except (KeyError, TypeError, ValueError, tomllib.TOMLDecodeError) as error:
        raise LayoutFault(name, f"{type(error).__name__} {error}") from error


def _document(name: str) -> dict[str, Any]:
    """The file as TOML, laid over the file it is based on."""
    document = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    base = document.pop("base", None)
    return {**_document(base), **document} if base else document


def _built(name: str, document: dict[str, Any]) -> Layout:
    grid = document.get("grid")
    return Layout(
        name=name,
        title_zh=document["title_zh"],
        title_en=document["title_en"],
        stock=document.get("stock", "white"),
        sizes=tuple(_built_size(size) for size in document["size"]),
        facts=tuple(_built_fact(fact, document) for fact in document["fact"]),
        word_zh=document.get("word", {}).get("zh", ""),
        word_en=document.get("word", {}).get("en", ""),
        rows=tuple(Row(**{**row, "value": tuple(row["value"])}) for row in document.get("row", ())),
        codes=tuple(_built_code(code) for code in document.get("code", ())),
        grid=_built_code(grid) if grid else None,
        edge=document.get("edge"),
        band=document.get("band", False),
    )


def _built_size(size: dict[str, Any]) -> blocks.Size:
    window = size.get("field")
    return blocks.Size(**{**size, "field": Area(*window) if window else None})


def _built_fact(fact: dict[str, Any], document: dict[str, Any]) -> Fact:
    """A fact; a layout may require what its base does not, and bring its own example."""
    name = fact["name"]
    required = fact.get("required", True) or name in document.get("required", ())
    return Fact(**{**fact, "required": required, "sample": document.get("sample", {}).get(name, fact["sample"])})


def _built_code(code: dict[str, Any]) -> CodePlan:
    plan = CodePlan(**code)
    return replace(plan, symbols=tuple(plan.symbols))


def _sound(layout: Layout) -> Layout:
    """The layout itself, if everything it shows is a fact it asks for. Raises LayoutFault."""
    plans = [*layout.codes, *([layout.grid] if layout.grid else [])]
    known = {fact.name: fact.required for fact in layout.facts}
    shown = [layout.word_zh, layout.word_en, *(part for row in layout.rows for part in row.value)]
    coded = [plan.text for plan in plans]
    main = [layout.word_zh, *(coded[:1])]
    unknown = sorted({name for text in [*shown, *coded] for name in _fields(text)} - known.keys())
    optional = sorted({name for text in main for name in _fields(text) if not known.get(name, True)})
    faults = {
        f"it shows {unknown} and does not ask for them": bool(unknown),
        f"its word or its main code says {optional}, which it does not require": bool(optional),
        "it has no code": not plans,
        f"its stock {layout.stock} is unknown": layout.stock not in get_args(StockColour),
        f"its edge {layout.edge} is unknown": layout.edge not in (None, *get_args(PatternKind)),
    }
    for fault in (fault for fault, found in faults.items() if found):
        raise LayoutFault(layout.name, fault)
    return layout
