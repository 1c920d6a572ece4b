"""The calendar and the promises equal what somebody sees who looks at the shop every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import (
    BusinessCalendar,
    PeakPeriod,
    Policy,
    TicketClass,
    Window,
    acknowledgement_promise,
    carrier_trace_promise,
    first_reply_promise,
    refund_promise,
)
from tests.policy.minutes import (
    MINUTE,
    YEARS,
    ZONES,
    Hours,
    WatchedShop,
    changes_of_the_clocks,
    clock_time,
)

FEW = settings(max_examples=100, deadline=None, derandomize=True, database=None)
FEWER = settings(FEW, max_examples=40)  # each watches a month
DAY = timedelta(days=1)
NO_PEAK = (date.min, date.min)
# One shop for every change of the clocks: open by night, over midnight, and in quarters of hours.
NIGHTS: Hours = ((0, 45), (75, 150), (165, 195), (600, 960), (1380, 1440))


def _calendar(shop: WatchedShop) -> BusinessCalendar:
    return BusinessCalendar(
        zone=shop.zone,
        weekly=tuple(
            tuple(Window(clock_time(opens), clock_time(closes)) for opens, closes in day)
            for day in shop.hours
        ),
        country=None,
        exceptions=dict.fromkeys(shop.closed, ()),
        peaks=(PeakPeriod("sales", *shop.peak),),
    )


def _due(shop: WatchedShop, ticket_class: TicketClass, received: datetime) -> datetime:
    start = shop.starts(received)
    days = {"urgent": 1, "general": 2}[ticket_class] + shop.is_peak(start.day)
    day = shop.business_day_after(start, days)
    if ticket_class == "urgent":
        return shop.same_clock_time(day, start.minute)
    return shop.closing(day)


_quarters = st.lists(st.integers(0, 24 * 4), min_size=2, max_size=6, unique=True).map(sorted)
_odd_day = _quarters.map(
    lambda q: tuple((q[i] * 15, q[i + 1] * 15) for i in range(0, len(q) - 1, 2))
)
_office_day = st.just(((9 * 60, 17 * 60),))
_always = st.just(((0, 24 * 60),))


@st.composite
def _cases(draw: st.DrawFn, watched_days: int = 16) -> tuple[WatchedShop, datetime]:
    """A shop, and an instant that is often near a change of the clocks, a closure or a peak."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    year = draw(st.integers(*YEARS))
    any_day = st.integers(0, 364).map(lambda n: datetime(year, 1, 1, tzinfo=UTC) + n * DAY)
    near = [day for day in changes_of_the_clocks(zone) if day.year == year]
    day = draw(st.one_of(any_day, st.sampled_from(near or [datetime(year, 12, 24, tzinfo=UTC)])))
    received = day + draw(st.integers(-3 * 24 * 60, 24 * 60)) * MINUTE
    hours = draw(_office_day | _odd_day | _always)
    weekly = (*(hours if draw(st.booleans()) else draw(_odd_day) for _ in range(5)), (), ())
    closed = draw(st.frozensets(st.integers(-3, 4), max_size=3))
    peak = day.date() + draw(st.integers(-6, 6)) * DAY
    shop = WatchedShop(
        zone,
        draw(st.permutations(weekly).map(tuple)),
        frozenset(day.date() + n * DAY for n in closed),
        (peak, peak + draw(st.integers(0, 5)) * DAY),
        received - DAY,
        watched_days,
    )
    return shop, received


@FEW
@given(case=_cases(), ticket_class=st.sampled_from(["urgent", "general"]))
def test_a_first_reply_is_due_when_the_minutes_say(
    policy: Policy, case: tuple[WatchedShop, datetime], ticket_class: TicketClass
) -> None:
    shop, received = case
    promise = first_reply_promise(policy, _calendar(shop), ticket_class, received)
    assert promise.counted_from == shop.starts(received).at
    assert promise.due_at == _due(shop, ticket_class, received)


@FEWER
@given(case=_cases(watched_days=30))
def test_the_other_promises_are_due_when_the_minutes_say(
    policy: Policy, case: tuple[WatchedShop, datetime]
) -> None:
    shop, received = case
    calendar, start = _calendar(shop), shop.starts(received)
    acknowledged = acknowledgement_promise(policy, calendar, received)
    assert acknowledged.due_at == shop.after_open_minutes(received, 60)
    traced = carrier_trace_promise(policy, calendar, received)
    assert traced.due_at == shop.closing(shop.business_day_after(start, 5))
    refunded = refund_promise(policy, calendar, received)
    assert refunded.due_at == shop.closing(shop.business_day_after(start, 10))


@FEW
@given(case=_cases(), length=st.integers(1, 6 * 24 * 60), hours=st.integers(1, 30))
def test_opening_and_business_time_are_what_the_minutes_say(
    case: tuple[WatchedShop, datetime], length: int, hours: int
) -> None:
    shop, start = case
    calendar, end = _calendar(shop), start + length * MINUTE
    for seen in shop.since(start)[: 3 * 24 * 60 : 11]:
        assert calendar.is_open(seen.at) is seen.is_open
    assert calendar.next_opening(start) == shop.next_opening(start)
    assert calendar.business_time(start, end) == shop.open_minutes(start, end) * MINUTE
    later = calendar.after_business_time(start, timedelta(hours=hours))
    assert calendar.business_time(start, later) == timedelta(hours=hours)
    assert calendar.is_open(later - MINUTE)


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_change_of_the_clocks_the_minutes_agree(policy: Policy, zone: str) -> None:
    changes = changes_of_the_clocks(ZoneInfo(zone))
    assert len(changes) in ({0} if zone in ("Asia/Kolkata", "Asia/Tokyo") else range(15, 85))
    for change in changes:
        begins = change - 2 * DAY
        shop = WatchedShop(ZoneInfo(zone), (NIGHTS,) * 7, frozenset(), NO_PEAK, begins, 5)
        calendar = _calendar(shop)
        seen = shop.minutes[: 3 * 24 * 60]
        assert [m.at for m in seen if calendar.is_open(m.at) is not m.is_open] == []
        for received in (m.at for m in seen[:: 9 * 60 + 7]):
            promise = first_reply_promise(policy, calendar, "urgent", received)
            assert promise.due_at == _due(shop, "urgent", received)


@FEW
@given(case=_cases(), later=st.integers(0, 3 * 24 * 60))
def test_who_writes_later_outside_a_peak_is_never_promised_sooner(
    policy: Policy, case: tuple[WatchedShop, datetime], later: int
) -> None:
    shop, received = case
    calendar = BusinessCalendar(zone=shop.zone, country="US")
    for ticket_class in ("urgent", "general"):
        first = first_reply_promise(policy, calendar, ticket_class, received)
        second = first_reply_promise(policy, calendar, ticket_class, received + later * MINUTE)
        assert received < first.due_at <= second.due_at
