"""Giving a conversation to people: somebody comes, or a date is told and details are asked for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.conversations.intake import RETURN_BUTTON, Started
from bot.storage.tables import Conversation, Job
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import hand_off, lease, state, ticket, transcript


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def test_with_an_agent_available_the_visitor_waits_and_has_a_reference(
    services: Services, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    last = transcript(services, alice)[-1]
    assert state(services, alice) == "waiting"
    assert last.reference == ticket(services).reference
    assert last.reference in last.text


@pytest.mark.clause("2.1.include", "4.1.reference")
def test_with_nobody_available_the_date_is_told_and_what_is_missing_is_asked(
    services: Services, alice: Started
) -> None:
    hand_off(services, alice)
    last = transcript(services, alice)[-1]
    assert state(services, alice) == "bot"
    # Two business days after Tuesday, at closing time in New York (section 3, reading 3).
    assert last.due_at == datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
    assert "Thursday 19 November at 5:00 pm" in last.text
    assert lease(services, alice).button == {"label": "leave_details", "entities": {}}


def test_an_agent_is_not_available_outside_opening_hours(
    services: Services, alice: Started, clock: SetClock
) -> None:
    agent_at_work(services)
    clock.pass_time(hours=8)
    agent_at_work(services, "carla@example.com", "Carla")
    hand_off(services, alice)
    assert state(services, alice) == "bot"


def test_the_visitor_can_return_to_the_assistant_from_waiting(
    services: Services, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    services.intake.receive(alice.id, alice.token, client_id="r", button=RETURN_BUTTON)
    assert state(services, alice) == "bot"


def test_a_second_wish_does_not_ask_for_the_details_twice(
    services: Services, alice: Started, clock: SetClock
) -> None:
    hand_off(services, alice)
    with services.database.write() as session:
        conversation = session.get_one(Conversation, alice.id)
        services.answering._handoff.hand_off(session, conversation, reason="asked", now=clock.now)
    with services.database.read() as session:
        owed = session.scalars(select(Job).where(Job.done_at.is_(None))).all()
    assert len(owed) == 1
