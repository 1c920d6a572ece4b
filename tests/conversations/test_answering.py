"""What is stored of an answer, of an answer that comes too late, and of a failure."""

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.assistant import Wording, WordingError
from bot.conversations.intake import Started
from bot.storage.tables import Job
from tests.conftest import SetClock
from tests.conversations.cast import answer, hand_off, lease, send, ticket, transcript


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def test_an_instant_is_told_in_the_visitors_own_zone(services: Services, alice: Started) -> None:
    args = {
        "order_number": "1001",
        "carrier": "Demonstration Parcel",
        "tracking_number": "DEMO-1",
        "last_event": "Departed",
        "last_event_at": "2026-11-15T12:26:00+00:00",
    }
    send(services, alice, "where is it")
    services.answering.store(lease(services, alice), answer("utter_order_shipped", args=args))
    assert "from Sunday 15 November at 7:26 am (your time): Departed." in (
        transcript(services, alice)[-1].text
    )


def test_the_agent_sees_what_was_understood_also_where_it_only_handed_over(
    services: Services, alice: Started
) -> None:
    hand_off(services, alice)
    seen = services.inbox.conversation(alice.id).messages[-1].understood
    assert [part["label"] for part in seen] == ["talk_to_human"]


def test_a_lost_lease_stores_nothing(services: Services, alice: Started, clock: SetClock) -> None:
    send(services, alice, "hello")
    first = lease(services, alice)
    clock.pass_time(seconds=16)
    with services.database.write() as session:
        session.scalars(select(Job)).one().leased_by = "another process"
    services.answering.store(first, answer("utter_greet"))
    assert [m.sender for m in transcript(services, alice, 1)] == ["visitor"]


def test_a_failure_tells_the_visitor_a_way_to_a_person_and_the_agents_the_cause(
    services: Services, alice: Started
) -> None:
    send(services, alice, "hello?")
    services.answering.store_failure(lease(services, alice), "Rasa gave no answer in 4.5 s")
    last = transcript(services, alice)[-1]
    assert last.reference == ticket(services).reference
    assert "Rasa" not in last.text
    assert ticket(services).cause == "Rasa gave no answer in 4.5 s"


def test_when_even_the_wording_is_broken_the_visitor_has_a_reference(
    services: Services, alice: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str, args: object, buttons: object, **_: object) -> Wording:
        raise WordingError(f"no response is called {name}")

    send(services, alice, "hello")
    monkeypatch.setattr(services.words, "say", broken)
    services.answering.store_failure(lease(services, alice), "Rasa answered 502")
    last = transcript(services, alice)[-1]
    assert ticket(services).reference in last.text
    assert "no response is called" in (ticket(services).cause or "")
