"""When a person replies at the latest, computed from the policy's clauses and the calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

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
    closed = not calendar.is_open(received_at)
    counted_from = calendar.next_opening(received_at) if closed else received_at.astimezone(UTC)
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
    explanation: list[str] = []
    if closed:
        explanation.append(
            f"It came in while the shop was closed: the clock starts on {_said(first_day)}."
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
        received_at=received_at.astimezone(UTC),
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


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
