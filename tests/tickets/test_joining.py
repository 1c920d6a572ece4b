"""A repeated request joins the visitor's open ticket; nobody joins somebody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.storage import Database
from bot.storage.tables import Ticket
from bot.tickets import Clocks, Details, missing_of
from bot.tickets.promise_counts import PromiseCounts
from tests.conftest import TUESDAY_MORNING as NOW
from tests.conftest import SetClock
from tests.tickets.pieces import ALICE, Counter

PROVED = {"order_number": "1001", "email": "alice@example.com", "order_verified": True}


@pytest.fixture
def counter(database: Database) -> Counter:
    counter = Counter(database)
    counter.conversation("alice", NOW)
    return counter


def test_the_same_again_joins_the_open_ticket_and_its_date_stands(counter: Counter) -> None:
    first = counter.open("alice", NOW)
    told = counter.promise(first, "first_reply")
    again = Details(description="and the chain, too")
    later = NOW + timedelta(minutes=5)
    assert counter.open("alice", later, details=again) == first
    joined = counter.ticket(first)
    assert joined.description == "the clasp broke\n\nand the chain, too"
    assert joined.promise is not None
    assert joined.promise.id == told.id
    assert [what for what, _ in counter.told.said] == ["opened"]


@pytest.mark.parametrize("how", ["kept", "passed"])
def test_a_date_that_was_kept_or_has_passed_is_followed_by_a_new_one(
    counter: Counter, how: str
) -> None:
    ticket = counter.open("alice", NOW)
    if how == "kept":
        counter.reply("alice", NOW)
    later = NOW + timedelta(days=2)
    assert counter.open("alice", later) == ticket
    assert counter.promise(ticket, "first_reply").due_at == later + timedelta(days=1)
    assert counter.ticket(ticket).first_replied_at is None
    clock = counter.clock(ticket, "first_reply")
    assert (clock.started_at, clock.due_at) == (later, later + timedelta(days=1))


def test_the_new_date_of_an_overdue_ticket_is_warned_of_and_at_risk_and_the_old_one_broken(
    counter: Counter, clock: SetClock
) -> None:
    counter.open("alice", NOW, details=Details(order_number="1001"))
    clocks, counts = Clocks(counter.database), PromiseCounts(counter.database, clock)
    later = NOW + timedelta(days=2)
    clocks.check(later)
    ticket = counter.open("alice", later, details=Details(order_number="1001"))
    lapsed = counter.ticket(ticket)
    due = later + timedelta(days=1)
    clock.now = due - timedelta(minutes=30)
    assert [e.happening for e in clocks.check(clock.now)] == ["three_quarters_gone", "nearly_due"]
    (figures,) = counts.by_clause()
    assert (figures.made, figures.kept, figures.at_risk, figures.broken) == (2, 0, 1, 1)
    assert [e.happening for e in clocks.check(due)] == ["escalated"]
    assert [(c.reference, c.due_at) for c in clocks.due_next()] == [(lapsed.reference, due)]


def test_another_thing_another_order_or_a_resolved_one_is_another_ticket(
    counter: Counter,
) -> None:
    first = counter.open("alice", NOW)
    assert counter.open("alice", NOW, category="delay") != first
    other = Details("1002", "alice@example.com")
    assert counter.open("alice", NOW, details=other) != first
    counter.move(first, "resolved", NOW)
    assert counter.open("alice", NOW) != first


def test_who_has_proved_the_order_joins_from_another_conversation(counter: Counter) -> None:
    first = counter.open("alice", NOW)
    counter.conversation("alice again", NOW, **PROVED)
    assert counter.open("alice again", NOW) == first


def test_capitals_in_an_address_make_nobody_another_person(counter: Counter) -> None:
    first = counter.open("alice", NOW, details=replace(ALICE, email="Alice@Example.com"))
    counter.conversation("alice again", NOW, **PROVED)
    shouted = replace(ALICE, email="ALICE@example.com")
    assert counter.open("alice again", NOW, details=shouted) == first


def test_who_only_claims_it_neither_joins_nor_hears_of_it(counter: Counter) -> None:
    first = counter.open("alice", NOW)
    counter.conversation("mallory", NOW, **{**PROVED, "order_verified": False})
    assert counter.open("mallory", NOW) != first
    counter.conversation("mallory 2", NOW, **{**PROVED, "order_number": "1002"})
    assert counter.open("mallory 2", NOW) != first


def test_many_visitors_get_a_ticket_each_with_a_reference_of_its_own(
    counter: Counter,
) -> None:
    for number in range(50):
        counter.open(counter.conversation(f"v{number}", NOW), NOW, details=Details())
    with counter.database.read() as session:
        counted = select(func.count(), func.count(Ticket.reference.distinct())).select_from(Ticket)
        assert session.execute(counted).one() == (50, 50)


@pytest.mark.parametrize(
    ("category", "details", "missing"),
    [
        ("damaged", ALICE, ("attachments",)),
        ("cancellation", ALICE, ()),
        ("cancellation", Details(), ("name", "order_number", "description")),
        ("product_question", Details(name="Alice"), ("description",)),
    ],
)
def test_the_intake_meter_asks_only_for_what_the_request_needs(
    counter: Counter, category: str, details: Details, missing: tuple[str, ...]
) -> None:
    ticket = counter.open("alice", NOW, category=category, details=details)
    assert missing_of(counter.ticket(ticket)) == missing
