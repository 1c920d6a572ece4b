"""Each request through the real form and rules: asked once, proved, shown, sent or told."""

from __future__ import annotations

import pytest

from tests.nlu.conftest import Dialogue

OWN = {"order_number": "1001", "email": "alice@example.com"}
PROVED = {"kind": "verify", **OWN}
REFERENCE = "KC-7ABCDEFY"
RESOLVED = "KC-9HJKMNPD"


def fill_in(alice: Dialogue, *answers: str) -> list[str]:
    """Answer one question after the other; gives the slots that were asked for."""
    asked = []
    for answer in answers:
        asked.append(str(alice.asks))
        alice.say(answer)
    return asked


def ticket(alice: Dialogue) -> dict[str, str]:
    """The ticket that the last answer opens."""
    return next(e for e in alice.effects if e["kind"] == "open_ticket")


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


def test_a_case_is_shown_by_reference_and_email_and_neither_alone(alice: Dialogue) -> None:
    assert alice.say("what about my case?") == [
        "utter_ticket_status_opening",
        "utter_ask_reference",
    ]
    assert alice.say("kc 7abc defy") == ["utter_ask_ticket_email"]
    assert alice.say("alice@example.com") == ["utter_ticket_is_waiting"]
    assert alice.args["reference"] == REFERENCE
    assert alice.args["category"] == "damaged"


def test_a_slip_in_a_reference_is_told(alice: Dialogue) -> None:
    alice.say("what about my case?")
    assert alice.say("KC-7ABCDEFX") == ["utter_invalid_reference", "utter_ask_reference"]


def test_a_wrong_reference_and_a_wrong_email_get_the_same_refusal(alice: Dialogue) -> None:
    alice.press("ticket_status")
    alice.say(REFERENCE)
    wrong_email = alice.say("mallory@example.com")
    mallory = Dialogue(alice.rasa)
    mallory.press("ticket_status")
    mallory.say("KC-ABCDEFG7")
    assert alice.say("alice@example.com") == ["utter_ticket_is_waiting"]
    assert wrong_email == ["utter_ticket_not_matched", "utter_ask_reference"]


def test_the_conversations_own_case_needs_no_proof(alice: Dialogue) -> None:
    alice.id = f"refund-has-ticket-{alice.id}"
    assert alice.say("what about my case?") == ["utter_ticket_is_waiting"]


def test_something_is_added_to_the_own_case_after_a_look_at_it(alice: Dialogue) -> None:
    alice.id = f"refund-has-ticket-{alice.id}"
    assert alice.say("add something to my case") == [
        "utter_add_to_ticket_opening",
        "utter_ask_add_to_ticket_description",
    ]
    assert alice.say("the box was open as well") == ["utter_ask_confirm_addition"]
    assert alice.say("yes") == ["utter_add_to_ticket_sent"]
    assert alice.effects == [
        {
            "kind": "complete_ticket",
            "reference": REFERENCE,
            "description": "the box was open as well",
        }
    ]


def test_something_is_added_to_another_case_with_the_same_proof(alice: Dialogue) -> None:
    alice.press("add_to_ticket")
    asked = fill_in(alice, REFERENCE, "alice@example.com", "the box was open as well")
    assert asked == ["reference", "email", "description"]
    assert alice.say("yes") == ["utter_add_to_ticket_sent"]


def test_nothing_is_added_to_a_case_that_is_resolved(alice: Dialogue) -> None:
    alice.press("add_to_ticket")
    fill_in(alice, RESOLVED, "alice@example.com", "the box was open as well")
    assert alice.say("yes") == ["utter_ticket_is_resolved"]
    assert alice.effects == []


def test_the_same_request_again_joins_its_open_ticket(alice: Dialogue) -> None:
    alice.id = f"cancellation-has-ticket-{alice.id}"
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    assert alice.say("cancel my order") == ["utter_request_joined"]
    assert alice.args["reference"] == REFERENCE
    assert alice.effects == []
    assert alice.form is None


