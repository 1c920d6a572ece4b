"""Until when something is promised, computed from the policy's clauses and the calendar."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from bot.policy.calendar import BusinessCalendar
from bot.policy.document import FIRST_REPLY_FACTS, Fact, Policy, TicketClass
from bot.policy.hours import ONE_DAY, PeakPeriod

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Promise:
    """A due instant and everything it was computed from; kept for ever as told. All in UTC."""

    clause: str
    due_at: datetime
    policy_version: str
    readings: tuple[str, ...]  # ids of the policy's readings that it rests on
    explanation: tuple[str, ...]  # short English sentences: why it is not sooner
    received_at: datetime
    counted_from: datetime  # when the clock started; later than received_at when closed


def first_reply_promise(
    policy: Policy, calendar: BusinessCalendar, ticket_class: TicketClass, received_at: datetime
) -> Promise:
    """The instant by which a person replies first (§3, readings 1 to 4 and 8).

    Received while closed, the clock starts at the next opening. A time in business days falls due
    at closing time of the last of them, one in business hours at the same clock time; a peak
    period on the day the clock starts adds its days. Raises ValueError for an instant without a
    zone, CalendarError when the shop never opens.
    """
    fact = policy.facts[FIRST_REPLY_FACTS[ticket_class]]
    counted_from = calendar.clock_start(received_at)
    peak = calendar.peak(calendar.day_of(counted_from))
    return _promise(policy, calendar, fact, received_at, "It came in", counted_from, peak)


def acknowledgement_promise(
    policy: Policy, calendar: BusinessCalendar, received_at: datetime
) -> Promise:
    """The instant by which the automatic e-mail has gone (§4.1, readings 4 and 8).

    Its time runs only while the shop is open. Raises as `first_reply_promise` does.
    """
    fact = policy.facts["acknowledgement"]
    return _promise(policy, calendar, fact, received_at, "It came in")


def carrier_trace_promise(
    policy: Policy, calendar: BusinessCalendar, asked_at: datetime
) -> Promise:
    """The instant by which the visitor hears what the carrier found (§4.2, readings 3, 4 and 8).

    Counted from when the carrier was asked; the later bound, at closing time. A peak period adds
    nothing: it lengthens replies (§3). Raises as `first_reply_promise` does.
    """
    fact = policy.facts["carrier_trace"]
    return _promise(policy, calendar, fact, asked_at, "The carrier was asked")


def refund_promise(policy: Policy, calendar: BusinessCalendar, approved_at: datetime) -> Promise:
    """The instant by which an approved refund is paid (§4.2, readings 3, 4 and 8).

    Counted from its approval; the later bound, at closing time. A peak period adds nothing: it
    lengthens replies (§3). Raises as `first_reply_promise` does.
    """
    fact = policy.facts["refund"]
    return _promise(policy, calendar, fact, approved_at, "It was approved")


def resumed_promise(
    told: Promise, calendar: BusinessCalendar, left: timedelta, resumed_at: datetime
) -> Promise:
    """A promise whose clock stood still while the visitor was asked for something (§3, §4.2).

    What was `left` of its business time runs on; never sooner than it was told. It rests on the
    same policy and readings. Raises as `first_reply_promise` does.
    """
    counted_from = calendar.clock_start(resumed_at)
    due_at = calendar.after_business_time(resumed_at, left) if left > NOTHING else counted_from
    first, last = calendar.day_of(resumed_at), calendar.day_of(due_at)
    return replace(
        told,
        due_at=max(due_at, told.due_at),
        explanation=(
            "Its time stood still while we waited for an answer.",
            *_skipped(calendar, first, last),
        ),
        received_at=resumed_at.astimezone(UTC),
        counted_from=counted_from,
    )


def _promise(
    policy: Policy,
    calendar: BusinessCalendar,
    fact: Fact,
    received_at: datetime,
    what_happened: str,
    counted_from: datetime | None = None,
    peak: PeakPeriod | None = None,
) -> Promise:
    counted_from = counted_from or calendar.clock_start(received_at)
    received_at = received_at.astimezone(UTC)
    first_day = calendar.day_of(counted_from)
    closed = received_at != counted_from
    extension = policy.facts["peak_extension"]
    in_days = fact.quantity.unit == "days"
    if fact.quantity.counts_business_days:
        days = fact.quantity.business_days + (extension.quantity.business_days if peak else 0)
        due_day = calendar.nth_business_day_after(first_day, days)
        clock = counted_from.astimezone(calendar.zone).time()
        due_at = calendar.closing(due_day) if in_days else calendar.instant(due_day, clock)
    else:
        due_at = calendar.after_business_time(counted_from, timedelta(hours=fact.quantity.upper))
        due_day = calendar.day_of(due_at)
    rests_on = {
        "business_hours": fact.quantity.counts_business_days and not in_days,
        "peak": peak is not None,
        "later_bound": fact.quantity.is_span,
        "opening_hours": True,
        "clock_start": closed or in_days,
    }
    explanation: list[str] = []
    if closed:
        explanation.append(
            f"{what_happened} while the shop was closed: the clock starts on {_said(first_day)}."
        )
    explanation += _skipped(calendar, calendar.day_of(received_at), due_day)
    if peak:
        explanation.append(f"In the peak period {peak.name} a reply may take {extension.phrase}.")
    return Promise(
        clause=fact.clause,
        due_at=due_at,
        policy_version=policy.version,
        readings=tuple(reading for reading, touched in rests_on.items() if touched),
        explanation=tuple(explanation),
        received_at=received_at,
        counted_from=counted_from,
    )


def _skipped(calendar: BusinessCalendar, first: date, last: date) -> list[str]:
    """A sentence for each day from first to last that does not count."""
    sentences = []
    for number in range((last - first).days):
        day = first + number * ONE_DAY
        if not calendar.is_business_day(day):
            reason = calendar.holiday(day) if calendar.weekly[day.weekday()] else None
            sentences.append(f"{_said(day)} is {reason or 'not a business day'}.")
    return sentences


@lru_cache(maxsize=1024)
def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
