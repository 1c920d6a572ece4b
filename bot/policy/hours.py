"""Opening hours and peak periods: the parts of a business calendar, and how settings write them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

ONE_DAY = timedelta(days=1)  # not the policy's: the length of a calendar day
END_OF_DAY = time(0)  # as a closing time: midnight, at which the next day begins
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class CalendarError(ValueError):
    """The business calendar cannot be used; the text says which part of it and why."""


@dataclass(frozen=True, order=True)
class Window:
    """Opening hours within a day, in local time; the closing minute itself is closed.

    A window that closes at 00:00 lasts until the day ends. Raises CalendarError where it does not
    close after it opens.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise CalendarError("opening hours are local times, without a zone of their own")
        if self.opens >= self.closes != END_OF_DAY:
            raise CalendarError(f"a window should close after it opens: {self}")

    def __str__(self) -> str:
        closes = "24:00" if self.closes == END_OF_DAY else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}–{closes}"

    def shown_on(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing as a clock that is set to UTC would show them on this day."""
        closes_on = day + ONE_DAY if self.closes == END_OF_DAY else day
        return datetime.combine(day, self.opens, UTC), datetime.combine(closes_on, self.closes, UTC)


@dataclass(frozen=True)
class PeakPeriod:
    """Days of high demand, both ends included, in which a reply may take longer (§3)."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise CalendarError(f"the peak period {self.name!r} ends before it begins")


def check_windows(windows: tuple[Window, ...]) -> None:
    """Raises CalendarError where the windows of a day overlap or are out of order."""
    for earlier, later in pairwise(windows):
        if earlier.closes == END_OF_DAY or earlier.closes > later.opens:
            raise CalendarError(f"windows overlap or are out of order: {earlier}, {later}")


def window_of(opens: str, closes: str) -> Window:
    """The window between two times, written 09:00 or 24:00. Raises CalendarError."""
    try:
        until = END_OF_DAY if closes == "24:00" else time.fromisoformat(closes)
        return Window(time.fromisoformat(opens), until)
    except CalendarError:
        raise
    except ValueError as error:
        raise CalendarError(f"opening hours are written 09:00: {error}") from error


def weekly_hours(text: str) -> tuple[tuple[Window, ...], ...]:
    """A week, Monday first, from `mon-fri 09:00-12:00 13:00-17:00; sat 10:00-14:00`.

    A weekday that is not named is closed. Raises CalendarError for what cannot be read and for a
    weekday that is named twice.
    """
    week: dict[int, tuple[Window, ...]] = {}
    for days, windows in _entries(text):
        for weekday in _weekdays(days):
            if weekday in week:
                raise CalendarError(f"the hours of {WEEKDAYS[weekday]} stand twice")
            week[weekday] = windows
    return tuple(week.get(weekday, ()) for weekday in range(7))


def dated_hours(text: str) -> Mapping[date, tuple[Window, ...]]:
    """Exceptions from `2026-11-27 10:00-14:00; 2026-12-24..2027-01-01 closed`.

    Raises CalendarError for what cannot be read and for a date that is named twice.
    """
    hours: dict[date, tuple[Window, ...]] = {}
    for days, windows in _entries(text):
        for day in _dates(days):
            if day in hours:
                raise CalendarError(f"the exception for {day} stands twice")
            hours[day] = windows
    return hours


def _entries(text: str) -> Iterator[tuple[str, tuple[Window, ...]]]:
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        days, *hours = entry.split()
        if not hours:
            raise CalendarError(f"{entry!r} names no hours; write `closed` for a closed day")
        yield days.lower(), () if hours == ["closed"] else tuple(_window(one) for one in hours)


def _window(text: str) -> Window:
    opens, _, closes = text.replace("–", "-").partition("-")
    return window_of(opens, closes)


def _weekdays(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise CalendarError(f"weekdays are written mon-fri or sat,sun, not {part!r}")
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        yield from (day % 7 for day in range(start, end + 1 if end >= start else end + 8))


def _dates(text: str) -> Iterator[date]:
    first, dots, last = text.partition("..")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last if dots else first)
    except ValueError as error:
        raise CalendarError(f"dates are written 2026-12-24, not {text!r}: {error}") from error
    if start > end or end - start > 366 * ONE_DAY:
        raise CalendarError(f"an exception should begin before it ends, within a year: {text!r}")
    yield from (start + n * ONE_DAY for n in range((end - start).days + 1))
