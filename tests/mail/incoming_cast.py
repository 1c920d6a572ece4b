"""A shop that takes mails in: what was sent before, what is understood, what is then there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from bot.app import Services
from bot.assistant import AssistantFailure
from bot.mail.drafting import Drafting
from bot.mail.incoming import ParsedMail, read_mail
from bot.mail.receiving import Receipt
from bot.storage.tables import Message, Ticket
from bot.storage.tables_incoming import IncomingMail
from bot.storage.tables_outgoing import OutgoingMail, Recipient
from bot.tickets import Tickets

CORPUS = Path(__file__).parent / "corpus"
SUPPORT = "support@shop.example"


class Understanding:
    """Stands in for Rasa: labels by a word that a text has, or a failure."""

    def __init__(self) -> None:
        self.labels = {"clasp": "report_damaged", "refund": "refund_status", "?": "faq/returns"}
        self.fails = False
        self.asked: list[str] = []

    def __call__(self, text: str) -> list[dict[str, Any]]:
        self.asked.append(text)
        if self.fails:
            raise AssistantFailure("Rasa could not be reached")
        label = next((label for word, label in self.labels.items() if word in text), None)
        numbers = re.findall(r"\b1\d{3}\b", text)
        entities = [{"entity": "order_number", "value": number} for number in numbers]
        return [
            {
                "text": text,
                "label": label or "greet",
                "confidence": 0.9,
                "accepted": label is not None,
                "entities": entities,
            }
        ]


@dataclass
class Shop:
    """The services, with the stand-in for Rasa."""

    services: Services
    understanding: Understanding
    drafting: Drafting

    def takes(self, raw: bytes | ParsedMail) -> Receipt:
        """A mail comes in."""
        mail = read_mail(raw) if isinstance(raw, bytes) else raw
        return self.services.receiving.receive(mail, "smtp")

    def takes_and_works(self, raw: bytes) -> Receipt:
        """A mail comes in, and what it owes is done."""
        receipt = self.takes(raw)
        self.drafting.work_off()
        return receipt

    def sent(self, message_id: str, ticket: Ticket, now: datetime) -> None:
        """The shop has sent a mail in this ticket's matter."""
        address = ticket.email or ""
        with self.services.database.write() as session:
            if session.get(Recipient, address) is None:
                session.add(Recipient(address=address))
                session.flush()
            session.add(
                OutgoingMail(
                    message_id=f"<{message_id}>",
                    ticket_id=ticket.id,
                    template="acknowledgement",
                    recipient=address,
                    to_address=address,
                    subject="We have your request",
                    text="",
                    created_at=now,
                    attempts=1,
                )
            )

    @property
    def tickets(self) -> Sequence[Ticket]:
        with self.services.database.read() as session:
            return session.scalars(
                select(Ticket).options(sa.orm.joinedload(Ticket.promise)).order_by(Ticket.id)
            ).all()

    @property
    def ticket(self) -> Ticket:
        (only,) = self.tickets
        return only

    @property
    def messages(self) -> Sequence[Message]:
        with self.services.database.read() as session:
            return session.scalars(
                select(Message).where(Message.sender == "visitor").order_by(Message.id)
            ).all()

    @property
    def mails(self) -> Sequence[IncomingMail]:
        with self.services.database.read() as session:
            return session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()


def shop_of(services: Services, tickets: Tickets) -> Shop:
    """The services, ready for mail."""
    understanding = Understanding()
    drafting = Drafting(
        services.database,
        services.words,
        tickets,
        services.notices.answering_mail(),  # as the shop itself is composed
        services.demand,
        understanding,
        services.clock,
    )
    return Shop(services, understanding, drafting)


def raw(name: str) -> bytes:
    """A mail of the corpus."""
    return (CORPUS / f"{name}.eml").read_bytes()


def written(
    text: str,
    *,
    sender: str = "Alice Example <alice@example.com>",
    subject: str = "A question",
    to: str = SUPPORT,
    **headers: str,
) -> bytes:
    """A mail that somebody writes now; headers by name with underscores."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()
