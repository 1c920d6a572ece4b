"""What was told stays as it was told, whatever changes later; it is kept, or broken by so much."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.policy import BusinessCalendar, PeakPeriod
from bot.storage import Database, PromiseChanged
from bot.storage.tables import PromiseRecord
from bot.tickets import Clocks, Details, Promises
from bot.tickets.promise_counts import PromiseCounts, PromiseStanding, as_table
from tests.conftest import TUESDAY_MORNING as NOW
from tests.conftest import SetClock
from tests.tickets.pieces import Counter


@pytest.fixture
def counter(database: Database) -> Counter:
    counter = Counter(database)
    counter.conversation("alice", NOW)
    return counter


def test_a_promise_is_stored_with_all_that_it_was_computed_from(counter: Counter) -> None:
    promise = counter.promise(counter.open("alice", NOW), "first_reply")
    assert promise.clause == "3.urgent_reply"
    assert promise.policy_version == counter.policy.version
    assert "opening_hours" in promise.readings
    assert promise.calendar["zone"] == "America/New_York"
    assert promise.calendar["country"] == "US"
    assert promise.told_as == "Wednesday 18 November at 10:00 am (your time)"
    assert (promise.told_at, promise.kept_at) == (NOW, None)


@pytest.mark.parametrize("change", [{"due_at": NOW}, {"told_as": "soon"}, {"clause": "3.peak"}])
def test_what_was_told_cannot_be_changed(counter: Counter, change: dict[str, object]) -> None:
    ticket = counter.open("alice", NOW)
    with counter.database.write() as session:
        promise = session.scalars(select(PromiseRecord).limit(1)).one()
        for name, value in change.items():
            setattr(promise, name, value)
        with pytest.raises(PromiseChanged):
            session.flush()
        session.rollback()
    with pytest.raises(PromiseChanged), counter.database.write() as session:
        session.execute(update(PromiseRecord).values(**change))
    assert counter.promise(ticket, "first_reply").told_as.startswith("Wednesday 18")


def test_a_kept_promise_stays_kept_when_it_was(counter: Counter) -> None:
    ticket = counter.open("alice", NOW)
    counter.reply("alice", NOW)
    counter.reply("alice", NOW + timedelta(days=1))
    assert counter.promise(ticket, "first_reply").kept_at == NOW
    with counter.database.write() as session:
        promise = session.get_one(PromiseRecord, counter.promise(ticket, "first_reply").id)
        promise.kept_at = NOW + timedelta(days=1)
        with pytest.raises(PromiseChanged):
            session.flush()
        session.rollback()


def test_a_change_of_policy_calendar_or_peak_touches_only_later_promises(
    counter: Counter,
) -> None:
    before = counter.promise(counter.open("alice", NOW), "first_reply")
    peak = PeakPeriod("Black Friday", date(2026, 11, 16), date(2026, 11, 30))
    changed = Counter(counter.database, replace(BusinessCalendar(), peaks=(peak,), country=None))
    older = changed.policy.last_updated + timedelta(days=1)
    changed.policy = changed.policy.model_copy(update={"last_updated": older})
    changed.policy.__dict__.pop("version", None)
    changed.tickets = type(changed.tickets)(changed.policy, changed.calendar)
    changed.conversation("olga", NOW)
    after = changed.promise(changed.open("olga", NOW), "first_reply")
    kept = counter.promise(before.ticket_id or 0, "first_reply")
    for name in ("clause", "policy_version", "readings", "calendar", "due_at", "told_as"):
        assert getattr(kept, name) == getattr(before, name), name
    assert after.due_at == before.due_at + timedelta(days=1)
    assert after.policy_version != before.policy_version
    assert after.calendar["peak"] == ["Black Friday", "2026-11-16", "2026-11-30"]


def test_the_figures_tell_what_was_kept_is_at_risk_and_broken_by_how_much(
    counter: Counter, clock: SetClock
) -> None:
    nobody = Details(order_number="1001")
    for name in ("kept", "late", "missed", "risky"):
        counter.conversation(name, NOW)
        if name != "risky":
            counter.open(name, NOW, details=nobody)
    due = NOW + timedelta(days=1)
    counter.reply("kept", due)
    counter.reply("late", due + timedelta(hours=2))
    risky = counter.open("risky", NOW + timedelta(hours=3), details=nobody)
    clock.now = due + timedelta(hours=2, minutes=30)
    Clocks(counter.database).check(clock.now)
    counts = PromiseCounts(counter.database, clock)
    (figures,) = counts.by_clause()
    assert (figures.made, figures.kept, figures.at_risk, figures.broken) == (4, 1, 1, 2)
    assert "3.urgent_reply" in as_table([figures])
    late, missed = counts.listed("3.urgent_reply", PromiseStanding.BROKEN)
    assert {late.late_by, missed.late_by} == {timedelta(hours=2), timedelta(hours=2, minutes=30)}
    (at_risk,) = counts.listed("3.urgent_reply", PromiseStanding.AT_RISK)
    assert at_risk.reference == counter.ticket(risky).reference


def test_the_confirmation_is_promised_once_there_is_an_address_and_kept_from_outside(
    counter: Counter,
) -> None:
    ticket = counter.open("alice", NOW, details=Details(order_number="1001"))
    assert counter.told.said == []
    counter.open("alice", NOW, details=Details(email="alice@example.com"))
    assert counter.told.said == [("opened", counter.ticket(ticket).reference)]
    assert counter.promise(ticket, "acknowledgement").clause == "4.1.acknowledgement"
    taken = NOW + timedelta(minutes=3)
    promises = Promises(counter.policy, counter.calendar)
    for at in (taken, taken + timedelta(hours=1)):
        with counter.database.write() as session:
            promises.keep(session, ticket, "acknowledgement", at)
    assert counter.promise(ticket, "acknowledgement").kept_at == taken
    assert counter.clock(ticket, "acknowledgement").stopped_at == taken
    assert counter.promise(ticket, "first_reply").kept_at is None


def test_dates_are_told_in_the_visitors_zone(counter: Counter) -> None:
    promise = counter.promise(counter.open("alice", NOW), "first_reply")
    assert promise.due_at == datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
