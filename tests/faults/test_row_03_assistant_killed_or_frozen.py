"""Rasa or the action server killed or frozen: an answer or a handover in 5 s, one a message.

The visitor's message is kept, the agents get the cause, and it recovers by itself.
"""

import signal
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.storage import Database
from bot.storage.tables import Job
from tests.conversations.dialogues.test_reports import REFERENCE, ticket_of
from tests.running_shop import RunningShop, wait_until
from tests.visitor import Visitor

WITHIN_SECONDS = 5.0
RECOVERED_SECONDS = 240

# What a visitor says so that the part that is broken is needed for the answer.
NEEDS = {
    "rasa": "how fast do you reply?",
    "actions": "where is order 1001? alice@example.com",
}


@pytest.fixture(autouse=True)
def whole(shop: RunningShop) -> Iterator[None]:
    """Every test starts and ends with a shop that answers."""
    wait_until(shop.ready, RECOVERED_SECONDS)
    yield
    wait_until(shop.ready, RECOVERED_SECONDS)


def seconds_to_answer(visitor: Visitor, sequence: int) -> float:
    """By the server's own record, from the message to the first reply."""
    found = {m["sequence"]: m for m in visitor.page()["messages"]}
    reply = next(m for s, m in sorted(found.items()) if s > sequence and m["sender"] == "bot")
    asked, told = (datetime.fromisoformat(m["created_at"]) for m in (found[sequence], reply))
    return (told - asked).total_seconds()


@pytest.mark.parametrize("part", ["rasa", "actions"])
@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_the_visitor_is_handed_over_and_the_agents_get_the_cause(
    shop: RunningShop, alice: Visitor, part: str, fault: signal.Signals
) -> None:
    alice.say("hello")
    broken = shop.child(part)
    broken.send_signal(fault)
    try:
        sequence = alice.send(NEEDS[part])
        told = alice.answer_to(sequence)
    finally:
        if fault == signal.SIGSTOP and broken.is_running():
            broken.send_signal(signal.SIGCONT)
    seconds = seconds_to_answer(alice, sequence)
    print(f"row 3: {part} {fault.name}: told after {seconds:.2f} s")
    assert seconds <= WITHIN_SECONDS
    assert REFERENCE.search(told), told
    assert not any(word in told for word in ("Rasa", "Error", "Traceback", "timeout"))
    assert ticket_of(shop, alice).cause
    replies = [m for m in alice.page(after=sequence)["messages"] if m["sender"] == "bot"]
    assert len(replies) == 1
    # It recovers by itself, and the conversation with it.
    wait_until(shop.ready, RECOVERED_SECONDS)
    with Visitor(shop.address) as again:
        assert not REFERENCE.search(again.say(NEEDS[part]))


def test_killed_in_the_middle_of_a_turn_the_message_is_kept_and_told_of(
    shop: RunningShop, alice: Visitor
) -> None:
    broken = shop.child("rasa")
    broken.suspend()  # so that the kill surely meets a turn under way
    sequence = alice.send(NEEDS["rasa"])
    wait_until(lambda: turn_is_under_way(shop, alice), 4)
    broken.kill()
    told = alice.answer_to(sequence)
    print(f"row 3: killed in a turn: told after {seconds_to_answer(alice, sequence):.2f} s")
    assert seconds_to_answer(alice, sequence) <= WITHIN_SECONDS
    assert REFERENCE.search(told)
    senders = [m["sender"] for m in alice.page(after=sequence - 1)["messages"]]
    assert senders == ["visitor", "bot"]


def turn_is_under_way(shop: RunningShop, visitor: Visitor) -> bool:
    database = Database(f"sqlite:///{shop.data_dir / 'bot.sqlite3'}")
    try:
        with database.read() as session:
            leased = session.scalar(
                select(Job.id).where(Job.conversation_id == visitor.id, Job.leased_by.is_not(None))
            )
            return leased is not None
    finally:
        database.close()


def test_a_frozen_rasa_costs_one_message_the_wait_and_not_every_one(
    shop: RunningShop, alice: Visitor
) -> None:
    frozen = shop.child("rasa")
    frozen.send_signal(signal.SIGSTOP)
    try:
        sequences = [alice.send(f"message number {n}") for n in range(3)]
        wait_until(lambda: sum(m["sender"] == "bot" for m in alice.page()["messages"]) >= 1 + 3, 30)
    finally:
        frozen.send_signal(signal.SIGCONT)
    assert max(seconds_to_answer(alice, s) for s in sequences) <= WITHIN_SECONDS
    messages = alice.page()["messages"]
    kept = [m["text"] for m in messages if m["sender"] == "visitor"]
    assert kept == [f"message number {n}" for n in range(3)]
    assert sum(m["sender"] == "bot" for m in messages) == 1 + 3
