"""Time that passes only while the shop is open: how much of it, and where it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from bot.policy.calendar import LONGEST_CLOSURE_DAYS, ONE_DAY, BusinessCalendar, CalendarError

NOTHING = timedelta(0)


def business_time_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """How long the shop is open from one instant to a later one; nothing where it is not later."""
    total = NOTHING
    for opens, closes in _openings_from(calendar, start):
        if opens >= end:
            return total
        total += min(closes, end) - max(opens, start)
    raise AssertionError("openings do not end")


def after_business_time(calendar: BusinessCalendar, start: datetime, span: timedelta) -> datetime:
    """The UTC instant by which the shop has been open for so long since the start.

    Of two such instants, a closing and the opening after it, the closing. Raises CalendarError
    where the shop never opens.
    """
    for opens, closes in _openings_from(calendar, start):
        begins = max(opens, start)
        if span <= closes - begins:
            return begins + span
        span -= closes - begins
    raise AssertionError("openings do not end")


def _openings_from(
    calendar: BusinessCalendar, start: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Every opening that ends after the start, in order."""
    first, closed_days = calendar.day_of(start), 0
    for number in count():
        day = first + number * ONE_DAY
        windows = calendar.windows(day)
        closed_days = 0 if windows else closed_days + 1
        if closed_days > LONGEST_CLOSURE_DAYS:
            raise CalendarError(f"the shop does not open within {closed_days} days of {first}")
        for window in windows:
            opens, closes = (
                calendar.instant(day, window.opens),
                calendar.instant(day, window.closes),
            )
            if opens < closes and closes > start:
                yield opens, closes
