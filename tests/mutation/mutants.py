"""Mutants of a module: its syntax tree with one small mistake in it, as a tired programmer would make it.

Pure: reads source text, never runs it. Leaves alone what types, tables of rights or readers check: annotations,
decorators, base classes, docstrings and the texts inside f-strings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

OTHERWISE: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.USub: (ast.UAdd,),
}
UNTOUCHED = {"annotation", "returns", "decorator_list", "bases", "type_params", "format_spec"}
CONDITIONS = {"where", "having", "order_by", "filter", "and_", "or_", "require", "any", "all"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """One mistake: the line, the function around it by its first line (0: outside of any), before and after."""

    line: int
    scope: int
    before: str
    after: str
    commit: Callable[[], None]


def mutants(tree: ast.Module) -> list[Mutant]:
    """All mistakes that can be made in a module; committing one changes this very tree."""
    return list(_within(tree, 0))


def mutated(source: str, number: int) -> ast.Module:
    """The tree of a module with the mistake of that number in it."""
    tree = ast.parse(source)
    mutants(tree)[number].commit()
    return ast.fix_missing_locations(tree)


def _within(node: ast.AST, scope: int) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED or isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not _is_docstring(child):
                put = partial(value.__setitem__, index) if isinstance(value, list) else partial(setattr, node, field)
                yield from _of(child, scope, put)
                yield from _within(child, _first_line(child) if isinstance(child, Function) else scope)


def _of(node: ast.AST, scope: int, put: Callable[[ast.AST], None]) -> Iterator[Mutant]:
    for other in _mistakes(node):
        yield Mutant(getattr(node, "lineno", 0), scope, ast.unparse(node), ast.unparse(other), partial(put, other))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first_line(function: Function) -> int:
    """As its code object counts: decorators belong to it."""
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def _mistakes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare() | ast.BinOp() | ast.AugAssign() | ast.UnaryOp():
            yield from _other_operators(node)
        case ast.BoolOp():
            yield from (_copy(node, values=rest) if rest[1:] else rest[0] for rest in _one_less(node.values))
        case ast.Constant():
            yield from (ast.Constant(value) for value in _other_values(node.value))
        case ast.List() | ast.Set() | ast.Tuple() if not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            yield from (_copy(node, elts=rest) for rest in _one_less(node.elts))
        case ast.Dict():
            rows = zip(_one_less(node.keys), _one_less(node.values), strict=True)
            yield from (_copy(node, keys=keys, values=values) for keys, values in rows)
        case ast.Call():
            yield from _less_asked(node)
        case ast.comprehension():
            yield from (_copy(node, ifs=rest) for rest in _one_less(node.ifs))
    yield from _other_branches(node)
    if isinstance(node, ast.Raise | ast.Return | ast.Continue | ast.Break | ast.AugAssign | ast.Expr):
        yield ast.Pass()


def _other_operators(node: ast.Compare | ast.BinOp | ast.AugAssign | ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in OTHERWISE[type(operator)]:
                yield _copy(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
    elif isinstance(node.op, ast.Not) and isinstance(node, ast.UnaryOp):
        yield node.operand
    else:
        yield from (_copy(node, op=other()) for other in OTHERWISE.get(type(node.op), ()))


def _other_branches(node: ast.AST) -> Iterator[ast.AST]:
    """A plain condition negated; comparisons and the like are mistaken by themselves."""
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(
        node.test, ast.Compare | ast.BoolOp | ast.UnaryOp
    ):
        yield _copy(node, test=ast.UnaryOp(ast.Not(), node.test))


def _other_values(value: object) -> Iterator[bool | int | str | bytes]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str | bytes) and value:
        yield value[:0]
        if isinstance(value, str):
            terms = re.split(r" AND ", value)
            yield from (" AND ".join(rest) for rest in _one_less(terms) if rest)


def _less_asked(node: ast.Call) -> Iterator[ast.AST]:
    """A condition left out of a query, or a demand out of many."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in CONDITIONS:
        yield from (_copy(node, args=rest) for rest in _one_less(node.args))


def _one_less(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[:index] + rows[index + 1 :] for index in range(len(rows)))


def _copy(node: ast.AST, **changes: object) -> ast.AST:
    """The same node with other fields, at the same place."""
    return ast.copy_location(type(node)(**{**dict(ast.iter_fields(node)), **changes}), node)
