"""Label layouts as data files (`labels/layouts/*.toml`) that a plant can change; `compose` fills one with facts.

It owns how facts become the texts and codes of a label; reading the files is `layout_file`'s, placing is `blocks`'.
"""

from collections.abc import Iterator, Mapping

from labels import blocks
from labels.errors import MissingFact, TooNarrow, UnknownFact
from labels.label import Label
from labels.layout_file import FOLDER, fields_of, load, names, parse, text_of
from labels.payloads import checked as checked_payload
from labels.payloads import ended, envelope, link_of, message
from labels.plan import CodePlan, Fact, Layout
from labels.table import Line
from labels.typeface import clean

__all__ = ["FOLDER", "Fact", "Layout", "compose", "facts_of", "load", "names", "parse", "sample", "text_of"]


def the(layout: str | Layout) -> Layout:
    """The layout of this name, or the one given. Raises UnknownLayout, LayoutFault."""
    return layout if isinstance(layout, Layout) else load(layout)


def facts_of(layout: str | Layout) -> tuple[Fact, ...]:
    """The facts a layout takes, those it requires marked. Raises UnknownLayout."""
    return the(layout).facts


def sample(layout: str | Layout) -> dict[str, str]:
    """Facts to try a layout with: every fact, the optional ones too. Raises UnknownLayout."""
    return {fact.name: fact.sample for fact in the(layout).facts}


def compose(layout: str | Layout, facts: Mapping[str, str], width_mm: float | None = None) -> Label:
    """The label of a layout filled with facts, for paper with this print width (None: the layout's first size).

    Raises UnknownLayout, TooNarrow, MissingFact, UnknownFact, TextDoesNotFit, BadPayload.
    """
    plan = the(layout)
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
    corner = _coded(plan.corner, given) if plan.corner and _wanted(plan.corner, given) else None
    return blocks.Content(
        stock=plan.stock,
        edge=plan.edge,
        band=(plan.title_zh, plan.title_en) if plan.band else None,
        word=(_filled(plan.word_zh, given), _filled(plan.word_en, given)),
        rows=tuple(Line(row.zh, row.en, text.strip(), row.lines, row.strong, row.clip) for row, text in rows if text),
        codes=tuple(code for code in (_coded(one, given) for one in plan.codes if _wanted(one, given)) if code.payload),
        grid=tuple(_grid(plan, plan.grid, given)) if plan.grid else (),
        corner=corner,
    )


def _wanted(code: CodePlan, given: Mapping[str, str]) -> bool:
    """Whether everything that a code cannot do without is given."""
    return all(name in given for name in (*fields_of(code.text), *code.needs))


def _coded(plan: CodePlan, given: Mapping[str, str]) -> blocks.Coded:
    if plan.gs1:
        payload, human = message(plan.gs1, given)
        payload = link_of(payload) if "link" in plan.symbols else payload
    elif plan.envelope:
        payload, human = envelope([_filled(part, given) for part in plan.envelope]), ""
    else:
        text = _filled(plan.text, given)
        payload, human = checked_payload(ended(text) if plan.check else text), _filled(plan.human, given)
    symbols = tuple("qr" if symbol == "link" else symbol for symbol in plan.symbols)
    return blocks.Coded(payload, symbols, plan.zh, plan.en, human, plan.module_mm, plan.bar_mm, plan.optional)


def _grid(layout: Layout, plan: CodePlan, given: Mapping[str, str]) -> Iterator[blocks.Coded]:
    """One code for each word of a fact."""
    if plan.each not in given:
        raise MissingFact(layout.name, plan.each)
    for word in given[plan.each].split():
        yield _coded(plan, {**given, plan.each: word})


def _filled(template: str, given: Mapping[str, str]) -> str:
    """The template with its facts, or nothing if one is not given."""
    wanted = fields_of(template)
    return template.format(**{name: given[name] for name in wanted}) if all(name in given for name in wanted) else ""
