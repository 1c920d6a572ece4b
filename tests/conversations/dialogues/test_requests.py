"""Each request from the visitor's words to its ticket, or to why it cannot be done here."""

import pytest

from tests.conversations.dialogues.test_reports import REFERENCE, ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor

TOLD = {
    "order_number": "1001",
    "email": "alice@example.com",
    "name": "Alice Arden",
    "description": "the ring, it is too small for my finger",
}


def tell(alice: Visitor, **other: str) -> str:
    """Answer each question once until it shows what it will send; gives that."""
    asked: list[str] = []
    told = TOLD | other
    shown = ""
    while (asks := alice.newest[-1].get("asks")) != "confirm":
        assert asks in told, alice.newest
        assert asks not in asked, f"{asks} was asked twice"
        asked.append(asks)
        shown = alice.say(told[asks])
    return shown


@pytest.mark.parametrize(
    ("said", "number", "category", "told"),
    [
        ("please cancel my order", "1031", "cancellation", "It isn't done yet"),
        ("I want to change something in my order", "1031", "order_change", "isn't changed yet"),
        ("I need to change the shipping address", "1031", "address_change", "aren't changed yet"),
        ("I would like to return a ring", "1012", "return", "5–10 business days"),
        ("I want a refund for my order", "1012", "refund", "5–10 business days"),
        ("can I exchange my ring for a bigger one", "1012", "exchange", "instructions"),
        ("where is my refund? it still has not arrived", "1012", "refund", "5–10 business days"),
        (
            "my package says delivered but it never came",
            "1012",
            "missing_package",
            "3–5 business days",
        ),
        ("my order is really late and I am annoyed", "1001", "delay", "3–5 business days"),
    ],
)
@pytest.mark.clause("3.urgent_reply")
def test_a_request_about_an_order_ends_in_an_urgent_ticket(
    shop: RunningShop, alice: Visitor, said: str, number: str, category: str, told: str
) -> None:
    opening = alice.say(said)
    assert "24 business hours" in opening
    shown = tell(alice, order_number=number)
    assert f"Order: {number}" in shown
    assert "Name: Alice Arden" in shown
    sent = alice.say("yes")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in sent
    assert told in sent
    assert "Wednesday 18 November" in sent
    assert (ticket.category, ticket.ticket_class) == (category, "urgent")
    assert (ticket.order_number, ticket.order_verified) == (number, True)


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("I can't log in to my account", "account"),
        ("please update the phone number in my profile", "account"),
        ("please delete all the personal data you have about me", "privacy"),
    ],
)
@pytest.mark.clause("1.account", "3.general_reply")
def test_a_request_about_an_account_ends_in_a_general_ticket(
    shop: RunningShop, alice: Visitor, said: str, category: str
) -> None:
    assert "1–2 business days" in alice.say(said)
    assert "Order:" not in tell(alice, description="it says my password is wrong")
    sent = alice.say("yes")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in sent
    assert (ticket.category, ticket.ticket_class) == (category, "general")


@pytest.mark.clause("1.feedback")
def test_feedback_is_passed_on_without_an_address_as_well(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("I would like to leave some feedback about your packaging")
    if alice.newest[-1].get("asks") == "description":
        alice.say("the boxes are lovely but there is too much paper in them")
    assert alice.newest[-1]["asks"] == "email"
    alice.press("No reply needed")
    assert ticket_of_sent(shop, alice, "yes") == "feedback"


def ticket_of_sent(shop: RunningShop, alice: Visitor, said: str) -> str:
    """The category of the ticket that this message sends."""
    told = alice.say(said)
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    return str(ticket.category)


@pytest.mark.clause("1.order_assistance")
def test_an_address_cannot_be_changed_once_the_order_has_left(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("I need to change the shipping address")
    alice.say("1001")
    told = alice.say("alice@example.com")
    assert "1001 is shipped" in told
    assert not REFERENCE.search(told)
    assert alice.newest[-1].get("asks") is None
    alice.press("Talk to a person")
    assert ticket_of(shop, alice).category == "address_change"


def test_of_a_shipped_order_people_decide(alice: Visitor) -> None:
    alice.say("please cancel my order")
    alice.say("1001")
    told = alice.say("alice@example.com")
    assert "1001 is shipped" in told
    assert "person to decide" in told
    assert alice.newest[-1]["asks"] == "name"


def test_past_orders_are_listed_for_who_proves_one(alice: Visitor) -> None:
    alice.say("show me all my past orders")
    alice.say("1012")
    told = alice.say("alice@example.com")
    for number in ("1001", "1012", "1020", "1031", "1040"):
        assert number in told


def test_the_same_request_again_joins_its_ticket(shop: RunningShop, alice: Visitor) -> None:
    alice.say("please cancel my order")
    tell(alice, order_number="1031")
    alice.say("yes")
    again = alice.say("cancel my order please")
    assert ticket_of(shop, alice).reference in again  # one ticket, or this would fail
    assert alice.newest[-1].get("asks") is None


def test_a_detail_called_wrong_is_asked_again_and_shown(alice: Visitor) -> None:
    alice.say("please cancel my order")
    tell(alice, order_number="1001")
    alice.say("no, the other order")
    assert alice.newest[-1]["asks"] == "order_number"
    assert "Order: 1031" in alice.say("1031")
