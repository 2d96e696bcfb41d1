"""What a request brings along is readable before any route sees it: address, form and JSON, else 422 with the field.

Judges texts and nesting only: characters that no engine keeps, JSON that is none. What a field may hold is its route's
question, how large a body may be the app's (`MAX_CONTENT_LENGTH`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from apiflask import APIFlask
from flask import Response, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest

from mes.given.kind import NOT_KEPT
from mes.outside import is_text
from mes.words import Words
from web.language import t
from web.problems import misread

DEEPEST = 16
NO_JSON = Words("不是 JSON", "is no JSON")
TOO_DEEP = Words(f"嵌套超过 {DEEPEST} 层", f"is nested more than {DEEPEST} levels deep")


class PlainJSON(DefaultJSONProvider):
    """JSON as its standard has it: no NaN, no number beyond a float; whatever is none is a ValueError."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a text; raises ValueError."""
        try:
            return json.loads(s, parse_constant=_no_number, parse_float=_finite, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def install(app: APIFlask) -> None:
    """Look at every request before anything else does."""
    app.json = PlainJSON(app)
    app.before_request(_readable)


def _readable() -> Response | None:
    """None lets in."""
    wrong = {_visible(name): words for name, words in {**_in_texts(), **_in_json()}.items()}
    if wrong and not (request.path.startswith("/api/") or request.is_json):
        abort(422, "; ".join(f"{name}: {t(words.zh, words.en)}" for name, words in wrong.items()))
    return misread(wrong) if wrong else None


def _in_texts() -> dict[str, Words]:
    """The parts of an address and the fields of a form that no engine keeps."""
    fields = () if request.is_json else request.form.items(multi=True)
    texts = [*(request.view_args or {}).items(), *request.args.items(multi=True), *fields]
    return {name: NOT_KEPT for name, text in texts if isinstance(text, str) and not is_text(name + text)}


def _in_json() -> dict[str, Words]:
    """The fields of a body that no engine keeps; the whole of what is no JSON. The request keeps what was read."""
    try:
        return dict(_wrong(request.get_json())) if request.is_json and request.method != "GET" else {}
    except BadRequest:
        return {"body": NO_JSON}


def _wrong(body: Any) -> Iterator[tuple[str, Words]]:
    """The fields, by their way through the body (`overrides.0.pin`), that no engine keeps or that lie too deep."""
    left: list[tuple[tuple[str, ...], Any]] = [((), body)]
    while left:
        way, value = left.pop()
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        if len(way) > DEEPEST:
            yield way[0], TOO_DEEP
            continue
        if not all(is_text(one) for one in (*way[-1:], value) if isinstance(one, str)):
            yield ".".join(way) or "body", NOT_KEPT
        left += [((*way, str(name)), one) for name, one in inside]


def _visible(name: str) -> str:
    """A field's name without what made it unreadable."""
    return "".join(sign if is_text(sign) else "\N{REPLACEMENT CHARACTER}" for sign in name)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number in JSON")


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"{text[:40]} is beyond any number")
    return found
