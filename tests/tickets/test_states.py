"""A ticket goes only where it may; each move is kept, and told where a visitor should know."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.storage import Database
from bot.storage.tables import TicketMove
from bot.tickets import IllegalMove
from bot.tickets.states import MOVES, STATES, is_told, legal_moves
from tests.conftest import TUESDAY_MORNING as NOW
from tests.tickets.pieces import Counter


@pytest.fixture
def counter(database: Database) -> Counter:
    counter = Counter(database)
    counter.conversation("alice", NOW)
    return counter


def test_every_state_can_be_reached_and_left() -> None:
    reached = {state for states in MOVES.values() for state in states}
    assert reached | {"new"} == set(STATES)
    assert all(MOVES.values())


def test_nobody_makes_a_ticket_new_again_and_only_what_is_resolved_is_closed() -> None:
    assert not any("new" in states for states in MOVES.values())
    assert [state for state in STATES if "closed" in legal_moves(state)] == ["resolved"]
    assert legal_moves("nonsense") == ()


def test_an_illegal_move_is_refused_with_a_sentence_and_leaves_no_trace(counter: Counter) -> None:
    ticket = counter.open("alice", NOW)
    with pytest.raises(IllegalMove, match="A ticket that is new cannot become closed"):
        counter.move(ticket, "closed", NOW)
    assert counter.ticket(ticket).state == "new"


def test_each_move_is_kept_with_who_when_and_why(counter: Counter) -> None:
    ticket = counter.open("alice", NOW)
    for minutes, state in enumerate(("open", "waiting_visitor", "open", "resolved", "closed")):
        counter.move(ticket, state, NOW + timedelta(minutes=minutes))
    with counter.database.read() as session:
        moves = session.scalars(select(TicketMove).order_by(TicketMove.id)).all()
    assert [(m.from_state, m.to_state) for m in moves] == [
        (None, "new"),
        ("new", "open"),
        ("open", "waiting_visitor"),
        ("waiting_visitor", "open"),
        ("open", "resolved"),
        ("resolved", "closed"),
    ]
    assert moves[-1].at == NOW + timedelta(minutes=4)
    assert moves[-1].reason == "because"


def test_a_visitor_is_told_once_of_each_move_that_changes_something_for_them(
    counter: Counter,
) -> None:
    ticket = counter.open("alice", NOW)
    for state in ("open", "waiting_visitor", "open", "waiting_carrier", "resolved", "closed"):
        counter.move(ticket, state, NOW)
    counter.move(ticket, "open", NOW)
    moved = [state for what, state in counter.told.said if what == "moved"]
    assert moved == ["waiting_visitor", "waiting_carrier", "resolved", "open"]
    assert is_told("closed", "open")
    assert not is_told("waiting_carrier", "open")


def test_one_that_was_answered_and_reopens_has_a_new_date(counter: Counter) -> None:
    ticket = counter.open("alice", NOW)
    counter.reply("alice", NOW)
    counter.move(ticket, "resolved", NOW)
    later = NOW + timedelta(days=7)
    move = counter.move(ticket, "open", later)
    promise = counter.promise(ticket, "first_reply")
    assert (move.promise_id, promise.told_at) == (promise.id, later)
    reopened = counter.ticket(ticket)
    assert (reopened.first_replied_at, reopened.resolved_at) == (None, None)
    assert reopened.promise is not None
    assert reopened.promise.due_at == promise.due_at > later
