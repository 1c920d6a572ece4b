"""Finds the case that a mail belongs to; who only knows its reference gets a case of their own."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.conversations.transcript import next_sequence
from bot.mail.incoming import ParsedMail
from bot.mail.sent import ticket_of_sent
from bot.mail.signed_addresses import SignedAddresses
from bot.storage.tables import Conversation, Job, Message, Ticket
from bot.storage.tables_incoming import Attachment, IncomingMail
from bot.tickets import count_attachments
from bot.tickets.reference import read_reference

MOST_REFERENCES = 5  # that are looked up of those a mail names
_REFERENCE = re.compile(r"\bKC[-‐‑–\s]?([0-9A-Za-z]{4}[-\s]?[0-9A-Za-z]{4})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """The conversation and ticket that a mail joins, None for a new case; a note for agents."""

    conversation_id: str | None = None
    ticket: Ticket | None = None
    note: str | None = None


def case_of(session: Session, mail: ParsedMail, own: SignedAddresses | None) -> Case:
    """By what the mail answers, by the signed address it went to, else by reference and sender.

    The first two are known only to who got our mails, so they join whoever writes, and the agent
    is told when that is somebody else. A reference can be read over a shoulder: it joins only
    for the ticket's own address.
    """
    ticket_id = ticket_of_sent(session, mail.thread)
    if ticket_id is not None and (ticket := session.get(Ticket, ticket_id)):
        return _joined(ticket, mail)
    for address in (*mail.envelope, *mail.recipients):
        reference = own.reference_in(address) if own else None
        if reference and (ticket := _by_reference(session, reference)):
            return _joined(ticket, mail)
    return _by_earlier_mail(session, mail) or _by_reference_named(session, mail)


def _joined(ticket: Ticket, mail: ParsedMail) -> Case:
    note = (
        None
        if _is_known(ticket, mail)
        else f"It was written from {mail.from_address or 'an unknown address'}, "
        "which is not the address of this case."
    )
    return Case(ticket.conversation_id, ticket, note)


def _by_earlier_mail(session: Session, mail: ParsedMail) -> Case | None:
    """The case of a mail that the same person sent before; its id alone is no secret."""
    if not mail.thread or not mail.from_address:
        return None
    conversation_id = session.scalar(
        select(IncomingMail.conversation_id)
        .where(
            IncomingMail.message_id.in_(mail.thread),
            IncomingMail.from_address == mail.from_address,
            IncomingMail.conversation_id.is_not(None),
        )
        .order_by(IncomingMail.id.desc())
        .limit(1)
    )
    if conversation_id is None:
        return None
    return Case(conversation_id, newest_ticket(session, conversation_id))


def _by_reference_named(session: Session, mail: ParsedMail) -> Case:
    named = [read_reference(found) for found in _REFERENCE.findall(f"{mail.subject}\n{mail.whole}")]
    others = []
    for reference in list(dict.fromkeys(name for name in named if name))[:MOST_REFERENCES]:
        ticket = _by_reference(session, reference)
        if ticket and _is_known(ticket, mail):
            return Case(ticket.conversation_id, ticket)
        if ticket:
            others.append(reference)
    if not others:
        return Case()
    return Case(
        note=f"It names {', '.join(others)}, which belongs to another address; it was not joined."
    )


def _by_reference(session: Session, reference: str) -> Ticket | None:
    return session.scalars(select(Ticket).where(Ticket.reference == reference)).one_or_none()


def _is_known(ticket: Ticket, mail: ParsedMail) -> bool:
    """Whether the mail comes from the address that the ticket has."""
    return bool(mail.from_address) and mail.from_address == (ticket.email or "").strip().lower()


def newest_ticket(session: Session, conversation_id: str) -> Ticket | None:
    """The newest ticket of a conversation, None where none is open yet."""
    return session.scalars(
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Ticket.id.desc())
        .limit(1)
    ).one_or_none()


def mark_with(session: Session, message: Message, ticket: Ticket) -> None:
    """The message is about this ticket, and what came with it counts as given (section 2.1)."""
    if message.ticket_id is not None:
        return
    message.ticket_id = ticket.id
    count_attachments(session, ticket)


def bring_over(
    session: Session, conversation: Conversation, target: Conversation, now: datetime
) -> None:
    """Move the mails of a conversation to another, with files and owed work, and end the first.

    Both are locked by the caller. For one that began with a mail and has no ticket.
    """
    messages = session.scalars(
        select(Message).where(Message.conversation_id == conversation.id).order_by(Message.sequence)
    ).all()
    sequences = {m.sequence: next_sequence(session, target, now) for m in messages}
    for message in messages:
        message.conversation_id, message.sequence = target.id, sequences[message.sequence]
    for table in (Attachment, IncomingMail):
        for old, new in sequences.items():
            session.execute(
                update(table)
                .where(table.conversation_id == conversation.id, table.sequence == old)
                .values(conversation_id=target.id, sequence=new)
            )
    for job in session.scalars(select(Job).where(Job.conversation_id == conversation.id)):
        job.conversation_id = target.id
        job.payload = {**job.payload, "sequence": sequences[job.payload["sequence"]]}
    session.flush()
    session.delete(conversation)
    session.flush()
