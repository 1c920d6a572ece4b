"""What agents do with a conversation: claim, reply, hand back, resolve; nobody is talked over."""

import threading

import pytest
from sqlalchemy import delete, select

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.errors import NotYours
from bot.conversations.intake import Started
from bot.storage.tables import Account, Job, PromiseRecord, Ticket, TicketMove
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import (
    DAMAGED,
    answer,
    hand_off,
    lease,
    send,
    state,
    ticket,
    transcript,
)


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def test_the_assistant_does_not_talk_over_an_agent_who_claimed_meanwhile(
    services: Services, alice: Started
) -> None:
    send(services, alice, "hello")
    turn = lease(services, alice)
    bob = agent_at_work(services)
    services.desk.claim(alice.id, bob)
    services.answering.store(turn, answer("utter_greet"))
    assert [m.sender for m in transcript(services, alice, 1)] == ["visitor", "system"]


def test_messages_while_a_person_has_it_owe_no_answer(services: Services, alice: Started) -> None:
    services.desk.claim(alice.id, agent_at_work(services))
    send(services, alice, "thank you Bob")
    with services.database.read() as session:
        assert session.scalars(select(Job)).all() == []


def test_the_agents_first_reply_ends_the_clock_and_reaches_the_visitor(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = agent_at_work(services)
    hand_off(services, alice)
    clock.pass_time(minutes=1)
    services.desk.reply(alice.id, bob, "Hello Alice", "b1")
    services.desk.reply(alice.id, bob, "Hello Alice", "b1")
    replies = [m for m in transcript(services, alice) if m.sender == "agent"]
    assert [(m.text, m.agent_name) for m in replies] == [("Hello Alice", "Bob")]
    stored = ticket(services)
    assert stored.first_replied_at == clock.now
    with services.database.read() as session:
        assert session.scalars(select(PromiseRecord)).one().kept_at == clock.now


def test_only_one_of_two_agents_gets_a_conversation(services: Services, alice: Started) -> None:
    bob = agent_at_work(services)
    carla = agent_at_work(services, "carla@example.com", "Carla")
    barrier = threading.Barrier(2)
    refused: list[str] = []

    def claim(account_id: int) -> None:
        barrier.wait()
        try:
            services.desk.claim(alice.id, account_id)
        except NotYours as refusal:
            refused.append(refusal.sentence)

    threads = [threading.Thread(target=claim, args=(who,)) for who in (bob, carla)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert refused[0].endswith("has this conversation.")
    assert [m.sender for m in transcript(services, alice, 1)] == ["system"]


def test_a_conversation_whose_agent_is_gone_can_be_taken(
    services: Services, alice: Started
) -> None:
    services.desk.claim(alice.id, agent_at_work(services))
    with services.database.write() as session:
        session.execute(delete(Account))
    carla = agent_at_work(services, "carla@example.com", "Carla")
    services.desk.reply(alice.id, carla, "Carla here", "c1")
    assert transcript(services, alice)[-1].agent_name == "Carla"


def test_handing_back_starts_the_dialogue_afresh_and_keeps_who_the_visitor_is(
    services: Services, alice: Started
) -> None:
    bob = agent_at_work(services)
    send(services, alice, "where is it")
    before = lease(services, alice)
    verify = Effect(kind="verify", order_number="1001", email="alice@example.com")
    services.answering.store(before, answer(effects=[verify]))
    services.desk.claim(alice.id, bob)
    services.desk.hand_back(alice.id, bob)
    assert state(services, alice) == "bot"
    send(services, alice, "and now?")
    after = lease(services, alice)
    assert after.dialogue != before.dialogue
    assert after.facts == {
        "order_number": "1001",
        "email": "alice@example.com",
        "order_verified": True,
    }


def test_resolving_tells_the_visitor_and_gives_the_conversation_back(
    services: Services, alice: Started
) -> None:
    bob = agent_at_work(services)
    hand_off(services, alice)
    services.desk.claim(alice.id, bob)
    services.desk.resolve(ticket(services).reference, bob, "sent a new one")
    assert ticket(services).state == "resolved"
    assert state(services, alice) == "bot"
    assert any(ticket(services).reference in m.text for m in transcript(services, alice)[-2:])
    with services.database.read() as session:
        moves = session.scalars(select(TicketMove).order_by(TicketMove.id)).all()
    assert [(m.to_state, m.account_id) for m in moves] == [
        ("new", None),
        ("open", bob),
        ("resolved", bob),
    ]


def test_resolving_while_the_visitor_waits_ends_the_wait(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = agent_at_work(services)
    hand_off(services, alice)
    services.desk.resolve(ticket(services).reference, bob, "answered by phone")
    assert state(services, alice) == "bot"
    clock.pass_time(minutes=5)
    assert services.upkeep.release_unclaimed() == []


def test_one_reply_answers_all_of_a_conversations_tickets_and_the_last_gives_it_back(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = agent_at_work(services)
    for text, order in (("the clasp broke", "1001"), ("so did the ring", "1002")):
        send(services, alice, text)
        found = answer("utter_report_damaged_sent")
        reply = found.replies[0].model_copy(
            update={"effects": [DAMAGED.model_copy(update={"order_number": order})]}
        )
        services.answering.store(
            lease(services, alice), found.model_copy(update={"replies": [reply]})
        )
        clock.pass_time(minutes=1)
    services.desk.reply(alice.id, bob, "I see both", "b1")
    with services.database.read() as session:
        tickets = session.scalars(select(Ticket)).all()
    assert [t.first_replied_at for t in tickets] == [clock.now, clock.now]
    services.desk.resolve(tickets[0].reference, bob, "sent a new one")
    assert state(services, alice) == "agent"
    services.desk.resolve(tickets[1].reference, bob, "sent a new one")
    assert state(services, alice) == "bot"
