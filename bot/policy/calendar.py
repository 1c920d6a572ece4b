"""The business calendar: when the shop is open, and how business days and hours are counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from bot.policy.hours import (
    ONE_DAY,
    CalendarError,
    PeakPeriod,
    Window,
    check_windows,
    dated_hours,
    weekly_hours,
    window_of,
)
from bot.policy.offsets import stretches
from bot.policy.public_holidays import public_holidays
from bot.policy.zones import known_zone

LONGEST_CLOSURE_DAYS = 400
DAYS_REMEMBERED = 4_000
# No zone's clocks are further from UTC than this, so its day lies within the UTC days beside it.
FARTHEST_OFFSET = timedelta(hours=16)

OFFICE_HOURS = (Window(time(9), time(17)),)
MONDAY_TO_FRIDAY = (OFFICE_HOURS,) * 5 + ((), ())

Span = tuple[datetime, datetime]  # from the opening to the closing, both in UTC
_Remembered = dict[date, tuple[Span, ...]]


def _nothing() -> _Remembered:
    return {}


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours by weekday, holidays, exceptions by date and peak periods, in one time zone.

    The shop is open whenever its clock shows a time within the hours of the day it shows: what a
    change of the clocks skips is not open, what it repeats is open twice. The defaults are those
    of reading 4, which the policy file marks as assumed. Days are dates in `zone`; instants that
    come out are in UTC, those that go in must be aware, else ValueError is raised. Raises
    CalendarError where the parts do not make a calendar, or the shop never opens again.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    weekly: tuple[tuple[Window, ...], ...] = MONDAY_TO_FRIDAY  # Monday first
    country: str | None = "US"  # ISO 3166 code; None: no public holidays
    region: str | None = None  # a subdivision with holidays of its own
    exceptions: Mapping[date, tuple[Window, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )  # instead of the weekday's hours and of a holiday; empty: closed
    peaks: Iterable[PeakPeriod] = ()  # gone through once for each promise, so it may change
    _by_day: _Remembered = field(default_factory=_nothing, init=False, repr=False, compare=False)
    _by_utc_day: _Remembered = field(
        default_factory=_nothing, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise CalendarError("the week needs seven days of opening hours, Monday first")
        if not any(self.weekly):
            raise CalendarError("the shop should be open on some day of the week")
        for windows in (*self.weekly, *self.exceptions.values()):
            check_windows(windows)
        if self.country is not None:
            public_holidays(self.country, self.region, 2025)  # an unknown country is an error here

    @classmethod
    def of_settings(
        cls,
        zone: str,
        opens: str,
        closes: str,
        country: str,
        *,
        region: str = "",
        hours: str = "",
        exceptions: str = "",
        peaks: Iterable[PeakPeriod] = (),
    ) -> Self:
        """The calendar that the texts of the settings describe (reading 4).

        `hours` as `weekly_hours` reads them; empty: Monday to Friday from `opens` to `closes`,
        written 09:00. `exceptions` as `dated_hours` reads them. An empty `country` means no
        public holidays. Raises CalendarError for what does not exist or cannot be read.
        """
        shop_zone = known_zone(zone)
        if shop_zone is None:
            raise CalendarError(f"there is no time zone {zone!r}")
        if region and not country:
            raise CalendarError(f"the region {region!r} needs its country")
        weekly = weekly_hours(hours) if hours.strip() else None
        return cls(
            shop_zone,
            weekly or ((window_of(opens, closes),),) * 5 + ((), ()),
            country or None,
            region or None,
            dated_hours(exceptions),
            peaks,
        )

    def day_of(self, at: datetime) -> date:
        """The shop's date at an instant."""
        return _aware(at).astimezone(self.zone).date()

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
        return public_holidays(self.country, self.region, day.year).get(day)

    def peak(self, day: date) -> PeakPeriod | None:
        """The peak period that a day lies in, or None."""
        return next((peak for peak in self.peaks if peak.first <= day <= peak.last), None)

    def is_business_day(self, day: date) -> bool:
        """Whether the shop opens on a day; days of a peak are business days too (reading 2)."""
        return bool(self._open_on(day))

    def nth_business_day_after(self, day: date, n: int) -> date:
        """The nth business day after a day, which itself does not count; n is at least 1."""
        if n < 1:
            raise ValueError("business days are counted from 1")
        closed_days = 0
        while n and closed_days < LONGEST_CLOSURE_DAYS:
            day += ONE_DAY
            closed_days = 0 if self._open_on(day) else 1 + closed_days
            n -= not closed_days
        if n:
            raise _never_opens(day)
        return day

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant at which the shop's clock shows a time of a day.

        A time that a change of the clocks skips moves on by what is skipped; of one that it
        repeats it is the first.
        """
        return datetime.combine(day, clock.replace(fold=0), self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The UTC instant of a business day's last closing. Raises ValueError when closed."""
        spans = self._open_on(day)
        if not spans:
            raise ValueError(f"the shop is closed on {day}")
        return spans[-1][1]

    def is_open(self, at: datetime) -> bool:
        """Whether the shop is open at an instant."""
        at = _aware(at).astimezone(UTC)
        return any(opens <= at < closes for opens, closes in self._open_in_utc(at.date()))

    def next_opening(self, at: datetime) -> datetime:
        """The first UTC instant, at or after the given one, at which the shop opens."""
        at = _aware(at).astimezone(UTC)
        closed = datetime.min.replace(tzinfo=UTC)
        for opens, closes in self._open_since(at - ONE_DAY):
            if opens >= at and opens != closed:  # what goes on over midnight does not open then
                return opens
            closed = closes
            if opens > at + LONGEST_CLOSURE_DAYS * ONE_DAY:
                break
        raise CalendarError(f"the shop does not close within {LONGEST_CLOSURE_DAYS} days of {at}")

    def clock_start(self, at: datetime) -> datetime:
        """The UTC instant at which a clock starts: at once, or at the next opening (reading 8)."""
        return at.astimezone(UTC) if self.is_open(at) else self.next_opening(at)

    def business_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the shop is open from one instant to another; negative where it ends first."""
        start, end = _aware(start).astimezone(UTC), _aware(end).astimezone(UTC)
        if end < start:
            return -self.business_time(end, start)
        total, day = timedelta(0), start.date()
        while day <= end.date():
            for opens, closes in self._open_in_utc(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
            day += ONE_DAY
        return total

    def after_business_time(self, at: datetime, duration: timedelta) -> datetime:
        """The first UTC instant by which the shop has been open this long since the given one."""
        if duration <= timedelta(0):
            raise ValueError("a time ahead is longer than nothing")
        at = _aware(at).astimezone(UTC)
        for opens, closes in self._open_since(at):
            begins = max(opens, at)
            if closes - begins >= duration:
                return begins + duration
            duration -= max(closes - begins, timedelta(0))
        raise AssertionError("there is always a next opening, or CalendarError")

    def _open_since(self, at: datetime) -> Iterator[Span]:
        """Every span from an instant's UTC day on; one that goes on over midnight is in two."""
        day, closed_days = at.date(), 0
        while closed_days < LONGEST_CLOSURE_DAYS:
            spans = self._open_in_utc(day)
            yield from spans
            closed_days = 0 if spans else 1 + closed_days
            day += ONE_DAY
        raise _never_opens(at.date())

    def _open_in_utc(self, day: date) -> tuple[Span, ...]:
        """When the shop is open on a UTC day, in order and with no two that touch."""
        spans = self._by_utc_day.get(day)
        if spans is None:
            midnight = datetime.combine(day, time(0), UTC)
            near = [span for n in (-1, 0, 1) for span in self._open_on(day + n * ONE_DAY)]
            spans = _joined(_cut(near, midnight, midnight + ONE_DAY))
            _remember(self._by_utc_day, day, spans)
        return spans

    def _open_on(self, day: date) -> tuple[Span, ...]:
        """When the shop is open while its clock shows this date, in order."""
        spans = self._by_day.get(day)
        if spans is None:
            shown = [window.shown_on(day) for window in self.windows(day)]
            midnight = datetime.combine(day, time(0), UTC)
            found: list[Span] = []
            if shown:
                begins, ends = midnight - FARTHEST_OFFSET, midnight + ONE_DAY + FARTHEST_OFFSET
                for part in stretches(self.zone, begins, ends):
                    instants = [(a - part.offset, b - part.offset) for a, b in shown]
                    found += _cut(instants, part.begins, part.ends)
            spans = _joined(found)
            _remember(self._by_day, day, spans)
        return spans


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at


def _never_opens(day: date) -> CalendarError:
    return CalendarError(f"the shop does not open within {LONGEST_CLOSURE_DAYS} days of {day}")


def _cut(spans: Iterable[Span], begins: datetime, ends: datetime) -> list[Span]:
    cut = ((max(a, begins), min(b, ends)) for a, b in spans)
    return [(a, b) for a, b in cut if a < b]


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _remember(memory: _Remembered, day: date, spans: tuple[Span, ...]) -> None:
    if len(memory) >= DAYS_REMEMBERED:
        memory.clear()
    memory[day] = spans
