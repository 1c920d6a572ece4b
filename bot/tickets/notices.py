"""What is told of a ticket by mail, as the tickets see it."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.storage.tables import Message, Ticket, TicketMove


class Notices(Protocol):
    """What is told of a ticket by mail; each method works in the transaction of its caller."""

    def opened(self, session: Session, ticket: Ticket, now: datetime) -> None:
        """The ticket is there and has an e-mail address: once a ticket (section 4.1)."""

    def moved(self, session: Session, ticket: Ticket, move: TicketMove, now: datetime) -> None:
        """A move that the visitor should know of (section 3); `move.promise` is the date told."""

    def replied(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        """A person's public reply."""


class NoNotices:
    """Tells nobody."""

    def opened(self, session: Session, ticket: Ticket, now: datetime) -> None:
        """Nobody is told."""

    def moved(self, session: Session, ticket: Ticket, move: TicketMove, now: datetime) -> None:
        """Nobody is told."""

    def replied(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        """Nobody is told."""
