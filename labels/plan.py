"""What a layout file says, as frozen values: sizes, the facts it asks for, its rows and codes. Reads nothing."""

from dataclasses import dataclass

from labels.blocks import Size
from labels.label import PatternKind, StockColour


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

    `text` is a code of ours, ended with a check character (ISO 7064 MOD 37,36) if `check`; `gs1` is a message instead,
    `(00){sscc}`, `envelope` several codes of ours in one (ISO/IEC 15434 format 06), without those of which a fact is
    missing. A code is left out unless all it `needs` is given, an `optional` one where the paper is too narrow for
    it. `module_mm` is its least module.
    """

    text: str = ""
    gs1: str = ""
    envelope: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ("code128", "qr")
    zh: str = ""
    en: str = ""
    human: str = ""
    each: str = ""
    check: bool = False
    needs: tuple[str, ...] = ()
    module_mm: float = 0.375
    bar_mm: float = 10.0
    optional: bool = False


@dataclass(frozen=True)
class Layout:
    """One layout file. `corner` is a code in the upper right corner, beside the word and the rows."""

    name: str
    title_zh: str
    title_en: str
    stock: StockColour
    sizes: tuple[Size, ...]
    facts: tuple[Fact, ...]
    word_zh: str
    word_en: str
    rows: tuple[Row, ...]
    codes: tuple[CodePlan, ...]
    grid: CodePlan | None
    corner: CodePlan | None
    edge: PatternKind | None
    band: bool

    @property
    def plans(self) -> tuple[CodePlan, ...]:
        """Every code of the layout, wherever it stands."""
        return (*self.codes, *(plan for plan in (self.grid, self.corner) if plan))
