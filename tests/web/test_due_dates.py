"""What the visitor API says a reply is due by, held to somebody who looks at the shop's clock."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from tests.conftest import SetClock
from tests.conversations.cast import answer, lease, send
from tests.policy.minutes import WatchedShop
from tests.visitor import Visitor
from tests.web.serving import served

NEW_YORK = ZoneInfo("America/New_York")
OFFICE = (((9 * 60, 17 * 60),),) * 5 + ((), ())
HOLIDAYS = frozenset({date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)})
BLACK_FRIDAY = (date(2026, 11, 27), date(2026, 11, 30))
BEFORE_TIME = (date(2000, 1, 1), date(2000, 1, 1))
SEASONS = {
    "summer time begins": (datetime(2026, 3, 6, 3, tzinfo=UTC), 4, BEFORE_TIME),
    "summer time ends": (datetime(2026, 10, 30, 3, tzinfo=UTC), 4, BEFORE_TIME),
    "Thanksgiving": (datetime(2026, 11, 24, 3, tzinfo=UTC), 7, BEFORE_TIME),
    "Thanksgiving, with a peak": (datetime(2026, 11, 24, 3, tzinfo=UTC), 8, BLACK_FRIDAY),
    "Christmas": (datetime(2026, 12, 23, 3, tzinfo=UTC), 12, BEFORE_TIME),
}
EVERY = timedelta(hours=19, minutes=13)


@cache
def watched(season: str) -> WatchedShop:
    begins, days, peak = SEASONS[season]
    return WatchedShop(NEW_YORK, OFFICE, HOLIDAYS, peak, begins, days + 12)


def told(services: Services, address: str, category: str) -> datetime:
    """By when the visitor hears that a person replies, having asked for one."""
    with Visitor(address) as alice:
        started = Started(alice.id, alice.token, "bot", [])
        sequence = send(services, started, "a person please")
        asked = Effect(kind="hand_off", reason="asked", category=category)
        services.answering.store(lease(services, started), answer(effects=[asked]))
        messages = alice.page(after=sequence)["messages"]
        promises = [m["promise"] for m in messages if "promise" in m]
        assert len(promises) == 1
        assert promises[0]["clause"].startswith("3.")
        return datetime.fromisoformat(promises[0]["due_at"])


@pytest.mark.parametrize("season", SEASONS)
def test_the_date_a_visitor_is_told_is_what_the_minutes_say(
    services: Services, clock: SetClock, season: str
) -> None:
    begins, days, peak = SEASONS[season]
    shop = watched(season)
    with served(services) as address:
        clock.now = begins
        if peak is BLACK_FRIDAY:
            services.peaks.add(*peak)
        while clock.now < begins + timedelta(days=days):
            start = shop.starts(clock.now)
            extra = shop.is_peak(start.day)
            urgent = shop.business_day_after(start, 1 + extra)
            assert told(services, address, "damaged") == shop.same_clock_time(urgent, start.minute)
            general = shop.business_day_after(start, 2 + extra)
            assert told(services, address, "other") == shop.closing(general)
            clock.now += EVERY
