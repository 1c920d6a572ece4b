"""Promises as rows: made when a date is told, immutable from then on, kept when it is done."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
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
    resumed_promise,
)
from bot.storage.tables import PromiseRecord, Ticket, TicketClock, TicketMove

ACKNOWLEDGEMENT, FIRST_REPLY = "acknowledgement", "first_reply"
CARRIER_TRACE, REFUND = "carrier_trace", "refund"
TOLD_TO = timedelta(minutes=1)  # no date is told more exactly
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

    def resume(
        self,
        session: Session,
        told: PromiseRecord,
        left: timedelta,
        time_zone: str | None,
        now: datetime,
    ) -> PromiseRecord:
        """The later date of a promise whose clock stood still, as a row that replaces it.

        The same row where no business time went by meanwhile: its date stands.
        """
        before = Promise(
            clause=told.clause,
            due_at=told.due_at,
            policy_version=told.policy_version,
            readings=tuple(told.readings),
            explanation=tuple(told.explanation),
            received_at=told.counted_from,
            counted_from=told.counted_from,
        )
        promise = resumed_promise(before, self._calendar, left, now)
        if promise.due_at - told.due_at < TOLD_TO:
            return told
        record = record_of(told.kind, promise, self._calendar, time_zone, now)
        record.ticket_id, record.replaces = told.ticket_id, told
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


def resumed_with(session: Session, move: TicketMove) -> Sequence[PromiseRecord]:
    """The promises whose later dates this move has brought, the first reply's first."""
    found = session.scalars(
        select(PromiseRecord)
        .where(
            PromiseRecord.ticket_id == move.ticket_id,
            PromiseRecord.told_at == move.at,
            PromiseRecord.replaces_id.is_not(None),
        )
        .order_by(PromiseRecord.id)
    ).all()
    return sorted(found, key=lambda promise: promise.kind != FIRST_REPLY)


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
