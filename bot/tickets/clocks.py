"""The worker's look at all clocks: who is warned, what has lapsed; and what is due next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import joinedload

from bot.storage import Database
from bot.storage.tables import Ticket, TicketClock

AT_ONCE = 2_000
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

        A round marks at most AT_ONCE clocks of each sort, so that it never holds up others.
        Raises bot.storage.DatabaseUnavailable.
        """
        with self._database.read() as session:
            first = select(TicketClock.id).where(TicketClock.next_at <= now).limit(1)
            if session.scalar(first) is None:
                return []
        warned_75, warned_before = TicketClock.warned_75_at, TicketClock.warned_before_at
        events: list[ClockEvent] = []
        with self._database.write() as session:

            def mark(happening: Happening, *unmarked: ColumnElement[bool], **marks: Any) -> None:
                # Repeated beside the choice of rows: another worker may have been quicker.
                reached = (TicketClock.next_at <= now, *unmarked)
                chosen = select(TicketClock.id).where(*reached).order_by(TicketClock.next_at)
                marked = session.execute(
                    update(TicketClock)
                    .where(TicketClock.id.in_(chosen.limit(AT_ONCE)), *reached)
                    .values(**marks)
                    .returning(TicketClock.ticket_id, TicketClock.kind),
                    execution_options={"synchronize_session": False},
                )
                events.extend(ClockEvent(row.ticket_id, row.kind, happening) for row in marked)

            mark(
                "three_quarters_gone",
                warned_75.is_(None),
                warned_75_at=now,
                next_at=TicketClock.warns_before_at,
            )
            mark(
                "nearly_due",
                *(warned_75.is_not(None), warned_before.is_(None)),
                warned_before_at=now,
                next_at=TicketClock.due_at,
            )
            mark("escalated", warned_before.is_not(None), escalated_at=now, next_at=None)
        return events

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
