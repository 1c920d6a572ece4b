"""What comes between a request's questions: another request, a correction, a question, a stop."""

from __future__ import annotations

import pytest

from tests.nlu.cast import OWN, PROVED, fill_in, ticket
from tests.nlu.conftest import Dialogue


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
