"""Promises as rows: made when a date is told, immutable from then on, kept when it is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.policy import (
    BusinessCalendar,
    Policy,
    Promise,
    acknowledgement_promise,
    carrier_trace_promise,
    due_text,
    first_reply_promise,
    refund_promise,
)
from bot.storage.tables import PromiseRecord, Ticket, TicketClock

ACKNOWLEDGEMENT, FIRST_REPLY = "acknowledgement", "first_reply"
CARRIER_TRACE, REFUND = "carrier_trace", "refund"
OFFER = "offer"  # a date told before there is a ticket: what a request sent at that moment gets

_COMPUTED: dict[str, Callable[[Policy, BusinessCalendar, datetime], Promise]] = {
    ACKNOWLEDGEMENT: acknowledgement_promise,
    CARRIER_TRACE: carrier_trace_promise,
    REFUND: refund_promise,
}
KINDS = (FIRST_REPLY, *_COMPUTED)


class Promises:
    """Each method works in the transaction of its caller."""

    def __init__(self, policy: Policy, calendar: BusinessCalendar) -> None:
        self._policy = policy
        self._calendar = calendar

    def make(
        self, session: Session, ticket: Ticket, kind: str, time_zone: str | None, now: datetime
    ) -> PromiseRecord:
        """The date by which this is done for the ticket, as it is told from now on."""
        if kind == FIRST_REPLY:
            ticket_class = self._policy.ticket_class(ticket.category)
            promise = first_reply_promise(self._policy, self._calendar, ticket_class, now)
        else:
            promise = _COMPUTED[kind](self._policy, self._calendar, now)
        record = record_of(kind, promise, self._calendar, time_zone, now)
        record.ticket_id = ticket.id
        session.add(record)
        session.flush()
        return record

    def keep(self, session: Session, ticket_id: int, kind: str, at: datetime) -> None:
        """What was promised has been done; its clock stops. A second time changes nothing."""
        session.flush()
        session.execute(
            update(PromiseRecord)
            .where(
                PromiseRecord.ticket_id == ticket_id,
                PromiseRecord.kind == kind,
                PromiseRecord.kept_at.is_(None),
            )
            .values(kept_at=at)
        )
        session.execute(
            update(TicketClock)
            .where(
                TicketClock.ticket_id == ticket_id,
                TicketClock.kind == kind,
                TicketClock.stopped_at.is_(None),
            )
            .values(stopped_at=at, next_at=None)
        )


def record_of(
    kind: str, promise: Promise, calendar: BusinessCalendar, time_zone: str | None, now: datetime
) -> PromiseRecord:
    """The row of a promise as it is told now, in the visitor's zone; it has no ticket yet."""
    return PromiseRecord(
        kind=kind,
        clause=promise.clause,
        policy_version=promise.policy_version,
        readings=list(promise.readings),
        explanation=list(promise.explanation),
        calendar=_facts(calendar, promise),
        counted_from=promise.counted_from,
        due_at=promise.due_at,
        told_at=now,
        told_as=due_text(promise.due_at, time_zone, calendar.zone.key, now),
    )


def _facts(calendar: BusinessCalendar, promise: Promise) -> dict[str, Any]:
    """What the calendar was when the date was computed."""
    peak = calendar.peak(calendar.day_of(promise.counted_from))
    return {
        "zone": calendar.zone.key,
        "hours": [[str(window) for window in windows] for windows in calendar.weekly],
        "country": calendar.country,
        "region": calendar.region,
        "exceptions": {
            day.isoformat(): [str(window) for window in windows]
            for day, windows in calendar.exceptions.items()
            if calendar.day_of(promise.counted_from) <= day <= calendar.day_of(promise.due_at)
        },
        "peak": peak and [peak.name, peak.first.isoformat(), peak.last.isoformat()],
    }
