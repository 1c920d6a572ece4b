"""Dates in a conversation: before a request is sent, when it is, and when its case moves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.storage.tables import PromiseRecord, Ticket
from bot.storage.tables_outgoing import OutgoingMail
from bot.web.console.rows import left_of
from bot.web.console.times import Times
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import DAMAGED, answer, hand_off, lease, send, ticket, transcript

SHOWN = {"category": "damaged", "description": "the clasp broke", "order_number": "1001"}


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def confirm(services: Services, alice: Started, category: str = "damaged") -> str:
    """What Alice reads before she sends her request."""
    send(services, alice, "the clasp broke")
    args = {**SHOWN, "category": category}
    services.answering.store(lease(services, alice), answer("utter_ask_confirm", args=args))
    return transcript(services, alice)[-1].text


def send_request(services: Services, alice: Started, effect: Effect = DAMAGED) -> str:
    """What Alice reads when it is sent."""
    send(services, alice, "yes")
    found = answer("utter_report_damaged_sent")
    reply = found.replies[0].model_copy(update={"effects": [effect]})
    services.answering.store(lease(services, alice), found.model_copy(update={"replies": [reply]}))
    return transcript(services, alice)[-1].text


def test_the_date_told_before_sending_is_the_one_that_sending_promises(
    services: Services, alice: Started
) -> None:
    date = "Wednesday 18 November at 10:00 am (your time)"
    assert date in confirm(services, alice)
    assert date in send_request(services, alice)


def test_the_date_before_sending_is_that_of_the_requests_own_class(
    services: Services, alice: Started
) -> None:
    told = confirm(services, alice, "product question")
    assert "by Thursday 19 November at 5:00 pm (your time)" in told


def test_what_was_told_before_sending_is_stored_as_an_offer_and_is_no_promise(
    services: Services, alice: Started
) -> None:
    confirm(services, alice)
    with services.database.read() as session:
        offer = session.scalars(select(PromiseRecord)).one()
    assert (offer.kind, offer.ticket_id, offer.conversation_id) == ("offer", None, alice.id)
    shown = transcript(services, alice)[-1]
    assert offer.told_as in shown.text
    assert (shown.due_at, shown.clause, shown.reference) == (offer.due_at, "3.urgent_reply", None)
    assert services.promise_counts.by_clause() == []


def test_a_repeated_request_joins_and_keeps_its_reference_and_date(
    services: Services, alice: Started, clock: SetClock
) -> None:
    first = send_request(services, alice)
    clock.pass_time(minutes=10)
    again, date = send_request(services, alice), "Wednesday 18 November at 10:00 am (your time)"
    for told in (first, again):
        assert ticket(services).reference in told
        assert date in told
    assert ticket(services).description == "the clasp broke"


def test_adding_to_a_resolved_case_opens_it_again_and_says_so_with_a_new_date(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = agent_at_work(services)
    send_request(services, alice)
    services.desk.reply(alice.id, bob, "a new one is on its way", "b1")
    services.desk.resolve(ticket(services).reference, bob, "sent a new one")
    clock.pass_time(days=1)
    send(services, alice, "it broke, too")
    added = Effect(
        kind="complete_ticket", reference=ticket(services).reference, description="it broke, too"
    )
    found = answer("utter_add_to_ticket_sent")
    reply = found.replies[0].model_copy(update={"effects": [added]})
    services.answering.store(lease(services, alice), found.model_copy(update={"replies": [reply]}))
    assert ticket(services).state == "open"
    said = [m.text for m in transcript(services, alice)]
    (reopened,) = [text for text in said if "is open again" in text]
    assert "Thursday 19 November at 10:00 am (your time)" in reopened


@pytest.mark.clause("3.peak")
def test_in_a_peak_the_words_say_what_the_date_rests_on(
    services: Services, alice: Started, clock: SetClock
) -> None:
    today = clock.now.date()
    services.peaks.add(today, today + timedelta(days=3))
    told = send_request(services, alice)
    extra = "and, in this busy time, 1 additional business day"
    assert f"within 24 business hours {extra}, by Thursday 19 November at 10:00 am" in told
    send(services, alice, "when are you open?")
    services.answering.store(lease(services, alice), answer("utter_faq/business_hours"))
    assert f"within 24 business hours {extra}." in transcript(services, alice)[-1].text


def wait_for(services: Services, alice: Started) -> int:
    """Bob waits for Alice's answer; gives his account."""
    bob = agent_at_work(services)
    send_request(services, alice)
    services.desk.move(ticket(services).reference, bob, "waiting_visitor", "which clasp?")
    assert "we need something from you" in transcript(services, alice)[-1].text
    return bob


def test_words_to_the_assistant_let_no_case_go_on_that_waits_for_the_visitor(
    services: Services, alice: Started, clock: SetClock
) -> None:
    wait_for(services, alice)
    clock.pass_time(days=7)
    for words in ("ok thanks", "what is the status of my ticket?"):
        send(services, alice, words)
    assert ticket(services).state == "waiting_visitor"
    (found,) = services.ticket_lookup.of_conversation(alice.id)
    assert found.standing == "waiting_visitor"
    (listed,) = services.inbox.tickets()
    assert listed.waits_for_visitor
    row = left_of(listed, Times(services.calendar.zone, clock.now))
    assert row == ("waits for the visitor", "none")


def test_what_is_added_to_a_case_that_waits_lets_it_go_on(
    services: Services, alice: Started, clock: SetClock
) -> None:
    wait_for(services, alice)
    clock.pass_time(hours=1)
    send(services, alice, "add it")
    reference = ticket(services).reference
    added = Effect(kind="complete_ticket", reference=reference, description="the necklace's")
    services.answering.store(lease(services, alice), answer(effects=[added]))
    assert ticket(services).state == "open"


def test_a_person_who_is_wanted_for_a_case_that_waits_comes_with_a_later_date(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = wait_for(services, alice)
    services.accounts.set_available(bob, False)
    clock.pass_time(days=7)
    hand_off(services, alice)
    last = next(m for m in reversed(transcript(services, alice)) if m.due_at)
    assert last.reference == ticket(services).reference
    assert last.due_at is not None
    assert last.due_at > clock.now


def test_words_to_a_person_let_a_case_go_on_that_waits_and_its_later_date_is_told(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = wait_for(services, alice)
    services.desk.claim(alice.id, bob)
    clock.pass_time(hours=1)
    send(services, alice, "the one on the necklace")
    assert ticket(services).state == "open"
    told = transcript(services, alice)[-1]
    assert "Wednesday 18 November at 11:00 am (your time)" in told.text
    assert told.due_at == clock.now + timedelta(days=1)
    with services.database.read() as session:
        mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    assert mail.template == "progress_open"
    assert "Wednesday 18 November at 11:00 am" in mail.text
    with services.database.read() as session:
        clocks = session.scalars(select(Ticket)).one().clocks
        due = {one.kind: one.due_at for one in clocks}
    # An hour of business time went by while it waited.
    assert due["first_reply"] == clock.now + timedelta(days=1)
