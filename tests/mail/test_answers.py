"""What a customer answers completes their case, and what is said to it names that case."""

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.storage.tables import Conversation, Message, Ticket
from bot.storage.tables_incoming import Draft
from bot.tickets import Details, Tickets, missing_of
from tests.conftest import SetClock
from tests.mail.cast import acknowledge, mails, new_ticket
from tests.mail.incoming_cast import Shop, shop_of, written


@pytest.fixture
def tickets(services: Services) -> Tickets:
    return Tickets(services.policy, services.calendar, services.notices)


@pytest.fixture
def shop(services: Services, tickets: Tickets) -> Shop:
    return shop_of(services, tickets)


def answer(shop: Shop, text: str, number: int = 0, sender: str = "alice@example.com") -> None:
    """An answer to one of the mails that the shop has written."""
    written_before = mails(shop.services)[number].message_id
    shop.takes_and_works(
        written(text, sender=sender, subject="Re: Your request", In_Reply_To=written_before)
    )


def test_an_answer_tells_what_was_missing(shop: Shop) -> None:
    shop.takes_and_works(written("The clasp broke.", sender="alice@example.com"))
    assert missing_of(shop.ticket) == ("name", "order_number", "attachments")
    answer(shop, "It is order 1005.", sender="Alice Example <alice@example.com>")
    ticket = shop.ticket
    assert (ticket.order_number, ticket.name) == ("1005", "Alice Example")
    assert ticket.description == "A question\n\nThe clasp broke.\n\nIt is order 1005."
    assert missing_of(ticket) == ("attachments",)


NAME, ORDER = "- your name", "- your order number"
DESCRIPTION, PHOTO = "- what happened", "- a photo"


@pytest.mark.parametrize(
    ("text", "sender", "asked"),
    [
        ("The clasp broke.", "alice@example.com", {NAME, ORDER, PHOTO}),
        ("My refund for 1001?", "Alice <alice@example.com>", set()),
        ("", "Alice <alice@example.com>", {DESCRIPTION}),
    ],
)
def test_the_acknowledgement_asks_for_what_is_missing(
    shop: Shop, text: str, sender: str, asked: set[str]
) -> None:
    shop.takes_and_works(written(text, sender=sender, subject="" if not text else "Hello"))
    (mail,) = mails(shop.services)
    assert {item for item in (NAME, ORDER, DESCRIPTION, PHOTO) if item in mail.text} == asked
    assert ("please answer this mail" in mail.text) == bool(asked)


def test_who_asked_in_the_chat_was_asked_there(services: Services, clock: SetClock) -> None:
    acknowledge(services, new_ticket(services, clock()), clock())
    assert "missing" not in mails(services)[0].text


def test_an_answer_that_names_another_order_changes_no_order(shop: Shop) -> None:
    shop.takes_and_works(written("The clasp of order 1001 broke."))
    answer(shop, "The one of 1002 is fine.")
    assert shop.ticket.order_number == "1001"
    assert "The one of 1002 is fine." in (shop.ticket.description or "")


def test_an_order_that_is_only_in_what_a_mail_forwards_is_found(shop: Shop) -> None:
    forwarded = (
        "I want a refund for this.\n\n---------- Forwarded message ---------\n"
        "From: Kendrascntt <orders@shop.example>\nDate: Tue, 3 Nov 2026 at 09:12\n"
        "Subject: Your order\n\nThank you.\n\nOrder number: 1003\n"
    )
    shop.takes_and_works(written(forwarded, subject="Fwd: Your order"))
    assert (shop.ticket.category, shop.ticket.order_number) == ("refund", "1003")


def test_an_order_that_only_the_subject_names_is_found(shop: Shop) -> None:
    shop.takes_and_works(written("The clasp broke.", subject="Order 1003"))
    assert shop.ticket.order_number == "1003"


@pytest.mark.parametrize(("answered", "place"), [(0, 0), (1, 1)])
def test_draft_and_reply_name_the_ticket_whose_mail_was_answered(
    shop: Shop, tickets: Tickets, clock: SetClock, answered: int, place: int
) -> None:
    shop.takes_and_works(written("The clasp of order 1001 broke."))
    with shop.services.database.write() as session:
        conversation = session.get_one(Conversation, shop.ticket.conversation_id)
        tickets.open(
            session,
            conversation,
            category="refund",
            reason="asked",
            details=Details("1002", "alice@example.com", "Alice", "my money"),
            now=clock(),
        )
    answer(shop, "The clasp looks worse now.", answered)
    meant = shop.tickets[place]
    with shop.services.database.write() as session:
        draft = session.scalars(select(Draft).order_by(Draft.id.desc())).first()
        assert draft
        assert meant.reference in draft.text
        reply = Message(
            conversation_id=meant.conversation_id,
            sequence=9,
            sender="agent",
            text="We see to it.",
            created_at=clock(),
        )
        session.add(reply)
        session.flush()
        tickets.replied(session, meant.conversation_id or "", reply, clock())
    assert meant.reference in mails(shop.services)[-1].text
    with shop.services.database.read() as session:
        replied = session.scalars(select(Ticket.first_replied_at)).all()
    assert all(replied)
