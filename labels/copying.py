"""Marks a label as a possible duplicate: 副本 COPY in a box where nothing stands, so that no code is touched."""

from collections.abc import Iterator
from dataclasses import replace

from labels import typeface
from labels.errors import TextDoesNotFit
from labels.label import Area, Box, Code, Code128, Element, Ink, Label, Pattern, Picture, Text
from labels.symbols import QUIET_MODULES, matrix, symbology

WORDS = "副本 COPY"
_SIZES_MM = (6.0, 5.0, 4.2, 3.6, 3.0, 2.6)
_LITTLE_MM = 3.6
_STEP_MM = 1.0
_APART_MM = 0.6


def mark_copy(label: Label) -> Label:
    """The label with the mark, as large as there is room for, as high and far to the right as there is.

    Where only a little mark would find room it stands white in a black band. Raises TextDoesNotFit where there is none.
    """
    paper = Area(0, 0, label.width_mm, label.height_mm)
    bands = [element.area for element in label.elements if isinstance(element, Box) and element.line_mm is None]
    taken = [area for element in label.elements for area in _areas(element)]
    if label.field:  # what stands across its edge would be half on colour
        codes_mm = min(code.y_mm for code in label.codes)
        taken.append(replace(label.field, height_mm=codes_mm - label.field.y_mm))
    in_bands = [area for element in label.elements if isinstance(element, Text) for area in _areas(element)]
    for size in _SIZES_MM:
        place = _free(size, paper, taken)
        if place:
            return replace(label, elements=(*label.elements, *_mark(place, size, "black")))
        for band in bands if size <= _LITTLE_MM else ():
            place = _free(size, band, in_bands)
            if place:
                return replace(label, elements=(*label.elements, *_mark(place, size, "paper")))
    raise TextDoesNotFit(WORDS, label.width_mm, _SIZES_MM[-1])


def _free(size: float, within: Area, taken: list[Area]) -> Area | None:
    """The first place for a mark of this size that touches nothing."""
    width, height = typeface.width_mm(WORDS, size) + 0.8 * size, 1.35 * size
    free = (place for place in _places(within, width, height) if not any(_meet(place, area) for area in taken))
    return next(free, None)


def _places(within: Area, width: float, height: float) -> Iterator[Area]:
    rows = int((within.height_mm - height - 2) / _STEP_MM) + 1
    columns = int((within.width_mm - width - 2) / _STEP_MM) + 1
    for row in range(rows):
        for column in range(columns):
            yield Area(within.right_mm - 1 - width - column * _STEP_MM, within.y_mm + 1 + row * _STEP_MM, width, height)


def _meet(one: Area, other: Area) -> bool:
    return (
        one.x_mm < other.right_mm + _APART_MM
        and other.x_mm < one.right_mm + _APART_MM
        and one.y_mm < other.bottom_mm + _APART_MM
        and other.y_mm < one.bottom_mm + _APART_MM
    )


def _areas(element: Element) -> list[Area]:
    """What an element takes, quiet zones included; a frame as if it were full."""
    match element:
        case Text():
            width = typeface.width_mm(element.text, element.size_mm)
            left = element.x_mm - {"left": 0.0, "centre": 0.5, "right": 1.0}[element.align] * width
            return [Area(left, element.baseline_mm - 0.9 * element.size_mm, width, 1.15 * element.size_mm)]
        case Box() | Pattern() | Picture():
            return [element.area]
        case _:
            return [_code_area(element)]


def _code_area(code: Code) -> Area:
    rows, quiet = matrix(code), QUIET_MODULES[symbology(code)] * code.module_mm
    width = len(rows[0]) * code.module_mm * 1.02 + 2 * quiet
    if isinstance(code, Code128):
        return Area(code.x_mm - quiet, code.y_mm - 0.5, width, code.height_mm + 1.0)
    return Area(code.x_mm - quiet, code.y_mm - quiet, width, width)


def _mark(place: Area, size: float, ink: Ink) -> list[Element]:
    baseline = place.y_mm + place.height_mm / 2 + 0.36 * size
    middle = place.x_mm + place.width_mm / 2
    words = Text(middle, baseline, size, WORDS, bold=True, align="centre", ink="paper" if ink == "black" else "black")
    return [Box(place, ink=ink), words]
