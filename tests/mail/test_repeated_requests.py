"""A request that comes again by mail joins the open ticket of who sent it, and they are told so."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.mail.incoming import read_mail
from bot.storage.tables import Conversation
from bot.storage.tables_incoming import Attachment, Draft
from bot.tickets import Tickets
from tests.conftest import SetClock
from tests.mail.cast import mails, words
from tests.mail.incoming_cast import Shop, raw, shop_of, written

CAROL = "Carol <carol@example.net>"
LATE = "My order 1003 has not arrived"


@pytest.fixture
def shop(services: Services) -> Shop:
    shop = shop_of(services, Tickets(services.policy, services.calendar, services.notices))
    shop.understanding.labels |= {"arrived": "report_delay"}
    return shop


def templates(shop: Shop) -> list[str]:
    return [mail.template for mail in mails(shop.services)]


@pytest.mark.parametrize("again", [LATE, "It has still not arrived"])
@pytest.mark.parametrize("first", [LATE, "It has not arrived"])
def test_the_same_request_again_joins_and_is_confirmed_as_added(
    shop: Shop, clock: SetClock, first: str, again: str
) -> None:
    shop.takes_and_works(written(first, sender=CAROL))
    clock.pass_time(minutes=5)
    shop.takes_and_works(written(again, sender="CAROL@example.net", subject="Again"))
    ticket = shop.ticket
    assert {m.conversation_id for m in shop.messages} == {ticket.conversation_id}
    assert {m.conversation_id for m in shop.mails} == {ticket.conversation_id}
    assert {m.ticket_id for m in shop.messages} == {ticket.id}
    assert again in (ticket.description or "")
    assert templates(shop) == ["acknowledgement", "request_added"]
    added = mails(shop.services)[-1]
    assert f"added to your request {ticket.reference}" in words(added.text)
    assert ticket.promise is not None
    assert ticket.promise.told_as in words(added.text)
    with shop.services.database.read() as session:
        assert len(session.scalars(select(Conversation)).all()) == 1
        assert [d.sequence for d in session.scalars(select(Draft))] == [1, 2]


def test_the_files_that_came_with_it_come_along_and_count(shop: Shop) -> None:
    shop.takes_and_works(written(LATE, sender=CAROL))
    pictured = replace(
        read_mail(raw("nested")), from_address="carol@example.net", text=LATE, whole=LATE
    )
    shop.takes(pictured)
    shop.drafting.work_off()
    ticket = shop.ticket
    with shop.services.database.read() as session:
        files = session.scalars(select(Attachment)).all()
    places = {(file.conversation_id, file.sequence, file.ticket_id) for file in files}
    assert places == {(ticket.conversation_id, 2, ticket.id)}
    assert ticket.attachment_count == len(files)


def test_all_mails_of_a_thread_join_before_any_is_worked_off(shop: Shop) -> None:
    shop.takes_and_works(written(LATE, sender=CAROL))
    shop.takes(written(LATE, sender=CAROL, Message_ID="<again@example.net>"))
    shop.takes(written("One thing more.", sender=CAROL, References="<again@example.net>"))
    shop.drafting.work_off()
    assert [m.conversation_id for m in shop.messages] == [shop.ticket.conversation_id] * 3
    assert [m.sequence for m in shop.messages] == [1, 2, 3]
    assert shop.messages[-1].ticket_id == shop.ticket.id


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("My order 1003 has not arrived", "Mallory <mallory@example.org>"),
        ("My order 1004 has not arrived", CAROL),
        ("The clasp broke. Order 1003", CAROL),
    ],
)
def test_another_person_order_or_thing_is_another_ticket(
    shop: Shop, text: str, sender: str
) -> None:
    shop.takes_and_works(written(LATE, sender=CAROL))
    shop.takes_and_works(written(text, sender=sender))
    assert len(shop.tickets) == 2
    assert templates(shop) == ["acknowledgement"] * 2


def test_a_proved_order_stays_proved_when_its_owner_writes_again(shop: Shop) -> None:
    shop.takes_and_works(written(LATE, sender=CAROL))
    with shop.services.database.write() as session:
        ticket = session.merge(shop.ticket)
        ticket.order_verified = True
    shop.takes_and_works(written(LATE, sender=CAROL, subject="Again"))
    assert shop.ticket.order_verified
