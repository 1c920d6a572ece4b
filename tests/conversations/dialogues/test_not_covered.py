"""The shop's business on which the policy is silent: said plainly, counted, passed on if wanted."""

import re

import pytest

from bot.demand import Demand
from bot.storage import Database
from tests.conftest import TUESDAY_MORNING
from tests.conversations.dialogues.test_reports import ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor

ASKED = {
    "not_covered/promotions": "do you have a discount code for me?",
    "not_covered/payment_methods": "can i pay with klarna or in instalments",
    "not_covered/pricing_dispute": "the ring was cheaper yesterday, will you match the old price",
    "not_covered/membership": "do you have a loyalty programme with points",
    "not_covered/gift": "could you gift wrap it and add a little card",
    "not_covered/billing": "i need an invoice for my order for my accountant",
    "not_covered/site_problem": "your website keeps crashing when i go to checkout",
    "not_covered/other": "is there a warranty on your jewellery",
}


def asked(shop: RunningShop) -> dict[str, int]:
    database = Database(f"sqlite:///{shop.data_dir / 'bot.sqlite3'}")
    counts = Demand(database).counts(TUESDAY_MORNING)
    database.close()
    return {count.label: count.asked for count in counts}


@pytest.mark.parametrize("label", ASKED)
def test_it_is_said_that_the_policy_does_not_say_and_the_question_is_counted(
    shop: RunningShop, alice: Visitor, label: str
) -> None:
    before = asked(shop).get(label, 0)
    told = alice.say(ASKED[label])
    assert re.search(r"published policy (doesn't say|says nothing)", told)
    assert "1–2 business days" in told
    assert "Talk to a person" in {b["title"] for b in alice.newest[-1]["buttons"]}
    assert {"1", "3"} <= alice.sections
    assert not re.search(r"KC-", told)
    assert asked(shop)[label] == before + 1


def test_who_wants_it_passed_on_gets_a_general_ticket_of_its_own_category(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("is there a warranty on your jewellery")
    told = alice.press("Talk to a person")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    assert (ticket.category, ticket.ticket_class) == ("not_covered", "general")
    assert "warranty" in (ticket.description or "")


def test_asked_in_the_middle_of_a_form_it_is_answered_and_the_form_goes_on(
    alice: Visitor,
) -> None:
    alice.say("where is my order")
    told = alice.say("do you have a student discount?")
    assert "published policy says nothing" in told
    assert alice.newest[-1]["asks"] == "order_number"
