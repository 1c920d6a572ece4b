"""Which rows are a conversation's, for its export and for its erasure."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, inspect, or_, select
from sqlalchemy.orm import Session

from bot.storage.base import Base
from bot.storage.tables import Message, PromiseRecord, Ticket, TicketMove
from bot.storage.tables_cases import Rating
from bot.storage.tables_conversations import ConversationRating
from bot.storage.tables_incoming import Attachment, Draft, IncomingMail
from bot.storage.tables_outgoing import OutgoingMail

# Keys, and what only the machinery needs; the rest is handed out.
NOT_HANDED_OUT = frozenset(
    {"token_hash", "body_hash", "stored_as", "thumbnail_as", "digest", "account_id", "agent_id"}
)


def tickets_of(session: Session, conversation_id: str) -> Sequence[Ticket]:
    """The tickets of a conversation, the oldest first."""
    return session.scalars(
        select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(Ticket.id)
    ).all()


def mails_of(session: Session, conversation_id: str, ticket_ids: Sequence[int]) -> list[int]:
    """The ids of the mails that went out for a conversation or for these tickets."""
    of_it = or_(
        OutgoingMail.ticket_id.in_(ticket_ids),
        OutgoingMail.occasion.startswith(f"transcript {conversation_id} "),
    )
    return list(session.scalars(select(OutgoingMail.id).where(of_it).order_by(OutgoingMail.id)))


def kept_of(session: Session, conversation_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to a conversation, by its table, without keys and hashes."""
    ticket_ids = [ticket.id for ticket in tickets_of(session, conversation_id)]
    mail_ids = mails_of(session, conversation_id, ticket_ids)
    wanted: list[tuple[type[Base], ColumnElement[bool]]] = [
        (Message, Message.conversation_id == conversation_id),
        (Attachment, Attachment.conversation_id == conversation_id),
        (ConversationRating, ConversationRating.conversation_id == conversation_id),
        (IncomingMail, IncomingMail.conversation_id == conversation_id),
        (Draft, Draft.conversation_id == conversation_id),
        (Ticket, Ticket.id.in_(ticket_ids)),
        (TicketMove, TicketMove.ticket_id.in_(ticket_ids)),
        (
            PromiseRecord,
            or_(
                PromiseRecord.ticket_id.in_(ticket_ids),
                PromiseRecord.conversation_id == conversation_id,
            ),
        ),
        (Rating, Rating.ticket_id.in_(ticket_ids)),
        (OutgoingMail, OutgoingMail.id.in_(mail_ids)),
    ]
    return {
        table.__tablename__: [
            handed_out(row)
            for row in session.scalars(select(table).where(which).order_by(*_key(table)))
        ]
        for table, which in wanted
    }


def handed_out(row: Base) -> dict[str, Any]:
    """A row by its columns, without what is a key or a hash."""
    return {
        column.key: getattr(row, column.key)
        for column in row.__mapper__.column_attrs
        if column.key not in NOT_HANDED_OUT
    }


def _key(table: type[Base]) -> tuple[Any, ...]:
    return inspect(table).primary_key
