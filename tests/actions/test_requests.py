"""Every request of the dialogue has its row, its category and its words."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions.request_form import RequestForm
from actions.requests import DETAILS, REQUESTS, question
from bot.assistant import Words
from bot.orders.views import OrderState
from bot.policy import load_policy
from bot.settings import ROOT, Settings
from bot.tickets.categories import CATEGORY_OF_REQUEST, category_of

# The design's requests, but for the wish for a person, which is no form.
LABELS = [
    *("track_order", "cancel_order", "change_order", "change_address", "request_return"),
    *("request_refund", "request_exchange", "refund_status", "report_damaged"),
    *("report_wrong_item", "report_missing_package", "report_delay", "recover_account"),
    *("update_account", "order_history", "ticket_status", "add_to_ticket", "give_feedback"),
    "privacy_request",
]
TICKETS = [label for label, request in REQUESTS.items() if request.outcome in ("ticket", "history")]


def words() -> Words:
    settings = Settings()
    return Words(settings.responses_dir, load_policy(settings.policy_file))


def rule() -> Any:
    content = YAML(typ="safe").load((ROOT / "data/rules/requests.yml").read_text())
    return content["rules"][0]["steps"][0]["or"]


def test_every_request_has_a_row_and_no_row_is_for_anything_else() -> None:
    assert sorted(REQUESTS) == sorted(LABELS)


def test_every_row_is_in_the_domain_and_in_the_rule_that_opens_the_form() -> None:
    domain = YAML(typ="safe").load((ROOT / "domain.yml").read_text())
    assert set(REQUESTS) <= set(domain["intents"])
    assert sorted(step["intent"] for step in rule()) == sorted(REQUESTS)


@pytest.mark.parametrize("label", TICKETS)
def test_what_opens_a_ticket_has_a_category_of_the_policy(label: str) -> None:
    assert label in CATEGORY_OF_REQUEST
    assert category_of(label) in load_policy(Settings().policy_file).categories


@pytest.mark.parametrize("label", REQUESTS)
def test_every_request_opens_with_a_clause_and_a_ticket_ends_with_reference_and_date(
    label: str,
) -> None:
    responses = words().responses()
    assert responses[f"utter_{label}_opening"].clauses
    if label in TICKETS:
        sent = responses[f"utter_{label}_sent"]
        assert sent.clauses
        assert {"{reference}", "{reply_within}", "{due}"} <= set(re.findall(r"{\w+}", sent.text))


@pytest.mark.parametrize("label", REQUESTS)
def test_every_question_has_words_that_say_what_is_asked_for(label: str) -> None:
    responses = words().responses()
    request = REQUESTS[label]
    sent = ("description", "confirm", "choice") if request.is_sent else ()
    for slot in (*request.asks, *sent):
        assert slot in RequestForm.slots
        asked = responses[question(label, slot)].asks
        # A reference is none of the things that the visitor API names.
        assert asked == (None if slot == "reference" else slot)


@pytest.mark.parametrize("label", REQUESTS)
def test_a_state_that_changes_a_request_exists_and_is_told_with_a_clause(label: str) -> None:
    request = REQUESTS[label]
    assert not request.remarks & request.ends
    for state in request.remarks | request.ends:
        assert state in set(OrderState)
        assert words().responses()[f"utter_{label}_{state}"].clauses


def test_details_are_changed_before_shipment_only() -> None:
    assert {"shipped", "delivered"} <= REQUESTS["change_address"].ends


def test_an_order_is_proved_unless_its_receiver_may_not_know_it() -> None:
    without = {
        label
        for label, request in REQUESTS.items()
        if "order_number" in request.asks and request.proof is None
    }
    assert without == {"report_damaged", "report_wrong_item"}
    for label in without:
        assert "order_number" in REQUESTS[label].optional


@pytest.mark.parametrize("label", REQUESTS)
def test_every_person_can_answer_a_ticket(label: str) -> None:
    request = REQUESTS[label]
    # An open case has its address already; a code goes there.
    assert ("code" if request.proof == "ticket" else "email") in request.asks
    assert request.optional <= set(DETAILS)


@pytest.mark.parametrize("label", ["request_refund", "refund_status", "request_return"])
def test_refunds_tell_the_policys_time_from_approval(label: str) -> None:
    assert "{refund}" in words().responses()[f"utter_{label}_sent"].text


@pytest.mark.parametrize("label", ["report_missing_package", "report_delay"])
def test_what_is_traced_tells_the_policys_time(label: str) -> None:
    assert "{carrier_trace}" in words().responses()[f"utter_{label}_opening"].text
    assert REQUESTS[label].shows_order
