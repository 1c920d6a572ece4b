"""Each request through the real form and rules: asked once, proved, shown, sent or told."""

from __future__ import annotations

import pytest

from tests.nlu.cast import OWN, PROVED, fill_in, ticket
from tests.nlu.conftest import Dialogue


@pytest.mark.parametrize(
    ("label", "category", "number"),
    [
        ("cancel_order", "cancellation", "1001"),
        ("change_order", "order_change", "1001"),
        ("change_address", "address_change", "1002"),
        ("request_return", "return", "1001"),
        ("request_refund", "refund", "1001"),
        ("request_exchange", "exchange", "1001"),
        ("refund_status", "refund", "1001"),
        ("report_missing_package", "missing_package", "1001"),
        ("report_delay", "delay", "1001"),
    ],
)
def test_a_request_about_an_order_proves_it_shows_all_and_opens_its_ticket(
    alice: Dialogue, label: str, category: str, number: str
) -> None:
    assert alice.press(label) == [f"utter_{label}_opening", "utter_ask_own_order_number"]
    assert fill_in(alice, number, "alice@example.com") == ["order_number", "email"]
    while alice.asks != "confirm":
        alice.say({"name": "Alice Smith", "description": "as I told you"}[str(alice.asks)])
    assert alice.args["category"] == category.replace("_", " ")
    assert alice.say("yes") == [f"utter_{label}_sent"]
    assert alice.effects[0] == {**PROVED, "order_number": number}
    assert ticket(alice)["category"] == category
    assert ticket(alice)["name"] == "Alice Smith"
    assert alice.form is None


@pytest.mark.parametrize(
    ("label", "category", "asked"),
    [
        ("recover_account", "account", ["email", "name", "description"]),
        ("update_account", "account", ["email", "name", "description"]),
        ("privacy_request", "privacy", ["email", "name", "description"]),
        ("give_feedback", "feedback", ["description", "email"]),
        ("report_wrong_item", "wrong_item", ["order_number", "email", "name", "description"]),
    ],
)
def test_what_needs_no_proof_asks_for_its_own_details(
    alice: Dialogue, label: str, category: str, asked: list[str]
) -> None:
    given = {
        "order_number": "no",
        "email": "alice@example.com",
        "name": "Alice Smith",
        "description": "as I told you",
    }
    alice.press(label)
    assert fill_in(alice, *(given[slot] for slot in asked)) == asked
    assert alice.asks == "confirm"
    assert alice.say("yes") == [f"utter_{label}_sent"]
    assert ticket(alice)["category"] == category
    assert ticket(alice)["description"] == "as I told you"


def test_what_is_known_is_never_asked_again(alice: Dialogue) -> None:
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    assert alice.say("my order is late") == [
        "utter_report_delay_opening",
        "utter_state_shipped",
        "utter_ask_report_delay_description",
    ]
    assert alice.say("no") == ["utter_ask_confirm"]
    assert not alice.args["description"]


def test_a_story_told_at_once_is_not_asked_for_again(alice: Dialogue) -> None:
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    story = (
        "I want my money back because the ring that came in October has lost its colour after"
        " two days of wear"
    )
    assert alice.say(story) == ["utter_request_refund_opening", "utter_ask_confirm"]
    assert alice.args["description"] == story


def test_feedback_that_says_it_all_is_only_asked_where_to_reply(alice: Dialogue) -> None:
    assert alice.say("your packaging is such a waste of paper") == [
        "utter_give_feedback_opening",
        "utter_ask_optional_email",
    ]
    alice.say("no")
    assert alice.say("yes") == ["utter_give_feedback_sent"]
    assert ticket(alice)["email"] is None


def test_feedback_that_is_only_announced_is_asked_for(alice: Dialogue) -> None:
    alice.say("I have some feedback")
    assert alice.asks == "description"


