"""Knows the mails that the shop itself has sent, by their message ids."""

from collections.abc import Sequence

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

# Named by its columns only: what is needed of it here is whose a message id is.
_OUTGOING = table("outgoing_mails", column("message_id"), column("ticket_id"), column("to_address"))


def is_sent_by_us(session: Session, message_id: str | None) -> bool:
    """Whether a mail with this id left the shop."""
    if message_id is None:
        return False
    found = session.execute(
        select(_OUTGOING.c.message_id).where(_OUTGOING.c.message_id.in_(_spellings([message_id])))
    )
    return found.first() is not None


def ticket_of_sent(session: Session, message_ids: Sequence[str]) -> int | None:
    """The ticket in whose matter one of these mails was sent; the last one named counts."""
    rows = session.execute(
        select(_OUTGOING.c.message_id, _OUTGOING.c.ticket_id).where(
            _OUTGOING.c.message_id.in_(_spellings(message_ids)), _OUTGOING.c.ticket_id.is_not(None)
        )
    )
    tickets = {str(message_id).strip("<>"): int(ticket_id) for message_id, ticket_id in rows}
    return next((tickets[name] for name in reversed(message_ids) if name in tickets), None)


def _spellings(message_ids: Sequence[str]) -> list[str]:
    # Ids may be stored as they stand in the header, in angle brackets.
    return [spelled for name in message_ids for spelled in (name, f"<{name}>")]
