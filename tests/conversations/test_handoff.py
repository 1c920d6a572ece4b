"""Every handoff makes a ticket with a reference and a date; nobody is talked over."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bot.app import Services
from bot.assistant import Effect, Wording, WordingError
from bot.conversations.errors import NotYours
from bot.conversations.intake import RETURN_BUTTON, Started
from bot.storage.tables import Account, Conversation, Job, PromiseRecord, Ticket, TicketMove
from tests.conftest import TUESDAY_MORNING, SetClock, agent_at_work
from tests.conversations.cast import answer, lease, send, state, transcript

ASKED = [Effect(kind="hand_off", reason="asked")]
DAMAGED = Effect(
    kind="open_ticket",
    category="damaged",
    order_number="1001",
    email="alice@example.com",
    name="Alice",
    description="the clasp broke",
)


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def hand_off(services: Services, visitor: Started) -> None:
    send(services, visitor, "a person please")
    services.answering.store(lease(services, visitor), answer(effects=ASKED, label="talk_to_human"))


def ticket(services: Services) -> Ticket:
    with services.database.read() as session:
        return session.scalars(select(Ticket)).one()


def test_with_an_agent_available_the_visitor_waits_and_has_a_reference(
    services: Services, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    last = transcript(services, alice)[-1]
    assert state(services, alice) == "waiting"
    assert last.reference == ticket(services).reference
    assert last.reference in last.text


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


def test_a_visitor_nobody_claims_is_told_the_date_after_two_minutes(
    services: Services, alice: Started, clock: SetClock
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    clock.pass_time(seconds=119)
    assert services.upkeep.release_unclaimed() == []
    clock.pass_time(seconds=1)
    assert services.upkeep.release_unclaimed() == [alice.id]
    assert services.upkeep.release_unclaimed() == []
    last = transcript(services, alice)[-1]
    assert state(services, alice) == "bot"
    assert ticket(services).reference in last.text
    assert lease(services, alice).button == {"label": "leave_details", "entities": {}}


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
    first = ticket(services).reference
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
    assert last.reference != first
    assert last.due_at is not None
    assert last.due_at > clock.now


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
        assert session.scalars(select(PromiseRecord)).one().told_as in last.text
        assert session.scalars(select(TicketMove.to_state)).all() == ["new"]


def test_a_failure_tells_the_visitor_a_way_to_a_person_and_the_agents_the_cause(
    services: Services, alice: Started
) -> None:
    send(services, alice, "hello?")
    services.answering.store_failure(lease(services, alice), "Rasa gave no answer in 4.5 s")
    last = transcript(services, alice)[-1]
    assert last.reference == ticket(services).reference
    assert "Rasa" not in last.text
    assert ticket(services).cause == "Rasa gave no answer in 4.5 s"


def test_the_assistant_does_not_talk_over_an_agent_who_claimed_meanwhile(
    services: Services, alice: Started
) -> None:
    send(services, alice, "hello")
    turn = lease(services, alice)
    bob = agent_at_work(services)
    services.desk.claim(alice.id, bob)
    services.answering.store(turn, answer("utter_greet"))
    assert [m.sender for m in transcript(services, alice, 1)] == ["visitor", "system"]


def test_a_lost_lease_stores_nothing(services: Services, alice: Started, clock: SetClock) -> None:
    send(services, alice, "hello")
    first = lease(services, alice)
    clock.pass_time(seconds=16)
    with services.database.write() as session:
        session.scalars(select(Job)).one().leased_by = "another process"
    services.answering.store(first, answer("utter_greet"))
    assert [m.sender for m in transcript(services, alice, 1)] == ["visitor"]


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


def test_the_visitor_can_return_to_the_assistant_from_waiting(
    services: Services, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    services.intake.receive(alice.id, alice.token, client_id="r", button=RETURN_BUTTON)
    assert state(services, alice) == "bot"


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


def test_resolving_while_the_visitor_waits_ends_the_wait(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = agent_at_work(services)
    hand_off(services, alice)
    services.desk.resolve(ticket(services).reference, bob, "answered by phone")
    assert state(services, alice) == "bot"
    clock.pass_time(minutes=5)
    assert services.upkeep.release_unclaimed() == []


def test_the_agent_sees_what_was_understood_also_where_it_only_handed_over(
    services: Services, alice: Started
) -> None:
    hand_off(services, alice)
    seen = services.inbox.conversation(alice.id).messages[-1].understood
    assert [part["label"] for part in seen] == ["talk_to_human"]


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


def test_one_reply_answers_all_of_a_conversations_tickets_and_the_last_gives_it_back(
    services: Services, alice: Started, clock: SetClock
) -> None:
    bob = agent_at_work(services)
    for text in ("the clasp broke", "so did the ring"):
        send(services, alice, text)
        found = answer("utter_report_damaged_sent")
        reply = found.replies[0].model_copy(update={"effects": [DAMAGED]})
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


def test_a_conversation_whose_agent_is_gone_can_be_taken(
    services: Services, alice: Started
) -> None:
    services.desk.claim(alice.id, agent_at_work(services))
    with services.database.write() as session:
        session.execute(delete(Account))
    carla = agent_at_work(services, "carla@example.com", "Carla")
    services.desk.reply(alice.id, carla, "Carla here", "c1")
    assert transcript(services, alice)[-1].agent_name == "Carla"


def test_when_even_the_wording_is_broken_the_visitor_has_a_reference(
    services: Services, alice: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str, args: object, buttons: object) -> Wording:
        raise WordingError(f"no response is called {name}")

    send(services, alice, "hello")
    monkeypatch.setattr(services.words, "say", broken)
    services.answering.store_failure(lease(services, alice), "Rasa answered 502")
    last = transcript(services, alice)[-1]
    assert ticket(services).reference in last.text
    assert "no response is called" in (ticket(services).cause or "")


def test_one_visitor_who_cannot_be_told_holds_up_no_other(
    services: Services, alice: Started, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    clock.pass_time(minutes=3)
    monkeypatch.setattr(services.words, "say", refuse_to_speak)
    assert services.upkeep.release_unclaimed() == []
    monkeypatch.undo()
    assert services.upkeep.release_unclaimed() == [alice.id]


def refuse_to_speak(name: str, args: object, buttons: object) -> Wording:
    raise WordingError(name)


def test_the_way_back_also_opens_a_closed_conversation(
    services: Services, alice: Started, clock: SetClock
) -> None:
    clock.pass_time(days=31)
    services.upkeep.close_quiet()
    services.intake.receive(alice.id, alice.token, client_id="r", button=RETURN_BUTTON)
    assert state(services, alice) == "bot"


def test_thirty_quiet_days_close_a_conversation_and_a_message_opens_it_again(
    services: Services, alice: Started, clock: SetClock
) -> None:
    clock.pass_time(days=29)
    assert services.upkeep.close_quiet() == 0
    clock.pass_time(days=1, seconds=1)
    assert services.upkeep.close_quiet() == 1
    assert state(services, alice) == "closed"
    send(services, alice, "hello again")
    assert state(services, alice) == "bot"
    with services.database.read() as session:
        assert session.get_one(Conversation, alice.id).dialogue == 2
