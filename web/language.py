"""Which language a page speaks: the person's choice in the session, else the plant's own, Chinese.

The pages' words stand in templates as pairs through `t(zh, en)`; refusals and headlines bring both with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask
from flask import redirect, request, session
from flask_babel import Babel
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from mes.refusals import in_language
from web.going import page_at

LANGUAGES = ("zh", "en")


def install_languages(app: APIFlask) -> None:
    """Make `t`, `both`, `said`, and `language` known to templates, and /language/<code> switch in one tap."""
    Babel(app, locale_selector=lambda: "zh_Hans_CN" if language() == "zh" else "en")
    app.jinja_env.globals.update(t=t, both=both, language=language, said=said)
    app.add_url_rule("/language/<code>", "language", switch, methods=["POST"])


def language() -> str:
    """`zh` or `en` for this reader."""
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else "zh"


def t(zh: str, en: str) -> str:
    """The word in the reader's language."""
    return zh if language() == "zh" else en


def both(zh: str, en: str) -> Markup:
    """The reader's language large, the other one small beside it."""
    first, second = (zh, en) if language() == "zh" else (en, zh)
    return Markup('{} <small lang="{}">{}</small>').format(escape(first), "en" if language() == "zh" else "zh", second)


def said(text: str | None) -> str:
    """A text of the plant's record (a lock's reason…) in the reader's language."""
    return in_language(text or "", language())


def of(words: Mapping[str, Any]) -> str:
    """The sentence of a pair of sentences that fits the reader."""
    return str(words[language()])


def switch(code: str) -> Response:
    """Change the reader's language and go back to the page."""
    if code in LANGUAGES:
        session["language"] = code
    return redirect(page_at(request.form.get("next")))
