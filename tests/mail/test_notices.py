"""What a visitor is told by mail of a ticket: every move once, in words that trainers wrote."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.mail import MailNotices, Outbox, keep_format_wishes, unsubscribe
from bot.mail.message import Sender
from bot.mail.outbox import ANSWERS_A_DAY
from bot.mail.templates import MailTemplates
from bot.storage.tables import Account, Message, PromiseRecord, Ticket
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import send
from tests.mail.cast import (
    ALICE,
    DUE,
    SUPPORT,
    acknowledge,
    mails,
    move,
    new_ticket,
    open_jobs,
    words,
)


def test_the_acknowledgement_names_reference_and_promise(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    acknowledge(services, ticket, clock())
    mail = mails(services)[0]
    assert mail.subject == f"We have your request {ticket.reference}"
    assert f"A person replies by {DUE} at the latest." in words(mail.text)
    assert ticket.reference in mail.text
    assert "Hello Alice," in mail.text
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert open_jobs(services) == 1


def test_what_is_told_twice_is_written_once(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    acknowledge(services, ticket, clock())
    acknowledge(services, ticket, clock())
    assert len(mails(services)) == 1
    assert open_jobs(services) == 1


def test_a_ticket_without_an_address_gets_no_mail(services: Services, clock: SetClock) -> None:
    ticket = new_ticket(services, clock(), email=None)
    acknowledge(services, ticket, clock())
    move(services, ticket, "new", "resolved", clock())
    assert mails(services) == []


def test_an_acknowledgement_without_a_name_greets_nobody(
    services: Services, clock: SetClock
) -> None:
    acknowledge(services, new_ticket(services, clock(), name=None), clock())
    assert "Hello" not in mails(services)[0].text


def test_who_wrote_in_another_language_is_told_that_it_may_take_longer(
    services: Services, clock: SetClock
) -> None:
    acknowledge(services, new_ticket(services, clock(), language="es"), clock())
    assert "You wrote in Spanish." in mails(services)[0].text


@pytest.mark.parametrize(
    ("before", "after", "template"),
    [
        ("new", "open", "progress_open"),
        ("resolved", "open", "progress_reopened"),
        ("closed", "open", "progress_reopened"),
        ("open", "waiting_visitor", "progress_waiting_visitor"),
        ("open", "waiting_carrier", "progress_waiting_carrier"),
        ("open", "needs_translation", "progress_needs_translation"),
        ("open", "approved", "progress_approved"),
        ("approved", "resolved", "follow_up"),
    ],
)
def test_each_move_is_told_with_its_own_words_in_the_tickets_thread(
    services: Services, ticket: Ticket, clock: SetClock, before: str, after: str, template: str
) -> None:
    acknowledge(services, ticket, clock())
    number = move(services, ticket, before, after, clock())
    first, update = mails(services)
    assert (update.template, update.occasion) == (template, f"move {number}")
    assert ticket.reference in update.subject
    assert update.headers["In-Reply-To"] == first.message_id
    assert update.headers["References"] == first.message_id
    assert "{" not in update.text


def test_closing_is_no_news(services: Services, ticket: Ticket, clock: SetClock) -> None:
    move(services, ticket, "resolved", "closed", clock())
    assert mails(services) == []


def test_a_move_that_promises_a_date_tells_it(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    with services.database.write() as session:
        session.add(
            PromiseRecord(
                ticket_id=ticket.id,
                clause="4.2.trace",
                policy_version="test",
                counted_from=clock(),
                due_at=clock(),
                told_at=clock(),
                told_as="Tuesday 24 November at 5:00 pm (your time)",
            )
        )
    move(services, ticket, "open", "waiting_carrier", clock())
    text = words(mails(services)[0].text)
    assert "You hear from us by Tuesday 24 November at 5:00 pm (your time)." in text
    assert "3–5 business days" in text


def test_what_a_person_replied_is_sent_word_for_word(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    bob, alice = agent_at_work(services), services.intake.start()
    send(services, alice, "hello")
    services.desk.reply(
        alice.id, bob, "A new clasp is on its way.\n\n<b>Kind</b> {regards}", "c" * 32
    )
    with services.database.write() as session:
        message = session.scalars(select(Message).where(Message.sender == "agent")).one()
        assert session.get_one(Account, bob).name == "Bob"
        for _ in range(2):
            services.notices.replied(session, session.get_one(Ticket, ticket.id), message, clock())
    clock.pass_time(minutes=2)
    assert services.replies.work() == 1
    mail = mails(services)[0]
    assert "A new clasp is on its way.\n\n<b>Kind</b> {regards}" in mail.text
    assert "Bob, Kendrascntt" in mail.text
    assert mail.html is not None
    assert "&lt;b&gt;Kind&lt;/b&gt; {regards}" in mail.html
    assert "Auto-Submitted" not in mail.headers
    assert len(mails(services)) == 1


def test_a_format_that_was_wished_for_is_kept_for_every_later_mail(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    with services.database.write() as session:
        keep_format_wishes(session, "Alice@Example.com", {"large_print": True})
    acknowledge(services, ticket, clock())
    with services.database.write() as session:
        keep_format_wishes(session, ALICE, {"plain_text": True})
    move(services, ticket, "new", "open", clock())
    with services.database.write() as session:
        keep_format_wishes(session, ALICE, {"plain_text": False, "large_print": False})
    move(services, ticket, "open", "approved", clock())
    large, plain, usual = (mail.html for mail in mails(services))
    assert large is not None
    assert "font-size" in large
    assert plain is None
    assert usual is not None
    assert "style" not in usual


def test_a_wish_that_no_mail_obeys_is_refused(services: Services) -> None:
    with services.database.write() as session, pytest.raises(ValueError, match="braille"):
        keep_format_wishes(session, ALICE, {"braille": True})


def test_what_people_do_is_told_however_often(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    for _ in range(ANSWERS_A_DAY):
        move(services, ticket, "waiting_visitor", "open", clock())
        move(services, ticket, "open", "waiting_visitor", clock())
    move(services, ticket, "open", "resolved", clock())
    for _ in range(ANSWERS_A_DAY + 1):
        acknowledge(services, new_ticket(services, clock()), clock())
    assert {mail.refused_at for mail in mails(services)} == {None}
    assert open_jobs(services) == 3 * ANSWERS_A_DAY + 2


def test_a_sixth_answer_to_an_addresss_mails_within_a_day_is_refused_and_says_why(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    answering = replace(services, notices=services.notices.answering_mail())
    acknowledge(services, ticket, clock())
    for _ in range(ANSWERS_A_DAY):
        move(answering, ticket, "waiting_visitor", "open", clock())
    by_mail = new_ticket(services, clock())
    acknowledge(answering, by_mail, clock())
    *sent, sixth = mails(services)
    assert {mail.refused_at for mail in sent} == {None}
    assert sent[-1].headers["Auto-Submitted"] == "auto-replied"
    assert sixth.refused_at == clock()
    assert sixth.cause == "5 of this address's mails were answered automatically within a day"
    assert open_jobs(services) == ANSWERS_A_DAY + 1
    with services.database.read() as session:
        cause = session.get_one(Ticket, by_mail.id).cause
    assert cause == f"Our mail “{sixth.subject}” was not sent to {ALICE}: {sixth.cause}"
    move(services, by_mail, "new", "open", clock())
    assert mails(services)[-1].refused_at is None
    clock.pass_time(hours=24)
    move(answering, ticket, "waiting_visitor", "open", clock())
    assert mails(services)[-1].refused_at is None


def linked(services: Services) -> MailNotices:
    outbox = Outbox(
        MailTemplates(services.settings.mail_templates_dir, services.policy),
        services.policy,
        Sender("Kendrascntt", SUPPORT),
        reply_to=lambda ticket: f"support+{ticket.reference}.signed@shop.example",
        unsubscribe_url=lambda address: f"https://shop.example/unsubscribe/{len(address)}",
    )
    return MailNotices(
        outbox,
        services.policy,
        case_url=lambda ticket: f"https://shop.example/cases/{ticket.reference}",
        rating_urls=lambda ticket: {
            answer: f"https://shop.example/rating/{ticket.id}?answer={answer}"
            for answer in ("satisfied", "partly", "unsatisfied")
        },
    )


def test_the_follow_up_has_a_link_for_each_answer_and_is_refused_with_one_click(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    follow = replace(services, notices=linked(services))
    move(follow, ticket, "open", "resolved", clock())
    mail = mails(services)[0]
    assert mail.html is not None
    for answer in ("satisfied", "partly", "unsatisfied"):
        link = f"https://shop.example/rating/{ticket.id}?answer={answer}"
        assert f'<a href="{link}">' in mail.html
        assert f": {link}\n" in mail.text
    assert mail.headers["List-Unsubscribe"] == "<https://shop.example/unsubscribe/17>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["Reply-To"] == f"support+{ticket.reference}.signed@shop.example"


def test_who_wants_no_follow_up_is_told_only_that_it_is_settled(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    with services.database.write() as session:
        unsubscribe(session, ALICE, clock())
    move(services, ticket, "open", "resolved", clock())
    assert [mail.template for mail in mails(services)] == ["progress_resolved"]
