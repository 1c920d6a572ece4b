"""What a visitor adds to a ticket, which opens it again where it was done."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage.tables import Conversation, Ticket
from bot.tickets.tickets import Details, Tickets

DONE = ("resolved", "closed")
_MOVED = (*DONE, "waiting_visitor")
ADDED = "the visitor added to it"


def add_to(
    session: Session,
    tickets: Tickets,
    ticket: Ticket,
    conversation: Conversation,
    details: Details,
    now: datetime,
    language: str | None = None,
) -> bool:
    """Add these details; what was done, or waited for its visitor, is open again.

    True where it was done: the visitor is to be told that it is open again.
    """
    was_done = ticket.state in DONE
    tickets.complete(ticket, conversation, details, language)
    if ticket.state in _MOVED:
        tickets.move(session, ticket, "open", by=None, reason=ADDED, now=now)
    return was_done
