"""The ticket of a conversation: what opens one, what joins it, what a visitor adds to it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.storage.tables import Job, PromiseRecord, Ticket, TicketMove
from tests.conftest import TUESDAY_MORNING, SetClock, agent_at_work
from tests.conversations.cast import (
    ASKED,
    DAMAGED,
    answer,
    hand_off,
    lease,
    send,
    ticket,
    transcript,
)


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def test_a_second_handoff_joins_the_open_ticket(
    services: Services, alice: Started, clock: SetClock
) -> None:
    hand_off(services, alice)
    lease(services, alice)  # the question for details, answered by nobody here
    with services.database.write() as session:
        for job in session.scalars(select(Job)):
            job.done_at = services.clock()
    clock.pass_time(minutes=5)
    hand_off(services, alice)
    assert ticket(services).reason == "asked"


@pytest.mark.parametrize("how", ["passed", "kept"])
def test_a_date_that_has_passed_or_was_kept_is_never_told_again(
    services: Services, alice: Started, clock: SetClock, how: str
) -> None:
    hand_off(services, alice)
    if how == "kept":
        bob = agent_at_work(services)
        services.desk.reply(alice.id, bob, "Hello Alice", "b1")
        services.desk.hand_back(alice.id, bob)
        services.accounts.set_available(bob, False)
    clock.pass_time(minutes=5) if how == "kept" else clock.pass_time(days=7)
    with services.database.write() as session:
        for job in session.scalars(select(Job)):
            job.done_at = services.clock()
    hand_off(services, alice)
    last = next(m for m in reversed(transcript(services, alice)) if m.due_at)
    assert last.reference == ticket(services).reference  # the only one there is
    assert last.due_at is not None
    assert last.due_at > clock.now


@pytest.mark.clause("3.urgent_reply")
def test_a_damage_report_becomes_an_urgent_ticket_due_the_same_time_next_business_day(
    services: Services, alice: Started
) -> None:
    send(services, alice, "yes")
    found = answer("utter_report_damaged_sent")
    found = found.model_copy(
        update={"replies": [found.replies[0].model_copy(update={"effects": [DAMAGED]})]}
    )
    services.answering.store(lease(services, alice), found)
    stored = ticket(services)
    assert (stored.category, stored.ticket_class) == ("damaged", "urgent")
    assert (stored.order_number, stored.name) == ("1001", "Alice")
    assert not stored.order_verified
    last = transcript(services, alice)[-1]
    assert last.due_at == TUESDAY_MORNING + timedelta(days=1)
    assert last.clause is not None
    assert last.clause.startswith("3.")
    with services.database.read() as session:
        told = select(PromiseRecord.told_as).where(PromiseRecord.kind == "first_reply")
        assert session.scalars(told).one() in last.text
        assert session.scalars(select(TicketMove.to_state)).all() == ["new"]


def test_talking_to_a_person_about_an_overdue_case_opens_no_second_one(
    services: Services, alice: Started, clock: SetClock
) -> None:
    send(services, alice, "yes")
    found = answer(effects=[DAMAGED], label="report_damaged")
    services.answering.store(lease(services, alice), found)
    clock.pass_time(days=7)
    hand_off(services, alice)
    last = next(m for m in reversed(transcript(services, alice)) if m.due_at)
    assert last.reference == ticket(services).reference
    assert last.due_at is not None
    assert last.due_at > clock.now


def test_talking_to_a_person_about_another_matter_opens_another_ticket(
    services: Services, alice: Started, clock: SetClock
) -> None:
    send(services, alice, "yes")
    found = answer(effects=[DAMAGED], label="report_damaged")
    services.answering.store(lease(services, alice), found)
    clock.pass_time(days=7)
    send(services, alice, "a person please")
    services.answering.store(lease(services, alice), answer(effects=ASKED, label="recover_account"))
    found_tickets = services.ticket_lookup.of_conversation(alice.id)
    assert [t.category for t in found_tickets] == ["account", "damaged"]


def leave_details(services: Services, visitor: Started) -> None:
    """The visitor has given the details that were asked for."""
    effect = Effect(kind="complete_ticket", email="alice@example.com", description="a present")
    found = answer("utter_contact_details_thanks")
    reply = found.replies[0].model_copy(update={"effects": [effect]})
    services.answering.store(
        lease(services, visitor), found.model_copy(update={"replies": [reply]})
    )


def test_details_given_after_the_ticket_was_resolved_open_another(
    services: Services, alice: Started
) -> None:
    bob = agent_at_work(services)
    services.accounts.set_available(bob, False)
    hand_off(services, alice)
    services.desk.resolve(ticket(services).reference, bob, "done")
    leave_details(services, alice)
    with services.database.read() as session:
        second = session.scalars(select(Ticket).where(Ticket.state == "new")).one()
    assert (second.email, second.description) == ("alice@example.com", "a present")
    assert transcript(services, alice)[-1].reference == second.reference


def test_an_order_that_is_corrected_on_a_ticket_is_not_proved(
    services: Services, alice: Started
) -> None:
    send(services, alice, "where is it")
    verify = Effect(kind="verify", order_number="1001", email="alice@example.com")
    services.answering.store(lease(services, alice), answer(effects=[verify, *ASKED]))
    assert ticket(services).order_verified
    found = answer("utter_contact_details_thanks")
    other = Effect(kind="complete_ticket", order_number="1002")
    reply = found.replies[0].model_copy(update={"effects": [other]})
    services.answering.store(lease(services, alice), found.model_copy(update={"replies": [reply]}))
    assert ticket(services).order_number == "1002"
    assert not ticket(services).order_verified


def test_a_request_told_elsewhere_again_joins_is_shown_there_and_answered_from_there(
    services: Services, alice: Started, clock: SetClock
) -> None:
    verify = Effect(kind="verify", order_number="1001", email="alice@example.com", name="Alice")
    elsewhere = services.intake.start(time_zone="America/New_York")
    for visitor in (alice, elsewhere):
        send(services, visitor, "yes")
        found = answer("utter_report_damaged_sent")
        reply = found.replies[0].model_copy(update={"effects": [verify, DAMAGED]})
        services.answering.store(
            lease(services, visitor), found.model_copy(update={"replies": [reply]})
        )
        clock.pass_time(minutes=5)
    told = transcript(services, elsewhere)[-1]
    assert f"added it to your case {ticket(services).reference}" in told.text
    for visitor in (alice, elsewhere):
        assert [t.reference for t in services.ticket_lookup.of_conversation(visitor.id)] == [
            ticket(services).reference
        ]
        assert services.inbox.conversation(visitor.id).tickets
    services.desk.reply(elsewhere.id, agent_at_work(services), "A new one is on its way.", "b1")
    assert ticket(services).first_replied_at is not None
