"""A visitor's open cases: shown by reference and e-mail address, added to, and joined."""

from __future__ import annotations

from tests.nlu.cast import OWN, fill_in
from tests.nlu.conftest import Dialogue

REFERENCE = "KC-7ABCDEFY"
RESOLVED = "KC-9HJKMNPD"


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
