"""Whatever comes in the middle of a form: it is answered, and the form ends well."""

import pytest

from tests.conversations.dialogues.test_reports import REFERENCE, ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor


@pytest.mark.parametrize(
    "said",
    [
        "how long does a refund take?",
        "is it real silver?",
        "do you have a discount code?",
        "what is the weather like tomorrow?",
        "hello there",
        "are you a robot?",
    ],
)
def test_the_form_asks_again_exactly_once(alice: Visitor, said: str) -> None:
    alice.say("I would like to return a ring")
    for answer in ("1012", "alice@example.com"):
        asks = alice.newest[-1]["asks"]
        alice.say(said)
        assert [m.get("asks") for m in alice.newest].count(asks) == 1
        assert alice.newest[-1]["asks"] == asks
        alice.say(answer)


def test_another_request_leaves_the_first_with_a_sentence(alice: Visitor) -> None:
    alice.say("please cancel my order")
    alice.say("1031")
    alice.say("alice@example.com")
    told = alice.say("actually where is my order?")
    assert "nothing of it has been sent" in told
    assert "1031 is received" in told  # with what was given before


def test_three_tries_in_vain_end_with_a_person_and_what_was_given(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("where is my order?")
    alice.say("7001")
    alice.say("alice@example.com")
    alice.say("7002")
    told = alice.say("7003")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    assert (ticket.order_number, ticket.email) == ("7003", "alice@example.com")
    assert (ticket.order_verified, ticket.category) == (False, "delay")


def test_a_wish_for_a_person_takes_along_what_was_given(shop: RunningShop, alice: Visitor) -> None:
    alice.say("please cancel my order")
    alice.say("1031")
    alice.say("alice@example.com")
    told = alice.say("I want to talk to a person")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    assert (ticket.category, ticket.order_number) == ("cancellation", "1031")
    assert ticket.order_verified


def test_a_form_that_is_stopped_sends_nothing(alice: Visitor) -> None:
    alice.say("please cancel my order")
    alice.say("1031")
    assert not REFERENCE.search(alice.say("stop"))
    assert alice.newest[-1].get("asks") is None
