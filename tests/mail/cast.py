"""What tests of mail share: tickets with an address, mails on them, and what became of them."""

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import Services
from bot.clock import Clock
from bot.mail import Delivery
from bot.mail.delivery import AWAY_SINCE, KeepsPromises
from bot.mail.message import Sender
from bot.mail.outbox import MAIL_JOB
from bot.mail.smtp import SmtpAddress, SmtpServer
from bot.storage.tables import Job, PromiseRecord, Ticket, TicketMove
from bot.storage.tables_outgoing import OutgoingMail
from bot.tickets.reference import new_reference
from tests.mail.server import MailServer

SUPPORT = "support@shop.example"
ALICE = "alice@example.com"
DUE = "Wednesday 18 November at 10:00 am (New York time)"


class KeptPromises:
    """Takes down what was kept, in memory."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, str, datetime]] = []

    def keep(self, session: Session, ticket_id: int, kind: str, at: datetime) -> None:
        self.kept.append((ticket_id, kind, at))


def delivery_of(
    services: Services,
    server: MailServer,
    clock: Clock,
    promises: KeepsPromises,
    *,
    answer_seconds: float = 5,
    stopwatch: Callable[[], float] = time.monotonic,
) -> Delivery:
    """What the worker sends mail by, on a line to the test's server."""
    return Delivery(
        services.database,
        SmtpServer(
            SmtpAddress.of(server.url), hello_from="shop.example", answer_seconds=answer_seconds
        ),
        Sender("Kendrascntt", SUPPORT),
        clock,
        chance=lambda: 1.0,
        promises=promises,
        stopwatch=stopwatch,
    )


def new_ticket(
    services: Services,
    now: datetime,
    *,
    email: str | None = ALICE,
    name: str | None = "Alice",
    language: str | None = None,
) -> Ticket:
    """A damaged piece, with the promise of its first reply."""
    with services.database.write() as session:
        ticket = Ticket(
            reference=new_reference(),
            category="damaged",
            ticket_class="urgent",
            reason="asked",
            email=email,
            name=name,
            language=language,
            created_at=now,
        )
        session.add(ticket)
        session.flush()
        session.add(
            PromiseRecord(
                ticket_id=ticket.id,
                kind="first_reply",
                clause="3.urgent_reply",
                policy_version="test",
                counted_from=now,
                due_at=now,
                told_at=now,
                told_as=DUE,
            )
        )
        session.flush()
        return ticket


def acknowledge(services: Services, ticket: Ticket, now: datetime) -> None:
    """Tell that the ticket is open."""
    with services.database.write() as session:
        services.notices.opened(session, session.get_one(Ticket, ticket.id), now)


def move(services: Services, ticket: Ticket, from_state: str, to_state: str, now: datetime) -> int:
    """Move the ticket and tell of it; gives the move's id."""
    with services.database.write() as session:
        moved = session.get_one(Ticket, ticket.id)
        made = TicketMove(
            ticket_id=ticket.id, from_state=from_state, to_state=to_state, reason="test", at=now
        )
        moved.state = to_state
        session.add(made)
        services.notices.moved(session, moved, made, now)
        return made.id


def mails(services: Services) -> list[OutgoingMail]:
    """All mails, the oldest first."""
    with services.database.read() as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def open_jobs(services: Services) -> int:
    """How many mails are still owed."""
    with services.database.read() as session:
        return len(session.scalars(select(Job).where(Job.done_at.is_(None))).all())


def words(text: str) -> str:
    """A mail's text without the ends of its lines."""
    return " ".join(text.split())


def mail_stands_still(services: Services, since: datetime, said: str) -> None:
    """A mail has been tried since then, and this was the server's answer."""
    acknowledge(services, new_ticket(services, since), since)
    with services.database.write() as session:
        job = session.scalars(select(Job).where(Job.kind == MAIL_JOB)).one()
        job.payload = {**job.payload, AWAY_SINCE: since.isoformat()}
        mail = session.get_one(OutgoingMail, job.payload["mail_id"])
        mail.cause, mail.next_attempt_at = said, since