def test_the_same_request_for_another_order_is_another_ticket(alice: Dialogue) -> None:
    alice.id = f"cancellation-has-ticket-{alice.id}"
    assert alice.say("please cancel order 1002")[0] == "utter_cancel_order_opening"


def test_another_wish_for_the_account_is_another_ticket(alice: Dialogue) -> None:
    alice.id = f"account-has-ticket-{alice.id}"
    assert alice.say("I can't log in")[0] == "utter_recover_account_opening"


def test_another_request_takes_over_with_what_is_known(alice: Dialogue) -> None:
    alice.say("cancel my order")
    fill_in(alice, "1001", "alice@example.com")
    assert alice.say("I want to return something") == [
        "utter_request_left",
        "utter_request_return_opening",
        "utter_ask_request_return_description",
    ]
    assert alice.form == "request_form"


def test_a_short_question_that_is_a_request_takes_over_from_a_description(
    alice: Dialogue,
) -> None:
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    alice.say("I want to return something")
    assert alice.asks == "description"
    assert alice.say("where is my order?") == ["utter_request_left", "utter_order_shipped"]


def test_a_button_takes_over_whatever_is_asked(alice: Dialogue) -> None:
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    alice.say("I want to return something")
    assert alice.press("request_exchange")[:2] == [
        "utter_request_left",
        "utter_request_exchange_opening",
    ]


@pytest.mark.parametrize(
    ("said", "asks", "again"),
    [
        ("no, the other order", "order_number", "utter_ask_own_order_number"),
        ("no, wrong email", "email", "utter_ask_order_email"),
        ("wrong name", "name", "utter_ask_name"),
    ],
)
def test_a_detail_that_is_called_wrong_is_asked_again(
    alice: Dialogue, said: str, asks: str, again: str
) -> None:
    alice.say("cancel my order")
    fill_in(alice, "1001", "alice@example.com", "Alice Smith")
    assert alice.say(said) == [again]
    assert alice.asks == asks


def test_the_other_order_is_proved_and_shown_before_it_is_sent(alice: Dialogue) -> None:
    alice.say("cancel my order")
    fill_in(alice, "1001", "alice@example.com", "Alice Smith")
    alice.say("no, the other order")
    assert alice.say("1002") == ["utter_ask_confirm"]
    alice.say("yes")
    assert ticket(alice)["order_number"] == "1002"


def test_a_number_that_corrects_the_order_is_no_name(alice: Dialogue) -> None:
    alice.say("cancel my order")
    fill_in(alice, "1001", "alice@example.com")
    assert alice.say("no, it's 1002") == ["utter_ask_name"]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("when will I get a reply?", "utter_faq/reply_times"),
        ("do you have a discount code?", "utter_not_covered/promotions"),
        ("what's the weather like?", "utter_out_of_scope/unrelated"),
        ("hello", "utter_greet"),
    ],
)
def test_an_interruption_is_answered_and_each_question_is_asked_again_once(
    alice: Dialogue, said: str, answered: str
) -> None:
    alice.say("I want to return something")
    for answer in ("1001", "alice@example.com", "it is too small for me", "Alice Smith"):
        asked, names = alice.asks, alice.say(said)
        assert len(names) == 2
        assert names[0] == answered
        assert alice.asks == asked
        alice.say(answer)
    assert alice.say(said)[0] == answered
    assert alice.asks == "confirm"


def test_a_wish_for_a_person_takes_along_what_was_given(alice: Dialogue) -> None:
    alice.say("cancel my order")
    fill_in(alice, "1001", "alice@example.com")
    alice.say("I want to talk to a person")
    assert alice.effects == [
        PROVED,
        {"kind": "hand_off", "reason": "asked", "category": "cancellation", **OWN},
    ]


def test_a_form_that_is_stopped_sends_nothing(alice: Dialogue) -> None:
    alice.say("cancel my order")
    fill_in(alice, "1001", "alice@example.com", "Alice Smith")
    assert alice.say("stop") == ["utter_stopped"]
    assert (alice.effects, alice.form) == ([], None)
