"""Reads layout files (TOML): the packaged ones of `labels/layouts` and those a plant has changed, checked before use.

A file is data from outside: whatever it says wrongly is a LayoutFault that names it, and nothing in it can reach more
than the facts the layout asks for.
"""

import string
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from labels.blocks import Size
from labels.errors import LayoutFault, UnknownLayout
from labels.label import Area, PatternKind, StockColour
from labels.plan import CodePlan, Fact, Layout, Row

FOLDER = Path(__file__).parent / "layouts"
LONGEST = 40_000
"""Characters of the longest layout file we read."""

_SYMBOLS = {("code128", "qr"), ("code128",), ("qr",), ("link",)}
# Millimetres: least and most. Paper beyond these is a slip of the finger, and its picture would fill the memory.
_LIMITS = {
    "width_mm": (20.0, 220.0),
    "height_mm": (10.0, 320.0),
    "word_mm": (3.0, 60.0),
    "text_mm": (1.8, 20.0),
    "smallest_mm": (1.6, 20.0),
    "strong_mm": (1.8, 20.0),
    "edge_mm": (0.0, 30.0),
    "band_mm": (3.0, 30.0),
}


def names() -> tuple[str, ...]:
    """All packaged layouts, by name."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_")))


def text_of(name: str) -> str:
    """The packaged file's text, to start a layout of one's own from. Raises UnknownLayout."""
    if name not in names():
        raise UnknownLayout(name)
    return _file(name)


@lru_cache(maxsize=64)
def load(name: str) -> Layout:
    """One packaged layout, checked. Raises UnknownLayout, LayoutFault."""
    return parse(name, text_of(name))


def parse(name: str, text: str) -> Layout:
    """The layout in a file's text; it may be based on a packaged one. Raises LayoutFault with what is wrong."""
    if len(text) > LONGEST:
        raise LayoutFault(name, f"it is longer than {LONGEST} characters")
    try:
        return _sound(_built(name, _document(text)))
    except KeyError as error:
        raise LayoutFault(name, f"{error} is missing") from error
    except (TypeError, ValueError, AttributeError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        raise LayoutFault(name, str(error)) from error


def _file(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text("utf-8")


def _document(text: str) -> dict[str, Any]:
    """The file as TOML, laid over the packaged file it is based on."""
    document = tomllib.loads(text)
    base = document.pop("base", None)
    if base is None:
        return document
    if base not in {path.stem for path in FOLDER.glob("*.toml")}:
        raise ValueError(f"there is no layout {base!a} to base it on")
    return {**_document(_file(base)), **document}


def _built(name: str, document: dict[str, Any]) -> Layout:
    grid, corner, word = document.get("grid"), document.get("corner"), document.get("word", {})
    return Layout(
        name=name,
        title_zh=_text(document["title_zh"]),
        title_en=_text(document["title_en"]),
        stock=document.get("stock", "white"),
        sizes=tuple(_size(size) for size in document["size"]),
        facts=tuple(_fact(fact, document) for fact in document["fact"]),
        word_zh=_text(word.get("zh", "")),
        word_en=_text(word.get("en", "")),
        rows=tuple(_row(row) for row in document.get("row", ())),
        codes=tuple(_code(code) for code in document.get("code", ())),
        grid=_code(grid) if grid else None,
        corner=_code(corner) if corner else None,
        edge=document.get("edge"),
        band=document.get("band", False) is True,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!a} should be a text")
    return value


def _number(value: object, name: str) -> float:
    least, most = _LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{name} is {value!a} and should be {least:g} to {most:g}")
    return float(value)


def _size(size: dict[str, Any]) -> Size:
    window = size.get("field")
    numbers = {name: _number(value, name) for name, value in size.items() if name in _LIMITS}
    strange = sorted(size.keys() - numbers.keys() - {"field"})
    if strange:
        raise ValueError(f"a size knows no {', '.join(strange)}")
    field = Area(*(float(side) for side in window)) if window else None
    return Size(**numbers, field=field)


def _fact(fact: dict[str, Any], document: dict[str, Any]) -> Fact:
    """A fact; a layout may require what its base does not, and bring its own example."""
    name = _text(fact["name"])
    required = fact.get("required", True) is True or name in document.get("required", ())
    sample = document.get("sample", {}).get(name, fact["sample"])
    return Fact(name, _text(fact["zh"]), _text(fact["en"]), _text(sample), required)


def _row(row: dict[str, Any]) -> Row:
    lines = row.get("lines", 1)
    if not isinstance(lines, int) or not 1 <= lines <= 20:
        raise ValueError(f"a row has 1 to 20 lines, not {lines!a}")
    parts = tuple(_text(part) for part in row["value"])
    flags = {name: row.get(name, False) is True for name in ("strong", "clip")}
    return Row(_text(row.get("zh", "")), _text(row.get("en", "")), parts, lines, **flags)


def _code(code: dict[str, Any]) -> CodePlan:
    lists = ("symbols", "needs", "envelope")
    values: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in code.items()}
    plan = CodePlan(**values)
    texts = (plan.text, plan.gs1, *plan.envelope, plan.zh, plan.en, plan.human, plan.each)
    says = [bool(said) for said in (plan.text, plan.gs1, plan.envelope)]
    if not all(isinstance(text, str) for text in texts) or says.count(True) != 1:
        raise ValueError("a code says either a text, or a gs1 message, or an envelope")
    if plan.envelope and plan.symbols != ("qr",):
        raise ValueError("an envelope is printed as qr")
    if plan.symbols not in _SYMBOLS or ("link" in plan.symbols and not plan.gs1):
        raise ValueError(f"no code is printed as {list(plan.symbols)}")
    if not (0.25 <= plan.module_mm <= 1.1 and 10 <= plan.bar_mm <= 60):
        raise ValueError("modules have 0.25 to 1.1 mm, bars 10 to 60 mm")
    return plan


def fields_of(template: str) -> list[str]:
    """The facts that a template shows. Raises ValueError for one that asks for more than facts as they are."""
    found = list(string.Formatter().parse(template))
    if any(conversion or spec for _, _, spec, conversion in found):
        raise ValueError(f"{template!a} formats a fact; facts are shown as they are")
    return [name for _, name, _, _ in found if name is not None]


def _sound(layout: Layout) -> Layout:
    """The layout itself, if everything it shows is a fact it asks for. Raises LayoutFault, ValueError."""
    for fault in (fault for fault, found in _faults(layout).items() if found):
        raise LayoutFault(layout.name, fault)
    return layout


def _faults(layout: Layout) -> dict[str, bool]:
    known = {fact.name: fact.required for fact in layout.facts}
    shown = [layout.word_zh, layout.word_en, *(part for row in layout.rows for part in row.value)]
    shown += [text for plan in layout.plans for text in (plan.text, plan.gs1, *plan.envelope, plan.human)]
    unknown = sorted({name for text in shown for name in fields_of(text)} - known.keys())
    main = [layout.word_zh, *(plan.text for plan in layout.codes[:1])]
    optional = sorted({name for text in main for name in fields_of(text) if not known.get(name, True)})
    lone = [plan.gs1 for plan in layout.plans if ("(02)" in plan.gs1) != ("(37)" in plan.gs1)]
    return {
        f"it shows {unknown} and does not ask for them": bool(unknown),
        f"its word or its main code says {optional}, which it does not require": bool(optional),
        "it has no code": not layout.plans,
        "it has no size": not layout.sizes,
        f"its stock {layout.stock!a} is unknown": layout.stock not in get_args(StockColour),
        f"its edge {layout.edge!a} is unknown": layout.edge not in (None, *get_args(PatternKind)),
        f"(02) and (37) stand together or not at all in {lone}": bool(lone),
        "it marks colour and has no white field for its codes": _colour_without_field(layout),
        "its grid is of one fact": layout.grid is not None and layout.grid.each not in known,
    }


def _colour_without_field(layout: Layout) -> bool:
    """Black on blue is black on black for a scanner with red light, black on red for one with white light."""
    return layout.stock in ("blue", "red") and any(size.field is None for size in layout.sizes)
