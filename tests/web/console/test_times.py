"""Instants and spans as agents read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.web.console.times import Times, span

NOW = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
NEW_YORK = Times(ZoneInfo("America/New_York"), NOW)


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (NOW, "10:00"),
        (NOW + timedelta(days=1), "Wed 18 Nov, 10:00"),
        (datetime(2026, 11, 17, 3, 0, tzinfo=UTC), "Mon 16 Nov, 22:00"),
        (datetime(2027, 1, 4, 22, 0, tzinfo=UTC), "Mon 4 Jan 2027, 17:00"),
        (None, ""),
    ],
)
def test_a_time_is_said_in_the_shops_zone_with_what_is_needed_of_the_date(
    instant: datetime | None, said: str
) -> None:
    assert NEW_YORK.at(instant) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-5, "under a minute"),
        (0, "under a minute"),
        (1, "1 min"),
        (60, "1 h"),
        (200, "3 h 20 min"),
        (24 * 60, "1 day"),
        (24 * 60 + 59, "1 day"),
        (52 * 60, "2 days 4 h"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(minutes: int, said: str) -> None:
    assert span(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("due_in", "answered", "said", "tone"),
    [
        (timedelta(hours=3), None, "3 h left", "ahead"),
        (timedelta(hours=2), None, "2 h left", "soon"),
        (timedelta(0), None, "under a minute overdue", "late"),
        (timedelta(minutes=-25), None, "25 min overdue", "late"),
        (timedelta(minutes=-25), NOW, "answered", "answered"),
        (None, None, "", "none"),
    ],
)
def test_what_is_left_until_a_reply_is_due(
    due_in: timedelta | None, answered: datetime | None, said: str, tone: str
) -> None:
    due_at = NOW + due_in if due_in is not None else None
    assert NEW_YORK.left(due_at, answered) == (said, tone)
