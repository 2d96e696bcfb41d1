"""Every declared table as JSON: pages by `limit` and `offset`, filters as the table declares them, sorted by a column.

One route for each table, so that the OpenAPI document describes its filters and the schema of its rows.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint, Schema
from apiflask.fields import Date, Integer, String
from apiflask.validators import OneOf, Range
from flask import Response, jsonify, request
from werkzeug.exceptions import UnprocessableEntity

from mes.outside import LARGEST
from mes.queries import asking
from mes.queries.asking import SEARCH, SINCE, SORT, UNTIL
from mes.queries.declared import TABLES
from mes.queries.declaring import Column, Table
from web.api.numbers import whole_number
from web.api.tokens import answers
from web.house import house, look

USUAL, MOST = 200, 1000


def _answer(table: Table) -> Any:
    def get_rows(**_query: Any) -> Response:
        limit, offset = whole_number("limit", USUAL), whole_number("offset", 0)
        asked = asking.read(table, request.args)
        if asked.wrong or not 0 < limit <= MOST:
            wrong = ", ".join([*asked.wrong, *(["limit"] if not 0 < limit <= MOST else [])])
            raise UnprocessableEntity(f"These make no sense for table {table.name}: {wrong}.")
        with look() as session:
            page = asking.page(session, table, asking.first(asked, limit, offset), house().clock())
        after = offset + len(page.rows)
        words = {**asked.words, "limit": limit, "offset": after}
        more = f"/api/v1/tables/{table.name}?{urlencode(words)}" if after < page.total and page.rows else None
        return jsonify(table=table.name, rows=page.rows, total=page.total, next=more)

    get_rows.__doc__ = table.words.en
    return get_rows


def _query(table: Table) -> type[Schema]:
    """The words that an address may have for this table."""
    fields: dict[str, Any] = {
        SEARCH: String(metadata={"description": "letters that stand somewhere in a row's texts"}),
        SORT: String(validate=OneOf([way + key for key in table.column for way in ("", "-")])),
        "limit": Integer(load_default=USUAL, validate=Range(1, MOST)),
        "offset": Integer(load_default=0, validate=Range(0, LARGEST)),
    }
    for key in table.filters:
        fields |= _filters(table.column[key])
    return Schema.from_dict(fields, name=f"{table.name}_query")  # type: ignore[return-value]


def _filters(column: Column) -> dict[str, Any]:
    if column.reads.range:
        return {
            column.key + side: Date(metadata={"description": f"{column.words.en}, {word} this day, inclusive"})
            for side, word in ((SINCE, "from"), (UNTIL, "up to"))
        }
    if column.reads.choices:
        return {column.key: String(validate=OneOf(list(column.reads.choices)), metadata=_said(column))}
    return {column.key: String(metadata=_said(column))}


def _said(column: Column) -> dict[str, str]:
    how = "one of these" if column.reads.choices else "part of it, or the whole after ="
    return {"description": f"{column.words.en} {column.words.zh}: {how}"}


def _schema(table: Table) -> dict[str, Any]:
    """The answer as OpenAPI describes it: rows with every column of the table."""
    row = {
        "type": "object",
        "required": list(table.column),
        "properties": {
            key: {"title": f"{one.words.en} {one.words.zh}", **one.reads.schema} for key, one in table.column.items()
        },
    }
    return {
        "type": "object",
        "properties": {
            "table": {"type": "string"},
            "rows": {"type": "array", "items": row},
            "total": {"type": "integer"},
            "next": {"type": ["string", "null"], "description": "where the next page is"},
        },
    }


def every_table() -> APIBlueprint:
    """The answers of all tables that are declared."""
    blueprint = APIBlueprint("tables", __name__, tag="Tables")
    for table in TABLES.values():
        _add(table, blueprint)
    return blueprint


def _add(table: Table, to: APIBlueprint) -> None:
    """Add the answer of one table, described."""
    rows: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
        200: {"description": "a page of rows", "content": {"application/json": {"schema": _schema(table)}}}
    }
    view = to.doc(summary=f"{table.words.en} {table.words.zh}", responses=rows)(_answer(table))
    view = to.input(_query(table), location="query", validation=False)(view)
    to.add_url_rule(f"/tables/{table.name}", table.name, answers(table.name)(view))
