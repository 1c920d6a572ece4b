"""A visitor's cases: shown by reference and a mailed code, added to, and joined."""

from __future__ import annotations

import pytest

from tests.nlu.cast import OWN, fill_in
from tests.nlu.conftest import Dialogue

REFERENCE = "KC-7ABCDEFY"
RESOLVED = "KC-9HJKMNPD"
UNKNOWN = "KC-ABCDEFGQ"
CODE = "482913"


def test_a_case_is_shown_for_its_reference_and_the_code_that_is_mailed(alice: Dialogue) -> None:
    assert alice.say("what about my case?") == [
        "utter_ticket_status_opening",
        "utter_ask_reference",
    ]
    assert alice.say("kc 7abc defy") == ["utter_code_sent", "utter_ask_code"]
    assert alice.effects == [{"kind": "send_code", "reference": REFERENCE}]
    assert alice.asks == "code"
    assert alice.say(CODE) == ["utter_ticket_is_waiting"]
    assert alice.args["reference"] == REFERENCE
    assert alice.args["category"] == "damaged"
    assert alice.effects == []
    assert alice.form is None


@pytest.mark.parametrize("typed", ["482913", "482-913", "my code is 482 913", "it's 482913."])
def test_a_code_may_be_typed_or_pasted(alice: Dialogue, typed: str) -> None:
    alice.press("ticket_status")
    alice.say(REFERENCE)
    assert alice.say(typed) == ["utter_ticket_is_waiting"]
    assert "code" not in alice.args


def test_a_code_is_no_order_number(alice: Dialogue) -> None:
    alice.press("ticket_status")
    alice.say(REFERENCE)
    alice.say(CODE)
    assert "order_number" not in alice.args


def test_what_is_no_code_is_asked_again(alice: Dialogue) -> None:
    alice.press("ticket_status")
    alice.say(REFERENCE)
    assert alice.say("48291") == ["utter_invalid_code", "utter_ask_code"]
    assert alice.say("alice@example.com") == ["utter_invalid_code", "utter_ask_code"]


def test_another_code_is_mailed_when_it_is_asked_for(alice: Dialogue) -> None:
    alice.press("ticket_status")
    alice.say(REFERENCE)
    assert alice.press("choose", choice="new_code") == ["utter_code_sent", "utter_ask_code"]
    assert alice.effects == [{"kind": "send_code", "reference": REFERENCE}]
    assert alice.say(CODE) == ["utter_ticket_is_waiting"]


def test_a_question_in_between_mails_no_second_code(alice: Dialogue) -> None:
    alice.press("ticket_status")
    alice.say(REFERENCE)
    assert alice.say("when will I get a reply?") == ["utter_faq/reply_times", "utter_ask_code"]
    assert alice.effects == []


def test_what_is_proved_stays_proved_for_the_next_request(alice: Dialogue) -> None:
    alice.press("ticket_status")
    fill_in(alice, REFERENCE, CODE)
    assert alice.press("add_to_ticket") == [
        "utter_add_to_ticket_opening",
        "utter_ask_add_to_ticket_description",
    ]


def test_a_slip_in_a_reference_is_told(alice: Dialogue) -> None:
    alice.say("what about my case?")
    assert alice.say("KC-7ABCDEFX") == ["utter_invalid_reference", "utter_ask_reference"]


def test_a_wrong_reference_and_a_wrong_code_get_the_same_answers(alice: Dialogue) -> None:
    mallory = Dialogue(alice.rasa)
    answers = []
    for visitor, reference, code in ((alice, REFERENCE, "000000"), (mallory, UNKNOWN, CODE)):
        visitor.press("ticket_status")
        answers.append([visitor.say(reference), visitor.say(code)])
    assert answers[0] == answers[1]
    assert answers[0][1] == ["utter_code_not_matched", "utter_ask_code"]
    assert alice.say(CODE) == ["utter_ticket_is_waiting"]


def test_a_corrected_reference_gets_a_code_of_its_own(alice: Dialogue) -> None:
    alice.press("ticket_status")
    fill_in(alice, UNKNOWN, CODE)
    assert alice.say(REFERENCE) == ["utter_code_sent", "utter_ask_code"]
    assert alice.say(CODE) == ["utter_ticket_is_waiting"]


def test_three_codes_in_vain_call_a_person(alice: Dialogue) -> None:
    alice.press("ticket_status")
    fill_in(alice, REFERENCE, "000000", "000001")
    assert alice.say("000002")[0] == "utter_ticket_not_matched_again"
    assert "hand_off" in [effect["kind"] for effect in alice.effects]


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
    asked = fill_in(alice, REFERENCE, CODE, "the box was open as well")
    assert asked == ["reference", "code", "description"]
    assert alice.say("yes") == ["utter_add_to_ticket_sent"]


def test_a_resolved_case_that_is_added_to_is_open_again(alice: Dialogue) -> None:
    alice.press("add_to_ticket")
    fill_in(alice, RESOLVED, CODE, "the box was open as well")
    assert alice.say("yes") == ["utter_add_to_ticket_sent_again"]
    assert alice.effects[0]["kind"] == "complete_ticket"


def test_the_same_request_again_joins_its_open_ticket(alice: Dialogue) -> None:
    alice.id = f"cancellation-has-ticket-{alice.id}"
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    assert alice.say("cancel my order") == ["utter_request_joined"]
    assert alice.args["reference"] == REFERENCE
    assert alice.effects == []
    assert alice.form is None


@pytest.mark.parametrize("standing", ["overdue", "in_progress"])
def test_a_date_that_has_passed_or_was_kept_is_not_told_as_one_to_come(
    alice: Dialogue, standing: str
) -> None:
    alice.id = f"cancellation-has-{standing}-ticket-{alice.id}"
    alice.facts = {**OWN, "name": "Alice Smith", "order_verified": True}
    assert alice.say("cancel my order") == [f"utter_request_joined_{standing}"]


def test_the_same_request_for_another_order_is_another_ticket(alice: Dialogue) -> None:
    alice.id = f"cancellation-has-ticket-{alice.id}"
    assert alice.say("please cancel order 1002")[0] == "utter_cancel_order_opening"


def test_another_wish_for_the_account_is_another_ticket(alice: Dialogue) -> None:
    alice.id = f"account-has-ticket-{alice.id}"
    assert alice.say("I can't log in")[0] == "utter_recover_account_opening"
