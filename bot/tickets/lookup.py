"""Finds a ticket for the visitor whose conversation it is, or who proved that it is theirs."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.storage import Database
from bot.storage.tables import Ticket
from bot.tickets.joining import concerns
from bot.tickets.reference import read_reference
from bot.tickets.states import DONE, WAITING_VISITOR
from bot.tickets.views import Standing, TicketView

_NEWEST = 10  # of a conversation's tickets; more than anybody asks about


class TicketLookup:
    """Reads only. Every method may raise bot.storage.DatabaseUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def of_conversation(self, conversation_id: str) -> list[TicketView]:
        """The tickets that a conversation opened or joined, the newest first."""
        with self._database.read() as session:
            tickets = session.scalars(
                select(Ticket)
                .where(concerns(conversation_id))
                .options(joinedload(Ticket.promise))
                .order_by(Ticket.id.desc())
                .limit(_NEWEST)
            ).all()
            return [self._view(ticket) for ticket in tickets]

    def find(self, reference: str) -> TicketView | None:
        """The ticket with this reference, for who proved that it is theirs (`bot.cases.Codes`)."""
        spelled = read_reference(reference) or ""
        with self._database.read() as session:
            ticket = session.scalars(
                select(Ticket)
                .where(Ticket.reference == spelled)
                .options(joinedload(Ticket.promise))
            ).one_or_none()
            return self._view(ticket) if ticket else None

    def _view(self, ticket: Ticket) -> TicketView:
        return TicketView(
            reference=ticket.reference,
            category=ticket.category,
            order_number=ticket.order_number,
            standing=self._standing(ticket),
            due=ticket.promise.told_as if ticket.promise else None,
        )

    def _standing(self, ticket: Ticket) -> Standing:
        if ticket.state in DONE:
            return Standing.RESOLVED
        if ticket.state == WAITING_VISITOR:
            return Standing.WAITING_VISITOR
        if ticket.first_replied_at is not None:
            return Standing.IN_PROGRESS
        late = ticket.promise is not None and self._clock() > ticket.promise.due_at
        return Standing.OVERDUE if late else Standing.WAITING
