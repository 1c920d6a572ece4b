"""Which files belong to a ticket: each that came in its conversation and is of no other yet."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.storage.tables import Ticket
from bot.storage.tables_incoming import Attachment


def count_attachments(session: Session, ticket: Ticket) -> int:
    """Give the ticket what its conversation's messages brought (section 2.1); gives how many more.

    A picture that is sent before there is a ticket belongs to the next one.
    """
    if ticket.conversation_id is None:
        return 0
    open_ones = select(Attachment.id).where(
        Attachment.conversation_id == ticket.conversation_id,
        Attachment.sequence.is_not(None),
        Attachment.ticket_id.is_(None),
    )
    taken = session.execute(
        update(Attachment)
        .where(Attachment.id.in_(open_ones))
        .values(ticket_id=ticket.id)
        .returning(Attachment.id)
        .execution_options(synchronize_session=False)
    ).all()
    ticket.attachment_count += len(taken)
    return len(taken)
