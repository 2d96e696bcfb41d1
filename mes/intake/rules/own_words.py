"""Rules for what a plant says of itself: settings, codes of work centres and crews, names that are taken.

Owns nothing but the rules.
"""

import re
from collections.abc import Iterator

from mes.intake.columns import CREW_MARK
from mes.intake.gathered import Gathered, wrong
from mes.intake.habits import SETTINGS
from mes.intake.problems import Problem, Unfit
from mes.stock.ledger import OUTSIDE


def settings_say_something(plant: Gathered) -> Iterator[Problem]:
    """Each setting has values of its own sort."""
    for row in plant.plant.settings:
        try:
            SETTINGS[row.name](row.value)
        except Unfit as unfit:
            yield wrong(row, "value", unfit.expected.zh, unfit.expected.en)


def work_centers_have_codes_and_crew_marks(plant: Gathered) -> Iterator[Problem]:
    """P11: the batch number tells the crew, by the mark given or by the end of the code."""
    form = plant.habits.work_center_codes
    for row in plant.plant.work_centers:
        if form and not form.fits(row.code):
            yield wrong(row, "code", f"工作中心代码须符合 {form.text}。", f"codes of work centres are {form.text}.")
        if not re.fullmatch(CREW_MARK, row.mark, re.ASCII):
            zh = "代码末段不能作班组标记，请填写 1～8 个大写字母或数字。"
            yield wrong(
                row, "crew_mark", zh, "the end of the code is no crew mark: give 1 to 8 capital letters and digits."
            )


def no_place_is_called_like_the_world_outside(plant: Gathered) -> Iterator[Problem]:
    """The ledger's other ends have codes too (law 4)."""
    for row in plant.plant.locations:
        if row.code in OUTSIDE:
            yield wrong(row, "code", "此代码为系统保留（厂外）。", "this code is kept for the world outside the plant.")
