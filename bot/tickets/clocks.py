"""The worker's look at all clocks: who is warned, what has lapsed; and what is due next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Result, select, update
from sqlalchemy.orm import joinedload

from bot.storage import Database
from bot.storage.tables import Ticket, TicketClock

Happening = Literal["three_quarters_gone", "nearly_due", "escalated"]


@dataclass(frozen=True)
class ClockEvent:
    """Something that a clock came to; each comes once."""

    ticket_id: int
    kind: str
    happening: Happening


@dataclass(frozen=True)
class DueClock:
    """A clock that runs, with its ticket, as the list of what is due next shows it."""

    reference: str
    conversation_id: str | None
    category: str
    ticket_class: str
    state: str
    name: str | None
    kind: str
    due_at: datetime
    is_warned: bool
    is_escalated: bool


class Clocks:
    """Both look-ups take as long as what they find, however many clocks are running."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check(self, now: datetime) -> list[ClockEvent]:
        """Mark what has come to its next instant; of two workers one gets each event.

        Raises bot.storage.DatabaseUnavailable.
        """
        with self._database.read() as session:
            first = select(TicketClock.id).where(TicketClock.next_at <= now).limit(1)
            if session.scalar(first) is None:
                return []
        reached = TicketClock.next_at <= now
        given = (TicketClock.ticket_id, TicketClock.kind)
        with self._database.write() as session:
            unsynchronised = {"synchronize_session": False}
            quarters = session.execute(
                update(TicketClock)
                .where(reached, TicketClock.warned_75_at.is_(None))
                .values(warned_75_at=now, next_at=TicketClock.warns_before_at)
                .returning(*given),
                execution_options=unsynchronised,
            )
            events = _events("three_quarters_gone", quarters)
            nearly = session.execute(
                update(TicketClock)
                .where(reached, TicketClock.warned_before_at.is_(None))
                .values(warned_before_at=now, next_at=TicketClock.due_at)
                .returning(*given),
                execution_options=unsynchronised,
            )
            events += _events("nearly_due", nearly)
            lapsed = session.execute(
                update(TicketClock)
                .where(reached)
                .values(escalated_at=now, next_at=None)
                .returning(*given),
                execution_options=unsynchronised,
            )
            return events + _events("escalated", lapsed)

    def due_next(self, limit: int = 50) -> list[DueClock]:
        """The clocks that run, the earliest due first: what has lapsed stands on top."""
        query = (
            select(TicketClock)
            .join(TicketClock.ticket)
            .where(TicketClock.stopped_at.is_(None), TicketClock.due_at.is_not(None))
            .options(joinedload(TicketClock.ticket))
            .order_by(TicketClock.due_at)
            .limit(limit)
        )
        with self._database.read() as session:
            return [_due(clock, clock.ticket, clock.due_at) for clock in session.scalars(query)]


def _events(happening: Happening, rows: Result[int, str]) -> list[ClockEvent]:
    return [ClockEvent(row.ticket_id, row.kind, happening) for row in rows]


def _due(clock: TicketClock, ticket: Ticket, due_at: datetime | None) -> DueClock:
    assert due_at is not None  # noqa: S101  # the query asks for it
    return DueClock(
        reference=ticket.reference,
        conversation_id=ticket.conversation_id,
        category=ticket.category,
        ticket_class=ticket.ticket_class,
        state=ticket.state,
        name=ticket.name,
        kind=clock.kind,
        due_at=due_at,
        is_warned=clock.warned_75_at is not None or clock.warned_before_at is not None,
        is_escalated=clock.escalated_at is not None,
    )
