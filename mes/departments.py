"""The plant's departments: every module of theirs is loaded, so that the door knows all commands and refusals.

A new module of a department needs no line here; a new department does.
"""

import importlib
import pkgutil

DEPARTMENTS = (
    "masters",
    "people",
    "intake",
    "planning",
    "production",
    "quality",
    "stock",
    "warehouse",
    "packing",
    "shipping",
    "labelling",
    "trace",
)

for department in DEPARTMENTS:
    package = importlib.import_module(f"mes.{department}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