@pytest.mark.parametrize(
    ("label", "number", "told"),
    [
        ("change_address", "1001", "utter_change_address_shipped"),
        ("change_address", "1012", "utter_change_address_delivered"),
        ("change_address", "1040", "utter_change_address_cancelled"),
        ("cancel_order", "1012", "utter_cancel_order_delivered"),
        ("cancel_order", "1040", "utter_cancel_order_cancelled"),
        ("change_order", "1012", "utter_change_order_delivered"),
        ("change_order", "1040", "utter_change_order_cancelled"),
    ],
)
def test_what_cannot_be_done_any_more_is_said_and_nothing_is_sent(
    alice: Dialogue, label: str, number: str, told: str
) -> None:
    alice.press(label)
    alice.say(number)
    assert alice.say("alice@example.com") == [told]
    assert alice.effects == [{**PROVED, "order_number": number}]
    assert alice.form is None


@pytest.mark.parametrize("label", ["cancel_order", "change_order"])
def test_of_a_shipped_order_people_decide(alice: Dialogue, label: str) -> None:
    alice.press(label)
    alice.say("1001")
    assert alice.say("alice@example.com")[0] == f"utter_{label}_shipped"
    assert alice.form is not None


@pytest.mark.parametrize("label", ["track_order", "cancel_order", "order_history"])
def test_three_tries_in_vain_call_a_person_with_what_was_given(alice: Dialogue, label: str) -> None:
    alice.press(label)
    alice.say("1003")
    assert alice.say("alice@example.com")[0] == "utter_order_not_matched"
    assert alice.say("1004") == ["utter_order_not_matched", "utter_ask_own_order_number"] or (
        label == "order_history"
    )
    assert alice.say("1005") == ["utter_order_not_matched_again"]
    opened, handed = alice.effects
    assert (opened["kind"], opened["reason"]) == ("open_ticket", "not_matched")
    assert (opened["order_number"], opened["email"]) == ("1005", "alice@example.com")
    assert handed["kind"] == "hand_off"
    assert alice.form is None


def test_tries_in_vain_count_across_requests_until_one_matches(alice: Dialogue) -> None:
    alice.press("track_order", order_number="1003", email="alice@example.com")
    alice.press("cancel_order", order_number="1004")
    assert alice.say("1001")[0] == "utter_cancel_order_shipped"
    alice.say("stop")
    alice.press("track_order", order_number="1005")
    assert alice.say("1006")[0] == "utter_order_not_matched"


def test_who_never_finds_the_number_gets_a_person(alice: Dialogue) -> None:
    alice.press("cancel_order")
    assert alice.say("no")[0] == "utter_order_number_needed"
    assert alice.say("I can't find it")[0] == "utter_order_number_needed"
    assert alice.say("no") == ["utter_order_not_matched_again"]
    assert ticket(alice)["category"] == "cancellation"


def test_past_orders_are_listed_for_who_proves_one(alice: Dialogue) -> None:
    alice.say("show me my past orders")
    alice.say("1001")
    assert alice.say("alice@example.com") == ["utter_order_history"]
    assert "1002 · 12 November 2026 · in preparation" in alice.args["orders"]
    assert alice.effects == [PROVED]


def test_past_orders_without_a_number_are_for_a_person(alice: Dialogue) -> None:
    alice.say("show me my past orders")
    assert fill_in(alice, "no", "alice@example.com", "Alice Smith") == [
        "order_number",
        "email",
        "name",
    ]
    assert alice.say("yes") == ["utter_order_history_sent"]
    assert ticket(alice)["category"] == "account"
    # What was left out then is needed now.
    assert alice.say("where is my order?")[-1] == "utter_ask_own_order_number"
    assert alice.say("1012") == ["utter_order_delivered"]


def test_who_knows_no_number_is_not_asked_for_it_by_the_person_either(alice: Dialogue) -> None:
    alice.press("cancel_order")
    for _ in range(3):
        alice.say("no")
    assert alice.press("leave_details") == ["utter_ask_email"]


def test_an_optional_number_is_asked_once(alice: Dialogue) -> None:
    alice.say("I got the wrong necklace")
    assert alice.say("it was a gift") == ["utter_ask_email"]
    other = Dialogue(alice.rasa)
    other.say("I got the wrong necklace")
    assert other.say("from Gina") == ["utter_order_number_left_out", "utter_ask_email"]
    assert other.asks == "email"
