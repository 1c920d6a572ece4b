"""A damaged piece becomes a ticket with reference, category, class and promised date."""

import re

from sqlalchemy import select

from bot.storage import Database
from bot.storage.tables import Ticket
from tests.running_shop import RunningShop
from tests.visitor import Visitor

REFERENCE = re.compile(r"KC-[2-9A-HJKMNP-Z]{8}")


def ticket_of(shop: RunningShop, visitor: Visitor) -> Ticket:
    database = Database(f"sqlite:///{shop.data_dir / 'bot.sqlite3'}")
    with database.read() as session:
        found = session.scalars(select(Ticket).where(Ticket.conversation_id == visitor.id)).one()
    database.close()
    return found


def fill_in(alice: Visitor) -> str:
    told = alice.say("my huggie earrings arrived broken")
    assert "24 business hours" in told
    alice.say("order 1001")
    alice.say("alice@example.com")
    alice.say("Alice Moreau")
    return alice.say("one of the hinges is bent and the little stone fell out")


def test_a_report_shows_what_it_will_send_and_ends_in_a_ticket(
    shop: RunningShop, alice: Visitor
) -> None:
    shown = fill_in(alice)
    for part in ("1001", "alice@example.com", "Alice Moreau", "hinges is bent"):
        assert part in shown
    assert alice.newest[-1]["asks"] == "confirm"
    sent = alice.say("yes")
    ticket = ticket_of(shop, alice)
    assert REFERENCE.search(sent)
    assert ticket.reference in sent
    assert (ticket.category, ticket.ticket_class, ticket.state) == ("damaged", "urgent", "new")
    assert (ticket.order_number, ticket.name) == ("1001", "Alice Moreau")
    assert ticket.description
    assert "hinges" in ticket.description
    # Section 3, reading 1: the same clock time on the next business day.
    assert "Wednesday 18 November" in sent
    message = alice.newest[-1]
    assert message["promise"]["clause"].startswith("3")
    assert message["ticket"] == {"reference": ticket.reference}


def test_a_question_in_the_middle_is_answered_and_the_report_goes_on(alice: Visitor) -> None:
    alice.say("my necklace came damaged")
    told = alice.say("how does a return work?")
    assert "Refund Policy" in told
    assert alice.newest[-1]["asks"] == "order_number"


def test_who_has_no_order_number_can_report_all_the_same(alice: Visitor) -> None:
    alice.say("the ring i got as a gift is cracked")
    alice.press("No order number")
    assert alice.newest[-1]["asks"] == "email"


def test_a_detail_can_be_changed_before_it_is_sent(alice: Visitor) -> None:
    fill_in(alice)
    alice.press("No, change something")
    alice.press("The name")
    assert alice.newest[-1]["asks"] == "name"
    assert "Alicia Moreau" in alice.say("Alicia Moreau")


def test_a_report_that_is_stopped_sends_nothing(alice: Visitor) -> None:
    fill_in(alice)
    assert not REFERENCE.search(alice.say("stop"))


def test_a_wish_for_a_person_leaves_the_report_and_hands_over(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("something arrived broken")
    told = alice.say("let me talk to a real person please")
    ticket = ticket_of(shop, alice)
    assert ticket.reference in told
    assert ticket.category == "damaged"  # of the request that was under way
    assert ticket.ticket_class == "urgent"
