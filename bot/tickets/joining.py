"""Which open ticket a visitor's repeated request belongs to."""

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.tables import Conversation, Message, Ticket
from bot.tickets.states import UNRESOLVED

CHAT = "chat"


def concerns(conversation_id: str) -> ColumnElement[bool]:
    """Of tickets, those that this conversation opened, or that a request in it joined."""
    told_there = select(Message.ticket_id).where(
        Message.conversation_id == conversation_id, Message.ticket_id.is_not(None)
    )
    return or_(Ticket.conversation_id == conversation_id, Ticket.id.in_(told_there))


def same_request(
    session: Session,
    conversation: Conversation,
    category: str,
    order_number: str | None,
    email: str | None,
) -> Ticket | None:
    """The newest unresolved ticket of this visitor for the same category and order.

    In their own conversation, and by mail, an order that is not named yet stands for any. From
    another conversation only who has proved the order, or writes from the address that the
    ticket has, is known to be the same person: nobody adds to somebody's ticket, or hears of
    it, by claiming a number.
    """
    if own := same_matter(session, conversation.id, category, order_number):
        return own
    facts, by_mail = conversation.facts, conversation.channel != CHAT
    proved = facts.get("order_verified") and facts.get("order_number") == order_number
    if not email or not (by_mail or (order_number and proved)):
        return None
    theirs = session.scalars(
        _newest_unresolved(category).where(func.lower(Ticket.email) == email.strip().lower())
    )
    for ticket in theirs:
        unnamed = None in (order_number, ticket.order_number)
        if ticket.order_number == order_number or (by_mail and unnamed):
            return ticket
    return None


def same_matter(
    session: Session, conversation_id: str, category: str | None, order_number: str | None
) -> Ticket | None:
    """The conversation's newest unresolved ticket of this category and order; None stands for any.

    An order that the ticket does not name yet stands for any, too.
    """
    own = session.scalars(_newest_unresolved(category).where(concerns(conversation_id)))
    alike = (t for t in own if not order_number or t.order_number in (None, order_number))
    return next(alike, None)


def _newest_unresolved(category: str | None) -> Select[Ticket]:
    unresolved = select(Ticket).where(Ticket.state.in_(UNRESOLVED)).order_by(Ticket.id.desc())
    return unresolved.where(Ticket.category == category) if category else unresolved
