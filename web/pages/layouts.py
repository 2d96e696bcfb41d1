"""Label layouts for people: every layout with its proof, and a plant's own text for one, proved before it is saved.

A layout that cannot be made scannable is refused here with the exact reason, not on the floor, and nothing that was
typed is lost (law 9).
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from labels import layout as packaged
from labels.errors import LabelError
from labels.languages import to_png
from labels.plan import Layout
from labels.proof import Proof
from labels.rendering import PRINT_WIDTH_MM
from mes.labelling.layouts import all_newest, history, newest, revisions
from mes.outside import whole_of
from mes.roles import Role
from web import layouts as layouts_room
from web.house import house, look
from web.language import t
from web.pages import words
from web.pages.asking import Answered, say
from web.rights import looks

EDITORS = {Role.ADMIN, Role.QUALITY_MANAGER}
LONGEST = 48 * 1024
MM = 25.4
KEPT = 24
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Listed:
    """A layout in the list; `revision` is the plant's own, empty where it uses the one that came with Runcard."""

    name: str
    zh: str
    en: str
    stock: str
    sizes: str
    revision: int | None


@dataclass(frozen=True)
class Seen:
    """One proof as people look at it: the picture on its stock, its size, and the codes read from it."""

    picture: str
    paper_mm: int
    width_mm: int
    height_mm: int
    dpi: int
    codes: tuple[str, ...]


def add_to(pages: Blueprint) -> None:
    """Add the pages of the label layouts."""
    pages.add_url_rule("/labels", "layouts", looks("layouts")(layouts))
    pages.add_url_rule("/labels/<name>", "layout", looks("layouts")(layout))
    pages.add_url_rule("/labels/<name>/check", "layout_check", looks("layouts")(check), methods=["POST"])
    pages.add_url_rule("/labels/<name>/save", "layout_save", looks("layouts")(save), methods=["POST"])


def layouts() -> str:
    """Every layout, with what the plant has changed."""
    with look() as session:
        own = revisions(session)
        kept = all_newest(session)
    found = [_listed(name, kept.get(name) or packaged.text_of(name), own.get(name)) for name in packaged.names()]
    return render_template("layouts.html", layouts=found, words=words)


def layout(name: str) -> str:
    """One layout: its proof at every size and resolution, and its text; `?revision=` shows an earlier one.

    The way back to an earlier revision is to save its text as the next.
    """
    earlier = _revision(request.args.get("revision"))
    return _page(name, _kept(name) if earlier is None else _earlier(name, earlier), shown=earlier)


def _revision(text: str | None) -> int | None:
    """The revision that the address asks for; what is no number is none that there is."""
    try:
        return None if text is None else whole_of(text)
    except ValueError:
        abort(404, t("没有此版。", "There is no such revision."))


def check(name: str) -> Page:
    """Prove a text as it stands, without saving it."""
    return _page(_known(name), _typed(), typed=True)


def save(name: str) -> Page:
    """Keep a text as the plant's next revision, if every code on it can be read at every size."""
    text = _typed()
    outcome = layouts_room.save(house().database, house().clock, _known(name), text, person=current_user.badge)
    answer = Answered(outcome.value, outcome.reasons)
    if not answer.accepted:
        return _page(name, text, answer, typed=True), 409
    say(answer, t(f"已保存：第 {answer.value.revision} 版", f"Saved as revision {answer.value.revision}"))
    return redirect(url_for("pages.layout", name=name))


@lru_cache(maxsize=KEPT)
def proved(name: str, text: str) -> tuple[Seen, ...] | LabelError:
    """The proofs of a layout's text on its own sample as people look at them, or what is wrong with it."""
    try:
        return tuple(_seen(proof) for proof in layouts_room.checked(name, text))
    except LabelError as error:
        return error


def _page(
    name: str, text: str, answer: Answered | None = None, *, typed: bool = False, shown: int | None = None
) -> str:
    with look() as session:
        own, past = newest(session, _known(name)), history(session, name)
    found = proved(name, text)
    error = found if isinstance(found, LabelError) else None
    return render_template(
        "layout.html",
        name=name,
        text=text,
        revision=own[0] if own else None,
        shown=shown,
        past=past,
        plan=_plan(name, text),
        words=words,
        error=error,
        proofs=() if error else found,
        typed=typed,
        may_save=bool(current_user.roles & EDITORS),
        reasons=answer.reasons if answer and not error else (),
        original=packaged.text_of(name),
    )


def _plan(name: str, text: str) -> Layout | None:
    try:
        return packaged.parse(name, text)
    except LabelError:
        return None


def _seen(proof: Proof) -> Seen:
    picture = proof.picture
    width_mm, height_mm = (round(side / proof.dpi * MM) for side in picture.size)
    paper_mm = next((round(paper) for paper, head in PRINT_WIDTH_MM.items() if head == width_mm), width_mm)
    drawn = b64encode(to_png(picture, proof.dpi)).decode("ascii")
    return Seen(drawn, paper_mm, width_mm, height_mm, proof.dpi, proof.codes)


def _listed(name: str, text: str, revision: int | None) -> Listed:
    plan = _plan(name, text) or packaged.load(name)
    sizes = ", ".join(
        f"{size.width_mm:g} × {size.height_mm:g}" if size.height_mm else f"{size.width_mm:g}" for size in plan.sizes
    )
    return Listed(name, plan.title_zh, plan.title_en, plan.stock, sizes, revision)


def _kept(name: str) -> str:
    with look() as session:
        return _text(session, _known(name))


def _earlier(name: str, revision: int) -> str:
    """The text of an earlier revision; 0 is the one that came with Runcard."""
    if revision == 0:
        return packaged.text_of(_known(name))
    with look() as session:
        found = next((one for one in history(session, _known(name)) if one.number == revision), None)
    return found.content if found else abort(404)


def _text(session: Session, name: str) -> str:
    own = newest(session, name)
    return own[1] if own else packaged.text_of(name)


def _known(name: str) -> str:
    if name not in packaged.names():
        abort(404, t(f"没有版式 {name}。", f"There is no label layout {name}."))
    return name


def _typed() -> str:
    """The text as typed; browsers send lines with CR LF."""
    text = request.form.get("text", "")
    if len(text) > LONGEST:
        abort(413, t("版式过长。", "The layout is too long."))
    return text.replace("\r\n", "\n")
