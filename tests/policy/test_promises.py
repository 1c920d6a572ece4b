"""By when a person replies: readings 1 to 4 and 8 of the policy's open places."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.policy import (
    BusinessCalendar,
    PeakPeriod,
    Policy,
    TicketClass,
    acknowledgement_promise,
    carrier_trace_promise,
    first_reply_promise,
    refund_promise,
)

NEW_YORK = ZoneInfo("America/New_York")
SHOP = BusinessCalendar()
PEAK = PeakPeriod("Black Friday", date(2026, 11, 27), date(2026, 11, 30))
PEAK_SHOP = BusinessCalendar(peaks=(PEAK,))


def _new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("received", "urgent_due", "general_due"),
    [
        ("2026-11-17 10:17", "2026-11-18 10:17", "2026-11-19 17:00"),  # Tuesday
        ("2026-11-20 15:30", "2026-11-23 15:30", "2026-11-24 17:00"),  # Friday
        ("2026-11-21 12:00", "2026-11-24 09:00", "2026-11-25 17:00"),  # Saturday
        ("2026-11-17 17:00", "2026-11-19 09:00", "2026-11-20 17:00"),  # at closing time
        ("2026-11-17 05:00", "2026-11-18 09:00", "2026-11-19 17:00"),  # before opening
        ("2026-11-25 11:00", "2026-11-27 11:00", "2026-11-30 17:00"),  # eve of Thanksgiving
        ("2026-11-26 11:00", "2026-11-30 09:00", "2026-12-01 17:00"),  # Thanksgiving
        ("2026-03-06 16:00", "2026-03-09 16:00", "2026-03-10 17:00"),  # summer time begins
        ("2026-10-30 16:00", "2026-11-02 16:00", "2026-11-03 17:00"),  # summer time ends
        ("2026-12-24 16:59", "2026-12-28 16:59", "2026-12-29 17:00"),  # Christmas and weekend
    ],
)
@pytest.mark.clause("3.urgent_reply", "3.general_reply", "3.business_days")
def test_urgent_is_the_same_clock_time_next_business_day_and_general_two_days_at_closing(
    policy: Policy, received: str, urgent_due: str, general_due: str
) -> None:
    urgent = first_reply_promise(policy, SHOP, "urgent", _new_york(received))
    general = first_reply_promise(policy, SHOP, "general", _new_york(received))
    assert urgent.due_at == _new_york(urgent_due)
    assert general.due_at == _new_york(general_due)


@pytest.mark.parametrize(
    ("received", "urgent_due", "general_due"),
    [
        ("2026-11-27 10:00", "2026-12-01 10:00", "2026-12-02 17:00"),
        ("2026-11-26 10:00", "2026-12-01 09:00", "2026-12-02 17:00"),  # the clock starts in it
        ("2026-11-25 10:00", "2026-11-27 10:00", "2026-11-30 17:00"),  # it starts before it
        ("2026-11-30 18:00", "2026-12-02 09:00", "2026-12-03 17:00"),  # it starts after it
    ],
)
@pytest.mark.clause("3.peak")
def test_a_peak_adds_one_day_to_what_starts_in_it_and_to_nothing_else(
    policy: Policy, received: str, urgent_due: str, general_due: str
) -> None:
    urgent = first_reply_promise(policy, PEAK_SHOP, "urgent", _new_york(received))
    general = first_reply_promise(policy, PEAK_SHOP, "general", _new_york(received))
    assert urgent.due_at == _new_york(urgent_due)
    assert general.due_at == _new_york(general_due)


def test_instants_come_out_in_utc_with_all_they_were_computed_from(policy: Policy) -> None:
    received = _new_york("2026-11-21 12:00")
    promise = first_reply_promise(policy, SHOP, "urgent", received)
    assert promise.received_at == received
    assert promise.counted_from == _new_york("2026-11-23 09:00")
    for instant in (promise.received_at, promise.counted_from, promise.due_at):
        assert instant.tzinfo is UTC
    assert (promise.clause, promise.policy_version) == ("3.urgent_reply", policy.version)


@pytest.mark.parametrize(
    ("ticket_class", "received", "readings"),
    [
        ("urgent", "2026-11-23 10:00", ("business_hours", "opening_hours")),
        ("urgent", "2026-11-22 10:00", ("business_hours", "opening_hours", "clock_start")),
        ("general", "2026-11-23 10:00", ("later_bound", "opening_hours", "clock_start")),
        ("general", "2026-11-27 10:00", ("peak", "later_bound", "opening_hours", "clock_start")),
    ],
)
def test_a_promise_names_the_readings_it_rests_on(
    policy: Policy, ticket_class: TicketClass, received: str, readings: tuple[str, ...]
) -> None:
    promise = first_reply_promise(policy, PEAK_SHOP, ticket_class, _new_york(received))
    assert promise.readings == readings
    for reading in readings:
        touched = policy.readings[reading].clauses
        assert promise.clause in touched


@pytest.mark.clause("3.business_days", "3.peak")
def test_skipped_days_and_the_peak_are_explained(policy: Policy) -> None:
    promise = first_reply_promise(policy, PEAK_SHOP, "urgent", _new_york("2026-11-25 18:00"))
    assert promise.explanation == (
        "It came in while the shop was closed: the clock starts on Friday 27 November.",
        "Thursday 26 November is Thanksgiving Day.",
        "Saturday 28 November is not a business day.",
        "Sunday 29 November is not a business day.",
        "In the peak period Black Friday a reply may take 1 additional business day.",
    )


def test_a_plain_weekday_needs_no_explanation(policy: Policy) -> None:
    promise = first_reply_promise(policy, SHOP, "general", _new_york("2026-11-16 10:00"))
    assert promise.explanation == ()


def test_no_explanation_gives_opening_hours_away(policy: Policy) -> None:
    promise = first_reply_promise(policy, PEAK_SHOP, "general", _new_york("2026-11-25 18:00"))
    assert not any(":0" in sentence or "o'clock" in sentence for sentence in promise.explanation)


def test_a_day_closed_by_exception_is_skipped_and_told(policy: Policy) -> None:
    shop = BusinessCalendar(exceptions={date(2026, 11, 17): ()})
    promise = first_reply_promise(policy, shop, "urgent", _new_york("2026-11-16 10:00"))
    assert promise.due_at == _new_york("2026-11-18 10:00")
    assert promise.explanation == ("Tuesday 17 November is not a business day.",)


def test_an_instant_without_a_zone_makes_no_promise(policy: Policy) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        first_reply_promise(policy, SHOP, "urgent", datetime(2026, 11, 16))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-17 10:17", "2026-11-17 11:17"),
        ("2026-11-17 16:30", "2026-11-18 09:30"),
        ("2026-11-25 18:00", "2026-11-27 10:00"),  # the eve of Thanksgiving, after closing
        ("2026-11-27 10:00", "2026-11-27 11:00"),  # in the peak: it lengthens replies only
    ],
)
def test_an_acknowledgement_is_due_after_one_business_hour(
    policy: Policy, received: str, due: str
) -> None:
    promise = acknowledgement_promise(policy, PEAK_SHOP, _new_york(received))
    assert promise.due_at == _new_york(due)
    assert (promise.clause, promise.policy_version) == ("4.1.acknowledgement", policy.version)


def test_a_trace_is_due_at_closing_of_its_later_bound(policy: Policy) -> None:
    promise = carrier_trace_promise(policy, PEAK_SHOP, _new_york("2026-11-24 10:00"))
    assert promise.due_at == _new_york("2026-12-02 17:00")
    assert promise.clause == "4.2.trace"
    assert promise.explanation[0] == "Thursday 26 November is Thanksgiving Day."


def test_a_refund_is_due_at_closing_of_its_later_bound_from_approval(policy: Policy) -> None:
    promise = refund_promise(policy, SHOP, _new_york("2026-12-18 18:00"))
    assert promise.due_at == _new_york("2027-01-06 17:00")  # Christmas and New Year do not count
    assert promise.clause == "4.2.refund"
    assert promise.explanation[0] == (
        "It was approved while the shop was closed: the clock starts on Monday 21 December."
    )


def test_every_promise_names_readings_that_touch_its_clause(policy: Policy) -> None:
    saturday = _new_york("2026-11-21 12:00")
    for promise in (
        acknowledgement_promise(policy, PEAK_SHOP, saturday),
        carrier_trace_promise(policy, PEAK_SHOP, saturday),
        refund_promise(policy, PEAK_SHOP, saturday),
    ):
        assert "opening_hours" in promise.readings
        assert "clock_start" in promise.readings
        for reading in promise.readings:
            assert promise.clause in policy.readings[reading].clauses
