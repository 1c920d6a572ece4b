"""Which clocks run on a ticket: started, paused, resumed and stopped by what happens to it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.policy import BusinessCalendar
from bot.storage.tables import PromiseRecord, Ticket, TicketClock, TicketMove
from bot.tickets.promises import (
    ACKNOWLEDGEMENT,
    CARRIER_TRACE,
    FIRST_REPLY,
    REFUND,
    Promises,
)
from bot.tickets.states import APPROVED, DONE, RESOLVED, WAITING_CARRIER, WAITING_VISITOR

WARN_BEFORE = timedelta(minutes=60)  # of business time
REFUNDED_CATEGORIES = ("return", "refund")  # section 4.2 promises it for these
NOTHING = timedelta(0)
# The confirmation does not wait for the visitor; whatever else is asked of people does.
_PAUSED_KINDS = (FIRST_REPLY, CARRIER_TRACE, REFUND)


class Stages:
    """Each method works in the transaction of its caller, which has locked the ticket."""

    def __init__(
        self, calendar: BusinessCalendar, promises: Promises, warn_before: timedelta = WARN_BEFORE
    ) -> None:
        self._calendar = calendar
        self._promises = promises
        self._warn_before = warn_before

    def start(
        self, session: Session, ticket: Ticket, kind: str, time_zone: str | None, now: datetime
    ) -> PromiseRecord:
        """Promise it, and start its clock unless one is running whose date lies ahead.

        One that has lapsed ends, superseded; what was promised with it stays broken.
        """
        promise = self._promises.make(session, ticket, kind, time_zone, now)
        running = self._running(session, ticket, kind)
        if running is not None and running.due_at is not None and running.due_at <= now:
            running.stopped_at, running.next_at = now, None
            session.flush()  # before the next one: a ticket has one running clock of a kind
            running = None
        if running is None:
            clock = TicketClock(
                ticket_id=ticket.id,
                kind=kind,
                promise_id=promise.id,
                started_at=promise.counted_from,
            )
            self._set(clock, promise, promise.counted_from, promise.due_at)
            session.add(clock)
            session.flush()
        return promise

    def acknowledge(
        self, session: Session, ticket: Ticket, time_zone: str | None, now: datetime
    ) -> bool:
        """Start the clock of the confirmation by e-mail (4.1), once; True when it began now."""
        known = session.scalar(
            select(PromiseRecord.id).where(
                PromiseRecord.ticket_id == ticket.id, PromiseRecord.kind == ACKNOWLEDGEMENT
            )
        )
        if not ticket.email or known is not None:
            return False
        self.start(session, ticket, ACKNOWLEDGEMENT, time_zone, now)
        return True

    def moved(
        self, session: Session, ticket: Ticket, move: TicketMove, time_zone: str | None
    ) -> PromiseRecord | None:
        """What a move does to the clocks; gives the date that is to be told with it, if any."""
        to_state, now = move.to_state, move.at
        if to_state == WAITING_VISITOR:
            self._pause(session, ticket, now)
            return None
        if to_state == RESOLVED:
            for kind in (CARRIER_TRACE, REFUND):
                self._promises.keep(session, ticket.id, kind, now)
        if to_state in DONE:
            return None  # what waits for the visitor does so until they write
        if to_state != WAITING_CARRIER:  # the carrier has answered
            self._promises.keep(session, ticket.id, CARRIER_TRACE, now)
        resumed = self._resume(session, ticket, time_zone, now)
        begun = self._begun_by(to_state, ticket)
        if begun is None:
            return resumed.get(FIRST_REPLY) or next(iter(resumed.values()), None)
        if self._running(session, ticket, begun) is None:
            return self.start(session, ticket, begun, time_zone, now)
        return resumed.get(begun)

    def is_traced(self, session: Session, ticket: Ticket) -> bool:
        """Whether the carrier has been asked and has not answered yet."""
        return self._running(session, ticket, CARRIER_TRACE) is not None

    @staticmethod
    def _begun_by(to_state: str, ticket: Ticket) -> str | None:
        """The kind of promise that begins with a state."""
        if to_state == WAITING_CARRIER:
            return CARRIER_TRACE
        if to_state == APPROVED and ticket.category in REFUNDED_CATEGORIES:
            return REFUND
        return None

    def _pause(self, session: Session, ticket: Ticket, now: datetime) -> None:
        for clock in self._all_running(session, ticket):
            if clock.kind not in _PAUSED_KINDS or clock.due_at is None or clock.due_at <= now:
                continue  # what has lapsed stays so
            left = self._calendar.business_time(now, clock.due_at)
            clock.paused_at, clock.remaining = now, int(left.total_seconds())
            clock.due_at = clock.warns_75_at = clock.warns_before_at = clock.next_at = None

    def _resume(
        self, session: Session, ticket: Ticket, time_zone: str | None, now: datetime
    ) -> dict[str, PromiseRecord]:
        """The clocks that stood still go on; gives the later dates that this brings, by kind."""
        later: dict[str, PromiseRecord] = {}
        for clock in self._all_running(session, ticket):
            told = clock.promise
            if clock.paused_at is None or told is None:
                continue
            left = timedelta(seconds=clock.remaining or 0)
            promise = self._promises.resume(session, told, left, time_zone, now)
            clock.paused_at = clock.remaining = None
            clock.promise = promise
            self._set(clock, promise, now, promise.due_at)
            if promise is not told:
                later[clock.kind] = promise
        session.flush()
        return later

    def _set(
        self, clock: TicketClock, promise: PromiseRecord, now: datetime, due_at: datetime
    ) -> None:
        """When it warns and lapses; what it has warned of already it does not warn of again."""
        left = max(self._calendar.business_time(now, due_at), NOTHING)
        first = promise
        while first.replaces:
            first = first.replaces
        allotted = self._calendar.business_time(first.counted_from, first.due_at)
        quarter = self._later(now, left - allotted / 4)
        before = self._later(now, left - self._warn_before)
        clock.due_at, clock.warns_75_at = due_at, min(quarter, due_at)
        clock.warns_before_at = min(max(quarter, before), due_at)
        clock.next_at = (
            clock.warns_75_at
            if clock.warned_75_at is None
            else clock.warns_before_at
            if clock.warned_before_at is None
            else due_at
        )

    def _later(self, now: datetime, span: timedelta) -> datetime:
        """By when the shop has been open for so long; at once, or when it opens, for nothing."""
        if span <= NOTHING:
            return self._calendar.clock_start(now)
        return self._calendar.after_business_time(now, span)

    def _running(self, session: Session, ticket: Ticket, kind: str) -> TicketClock | None:
        return next((c for c in self._all_running(session, ticket) if c.kind == kind), None)

    def _all_running(self, session: Session, ticket: Ticket) -> list[TicketClock]:
        return list(
            session.scalars(
                select(TicketClock).where(
                    TicketClock.ticket_id == ticket.id, TicketClock.stopped_at.is_(None)
                )
            )
        )
