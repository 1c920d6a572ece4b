"""What tests of tickets share: a visitor's conversation, tickets in it, and who is told of what."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.policy import BusinessCalendar, Policy, load_policy
from bot.settings import Settings
from bot.storage import Database
from bot.storage.tables import Conversation, Message, PromiseRecord, Ticket, TicketClock, TicketMove
from bot.tickets import Details, Tickets

ALICE = Details("1001", "alice@example.com", "Alice", "the clasp broke")


@dataclass
class Told:
    """Notices that are only written down."""

    said: list[tuple[str, str]] = field(default_factory=list)

    def opened(self, session: Session, ticket: Ticket, now: datetime) -> None:
        self.said.append(("opened", ticket.reference))

    def moved(self, session: Session, ticket: Ticket, move: TicketMove, now: datetime) -> None:
        self.said.append(("moved", move.to_state))

    def replied(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        self.said.append(("replied", ticket.reference))


class Counter:
    """The tickets of one shop, each change in a transaction of its own."""

    def __init__(self, database: Database, calendar: BusinessCalendar | None = None) -> None:
        self.database = database
        self.policy: Policy = load_policy(Settings().policy_file)
        self.calendar = calendar or BusinessCalendar()
        self.told = Told()
        self.tickets = Tickets(self.policy, self.calendar, self.told)

    def conversation(self, name: str, now: datetime, **facts: object) -> str:
        """A visitor's conversation; gives its id."""
        with self.database.write() as session:
            session.add(
                Conversation(
                    id=name,
                    token_hash="",
                    time_zone="America/New_York",
                    facts=facts,
                    created_at=now,
                    last_message_at=now,
                )
            )
        return name

    def open(
        self,
        conversation: str,
        now: datetime,
        category: str = "damaged",
        details: Details = ALICE,
    ) -> int:
        """A ticket of this conversation, joined or new; gives its id."""
        with self.database.write() as session:
            return self.tickets.open_or_join(
                session,
                session.get_one(Conversation, conversation),
                category=category,
                reason="asked",
                details=details,
                now=now,
            ).id

    def move(
        self, ticket_id: int, to_state: str, now: datetime, by: int | None = None
    ) -> TicketMove:
        with self.database.write() as session:
            ticket = session.get_one(Ticket, ticket_id)
            return self.tickets.move(session, ticket, to_state, by=by, reason="because", now=now)

    def reply(self, conversation: str, now: datetime) -> None:
        """A person answers in public."""
        with self.database.write() as session:
            message = Message(conversation_id=conversation, sequence=1, sender="agent", text="Hi")
            self.tickets.replied(session, conversation, message, now)

    def ticket(self, ticket_id: int) -> Ticket:
        with self.database.read() as session:
            ticket = session.get_one(Ticket, ticket_id)
            assert ticket.promise  # read while the session is there
            return ticket

    def promise(self, ticket_id: int, kind: str) -> PromiseRecord:
        """The newest promise of this kind."""
        with self.database.read() as session:
            found = select(PromiseRecord).where(
                PromiseRecord.ticket_id == ticket_id, PromiseRecord.kind == kind
            )
            return session.scalars(found.order_by(PromiseRecord.id.desc())).first() or _nothing()

    def clock(self, ticket_id: int, kind: str) -> TicketClock:
        """The newest clock of this kind."""
        with self.database.read() as session:
            found = select(TicketClock).where(
                TicketClock.ticket_id == ticket_id, TicketClock.kind == kind
            )
            return session.scalars(found.order_by(TicketClock.id.desc())).first() or _nothing()


def _nothing() -> NoReturn:
    raise AssertionError("there is none")
