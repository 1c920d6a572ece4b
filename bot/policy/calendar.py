"""The business calendar: when the shop is open, and how business days are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

import holidays

from bot.policy.zones import known_zone

ONE_DAY = timedelta(days=1)  # not the policy's: the length of a calendar day
LONGEST_CLOSURE_DAYS = 400


class CalendarError(ValueError):
    """The business calendar cannot be used; the text says which part of it and why."""


@dataclass(frozen=True, order=True)
class Window:
    """Opening hours within a day, in local time; the closing minute itself is closed.

    Raises CalendarError where it does not close after it opens.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise CalendarError("opening hours are local times, without a zone of their own")
        if self.opens >= self.closes:
            raise CalendarError(f"a window should close after it opens: {self}")

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


@dataclass(frozen=True)
class PeakPeriod:
    """Days of high demand, both ends included, in which a reply may take longer (§3)."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise CalendarError(f"the peak period {self.name!r} ends before it begins")


OFFICE_HOURS = (Window(time(9), time(17)),)
MONDAY_TO_FRIDAY = (OFFICE_HOURS,) * 5 + ((), ())


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours by weekday, holidays, exceptions by date and peak periods, in one time zone.

    The defaults are those of reading 4, which the policy file marks as assumed. Days are dates in
    `zone`; instants that come out are in UTC, and those that go in must be aware. An opening or
    closing that a change of the clocks skips moves on by what is skipped; one that it repeats is
    the first of the two. Raises CalendarError where the parts do not make a calendar.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    weekly: tuple[tuple[Window, ...], ...] = MONDAY_TO_FRIDAY  # Monday first
    country: str | None = "US"  # ISO 3166 code; None: no public holidays
    region: str | None = None  # a subdivision with holidays of its own
    exceptions: Mapping[date, tuple[Window, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )  # instead of the weekday's hours and of a holiday; empty: closed
    peaks: tuple[PeakPeriod, ...] = ()

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise CalendarError("the week needs seven days of opening hours, Monday first")
        if not any(self.weekly):
            raise CalendarError("the shop should be open on some day of the week")
        for windows in (*self.weekly, *self.exceptions.values()):
            for earlier, later in pairwise(windows):
                if earlier.closes > later.opens:
                    raise CalendarError(f"windows overlap or are out of order: {earlier}, {later}")
        if self.country is not None:
            _holidays(self.country, self.region, 2025)  # an unknown country is an error here

    @classmethod
    def of_settings(cls, zone: str, opens: str, closes: str, country: str) -> Self:
        """Monday to Friday with one window, from the texts of the settings (reading 4).

        `opens` and `closes` are written 09:00; an empty `country` means no public holidays.
        Raises CalendarError for a zone, a time or a country that does not exist.
        """
        shop_zone = known_zone(zone)
        if shop_zone is None:
            raise CalendarError(f"there is no time zone {zone!r}")
        try:
            window = Window(time.fromisoformat(opens), time.fromisoformat(closes))
        except CalendarError:
            raise
        except ValueError as error:
            raise CalendarError(f"opening hours are written 09:00: {error}") from error
        return cls(shop_zone, ((window,),) * 5 + ((), ()), country or None)

    def day_of(self, at: datetime) -> date:
        """The shop's date at an instant. Raises ValueError for one without a zone."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return at.astimezone(self.zone).date()

    def windows(self, day: date) -> tuple[Window, ...]:
        """The opening hours of a day; empty when the shop stays closed."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.holiday(day):
            return ()
        return self.weekly[day.weekday()]

    def holiday(self, day: date) -> str | None:
        """The public holiday's name in English, or None."""
        if self.country is None:
            return None
        return _holidays(self.country, self.region, day.year).get(day)

    def peak(self, day: date) -> PeakPeriod | None:
        """The peak period that a day lies in, or None."""
        return next((peak for peak in self.peaks if peak.first <= day <= peak.last), None)

    def is_business_day(self, day: date) -> bool:
        """Whether the shop opens on a day; days of a peak are business days too (reading 2)."""
        return bool(self.windows(day))

    def nth_business_day_after(self, day: date, n: int) -> date:
        """The nth business day after a day, which itself does not count; n is at least 1."""
        if n < 1:
            raise ValueError("business days are counted from 1")
        for _ in range(n):
            day = self._business_day_from(day + ONE_DAY)
        return day

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant at which the shop's clock shows a time of a day."""
        return datetime.combine(day, clock.replace(fold=0), self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The UTC instant of a business day's last closing. Raises ValueError when closed."""
        windows = self.windows(day)
        if not windows:
            raise ValueError(f"the shop is closed on {day}")
        return self.instant(day, windows[-1].closes)

    def is_open(self, at: datetime) -> bool:
        """Whether the shop is open at an instant."""
        return any(opens <= at < closes for opens, closes in self._openings(self.day_of(at)))

    def next_opening(self, at: datetime) -> datetime:
        """The first UTC instant, at or after the given one, at which the shop opens."""
        day = self.day_of(at)
        while True:
            day = self._business_day_from(day)
            for opens, _ in self._openings(day):
                if opens >= at:
                    return opens
            day += ONE_DAY

    def _openings(self, day: date) -> list[tuple[datetime, datetime]]:
        spans = [
            (self.instant(day, w.opens), self.instant(day, w.closes)) for w in self.windows(day)
        ]
        return [(opens, closes) for opens, closes in spans if opens < closes]

    def _business_day_from(self, day: date) -> date:
        for days in range(LONGEST_CLOSURE_DAYS):
            if self.is_business_day(day + days * ONE_DAY):
                return day + days * ONE_DAY
        raise CalendarError(f"the shop does not open within {LONGEST_CLOSURE_DAYS} days of {day}")


@lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """One finished year: the library's own lazy years may be seen half-filled by a thread."""
    try:
        found = holidays.country_holidays(
            country, subdiv=region, years=year, expand=False, language="en_US"
        )
    except NotImplementedError as error:
        raise CalendarError(f"no public holidays are known: {error}") from error
    return MappingProxyType(dict(found))
