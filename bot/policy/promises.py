"""By when what the policy promises is due, computed from its clauses and the calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.policy.business_time import after_business_time
from bot.policy.calendar import ONE_DAY, BusinessCalendar
from bot.policy.document import FIRST_REPLY_FACTS, Policy, TicketClass


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
    counted_from, closed = _start(calendar, received_at)
    first_day = calendar.day_of(counted_from)
    peak = calendar.peak(first_day)
    extension = policy.facts["peak_extension"]
    days = fact.quantity.business_days + (extension.quantity.business_days if peak else 0)
    due_day = calendar.nth_business_day_after(first_day, days)

    in_days = fact.quantity.unit == "days"
    if in_days:
        due_at = calendar.closing(due_day)
    else:
        due_at = calendar.instant(due_day, counted_from.astimezone(calendar.zone).time())
    rests_on = {
        "business_hours": not in_days,
        "peak": peak is not None,
        "later_bound": fact.quantity.is_span,
        "opening_hours": True,
        "clock_start": closed or in_days,
    }
    explanation = _closed(calendar, counted_from) if closed else []
    explanation += _skipped(calendar, calendar.day_of(received_at), due_day)
    if peak:
        explanation.append(f"In the peak period {peak.name} a reply may take {extension.phrase}.")
    return Promise(
        clause=fact.clause,
        due_at=due_at,
        policy_version=policy.version,
        readings=tuple(reading for reading, touched in rests_on.items() if touched),
        explanation=tuple(explanation),
        received_at=received_at.astimezone(UTC),
        counted_from=counted_from,
    )


def acknowledgement_promise(
    policy: Policy, calendar: BusinessCalendar, received_at: datetime
) -> Promise:
    """The instant by which a request is acknowledged by e-mail (§4.1, readings 4 and 8).

    Its hours are hours of opening. Raises as `first_reply_promise` does.
    """
    fact = policy.facts["acknowledgement"]
    counted_from, closed = _start(calendar, received_at)
    due_at = after_business_time(calendar, counted_from, timedelta(hours=fact.quantity.upper))
    explanation = _closed(calendar, counted_from) if closed else []
    explanation += _skipped(calendar, calendar.day_of(received_at), calendar.day_of(due_at))
    return Promise(
        clause=fact.clause,
        due_at=due_at,
        policy_version=policy.version,
        readings=("opening_hours", "clock_start") if closed else ("opening_hours",),
        explanation=tuple(explanation),
        received_at=received_at.astimezone(UTC),
        counted_from=counted_from,
    )


def carrier_trace_promise(
    policy: Policy, calendar: BusinessCalendar, asked_at: datetime
) -> Promise:
    """The instant by which a trace with the carrier is over (§4.2, readings 3, 4 and 8)."""
    return _in_days(policy, calendar, "carrier_trace", asked_at)


def refund_promise(policy: Policy, calendar: BusinessCalendar, approved_at: datetime) -> Promise:
    """The instant by which a refund is paid, counted from its approval (§4.2, readings 3, 4, 8)."""
    return _in_days(policy, calendar, "refund", approved_at)


def _in_days(
    policy: Policy, calendar: BusinessCalendar, fact_name: str, received_at: datetime
) -> Promise:
    """Closing time of the last business day after the one on which the clock starts."""
    fact = policy.facts[fact_name]
    counted_from, closed = _start(calendar, received_at)
    first_day = calendar.day_of(counted_from)
    due_day = calendar.nth_business_day_after(first_day, fact.quantity.business_days)
    explanation = _closed(calendar, counted_from) if closed else []
    explanation += _skipped(calendar, calendar.day_of(received_at), due_day)
    return Promise(
        clause=fact.clause,
        due_at=calendar.closing(due_day),
        policy_version=policy.version,
        readings=("later_bound", "opening_hours", "clock_start"),
        explanation=tuple(explanation),
        received_at=received_at.astimezone(UTC),
        counted_from=counted_from,
    )


def _start(calendar: BusinessCalendar, received_at: datetime) -> tuple[datetime, bool]:
    """When the clock starts, and whether the shop was closed when it came in (reading 8)."""
    if calendar.is_open(received_at):
        return received_at.astimezone(UTC), False
    return calendar.next_opening(received_at), True


def _closed(calendar: BusinessCalendar, counted_from: datetime) -> list[str]:
    day = _said(calendar.day_of(counted_from))
    return [f"It came in while the shop was closed: the clock starts on {day}."]


def _skipped(calendar: BusinessCalendar, first: date, last: date) -> list[str]:
    """A sentence for each day from first to last that does not count."""
    sentences = []
    for number in range((last - first).days):
        day = first + number * ONE_DAY
        if not calendar.is_business_day(day):
            reason = calendar.holiday(day) if calendar.weekly[day.weekday()] else None
            sentences.append(f"{_said(day)} is {reason or 'not a business day'}.")
    return sentences


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
