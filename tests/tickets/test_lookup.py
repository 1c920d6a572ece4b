"""A ticket is found by the conversation it belongs to, and by its reference."""

import pytest

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.tickets import Standing, Tickets
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import answer, lease, send

REFUND = Effect(
    kind="open_ticket",
    category="refund",
    order_number="1001",
    email="alice@example.com",
    name="Alice",
    description="too small",
)


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def open_ticket(services: Services, visitor: Started, effect: Effect = REFUND) -> str:
    """The reference of the new ticket."""
    send(services, visitor, "a refund please")
    services.answering.store(lease(services, visitor), answer(effects=[effect]))
    return services.ticket_lookup.of_conversation(visitor.id)[0].reference


def test_a_conversations_tickets_are_its_own_newest_first(
    services: Services, alice: Started, clock: SetClock
) -> None:
    first = open_ticket(services, alice)
    clock.pass_time(minutes=1)
    second = open_ticket(services, alice, REFUND.model_copy(update={"category": "delay"}))
    found = services.ticket_lookup.of_conversation(alice.id)
    assert [t.reference for t in found] == [second, first]
    other = services.intake.start(time_zone=None)
    assert services.ticket_lookup.of_conversation(other.id) == []


def test_a_reference_finds_where_its_ticket_stands_however_it_was_typed(
    services: Services, alice: Started
) -> None:
    reference = open_ticket(services, alice)
    found = services.ticket_lookup.find(reference.lower().replace("-", " "))
    assert found is not None
    assert (found.reference, found.category, found.standing) == (
        reference,
        "refund",
        Standing.WAITING,
    )
    assert found.due
    assert "Wednesday 18 November" in found.due


@pytest.mark.parametrize("reference", ["KC-22222222", "KC-1", "", "\ud800"])
def test_a_reference_that_nobody_has_finds_nothing(services: Services, reference: str) -> None:
    assert services.ticket_lookup.find(reference) is None


def test_it_is_late_when_the_promised_date_has_passed_without_a_reply(
    services: Services, alice: Started, clock: SetClock
) -> None:
    open_ticket(services, alice)
    clock.pass_time(days=2)
    assert services.ticket_lookup.of_conversation(alice.id)[0].standing is Standing.OVERDUE


def test_what_is_added_by_its_reference_goes_to_that_ticket(
    services: Services, alice: Started
) -> None:
    reference = open_ticket(services, alice)
    agent_at_work(services)
    elsewhere = services.intake.start(time_zone=None)
    send(services, elsewhere, "add to my case")
    addition = Effect(kind="complete_ticket", reference=reference, description="and scratched")
    services.answering.store(lease(services, elsewhere), answer(effects=[addition]))
    with services.database.read() as session:
        tickets = Tickets(services.policy, services.calendar)
        assert tickets.find(session, reference).description == "too small\n\nand scratched"


def test_a_handoff_keeps_what_an_open_form_was_told(services: Services, alice: Started) -> None:
    handed = Effect(
        kind="hand_off", reason="asked", category="cancellation", order_number="1001", name="Alice"
    )
    send(services, alice, "a person please")
    services.answering.store(lease(services, alice), answer(effects=[handed]))
    (ticket,) = services.ticket_lookup.of_conversation(alice.id)
    assert (ticket.category, ticket.order_number) == ("cancellation", "1001")
