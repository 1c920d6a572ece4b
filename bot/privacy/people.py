"""A person by their e-mail address: all that is kept of them, handed out or erased."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bot.privacy.erasure import Erased, Erasure, erase_mails
from bot.privacy.export import Export
from bot.privacy.rows import handed_out
from bot.storage import Database
from bot.storage.tables import Conversation, Message, Order, Ticket
from bot.storage.tables_incoming import IncomingMail
from bot.storage.tables_outgoing import OutgoingMail, Recipient


@dataclass(frozen=True)
class PersonErased:
    """How much of a person was erased."""

    conversations: int
    tickets: int
    mails: int
    orders: int


class People:
    """For the owner's commands. Every method may raise DatabaseUnavailable."""

    def __init__(self, database: Database, export: Export, erasure: Erasure) -> None:
        self._database = database
        self._export = export
        self._erasure = erasure

    def export(self, email: str) -> dict[str, Any]:
        """Everything that is kept under this address."""
        address = email.strip().lower()
        with self._database.read() as session:
            conversations = _conversations(session, address)
            found: dict[str, Any] = {
                "orders": [
                    {
                        **handed_out(order),
                        "lines": [handed_out(line) for line in order.lines],
                        "events": [handed_out(event) for event in order.events],
                    }
                    for order in _orders(session, address)
                ],
                "tickets": [handed_out(t) for t in _tickets(session, address)],
                "incoming_mails": [handed_out(m) for m in _incoming(session, address)],
                "outgoing_mails": [
                    handed_out(m)
                    for m in session.scalars(
                        select(OutgoingMail).where(OutgoingMail.recipient == address)
                    )
                ],
                "recipients": [
                    handed_out(r)
                    for r in session.scalars(select(Recipient).where(Recipient.address == address))
                ],
            }
        found["conversations"] = [self._export.conversation(one) for one in conversations]
        return found

    def erase(self, email: str) -> PersonErased:
        """Erase everything under this address, cases that are owed an answer and orders too."""
        address, erased = email.strip().lower(), Erased()
        with self._database.write() as session:
            conversations = _conversations(session, address)
            tickets = _tickets(session, address)
            for conversation_id in conversations:
                self._erasure.in_session(session, conversation_id, with_cases=True, erased=erased)
            alone = session.scalars(select(Ticket).where(func.lower(Ticket.email) == address)).all()
            ids = session.scalars(
                select(OutgoingMail.id).where(
                    or_(
                        OutgoingMail.recipient == address,
                        OutgoingMail.ticket_id.in_([ticket.id for ticket in alone]),
                    )
                )
            ).all()
            erased.message_ids += erase_mails(session, ids)
            self._erasure.erase_tickets(session, alone)
            incoming = _incoming(session, address)
            for mail in incoming:
                session.delete(mail)
            session.flush()
            session.execute(delete(Recipient).where(Recipient.address == address))
            orders = _orders(session, address)
            for order in orders:
                session.delete(order)
        self._erasure.finish(erased)
        return PersonErased(
            conversations=len(conversations),
            tickets=len(tickets),
            mails=len(erased.message_ids) + len(incoming),
            orders=len(orders),
        )


def _conversations(session: Session, address: str) -> list[str]:
    """Those that gave this address, have a case under it, or in which their visitor wrote it."""
    gave = select(Conversation.id).where(
        func.lower(Conversation.facts["email"].as_string()) == address
    )
    case = select(Ticket.conversation_id).where(
        func.lower(Ticket.email) == address, Ticket.conversation_id.is_not(None)
    )
    mailed = select(IncomingMail.conversation_id).where(
        func.lower(IncomingMail.from_address) == address, IncomingMail.conversation_id.is_not(None)
    )
    found: set[str | None] = set()
    for query in (gave, case, mailed):
        found |= set(session.scalars(query))
    return sorted(one for one in found | _wrote(session, address) if one)


def _wrote(session: Session, address: str) -> set[str]:
    """The conversations in which a visitor wrote this address, not one that it is a part of."""
    exact = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    rows = session.execute(
        select(Message.conversation_id, Message.text).where(
            Message.sender == "visitor",
            func.lower(Message.text).contains(address, autoescape=True),
        )
    )
    return {row.conversation_id for row in rows if "@" in address and exact.search(row.text)}


def _tickets(session: Session, address: str) -> Sequence[Ticket]:
    return session.scalars(select(Ticket).where(func.lower(Ticket.email) == address)).all()


def _incoming(session: Session, address: str) -> Sequence[IncomingMail]:
    return session.scalars(
        select(IncomingMail).where(func.lower(IncomingMail.from_address) == address)
    ).all()


def _orders(session: Session, address: str) -> Sequence[Order]:
    return session.scalars(select(Order).where(func.lower(Order.email) == address)).all()
