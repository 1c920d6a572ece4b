"""What a due time costs, as a table; `make bench` fails where one is dearer than it may be."""

import statistics
import sys
import time
import timeit
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.policy import (
    BusinessCalendar,
    PeakPeriod,
    Promise,
    acknowledgement_promise,
    carrier_trace_promise,
    first_reply_promise,
    load_policy,
    refund_promise,
)
from bot.settings import Settings

MOST_MICROSECONDS = 50.0
ROUNDS = 15
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = [NEW_YEAR + n * timedelta(hours=7, minutes=13) for n in range(1213)]
CALENDARS = {
    "New York, 9 to 5": BusinessCalendar(),
    "the same, in peaks": BusinessCalendar(
        peaks=(
            PeakPeriod("sales", date(2026, 11, 20), date(2026, 11, 30)),
            PeakPeriod("Christmas", date(2026, 12, 14), date(2026, 12, 31)),
        )
    ),
    "Paris, lunch breaks": BusinessCalendar.of_settings(
        "Europe/Paris", "", "", "FR", hours="mon-fri 09:00-12:00 13:30-18:00; sat 10:00-16:00"
    ),
    "Massachusetts, nights": BusinessCalendar.of_settings(
        "America/New_York", "", "", "US", region="MA", hours="mon-sun 00:00-03:30 22:00-24:00"
    ),
    "Lord Howe, always": BusinessCalendar(
        ZoneInfo("Australia/Lord_Howe"),
        BusinessCalendar.of_settings("UTC", "", "", "", hours="mon-sun 00:00-24:00").weekly,
        country="AU",
    ),
}


def main() -> None:
    """Print microseconds for each promise, the median and the slowest of the rounds."""
    policy = load_policy(Settings().policy_file)
    promises: dict[str, Callable[[BusinessCalendar, datetime], Promise]] = {
        "first reply, urgent": lambda c, at: first_reply_promise(policy, c, "urgent", at),
        "first reply, general": lambda c, at: first_reply_promise(policy, c, "general", at),
        "acknowledgement": lambda c, at: acknowledgement_promise(policy, c, at),
        "carrier trace": lambda c, at: carrier_trace_promise(policy, c, at),
        "refund": lambda c, at: refund_promise(policy, c, at),
    }
    print(f"{'due time':<22}{'calendar':<24}{'first µs':>10}{'median µs':>11}{'slowest µs':>12}")
    worst = 0.0
    for name, promise in promises.items():
        for where, calendar in CALENDARS.items():
            rounds = _microseconds(promise, calendar)
            median, worst = statistics.median(rounds[1:]), max(worst, statistics.median(rounds[1:]))
            slowest = max(rounds[1:])
            print(f"{name:<22}{where:<24}{rounds[0]:>10.1f}{median:>11.1f}{slowest:>12.1f}")
    print(f"A due time may cost {MOST_MICROSECONDS:.0f} µs; the dearest median is {worst:.1f} µs.")
    sys.exit(worst > MOST_MICROSECONDS)


def _microseconds(
    promise: Callable[[BusinessCalendar, datetime], Promise], calendar: BusinessCalendar
) -> list[float]:
    """A due time's mean CPU time in each round of a year's instants; the first fills memory."""

    def a_year() -> None:
        for at in INSTANTS:
            promise(calendar, at)

    seconds = timeit.repeat(a_year, number=1, repeat=ROUNDS, timer=time.process_time)
    return [each / len(INSTANTS) * 1e6 for each in seconds]


if __name__ == "__main__":
    main()
