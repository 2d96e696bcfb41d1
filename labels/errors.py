"""Why a label could not be made: one class per reason, with typed facts and a sentence in both languages.

Nothing here is a rule of stock or quality. A wrong label must never leave the program, so none of these is a warning.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False)
class LabelError(Exception):
    """A label cannot be made; subclasses say why."""

    code: ClassVar[str] = "label_error"
    en: ClassVar[str] = "The label cannot be made."
    zh: ClassVar[str] = "无法制作该标签。"

    def __str__(self) -> str:
        """The sentence in English, for logs and the command line."""
        return self.en.format(**vars(self))

    def in_chinese(self) -> str:
        """The sentence in the plant's language."""
        return self.zh.format(**vars(self))


@dataclass(eq=False)
class UnknownLayout(LabelError):
    """No layout file has this name."""

    layout: str

    code = "unknown_layout"
    en = "There is no label layout called {layout}."
    zh = "没有名为 {layout} 的标签版式。"


@dataclass(eq=False)
class LayoutFault(LabelError):
    """A layout file does not say what it must."""

    layout: str
    fault: str

    code = "layout_fault"
    en = "The label layout {layout} is not usable: {fault}."
    zh = "标签版式 {layout} 有误：{fault}。"


@dataclass(eq=False)
class TooNarrow(LabelError):
    """The layout has no size for paper this narrow."""

    layout: str
    width_mm: float
    smallest_mm: float

    code = "label_too_narrow"
    en = "The layout {layout} needs at least {smallest_mm:g} mm of print width; this printer has {width_mm:g} mm."
    zh = "版式 {layout} 至少需要 {smallest_mm:g} mm 打印宽度，该打印机只有 {width_mm:g} mm。"


@dataclass(eq=False)
class MissingFact(LabelError):
    """The layout shows something it was not given."""

    layout: str
    fact: str

    code = "missing_label_fact"
    en = "The label {layout} needs {fact}."
    zh = "标签 {layout} 缺少内容 {fact}。"


@dataclass(eq=False)
class UnknownFact(LabelError):
    """The layout was given something it does not know: most likely a misspelt name."""

    layout: str
    fact: str

    code = "unknown_label_fact"
    en = "The label {layout} has no place for {fact}."
    zh = "标签 {layout} 没有 {fact} 这一项。"


@dataclass(eq=False)
class MissingGlyph(LabelError):
    """The font has no picture for a character, and an empty box on a label is a lie."""

    text: str
    character: str

    code = "missing_glyph"
    en = "The character {character!r} in {text!r} cannot be printed."
    zh = "{text!r} 中的字符 {character!r} 无法打印。"


@dataclass(eq=False)
class TextDoesNotFit(LabelError):
    """A text is too long for its place even at the smallest size allowed."""

    text: str
    width_mm: float
    smallest_mm: float

    code = "text_does_not_fit"
    en = "“{text}” does not fit into {width_mm:.1f} mm even in letters of {smallest_mm:g} mm."
    zh = "“{text}”用 {smallest_mm:g} mm 的字也放不进 {width_mm:.1f} mm。"


@dataclass(eq=False)
class BadPayload(LabelError):
    """What a bar code should say is not a code of ours, or not one that the symbol can hold."""

    payload: str
    why: str
    why_zh: str

    code = "bad_payload"
    en = "“{payload}” cannot be printed as a code: {why}."
    zh = "“{payload}”不能印成条码：{why_zh}。"


@dataclass(eq=False)
class TooWide(LabelError):
    """The picture is wider than the printer's head."""

    width_dots: int
    head_dots: int

    code = "label_too_wide"
    en = "The label is {width_dots} dots wide, the print head {head_dots}."
    zh = "标签宽 {width_dots} 点，打印头只有 {head_dots} 点。"


@dataclass(eq=False)
class NotScannable(LabelError):
    """The proof failed: a scanner would not read this code, or would read another one."""

    payload: str
    symbology: str
    why: str
    why_zh: str

    code = "not_scannable"
    en = "The {symbology} code “{payload}” would not scan: {why}."
    zh = "{symbology} 码“{payload}”无法可靠扫描：{why_zh}。"


@dataclass(eq=False)
class LayoutNotProved(LabelError):
    """A layout's sample cannot be printed so that it scans: on which paper, at which resolution, and why."""

    layout: str
    width_mm: float
    dpi: int
    fault: str
    fault_zh: str

    code = "layout_not_proved"
    en = "The label layout {layout} cannot be used at {width_mm:g} mm and {dpi} dpi: {fault}"
    zh = "标签版式 {layout} 在 {width_mm:g} mm、{dpi} dpi 下不可用：{fault_zh}"
