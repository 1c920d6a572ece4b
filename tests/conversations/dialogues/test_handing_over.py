"""People are called with a ticket and a date, and what is missing is asked for."""

import re

from tests.conversations.dialogues.test_reports import ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor


def test_with_nobody_there_the_date_is_told_and_details_are_asked(
    shop: RunningShop, alice: Visitor
) -> None:
    told = alice.say("can i speak to someone from the team")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    assert "Thursday 19 November at 5:00 pm" in told
    assert (ticket.category, ticket.ticket_class) == ("other", "general")
    alice.wait()
    assert alice.newest[-1]["asks"] == "order_number"
    alice.say("no")
    alice.say("alice@example.com")
    alice.say("Alice Moreau")
    alice.say("I would like advice on a present for my mother")
    ticket = ticket_of(shop, alice)
    assert (ticket.email, ticket.name) == ("alice@example.com", "Alice Moreau")
    assert "present for my mother" in (ticket.description or "")
    assert alice.state == "bot"


def test_two_misunderstandings_in_a_row_hand_over(shop: RunningShop, alice: Visitor) -> None:
    alice.say("blorp fnord zibble")
    told = alice.say("qwx grmbl frotz")
    assert ticket_of(shop, alice).reference in told
    assert ticket_of(shop, alice).reason == "not_understood"


def test_a_payment_processors_error_names_who_decides_and_offers_what_we_can(
    alice: Visitor,
) -> None:
    told = alice.say("paypal keeps saying my payment is pending, can you fix it")
    assert "PayPal" in told
    assert alice.sections == {"1", "3"}
    assert {b["title"] for b in alice.newest[-1]["buttons"]} == {
        "Show my order",
        "Talk to a person",
    }
    assert not re.search(r"KC-", told)


def test_an_unrelated_question_is_told_what_we_can_do_without_a_ticket(alice: Visitor) -> None:
    told = alice.say("who won the football last night")
    assert not re.search(r"KC-", told)
    assert len(alice.newest[-1]["buttons"]) == 4
    assert alice.sections == {"1"}
    assert alice.state == "bot"
