"""Forms that people print or file, as PDF: run card, certificate of conformity, packing list, material card.

Every form is proved by a decoder before it leaves; what cannot be made says why. Only looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from labels import forms
from labels.errors import LabelError
from labels.rendering import Rendered
from labels.run_card import read_sheet, run_card_pdf
from mes.masters.model import Item
from mes.planning.model import SalesOrder
from mes.planning.sheet import sheet
from mes.production.model import RunCard
from mes.quality.certificate import certificate
from mes.shipping.packing_list import packing_list
from mes.stock.model import Lot
from mes.warehouse.material_card import material_card
from web.house import house, look
from web.language import t
from web.rights import looks, screens_and


def add_to(pages: Blueprint) -> None:
    """Add the forms; run cards also for stations' screens, the others for people who are logged in."""
    pages.add_url_rule("/run-cards/<path:card>.pdf", "run_card_file", screens_and("run_card_form")(run_card_file))
    pages.add_url_rule("/certificates/<path:lot>.pdf", "certificate_file", looks("certificate")(certificate_file))
    pages.add_url_rule("/packing-lists/<path:order>.pdf", "packing_list_file", looks("packing_list")(packing_list_file))
    pages.add_url_rule(
        "/material-cards/<path:item>.pdf", "material_card_file", looks("material_card")(material_card_file)
    )


def run_card_file(card: str) -> Response:
    """QR-7502 as an A5 PDF."""
    with look() as session:
        facts = sheet(session, _found(session, RunCard.code, card))
    return _pdf(lambda: run_card_pdf(read_sheet(facts)))


def certificate_file(lot: str) -> Response:
    """The certificate of conformity of a lot; 404 before its final inspection has passed."""
    with look() as session:
        facts = certificate(session, _found(session, Lot.code, lot))
    if facts is None:
        abort(
            404,
            t(
                f"批次 {lot} 的成品检验尚未合格，没有合格证。",
                f"Lot {lot} has passed no final inspection yet: no certificate.",
            ),
        )
    return _form(forms.certificate, facts)


def packing_list_file(order: str) -> Response:
    """The packing list of an order."""
    with look() as session:
        facts = packing_list(session, _found(session, SalesOrder.order_no, order))
    return _form(forms.packing_list, facts)


def material_card_file(item: str) -> Response:
    """The material card of an item: its stock by lot and place, as of now."""
    with look() as session:
        facts = material_card(session, _found(session, Item.code, item), house().clock())
    return _form(forms.material_card, facts)


def _found(session: Session, code: InstrumentedAttribute[str], wanted: str) -> Any:
    """The row of this code, or 404."""
    row = session.scalar(select(code.class_).where(code == wanted))
    if row is None:
        abort(404, t(f"没有 {wanted}。", f"There is no {wanted}."))
    return row


def _form(make: Callable[[dict[str, Any]], Rendered], facts: dict[str, Any]) -> Response:
    return _pdf(lambda: make(facts).content)


def _pdf(make: Callable[[], bytes]) -> Response:
    try:
        return Response(make(), mimetype="application/pdf")
    except LabelError as error:
        abort(409, t(error.in_chinese(), str(error)))
