"""A shop as somebody sees it who looks at its clock every minute; none of our code takes part."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
# With DST changes at 1, 2 and 3 o'clock, at midnight, a minute after it and by half an hour; one
# zone that moved to the other side of the date line, one that changes with the moon, two without.
ZONES = (
    *("America/New_York", "America/St_Johns", "America/Santiago", "Europe/London"),
    *("Africa/Casablanca", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe"),
    *("Pacific/Chatham", "Pacific/Apia"),
)
YEARS = (2007, 2026)

Hours = tuple[tuple[int, int], ...]  # minutes of the day, from opening to closing


class Minute(NamedTuple):
    """A minute: when it is, what the shop's clock shows then, and whether the shop is open."""

    at: datetime
    day: date
    minute: int
    is_open: bool


@dataclass(frozen=True)
class WatchedShop:
    """Opening hours by weekday, closed dates, a peak; watched from an instant on for some days."""

    zone: ZoneInfo
    hours: tuple[Hours, ...]
    closed: frozenset[date]
    peak: tuple[date, date]
    watched_from: datetime
    watched_days: int = 16

    @cached_property
    def minutes(self) -> list[Minute]:
        return [
            self._look(self.watched_from + n * MINUTE) for n in range(self.watched_days * 24 * 60)
        ]

    def _look(self, at: datetime) -> Minute:
        wall = at.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        day = wall.date()
        is_open = minute in self.open_minutes_of[day.weekday()] and day not in self.closed
        return Minute(at, day, minute, is_open)

    @cached_property
    def open_minutes_of(self) -> list[set[int]]:
        return [{minute for hours in day for minute in range(*hours)} for day in self.hours]

    def since(self, at: datetime) -> list[Minute]:
        return self.minutes[(at - self.watched_from) // MINUTE :]

    def next_opening(self, at: datetime) -> datetime:
        before = self._look(at - MINUTE).is_open
        for seen in self.since(at):
            if seen.is_open and not before:
                return seen.at
            before = seen.is_open
        raise LookupError("watch longer")

    def starts(self, at: datetime) -> Minute:
        return next(seen for seen in self.since(at) if seen.is_open)

    def business_day_after(self, start: Minute, days: int) -> date:
        open_days = {seen.day for seen in self.minutes if seen.is_open and seen.day > start.day}
        return sorted(open_days)[days - 1]

    def closing(self, day: date) -> datetime:
        return max(s.at for s in self.minutes if s.is_open and s.day == day) + MINUTE

    def same_clock_time(self, day: date, minute: int) -> datetime:
        """The first such minute; where the clock skips it, as many minutes after midnight."""
        shown = [seen for seen in self.minutes if seen.day == day]
        found = next((seen.at for seen in shown if seen.minute == minute), None)
        return found or shown[0].at + minute * MINUTE

    def is_peak(self, day: date) -> bool:
        return self.peak[0] <= day <= self.peak[1]

    def open_minutes(self, start: datetime, end: datetime) -> int:
        return sum(seen.is_open for seen in self.minutes if start <= seen.at < end)

    def after_open_minutes(self, at: datetime, count: int) -> datetime:
        return [seen.at for seen in self.since(at) if seen.is_open][count - 1] + MINUTE


def clock_time(minute: int) -> time:
    """A minute of the day as a time; the last one ends where the next day begins."""
    return time(minute // 60 % 24, minute % 60)


def changes_of_the_clocks(zone: ZoneInfo) -> list[datetime]:
    """The first UTC midnight after each change of a zone's clocks in those years."""
    midnight, changes = datetime(YEARS[0], 1, 1, tzinfo=UTC), []
    while midnight.year <= YEARS[1]:
        later = midnight + timedelta(days=1)
        if later.astimezone(zone).utcoffset() != midnight.astimezone(zone).utcoffset():
            changes.append(later)
        midnight = later
    return changes
