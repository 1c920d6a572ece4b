"""What the policy excludes, and what is nobody's business here, each with its own way on."""

import re

import pytest

from tests.conversations.dialogues.test_reports import ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor


def titles(visitor: Visitor) -> set[str]:
    return {button["title"] for button in visitor.newest[-1]["buttons"]}


@pytest.mark.parametrize(
    "text",
    [
        "i dropped my ring and ran it over with the car, is that covered",
        "wore my bracelet in the pool all summer and now it's black, can you replace it",
    ],
)
@pytest.mark.clause("1.excluded")
def test_improper_use_names_who_decides_and_offers_that_a_person_judges(
    alice: Visitor, text: str
) -> None:
    told = alice.say(text)
    assert "Terms of Purchase" in told
    assert "1–2 business days" in told
    assert {"Talk to a person", "It arrived like that"} <= titles(alice)
    assert "1" in alice.sections
    assert not re.search(r"KC-", told)


def test_a_person_may_judge_what_improper_use_is(shop: RunningShop, alice: Visitor) -> None:
    alice.say("my toddler yanked on the chain until it snapped, do you cover that")
    told = alice.press("Talk to a person")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    assert ticket.ticket_class == "general"
    assert "toddler" in (ticket.description or "")


@pytest.mark.clause("1.excluded")
def test_a_charge_that_failed_is_the_payment_processors_and_the_order_is_ours(
    alice: Visitor,
) -> None:
    assert "whoever issued your card" in alice.say("my credit card was declined, fix it please")
    alice.press("Show my order")
    assert alice.newest[-1]["asks"] == "order_number"


def test_what_has_nothing_to_do_with_the_shop_gets_a_way_on_and_no_ticket(alice: Visitor) -> None:
    told = alice.say("write me a poem about the sea")
    assert "outside of what I can help with" in told
    assert {"Track my order", "Talk to a person"} <= titles(alice)
    assert not re.search(r"KC-", told)
    assert alice.state == "bot"


def test_a_question_that_is_not_ours_does_not_end_a_form(alice: Visitor) -> None:
    alice.say("something arrived broken")
    asks = alice.newest[-1]["asks"]
    alice.say("what's the weather like in boston tomorrow?")
    assert alice.newest[-1]["asks"] == asks
