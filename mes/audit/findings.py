"""What a check finds, and the list of checks in the order in which they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mes.audit import containers, gates, history, limbo, marks, masters, own_work, quantities, stops

Check = Callable[[Session], Iterator[tuple[str, str, str]]]

CHECKS: tuple[Check, ...] = (
    quantities.a_balance_is_the_sum_of_its_movements,
    quantities.a_balance_says_of_its_lot_what_is_true,
    quantities.a_box_is_in_one_place_and_status,
    quantities.an_edge_is_the_net_consumption,
    quantities.what_was_drawn_stands_in_the_genealogy,
    limbo.an_operation_at_work_is_on_an_open_card,
    limbo.an_operation_at_work_says_who_and_since_when,
    limbo.an_operation_that_waits_has_made_nothing,
    limbo.an_operation_in_set_up_waits_for_its_first_article,
    limbo.what_lies_on_a_card_that_is_over_has_a_way_on,
    limbo.a_cancelled_card_has_no_good_boxes,
    limbo.a_loaded_box_lies_where_it_is_loaded,
    limbo.a_line_with_loaded_boxes_has_a_station,
    limbo.what_is_stopped_says_why,
    limbo.an_open_nonconformance_has_goods,
    limbo.a_reversal_mirrors_what_it_reverses,
    limbo.a_report_is_taken_back_as_a_whole,
    containers.a_carton_lies_on_a_pallet_and_a_box_in_a_carton,
    containers.a_pallet_stands_in_one_place,
    containers.a_pallet_leaves_as_a_whole,
    containers.a_closed_pallet_has_one_label_and_an_open_one_none,
    gates.a_run_card_stands_for_a_line_of_an_approved_plan,
    gates.a_passed_first_article_is_measured_piece_by_piece,
    gates.nobody_decided_on_what_he_found_nonconforming,
    masters.a_lot_is_counted_in_the_unit_it_began_in,
    masters.accepted_goods_lie_where_accepted_goods_may,
    masters.a_lot_expires_where_its_item_does,
    masters.a_lot_belongs_to_whom_its_item_does,
    marks.a_label_tells_the_status,
    marks.a_box_has_one_valid_status_label,
    marks.every_printed_label_is_accounted_for,
    marks.a_second_piece_is_marked_as_a_copy,
    stops.a_missing_box_is_locked_until_another_has_counted,
    stops.what_a_hold_stopped_is_on_hold,
    stops.a_customers_property_is_decided_on_with_his_consent,
    stops.nothing_was_shipped_after_its_day,
    own_work.nobody_approved_a_plan_of_his_own,
    own_work.nobody_changed_his_own_roles,
    own_work.nobody_certified_himself,
    own_work.nobody_let_his_own_refusal_pass,
    own_work.somebody_can_let_people_in,
    history.an_accepted_event_has_its_effect,
    history.a_refused_event_leaves_nothing,
    history.an_effect_is_what_the_event_caused,
    history.seals_are_an_unbroken_chain,
    history.sealed_events_are_as_they_were,
    history.history_is_guarded,
    history.ids_carry_the_number_of_the_site,
    history.the_database_file_is_sound,
)


@dataclass(frozen=True)
class Finding:
    """One breach of a law: which check found it, on what, and the sentence in both languages."""

    check: str
    what: str
    zh: str
    en: str


def audit(session: Session) -> list[Finding]:
    """Run every check; empty when the database keeps all its laws."""
    return [Finding(check.__name__, what, zh, en) for check in CHECKS for what, zh, en in check(session)]
