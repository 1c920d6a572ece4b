"""Corrections, refusals and answers in vain, through the real forms and rules."""

from __future__ import annotations

import pytest

from tests.nlu.cast import OWN, fill_in, ticket
from tests.nlu.conftest import Dialogue


@pytest.mark.parametrize("said", ["12", "abc", "dunno"])
def test_three_answers_in_vain_to_one_question_call_a_person(alice: Dialogue, said: str) -> None:
    alice.say("cancel my order")
    assert alice.say(said) == ["utter_invalid_order_number", "utter_ask_own_order_number"]
    alice.say(said)
    assert alice.say(said) == ["utter_not_understood_again"]
    assert ticket(alice)["category"] == "cancellation"
    assert (alice.effects[-1]["kind"], alice.form) == ("hand_off", None)


def test_three_references_in_vain_and_three_addresses_in_vain_call_a_person(
    alice: Dialogue,
) -> None:
    alice.say("what about my case?")
    for _ in range(2):
        assert alice.say("KC-12")[0] == "utter_invalid_reference"
    assert alice.say("KC-12") == ["utter_not_understood_again"]
    alice.say("I can't log in")
    for _ in range(2):
        assert alice.say("I have no mail")[0] == "utter_invalid_email"
    assert alice.say("I have no mail") == ["utter_not_understood_again"]


def test_three_answers_in_vain_end_the_questions_for_a_ticket(alice: Dialogue) -> None:
    alice.press("leave_details")
    fill_in(alice, "1001", "none", "none")
    assert alice.say("none") == ["utter_contact_details_thanks"]
    assert alice.effects[0]["order_number"] == "1001"
    assert alice.form is None


def test_a_name_that_is_refused_twice_is_left_out(alice: Dialogue) -> None:
    alice.facts = dict(OWN)
    alice.say("cancel my order")
    assert alice.say("no") == ["utter_invalid_name", "utter_ask_name"]
    assert alice.say("I'd rather not say") == ["utter_ask_confirm"]
    assert alice.say("yes") == ["utter_cancel_order_sent"]
    assert ticket(alice)["name"] is None


def test_a_correction_at_the_description_corrects_and_asks_again(alice: Dialogue) -> None:
    alice.facts = {**OWN, "name": "Alice Smith"}
    alice.say("I want to return something")
    assert alice.say("sorry wrong order, it should be 1012") == [
        "utter_ask_request_return_description"
    ]
    alice.say("it is too small for me")
    assert alice.args["order_number"] == "1012"
    assert alice.args["description"] == "it is too small for me"


@pytest.mark.parametrize(
    "said", ["no dont send it, I changed my mind", "nothing, forget it", "never mind"]
)
@pytest.mark.parametrize("refused_first", [True, False])
def test_what_is_withdrawn_is_not_sent(alice: Dialogue, said: str, refused_first: bool) -> None:
    alice.facts = {**OWN, "name": "Alice Smith"}
    alice.say("cancel my order")
    if refused_first:
        alice.say("no")
    assert alice.say(said) == ["utter_stopped"]
    assert (alice.effects, alice.form) == ([], None)


def test_a_detail_that_is_typed_at_the_choice_is_chosen_or_filled(alice: Dialogue) -> None:
    alice.facts = {**OWN, "name": "Alice Smith"}
    alice.say("cancel my order")
    alice.say("no")
    assert alice.say("the name is Alice B. Arden") == ["utter_ask_confirm"]
    assert alice.args["name"] == "Alice B. Arden"
    alice.say("no")
    assert alice.say("the email") == ["utter_ask_order_email"]


def test_what_was_given_before_the_questions_end_is_kept_on_the_ticket(alice: Dialogue) -> None:
    alice.press("leave_details")
    fill_in(alice, "no", "alice@example.com")
    assert alice.say("please cancel order 1002")[0] == "utter_details_stopped"
    assert alice.effects[0]["kind"] == "complete_ticket"
    assert alice.effects[0]["email"] == "alice@example.com"
    other = Dialogue(alice.rasa)
    other.press("leave_details")
    fill_in(other, "no", "alice@example.com")
    assert other.say("stop") == ["utter_details_stopped"]
    assert other.effects[0]["email"] == "alice@example.com"


def test_with_several_orders_in_a_request_it_asks_which(alice: Dialogue) -> None:
    alice.facts = {"email": "alice@example.com", "name": "Alice Smith"}
    assert alice.say("cancel order 1002 and order 1001") == [
        "utter_cancel_order_opening",
        "utter_ask_own_order_number",
    ]
