"""The calendar and the promises equal a plain walk through the minutes of the shop's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import (
    BusinessCalendar,
    PeakPeriod,
    Policy,
    TicketClass,
    Window,
    first_reply_promise,
)

MINUTE = timedelta(minutes=1)
ZONES = (
    *("America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Santiago"),
    *("Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo"),
    *("Australia/Lord_Howe", "Pacific/Chatham"),
)
FEW = settings(max_examples=120, deadline=None, derandomize=True, database=None)


@dataclass(frozen=True)
class Shop:
    """Opening hours as the oracle sees them: minutes of the day, by weekday; closed dates."""

    zone: ZoneInfo
    hours: tuple[tuple[tuple[int, int], ...], ...]
    closed: frozenset[date]
    peak: tuple[date, date]

    def minutes(self, start: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
        """From a UTC instant on, each minute with what the shop's clock shows and if it is open."""
        at = start
        while True:
            wall = at.astimezone(self.zone)
            minute = wall.hour * 60 + wall.minute
            hours = () if wall.date() in self.closed else self.hours[wall.weekday()]
            yield at, wall, any(opens <= minute < closes for opens, closes in hours)
            at += MINUTE

    def calendar(self) -> BusinessCalendar:
        return BusinessCalendar(
            zone=self.zone,
            weekly=tuple(tuple(Window(_clock(a), _clock(b)) for a, b in day) for day in self.hours),
            country=None,
            exceptions=dict.fromkeys(self.closed, ()),
            peaks=(PeakPeriod("sales", *self.peak),),
        )


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _due(shop: Shop, ticket_class: TicketClass, received: datetime) -> tuple[datetime, datetime]:
    """When the clock starts and when the reply is due, found by walking minute by minute."""
    started, start_wall = next(
        (at, wall) for at, wall, is_open in shop.minutes(received) if is_open
    )
    days = {"urgent": 1, "general": 2}[ticket_class]
    if shop.peak[0] <= start_wall.date() <= shop.peak[1]:
        days += 1
    open_days: list[date] = []
    same_clock_time = last_open = started
    for at, wall, is_open in shop.minutes(started):
        today = wall.date()
        if len(open_days) == days and today != open_days[-1]:
            break
        if is_open and today != start_wall.date():
            if today not in open_days:
                open_days.append(today)
            last_open = at
        is_same_time = (wall.hour, wall.minute) == (start_wall.hour, start_wall.minute)
        if is_same_time and (len(open_days) < days or today == open_days[-1]):
            same_clock_time = at
    return started, (same_clock_time if ticket_class == "urgent" else last_open + MINUTE)


# From 4:00 on no zone of the ten changes its clocks, so every clock time exists once.
_boundaries = st.lists(st.integers(4 * 4, 23 * 4), min_size=2, max_size=4, unique=True).map(sorted)
_office_day = st.just(((9 * 60, 17 * 60),))
_odd_day = _boundaries.map(
    lambda q: tuple((q[i] * 15, q[i + 1] * 15) for i in range(0, len(q) - 1, 2))
)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Shop, datetime]:
    """A shop, and an instant that is often near a change of the clocks, a closure or a peak."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    year = draw(st.integers(2007, 2026))
    spring, autumn = date(year, 3, 5), date(year, 9, 20)
    day = draw(
        st.one_of(
            st.dates(date(year, 1, 1), date(year, 12, 31)),
            st.dates(spring, spring + timedelta(days=35)),
            st.dates(autumn, autumn + timedelta(days=50)),
        )
    )
    minute = draw(st.integers(0, 24 * 60 - 1))
    received = datetime.combine(day, _clock(minute), UTC)
    hours = draw(_office_day | _odd_day)
    weekly = (*(hours if draw(st.booleans()) else draw(_odd_day) for _ in range(5)), (), ())
    closed = draw(st.frozensets(st.integers(0, 6), max_size=3))
    peak = day + timedelta(days=draw(st.integers(-6, 6)))
    shop = Shop(
        zone,
        weekly,
        frozenset(day + timedelta(days=n) for n in closed),
        (peak, peak + timedelta(days=draw(st.integers(0, 5)))),
    )
    return shop, received


@FEW
@given(case=_cases(), ticket_class=st.sampled_from(["urgent", "general"]))
def test_a_promise_equals_a_walk_through_the_minutes(
    policy: Policy, case: tuple[Shop, datetime], ticket_class: TicketClass
) -> None:
    shop, received = case
    started, due = _due(shop, ticket_class, received)
    promise = first_reply_promise(policy, shop.calendar(), ticket_class, received)
    assert (promise.counted_from, promise.due_at) == (started, due)


@FEW
@given(case=_cases())
def test_open_and_next_opening_equal_a_walk_through_the_minutes(
    case: tuple[Shop, datetime],
) -> None:
    shop, start = case
    calendar = shop.calendar()
    day = list(islice(shop.minutes(start), 24 * 60))
    assert [calendar.is_open(at) for at, _, _ in day[::7]] == [opened for _, _, opened in day[::7]]
    was_open = next(shop.minutes(start - MINUTE))[2]
    for at, _, is_open in shop.minutes(start):
        if is_open and not was_open:
            assert calendar.next_opening(start) == at
            break
        was_open = is_open


@FEW
@given(case=_cases(), later=st.integers(0, 3 * 24 * 60))
def test_who_writes_later_outside_a_peak_is_never_promised_sooner(
    policy: Policy, case: tuple[Shop, datetime], later: int
) -> None:
    shop, received = case
    calendar = BusinessCalendar(zone=shop.zone, country="US")
    for ticket_class in ("urgent", "general"):
        first = first_reply_promise(policy, calendar, ticket_class, received)
        second = first_reply_promise(policy, calendar, ticket_class, received + later * MINUTE)
        assert received < first.due_at <= second.due_at
