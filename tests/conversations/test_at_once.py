"""Two who act at the same moment: one owner, one lease, one message, and nobody talked over."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import select

from bot.app import Services, compose
from bot.assistant import Effect
from bot.conversations.answering import Lease
from bot.conversations.errors import NotYours
from bot.conversations.intake import RETURN_BUTTON, Started
from bot.conversations.turns import claim_turn
from bot.storage.tables import Job, Ticket, TicketMove
from tests.at_once import at_once
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import answer, lease, send, state, transcript

ROUNDS = 8  # each begins at a barrier; the thousands of row 9 belong to the long runs
ASKED = [Effect(kind="hand_off", reason="asked")]


@pytest.fixture
def elsewhere(services: Services, clock: SetClock) -> Iterator[Services]:
    """A second process on the same database."""
    second = compose(services.settings, clock)
    yield second
    second.database.close()


def visitors(services: Services) -> Iterator[Started]:
    for _ in range(ROUNDS):
        yield services.intake.start(time_zone="America/New_York")


def senders(services: Services, visitor: Started) -> list[str]:
    found = transcript(services, visitor, 1)
    assert [m.sequence for m in found] == list(range(2, 2 + len(found)))
    return [m.sender for m in found]


def hand_off(services: Services, visitor: Started) -> str:
    send(services, visitor, "a person please")
    services.answering.store(lease(services, visitor), answer(effects=ASKED))
    reference = transcript(services, visitor)[-1].reference
    assert reference
    return reference


def test_of_two_agents_one_gets_the_conversation(services: Services, elsewhere: Services) -> None:
    bob = agent_at_work(services)
    carla = agent_at_work(services, "carla@example.com", "Carla")
    for alice in visitors(services):
        done = at_once(
            partial(services.desk.claim, alice.id, bob),
            partial(elsewhere.desk.claim, alice.id, carla),
        )
        assert [type(d) for d in done if d] == [NotYours]
        assert senders(services, alice) == ["system"]


def test_the_assistant_never_speaks_after_an_agent_has_come(
    services: Services, elsewhere: Services
) -> None:
    bob = agent_at_work(services)
    orders = set()
    for alice in visitors(services):
        send(services, alice, "hello")
        turn = lease(services, alice)
        done = at_once(
            partial(services.answering.store, turn, answer("utter_greet")),
            partial(elsewhere.desk.claim, alice.id, bob),
        )
        assert done == [None, None]
        orders.add(tuple(senders(services, alice)))
    assert orders <= {("visitor", "system"), ("visitor", "bot", "system")}


def test_a_message_that_meets_an_agents_claim_is_kept_and_is_the_agents(
    services: Services, elsewhere: Services
) -> None:
    bob = agent_at_work(services)
    for alice in visitors(services):
        sequence, claimed = at_once(
            partial(send, services, alice, "hello"),
            partial(elsewhere.desk.claim, alice.id, bob),
        )
        assert (sequence in (2, 3), claimed) == (True, None)
        assert sorted(senders(services, alice)) == ["system", "visitor"]
        assert claim_turn(services.database, alice.id, "test", services.clock()) is None
        with services.database.read() as session:
            owed = select(Job).where(Job.conversation_id == alice.id, Job.done_at.is_(None))
            assert session.scalars(owed).all() == []


def test_one_job_is_leased_by_one_of_two_processes(services: Services, elsewhere: Services) -> None:
    for alice in visitors(services):
        send(services, alice, "hello")
        send(services, alice, "and where is my order")
        now = services.clock()
        done = at_once(
            partial(claim_turn, services.database, alice.id, "first", now),
            partial(claim_turn, elsewhere.database, alice.id, "second", now),
        )
        leased = [d for d in done if isinstance(d, Lease)]
        assert [found.text for found in leased] == ["hello"]
        assert done.count(None) == 1


def test_an_answer_of_a_lost_lease_is_not_stored_beside_the_new_ones(
    services: Services, elsewhere: Services, clock: SetClock
) -> None:
    for alice in visitors(services):
        send(services, alice, "hello")
        slow = lease(services, alice)
        clock.pass_time(seconds=16)
        quick = claim_turn(elsewhere.database, alice.id, "second", clock())
        assert quick
        done = at_once(
            partial(services.answering.store, slow, answer("utter_greet")),
            partial(elsewhere.answering.store, quick, answer("utter_greet")),
        )
        assert done == [None, None]
        assert senders(services, alice) == ["visitor", "bot"]


def test_a_message_sent_twice_at_once_is_one_message_with_one_answer_owed(
    services: Services, elsewhere: Services
) -> None:
    for alice in visitors(services):
        done = at_once(
            *(
                partial(who.intake.receive, alice.id, alice.token, client_id="1", text="hi")
                for who in (services, elsewhere, services, elsewhere)
            )
        )
        assert done == [2, 2, 2, 2]
        assert senders(services, alice) == ["visitor"]
        with services.database.read() as session:
            owed = session.scalars(select(Job).where(Job.conversation_id == alice.id)).all()
            assert len(owed) == 1


def test_messages_from_two_windows_at_once_are_answered_in_the_order_they_are_shown(
    services: Services, elsewhere: Services
) -> None:
    for alice in visitors(services):
        texts = [str(n) for n in range(4)]
        done = at_once(
            *(
                partial(who.intake.receive, alice.id, alice.token, client_id=text, text=text)
                for who, text in zip((services, elsewhere) * 2, texts, strict=True)
            )
        )
        assert sorted(map(str, done)) == ["2", "3", "4", "5"]
        shown = [m.text for m in transcript(services, alice, 1)]
        with services.database.read() as session:
            owed = session.scalars(
                select(Job).where(Job.conversation_id == alice.id).order_by(Job.id)
            )
            assert [job.payload["text"] for job in owed] == shown


def test_an_agents_reply_sent_twice_at_once_is_one_message(
    services: Services, elsewhere: Services
) -> None:
    bob = agent_at_work(services)
    for alice in visitors(services):
        services.desk.claim(alice.id, bob)
        done = at_once(
            partial(services.desk.reply, alice.id, bob, "Hello Alice", "b1"),
            partial(elsewhere.desk.reply, alice.id, bob, "Hello Alice", "b1"),
        )
        assert done == [3, 3]
        assert senders(services, alice) == ["system", "agent"]


def test_a_reply_that_meets_the_visitors_return_takes_the_conversation_anew_or_came_before(
    services: Services, elsewhere: Services
) -> None:
    bob = agent_at_work(services)
    for alice in visitors(services):
        services.desk.claim(alice.id, bob)
        leave = partial(
            elsewhere.intake.receive, alice.id, alice.token, client_id="r", button=RETURN_BUTTON
        )
        at_once(partial(services.desk.reply, alice.id, bob, "Hello Alice", "b1"), leave)
        replied_first = ["system", "agent", "visitor", "bot"]
        returned_first = ["system", "visitor", "bot", "system", "agent"]
        seen = senders(services, alice)
        assert seen in (replied_first, returned_first)
        assert state(services, alice) == ("bot" if seen == replied_first else "agent")


def test_of_two_agents_who_resolve_a_ticket_one_does_and_the_visitor_is_told_once(
    services: Services, elsewhere: Services
) -> None:
    bob = agent_at_work(services)
    carla = agent_at_work(services, "carla@example.com", "Carla")
    for alice in visitors(services):
        reference = hand_off(services, alice)
        done = at_once(
            partial(services.desk.resolve, reference, bob, "sent a new one"),
            partial(elsewhere.desk.resolve, reference, carla, "sent a new one"),
        )
        assert done == [None, None]
        assert senders(services, alice).count("system") == 1
        with services.database.read() as session:
            moves = session.scalars(
                select(TicketMove.to_state).join(Ticket).where(Ticket.reference == reference)
            ).all()
        assert moves.count("resolved") == 1


def test_two_workers_tell_the_date_once_each(
    services: Services, elsewhere: Services, clock: SetClock
) -> None:
    agent_at_work(services)
    waiting = list(visitors(services))
    for alice in waiting:
        hand_off(services, alice)
    before = [len(senders(services, alice)) for alice in waiting]
    clock.pass_time(minutes=3)
    done = at_once(services.upkeep.release_unclaimed, elsewhere.upkeep.release_unclaimed)
    told = [conversation_id for part in done for conversation_id in part]  # type: ignore[attr-defined]
    assert sorted(told) == sorted(alice.id for alice in waiting)
    assert [len(senders(services, alice)) for alice in waiting] == [n + 1 for n in before]
