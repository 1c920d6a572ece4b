"""By when a request is acknowledged, a trace is over and a refund is paid."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.policy import (
    BusinessCalendar,
    Policy,
    acknowledgement_promise,
    carrier_trace_promise,
    refund_promise,
)

SHOP = BusinessCalendar()


def _new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-17 10:17", "2026-11-17 11:17"),
        ("2026-11-17 16:30", "2026-11-18 09:30"),  # half an hour is left of the day
        ("2026-11-21 12:00", "2026-11-23 10:00"),  # Saturday
        ("2026-11-25 16:45", "2026-11-27 09:45"),  # Thanksgiving lies between
    ],
)
def test_a_request_is_acknowledged_within_hours_of_opening(
    policy: Policy, received: str, due: str
) -> None:
    promise = acknowledgement_promise(policy, SHOP, _new_york(received))
    assert (promise.clause, promise.due_at) == ("4.1.acknowledgement", _new_york(due))


def test_a_trace_and_a_refund_are_due_at_the_closing_of_their_later_bound(policy: Policy) -> None:
    asked = _new_york("2026-11-20 15:30")  # Friday; Thanksgiving is the Thursday after
    trace, refund = carrier_trace_promise(policy, SHOP, asked), refund_promise(policy, SHOP, asked)
    assert (trace.clause, trace.due_at) == ("4.2.trace", _new_york("2026-11-30 17:00"))
    assert (refund.clause, refund.due_at) == ("4.2.refund", _new_york("2026-12-07 17:00"))
    assert "Thursday 26 November is Thanksgiving Day." in " ".join(trace.explanation)
