"""What is told of a ticket to the person who holds it, by whoever carries it there."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.storage.tables import Message, Ticket, TicketMove


class Notices(Protocol):
    """What is told of a ticket by mail; each method works in the transaction of its caller."""

    def opened(self, session: Session, ticket: Ticket, now: datetime) -> None:
        """The ticket is there, or has only now an address (section 4.1)."""

    def moved(self, session: Session, ticket: Ticket, move: TicketMove, now: datetime) -> None:
        """A move that its holder should know of (section 3)."""

    def replied(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        """A person has replied in public."""


class NoNotices:
    """Tells nobody."""

    def opened(self, session: Session, ticket: Ticket, now: datetime) -> None:
        """Nothing is told."""

    def moved(self, session: Session, ticket: Ticket, move: TicketMove, now: datetime) -> None:
        """Nothing is told."""

    def replied(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        """Nothing is told."""
