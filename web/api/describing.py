"""The OpenAPI description of every command, made from its declaration: arguments, value, problems, who may ask.

Answers `/api/openapi.json` by adding to what the other routes say of themselves. Nothing here lists commands.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from mes.declaring import REGISTER, Argument, Declaration
from mes.given import Amount, Given, Rows
from mes.secret import Secret
from web.api.bodies import LONGEST_KEY, MOST_OVERRIDES, OVERRIDE, SIGNATURE

Schema = dict[str, Any]
SECURITY_SCHEMES: dict[str, Schema] = {
    "station": {
        "type": "http",
        "scheme": "bearer",
        "description": "A station's token, made by `runcard station-token`; it acts for whoever is signed on there.",
    },
    "login": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "A person's login in a browser; posts also need the header X-CSRFToken.",
    },
    "screen": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "The screen of a station, opened with its single-use code; it reads its own station.",
    },
}
SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string", "description": "decimal text"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Secret: {"type": "string", "description": "shown in this answer only; dots in one given again under its key"},
}
WORDS: Schema = {
    "type": "object",
    "required": ["zh", "en"],
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
}
PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "status", "title"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
    },
}
REASON: Schema = {
    "type": "object",
    "required": ["code", "zh", "en", "facts", "override_role", "fingerprint"],
    "properties": {
        "code": {"type": "string", "examples": ["not_oldest"]},
        "zh": {"type": "string"},
        "en": {"type": "string"},
        "facts": {"type": "object", "additionalProperties": True},
        "override_role": {"type": ["string", "null"], "description": "who may let it pass; null: nobody"},
        "override_names": {"type": ["array", "null"], "items": {"type": "string"}},
        "fingerprint": {"type": "string", "description": "what an override names: exactly this refusal"},
    },
}
MISREAD: Schema = {
    "type": "object",
    "required": ["field", "zh", "en"],
    "properties": {"field": {"type": "string"}, **WORDS["properties"]},
}


def describe(spec: dict[str, Any]) -> dict[str, Any]:
    """Add every command that a program may ask for, and the schemas that all of them share."""
    components = spec.setdefault("components", {})
    components.setdefault("schemas", {}).update(_shared())
    components.setdefault("securitySchemes", {}).update(SECURITY_SCHEMES)
    spec.setdefault("security", [{"station": []}, {"login": []}])
    for one in REGISTER.values():
        if one.by_program:
            spec["paths"][f"/api/v1/commands/{one.department}/{one.verb}"] = {"post": _operation(one)}
    return spec


def _shared() -> dict[str, Schema]:
    more = {
        "Refused": {"event": {"type": "integer"}, "reasons": {"type": "array", "items": _ref("Reason")}},
        "Misread": {"fields": {"type": "array", "items": _ref("MisreadField")}},
    }
    problems = {name: {"allOf": [_ref("Problem"), {"type": "object", "properties": one}]} for name, one in more.items()}
    return {"Problem": PROBLEM, "Reason": REASON, "MisreadField": MISREAD, "Words": WORDS, **problems}


def _operation(declared: Declaration) -> Schema:
    return {
        "tags": ["Commands"],
        "operationId": declared.name.replace(":", "_"),
        "summary": f"{declared.words.zh} {declared.words.en}",
        "description": _explained(declared),
        "security": [{"station": []}, {"login": []}],
        "parameters": [_ref_key()],
        "requestBody": {"required": True, "content": {"application/json": _body(declared)}},
        "responses": {
            "200": _response("Done", _done(declared)),
            "401": _response("Nobody", _ref("Problem"), problem=True),
            "404": _response("No such command", _ref("Problem"), problem=True),
            "409": _response("Refused, with every reason", _ref("Refused"), problem=True),
            "422": _response("A field is not as wanted", _ref("Misread"), problem=True),
        },
    }


def _explained(declared: Declaration) -> str:
    purpose = (declared.function.__doc__ or "").strip().partition("\n")[0]
    roles = ", ".join(sorted(declared.roles))
    signed = " Needs the signature of the acting person." if declared.signed else ""
    station = " Only at a station." if declared.at_station else ""
    return f"{purpose} For: {roles}.{signed}{station}"


def _ref_key() -> Schema:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "The same key with the same body gets the first answer; with another body it is refused (409).",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    }


def _body(declared: Declaration) -> Schema:
    arguments = declared.arguments.values()
    needed = [one.name for one in arguments if one.required] + (["signature"] if declared.signed else [])
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {**{one.name: _argument(one) for one in arguments}, **_beside()},
    }
    return {"schema": {**schema, "required": needed} if needed else schema, "example": _example(declared)}


def _argument(one: Argument) -> Schema:
    schema = _or_null(one.given.schema) if one.default is None else one.given.schema
    usual = {} if one.required or one.default is None else {"default": one.default}
    return {**schema, **usual, "description": f"{one.words.zh} / {one.words.en}{_unit(one.given)}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _unit(given: Given) -> str:
    return f", in the stock unit of {given.of}" if isinstance(given, Amount) else ""


def _beside() -> dict[str, Schema]:
    return {
        "signature": {**_record(SIGNATURE), "description": "badge and PIN of the acting person; kept nowhere"},
        "overrides": {"type": "array", "maxItems": MOST_OVERRIDES, "items": _record(OVERRIDE)},
        "at_station": {"type": "string", "description": "where a logged-in person stands; a token says it by itself"},
    }


def _record(record: dict[str, Given]) -> Schema:
    properties = {name: one.schema for name, one in record.items()}
    return {"type": "object", "required": list(record), "properties": properties, "additionalProperties": False}


def _example(declared: Declaration) -> Schema:
    given = {one.name: _one_of(one.given) for one in declared.arguments.values() if one.required}
    return {**given, "signature": {"badge": "3002", "pin": "······"}} if declared.signed else given


def _one_of(given: Given) -> Any:
    if isinstance(given, Rows):
        return [{name: _one_of(one) for name, one in given.fields.items()}]
    schema = given.schema
    return schema["enum"][0] if "enum" in schema else schema.get("minimum", given.example)


WARNING: Schema = {
    "type": "object",
    "required": ["code", "zh", "en"],
    "properties": {name: {"type": "string"} for name in ("code", "zh", "en")},
}
"""What forbids nothing and is worth knowing (P8)."""


def _done(declared: Declaration) -> Schema:
    return {
        "type": "object",
        "required": ["event", "value", "said"],
        "properties": {
            "event": {"type": "integer"},
            "value": schema_of(declared.value),
            "said": _ref("Words"),
            "warnings": {"type": "array", "items": WARNING},
        },
    }


def schema_of(kind: Any) -> Schema:
    """The schema of a type as `web.plain` writes it."""
    if typing.get_origin(kind) is typing.Annotated:
        return schema_of(typing.get_args(kind)[0])
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return _one_of_several(typing.get_args(kind))
    if is_dataclass(kind):
        return _fields(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [one.value for one in kind]}
    return SIMPLE[kind] if kind in SIMPLE else _collection(kind)


def _one_of_several(kinds: Iterable[Any]) -> Schema:
    known = [schema_of(one) for one in kinds if one is not types.NoneType]
    schema = known[0] if len(known) == 1 else {"anyOf": known}
    return _or_null(schema) if types.NoneType in kinds else schema


def _fields(kind: Any) -> Schema:
    hints = typing.get_type_hints(kind)
    names = [one.name for one in fields(kind)]
    always = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    schema: Schema = {"type": "object", "properties": {name: schema_of(hints[name]) for name in names}}
    return {**schema, "required": always} if always else schema


def _collection(kind: Any) -> Schema:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if origin in (tuple, list, set, frozenset):
        of = [one for one in inner if one is not Ellipsis]
        same = len(set(of)) == 1
        return {"type": "array", "items": schema_of(of[0]) if same else {"anyOf": [schema_of(one) for one in of]}}
    return {}


def _response(what: str, schema: Schema, *, problem: bool = False) -> Schema:
    kind = "application/problem+json" if problem else "application/json"
    return {"description": what, "content": {kind: {"schema": schema}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
