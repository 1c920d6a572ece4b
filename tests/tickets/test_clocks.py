"""Clocks start, wait, go on and stop as things happen; each warns once, and lapses once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from bot.storage import Database
from bot.storage.tables import PromiseRecord
from bot.tickets import Clocks, Details
from bot.tickets.promise_counts import PromiseCounts, PromiseStanding
from tests.conftest import TUESDAY_MORNING as NOW
from tests.conftest import SetClock
from tests.tickets.pieces import Counter

TUESDAY_NOON, DUE = NOW + timedelta(hours=2), NOW + timedelta(days=1)


@pytest.fixture
def counter(database: Database) -> Counter:
    counter = Counter(database)
    counter.conversation("alice", NOW)
    return counter


@pytest.fixture
def clocks(database: Database) -> Clocks:
    return Clocks(database)


def happenings(clocks: Clocks, now: datetime, kind: str = "first_reply") -> list[str]:
    return [event.happening for event in clocks.check(now) if event.kind == kind]


def test_a_clock_warns_when_three_quarters_have_gone_then_shortly_before_and_then_lapses(
    counter: Counter, clocks: Clocks
) -> None:
    ticket = counter.open("alice", NOW)
    # Eight hours of opening: six have gone at four in the afternoon, seven at nine next day.
    assert happenings(clocks, NOW + timedelta(hours=5, minutes=59)) == []
    assert happenings(clocks, NOW + timedelta(hours=6)) == ["three_quarters_gone"]
    assert happenings(clocks, NOW + timedelta(hours=6)) == []
    assert happenings(clocks, DUE - timedelta(hours=1)) == ["nearly_due"]
    assert happenings(clocks, DUE) == ["escalated"]
    assert happenings(clocks, DUE + timedelta(days=30)) == []
    stored = counter.clock(ticket, "first_reply")
    assert (stored.escalated_at, stored.stopped_at) == (DUE, None)


def test_a_worker_that_was_away_finds_everything_at_once(counter: Counter, clocks: Clocks) -> None:
    counter.open("alice", NOW)
    assert happenings(clocks, DUE) == ["three_quarters_gone", "nearly_due", "escalated"]


def test_only_a_persons_public_reply_ends_the_first_reply_clock(
    counter: Counter, clocks: Clocks
) -> None:
    ticket = counter.open("alice", NOW)
    for state in ("open", "waiting_carrier", "approved", "resolved"):
        counter.move(ticket, state, TUESDAY_NOON)
        assert counter.clock(ticket, "first_reply").stopped_at is None, state
    counter.reply("alice", TUESDAY_NOON)
    assert counter.clock(ticket, "first_reply").stopped_at == TUESDAY_NOON
    assert happenings(clocks, DUE) == []


def test_waiting_for_the_visitor_stops_the_time_and_business_time_goes_on_afterwards(
    counter: Counter, clocks: Clocks
) -> None:
    ticket = counter.open("alice", NOW)
    counter.move(ticket, "waiting_visitor", TUESDAY_NOON)
    waiting = counter.clock(ticket, "first_reply")
    assert (waiting.due_at, waiting.remaining) == (None, 6 * 3600)
    assert happenings(clocks, DUE + timedelta(days=9)) == []
    friday = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # 15:00 there: two hours are left of it
    with counter.database.write() as session:
        counter.tickets.visitor_answered(session, "alice", friday)
    assert counter.ticket(ticket).state == "open"
    resumed = counter.clock(ticket, "first_reply")
    assert resumed.due_at == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # Monday, 13:00
    assert resumed.warns_75_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    told, later = promises(counter, ticket)
    assert told.due_at == DUE  # as it was told
    assert (later.replaces_id, later.due_at) == (told.id, resumed.due_at)
    assert later.told_as == "Monday 23 November at 1:00 pm (your time)"
    assert later.explanation[0] == "Its time stood still while we waited for an answer."
    assert "Saturday 21 November is not a business day." in later.explanation
    assert resumed.promise_id == later.id
    assert counter.ticket(ticket).promise is not None
    assert counter.told.said[-1] == ("moved", "open")


def promises(counter: Counter, ticket: int) -> Sequence[PromiseRecord]:
    with counter.database.read() as session:
        of_it = (PromiseRecord.ticket_id == ticket, PromiseRecord.kind == "first_reply")
        query = select(PromiseRecord).where(*of_it).order_by(PromiseRecord.id)
        return session.scalars(query).all()


def test_where_no_business_time_went_by_the_date_stands_and_nobody_is_told(
    counter: Counter,
) -> None:
    ticket = counter.open("alice", NOW)
    counter.move(ticket, "waiting_visitor", datetime(2026, 11, 18, 0, 0, tzinfo=UTC))  # 19:00
    counter.move(ticket, "open", datetime(2026, 11, 18, 2, 0, tzinfo=UTC))
    assert len(promises(counter, ticket)) == 1
    assert counter.clock(ticket, "first_reply").due_at == DUE
    assert ("moved", "open") not in counter.told.said


def test_what_waits_for_the_visitor_is_neither_at_risk_nor_broken(
    counter: Counter, clocks: Clocks, clock: SetClock
) -> None:
    nobody = Details(order_number="1001")
    for name in ("waits", "answered", "goes on"):
        ticket = counter.open(counter.conversation(name, NOW), NOW, details=nobody)
        counter.move(ticket, "waiting_visitor", TUESDAY_NOON)
    clock.now = DUE + timedelta(days=1)
    counter.reply("answered", clock.now)
    counter.move(ticket, "open", clock.now)
    clocks.check(clock.now)
    counts = PromiseCounts(counter.database, clock)
    (figures,) = counts.by_clause()
    assert (figures.made, figures.kept, figures.at_risk, figures.broken) == (4, 1, 0, 0)
    listed = counts.listed("3.urgent_reply", PromiseStanding.MADE)
    assert [told.is_superseded for told in listed].count(True) == 1
    assert not any(told.late_by for told in listed)


def test_a_case_that_waits_for_both_goes_on_waiting_for_the_carrier_with_a_later_date(
    counter: Counter,
) -> None:
    ticket = counter.open("alice", NOW, category="missing_package")
    counter.move(ticket, "waiting_carrier", NOW)
    counter.move(ticket, "waiting_visitor", TUESDAY_NOON)
    with counter.database.write() as session:
        later = TUESDAY_NOON + timedelta(days=1)
        (move,) = counter.tickets.visitor_answered(session, "alice", later)
    assert (move.to_state, counter.ticket(ticket).state) == ("waiting_carrier", "waiting_carrier")
    promise = counter.promise(ticket, "carrier_trace")
    assert (move.promise_id, promise.told_at) == (promise.id, later)
    assert promise.replaces_id is not None


def test_the_trace_ends_when_the_case_goes_on_without_the_carrier(counter: Counter) -> None:
    ticket = counter.open("alice", NOW, category="missing_package")
    counter.move(ticket, "waiting_carrier", NOW)
    counter.move(ticket, "waiting_visitor", TUESDAY_NOON)
    counter.move(ticket, "open", TUESDAY_NOON)
    assert counter.clock(ticket, "carrier_trace").stopped_at == TUESDAY_NOON
    assert counter.promise(ticket, "carrier_trace").kept_at == TUESDAY_NOON


def test_the_carrier_has_its_own_clock_until_it_has_answered(counter: Counter) -> None:
    ticket = counter.open("alice", NOW, category="missing_package")
    move = counter.move(ticket, "waiting_carrier", NOW)
    promise = counter.promise(ticket, "carrier_trace")
    assert (move.promise_id, promise.clause) == (promise.id, "4.2.trace")
    counter.move(ticket, "waiting_visitor", TUESDAY_NOON)
    assert counter.clock(ticket, "carrier_trace").paused_at == TUESDAY_NOON
    counter.move(ticket, "waiting_carrier", TUESDAY_NOON + timedelta(hours=1))
    assert counter.clock(ticket, "carrier_trace").paused_at is None
    counter.move(ticket, "open", TUESDAY_NOON + timedelta(hours=2))
    assert counter.promise(ticket, "carrier_trace").kept_at == TUESDAY_NOON + timedelta(hours=2)


@pytest.mark.parametrize("category", ["return", "refund"])
def test_a_refund_runs_from_its_approval_until_the_ticket_is_resolved(
    counter: Counter, category: str
) -> None:
    ticket = counter.open("alice", NOW, category=category)
    counter.move(ticket, "approved", NOW)
    assert counter.clock(ticket, "refund").due_at == datetime(2026, 12, 2, 22, 0, tzinfo=UTC)
    counter.move(ticket, "open", NOW)
    counter.move(ticket, "approved", TUESDAY_NOON)
    assert counter.clock(ticket, "refund").started_at == NOW  # it was approved then
    counter.move(ticket, "resolved", TUESDAY_NOON)
    assert counter.promise(ticket, "refund").kept_at == TUESDAY_NOON


def test_an_approval_of_anything_else_promises_no_refund(counter: Counter) -> None:
    ticket = counter.open("alice", NOW, category="exchange")
    assert counter.move(ticket, "approved", NOW).promise_id is None


def test_what_is_due_next_stands_on_top_and_what_waits_is_not_there(
    counter: Counter, clocks: Clocks
) -> None:
    for number, name in enumerate(("first", "second", "third")):
        at = NOW + timedelta(minutes=number)
        counter.open(counter.conversation(name, at), at)
    counter.reply("second", NOW)
    clocks.check(DUE)
    due = clocks.due_next()
    kinds = [(clock.conversation_id, clock.kind) for clock in due]
    assert kinds == [
        *((name, "acknowledgement") for name in ("first", "second", "third")),
        *((name, "first_reply") for name in ("first", "third")),
    ]
    assert [clock.is_escalated for clock in due][:4] == [True] * 4
    assert [clock.conversation_id for clock in clocks.due_next(limit=1)] == ["first"]


def test_looking_at_the_clocks_takes_as_many_queries_for_many_as_for_one(
    counter: Counter, clocks: Clocks
) -> None:
    def asked(act: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(counter.database.engine, "before_cursor_execute", note)
        act()
        event.remove(counter.database.engine, "before_cursor_execute", note)
        return len(statements)

    for number in range(30):
        counter.open(counter.conversation(f"visitor {number}", NOW), NOW)
    assert asked(lambda: clocks.check(NOW)) <= 3
    assert asked(lambda: clocks.check(DUE)) <= 6
    assert asked(clocks.due_next) <= 3
