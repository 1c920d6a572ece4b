"""When the shop is open: weekends, holidays, exceptions, split days, changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.policy import BusinessCalendar, CalendarError, PeakPeriod, Window

NEW_YORK = ZoneInfo("America/New_York")
SHOP = BusinessCalendar()
SPLIT = (Window(time(9), time(12)), Window(time(13), time(17)))


def _new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59:59", True),
        ("2026-11-23 17:00", False),  # the closing minute is closed
        ("2026-11-21 12:00", False),  # a Saturday
        ("2026-11-26 12:00", False),  # Thanksgiving
        ("2026-11-27 12:00", True),
    ],
)
def test_the_shop_is_open_in_office_hours_of_business_days(at: str, is_open: bool) -> None:
    assert SHOP.is_open(_new_york(at)) is is_open


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 26), "Thanksgiving Day"),
        (date(2026, 7, 3), "Independence Day (observed)"),
        (date(2021, 12, 31), "New Year's Day (observed)"),
        (date(2026, 11, 27), None),
    ],
)
def test_federal_holidays_are_closed_also_when_moved(day: date, name: str | None) -> None:
    assert SHOP.holiday(day) == name
    assert SHOP.is_business_day(day) is (name is None)


def test_the_next_opening_skips_a_holiday_and_a_weekend() -> None:
    assert SHOP.next_opening(_new_york("2026-11-25 17:00")) == _new_york("2026-11-27 09:00")
    assert SHOP.next_opening(_new_york("2026-11-27 18:00")) == _new_york("2026-11-30 09:00")


def test_the_next_opening_may_be_now() -> None:
    assert SHOP.next_opening(_new_york("2026-11-23 09:00")) == _new_york("2026-11-23 09:00")


def test_nine_oclock_is_another_instant_after_each_change_of_the_clocks() -> None:
    friday, monday = _new_york("2026-03-06 18:00"), datetime(2026, 3, 9, 13, tzinfo=UTC)
    assert SHOP.next_opening(friday) == monday  # summer time began on Sunday 8 March
    friday, monday = _new_york("2026-10-30 18:00"), datetime(2026, 11, 2, 14, tzinfo=UTC)
    assert SHOP.next_opening(friday) == monday  # and ended on Sunday 1 November


def test_a_skipped_hour_moves_on_and_a_repeated_one_is_the_first() -> None:
    assert SHOP.instant(date(2026, 3, 8), time(2, 30)) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert SHOP.instant(date(2026, 11, 1), time(1, 30)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    repeated = SHOP.instant(date(2026, 11, 1), time(1, 30, fold=1))
    assert repeated == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_night_shop_never_opens_in_a_window_that_the_clocks_skip() -> None:
    nights = BusinessCalendar(weekly=((Window(time(2, 15), time(2, 45)),),) * 7)
    assert not nights.is_business_day(date(2026, 3, 8))
    assert nights.next_opening(_new_york("2026-03-08 00:00")) == _new_york("2026-03-09 02:15")


def test_a_night_shop_opens_late_where_the_clocks_skip_its_opening() -> None:
    nights = BusinessCalendar(weekly=((Window(time(2, 30), time(3, 15)),),) * 7)
    assert nights.next_opening(_new_york("2026-03-08 00:00")) == _new_york("2026-03-08 03:00")
    assert nights.closing(date(2026, 3, 8)) == _new_york("2026-03-08 03:15")


def test_a_night_shop_is_open_twice_in_hours_that_the_clocks_repeat() -> None:
    nights = BusinessCalendar(weekly=((Window(time(1), time(1, 30)),),) * 7)
    first = datetime(2026, 11, 1, 5, tzinfo=UTC)
    second = first + timedelta(hours=1)
    assert nights.next_opening(first) == first
    assert not nights.is_open(first + timedelta(minutes=30))
    assert nights.next_opening(first + timedelta(minutes=1)) == second
    assert nights.business_time(first, first + timedelta(days=1)) == timedelta(hours=1)


def test_business_days_are_counted_over_holiday_and_weekend() -> None:
    wednesday = date(2026, 11, 25)
    assert SHOP.nth_business_day_after(wednesday, 1) == date(2026, 11, 27)
    assert SHOP.nth_business_day_after(wednesday, 2) == date(2026, 11, 30)
    with pytest.raises(ValueError, match="counted from 1"):
        SHOP.nth_business_day_after(wednesday, 0)


def test_a_lunch_break_is_closed_and_the_afternoon_is_the_next_opening() -> None:
    shop = BusinessCalendar(weekly=(SPLIT,) * 5 + ((), ()))
    lunch = _new_york("2026-11-23 12:30")
    assert not shop.is_open(lunch)
    assert shop.next_opening(lunch) == _new_york("2026-11-23 13:00")
    assert shop.closing(date(2026, 11, 23)) == _new_york("2026-11-23 17:00")


def test_an_exception_closes_a_weekday_and_opens_a_holiday_or_a_sunday() -> None:
    short = (Window(time(10), time(14)),)
    friday, thanksgiving, sunday = date(2026, 11, 27), date(2026, 11, 26), date(2026, 11, 29)
    shop = BusinessCalendar(exceptions={friday: (), thanksgiving: short, sunday: short})
    assert not shop.is_business_day(friday)
    assert shop.is_business_day(thanksgiving)
    assert shop.closing(sunday) == _new_york("2026-11-29 14:00")
    with pytest.raises(ValueError, match="closed on 2026-11-27"):
        shop.closing(friday)


def test_a_region_has_holidays_of_its_own_and_a_shop_may_have_none() -> None:
    patriots_day = date(2026, 4, 20)
    assert SHOP.is_business_day(patriots_day)
    assert not BusinessCalendar(region="MA").is_business_day(patriots_day)
    assert BusinessCalendar(country=None).is_business_day(date(2026, 12, 25))


def test_holidays_elsewhere_are_named_in_english() -> None:
    assert BusinessCalendar(country="FR").holiday(date(2026, 7, 14)) == "National Day"


def test_days_of_a_peak_remain_business_days() -> None:
    peak = PeakPeriod("Black Friday", date(2026, 11, 27), date(2026, 11, 30))
    shop = BusinessCalendar(peaks=(peak,))
    assert shop.is_business_day(date(2026, 11, 27))
    assert shop.peak(date(2026, 11, 27)) is shop.peak(date(2026, 11, 30)) is peak
    assert shop.peak(date(2026, 11, 26)) is shop.peak(date(2026, 12, 1)) is None


def test_an_instant_without_a_zone_is_refused() -> None:
    for asks in (SHOP.is_open, SHOP.next_opening, SHOP.day_of):
        with pytest.raises(ValueError, match="needs a time zone"):
            asks(datetime(2026, 11, 23, 12))  # noqa: DTZ001 - that is the point


def test_the_settings_make_the_default_calendar() -> None:
    assert BusinessCalendar.of_settings("America/New_York", "09:00", "17:00", "US") == SHOP
    assert BusinessCalendar.of_settings("Europe/Paris", "10:00", "18:30", "").country is None


@pytest.mark.parametrize(
    ("zone", "opens", "closes", "country", "fault"),
    [
        ("Mars/Olympus", "09:00", "17:00", "US", "there is no time zone 'Mars/Olympus'"),
        ("../etc/passwd", "09:00", "17:00", "US", "there is no time zone"),
        ("UTC", "nine", "17:00", "US", "opening hours are written 09:00"),
        ("UTC", "09:00Z", "17:00", "US", "without a zone of their own"),
        ("UTC", "17:00", "09:00", "US", "should close after it opens: 17:00–09:00"),
        ("UTC", "09:00", "17:00", "XX", "no public holidays are known"),
    ],
)
def test_a_setting_that_makes_no_calendar_is_told(
    zone: str, opens: str, closes: str, country: str, fault: str
) -> None:
    with pytest.raises(CalendarError, match=fault):
        BusinessCalendar.of_settings(zone, opens, closes, country)


def test_parts_that_contradict_each_other_make_no_calendar() -> None:
    with pytest.raises(CalendarError, match="seven days"):
        BusinessCalendar(weekly=(SPLIT,) * 5)
    with pytest.raises(CalendarError, match="open on some day"):
        BusinessCalendar(weekly=((),) * 7)
    with pytest.raises(CalendarError, match="overlap"):
        BusinessCalendar(weekly=(SPLIT[::-1],) * 7)
    with pytest.raises(CalendarError, match="'Easter' ends before it begins"):
        PeakPeriod("Easter", date(2026, 4, 6), date(2026, 4, 3))


def test_a_shop_that_never_opens_again_is_told_instead_of_waiting_for_ever() -> None:
    closed_for_years = {date.fromordinal(n): () for n in range(739_000, 740_000)}
    shop = BusinessCalendar(exceptions=closed_for_years)
    with pytest.raises(CalendarError, match="does not open within 400 days"):
        shop.next_opening(datetime.combine(date.fromordinal(739_100), time(12), UTC))


def test_a_shop_may_be_open_until_midnight_and_beyond() -> None:
    late = (Window(time(0), time(2)), Window(time(18), time(0)))
    shop = BusinessCalendar(weekly=(late,) * 7, country=None)
    assert shop.closing(date(2026, 11, 17)) == _new_york("2026-11-18 00:00")
    assert shop.is_open(_new_york("2026-11-17 23:59:59"))
    assert shop.is_open(_new_york("2026-11-18 00:00"))
    assert shop.next_opening(_new_york("2026-11-17 23:00")) == _new_york("2026-11-18 18:00")


def test_a_shop_that_never_closes_has_no_next_opening() -> None:
    always = BusinessCalendar(weekly=((Window(time(0), time(0)),),) * 7, country=None)
    now = _new_york("2026-11-17 10:00")
    assert always.clock_start(now) == now
    assert always.business_time(now, now + timedelta(days=9)) == timedelta(days=9)
    with pytest.raises(CalendarError, match="does not close within 400 days"):
        always.next_opening(now)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-17 10:00", "2026-11-17 12:30", 2.5),
        ("2026-11-17 16:00", "2026-11-18 10:00", 2),
        ("2026-11-25 16:00", "2026-11-27 10:00", 2),  # over Thanksgiving
        ("2026-11-18 10:00", "2026-11-17 16:00", -2),  # the other way round
        ("2026-11-21 10:00", "2026-11-22 10:00", 0),  # a weekend
    ],
)
def test_business_time_is_the_time_the_shop_is_open(start: str, end: str, hours: float) -> None:
    assert SHOP.business_time(_new_york(start), _new_york(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("at", "hours", "later"),
    [
        ("2026-11-17 10:00", 1, "2026-11-17 11:00"),
        ("2026-11-17 16:00", 1, "2026-11-17 17:00"),  # at closing time, not at the next opening
        ("2026-11-17 16:30", 1, "2026-11-18 09:30"),
        ("2026-11-25 18:00", 1, "2026-11-27 10:00"),
        ("2026-11-20 10:00", 24, "2026-11-25 10:00"),
    ],
)
def test_business_hours_run_only_while_the_shop_is_open(at: str, hours: int, later: str) -> None:
    due = SHOP.after_business_time(_new_york(at), timedelta(hours=hours))
    assert due == _new_york(later)


def test_a_time_ahead_is_longer_than_nothing() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        SHOP.after_business_time(_new_york("2026-11-17 10:00"), timedelta(0))


def test_the_settings_may_give_several_windows_a_region_and_exceptions() -> None:
    shop = BusinessCalendar.of_settings(
        "America/New_York",
        "09:00",
        "17:00",
        "US",
        region="MA",
        hours="mon-thu 09:00-12:00 13:00-17:00; fri,sat 10:00-24:00",
        exceptions="2026-11-27 10:00-14:00; 2026-12-24..2026-12-26 closed;",
    )
    assert shop.weekly == ((SPLIT,) * 4 + ((Window(time(10), time(0)),),) * 2 + ((),))
    assert shop.holiday(date(2026, 4, 20)) == "Patriots' Day"
    assert shop.closing(date(2026, 11, 27)) == _new_york("2026-11-27 14:00")
    assert not any(shop.is_business_day(date(2026, 12, day)) for day in (24, 25, 26))


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("hours", "mon-fri", "names no hours"),
        ("hours", "monday 09:00-17:00", "weekdays are written mon-fri"),
        ("hours", "mon-fri 9-17", "opening hours are written 09:00"),
        ("hours", "mon 09:00-17:00; mon-fri 10:00-12:00", "the hours of mon stand twice"),
        ("hours", "mon 09:00-24:00 23:00-24:00", "overlap"),
        ("exceptions", "24.12.2026 closed", "dates are written 2026-12-24"),
        ("exceptions", "2026-12-26..2026-12-24 closed", "should begin before it ends"),
        ("exceptions", "2026-12-24 closed; 2026-12-24 10:00-12:00", "stands twice"),
        ("region", "ZZ", "no public holidays are known"),
    ],
)
def test_a_text_that_makes_no_calendar_is_told(field: str, text: str, fault: str) -> None:
    texts = {"hours": "", "exceptions": "", "region": ""} | {field: text}
    with pytest.raises(CalendarError, match=fault):
        BusinessCalendar.of_settings(
            *("UTC", "09:00", "17:00", "US"),
            region=texts["region"],
            hours=texts["hours"],
            exceptions=texts["exceptions"],
        )


def test_a_region_without_its_country_is_told() -> None:
    with pytest.raises(CalendarError, match="needs its country"):
        BusinessCalendar.of_settings("UTC", "09:00", "17:00", "", region="MA")
