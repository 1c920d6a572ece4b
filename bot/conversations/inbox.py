"""What agents see: who waits, what is due next, and one conversation whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.conversations.errors import ConversationNotFound
from bot.orders import Orders, OrderView
from bot.storage import Database
from bot.storage.tables import Conversation, Message, Ticket, TicketClock
from bot.storage.tables_cases import Rating
from bot.storage.tables_incoming import Attachment
from bot.tickets import missing_of
from bot.tickets.joining import concerns
from bot.tickets.promises import FIRST_REPLY
from bot.tickets.states import UNRESOLVED

PICTURES = "(sent pictures)"  # in place of words, for agents
LISTED = 200  # rows of a list; what is beyond is due later
_WHOLE = (
    joinedload(Ticket.promise),
    selectinload(Ticket.clocks).joinedload(TicketClock.promise),
)


@dataclass(frozen=True)
class ConversationSummary:
    """A line in the queue."""

    id: str
    state: str
    visitor: str
    since: datetime
    last_text: str
    agent_name: str | None
    reference: str | None
    last_sequence: int
    by_mail: bool = False


@dataclass(frozen=True)
class ClockSummary:
    """One of a ticket's clocks; without a due time while it is paused."""

    kind: str
    due_at: datetime | None
    is_warned: bool
    is_escalated: bool
    stopped_at: datetime | None
    is_superseded: bool  # it lapsed, and a later promise has a clock of its own


@dataclass(frozen=True)
class TicketSummary:
    """A ticket with its clock and what is known of section 2.1's four things."""

    reference: str
    conversation_id: str | None
    category: str
    ticket_class: str
    state: str
    reason: str
    cause: str | None
    name: str | None
    email: str | None
    order_number: str | None
    order_verified: bool
    description: str | None
    language: str | None
    created_at: datetime
    first_replied_at: datetime | None
    due_at: datetime | None
    waits_for_visitor: bool  # the clock of its first reply stands still
    clause: str | None
    told_as: str | None
    readings: list[str]
    explanation: list[str]
    attachment_count: int
    missing: tuple[str, ...]
    clocks: list[ClockSummary]
    rating: str | None = None  # what the visitor said of how it ended (section 4.3)


@dataclass(frozen=True)
class FileSummary:
    """A file of a message, of the chat or of a mail."""

    id: int
    name: str
    has_thumbnail: bool


@dataclass(frozen=True)
class AgentMessageView:
    """A message with what the assistant understood of it."""

    sequence: int
    sender: str
    text: str
    created_at: datetime
    agent_name: str | None
    buttons: list[dict[str, Any]]
    sources: list[dict[str, str]]
    understood: list[dict[str, Any]]
    files: list[FileSummary]
    cards: list[dict[str, Any]]


@dataclass(frozen=True)
class ConversationDetail:
    """One conversation as an agent needs it: the story, the tickets, the order."""

    summary: ConversationSummary
    agent_id: int | None
    messages: list[AgentMessageView]
    tickets: list[TicketSummary]
    order: OrderView | None
    facts: dict[str, Any]


class Inbox:
    """Reading only."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database = database
        self._orders = orders

    def waiting(self) -> list[ConversationSummary]:
        """Visitors who wait for a person, the longest wait first."""
        return self._summaries(
            select(Conversation)
            .where(Conversation.state == "waiting")
            .order_by(Conversation.waiting_since)
        )

    def in_hand(self, account_id: int) -> list[ConversationSummary]:
        """The conversations this agent has, the newest message first."""
        return self._summaries(
            select(Conversation)
            .where(Conversation.state == "agent", Conversation.agent_id == account_id)
            .order_by(Conversation.last_message_at.desc())
        )

    def tickets(self) -> list[TicketSummary]:
        """Tickets that are not resolved: unanswered ones first, the next date on top."""
        with self._database.read() as session:
            waiting = session.scalars(
                select(Ticket)
                .join(TicketClock, TicketClock.ticket_id == Ticket.id)
                .where(
                    Ticket.state.in_(UNRESOLVED),
                    TicketClock.kind == FIRST_REPLY,
                    TicketClock.stopped_at.is_(None),
                )
                .options(*_WHOLE)
                .order_by(TicketClock.due_at.nulls_last(), Ticket.id)
                .limit(LISTED)
            ).all()
            answered = session.scalars(
                select(Ticket)
                .where(Ticket.state.in_(UNRESOLVED), Ticket.first_replied_at.is_not(None))
                .options(*_WHOLE)
                .order_by(Ticket.created_at)
                .limit(LISTED - len(waiting))
            ).all()
            return [_ticket_summary(ticket) for ticket in (*waiting, *answered)]

    def conversation(self, conversation_id: str) -> ConversationDetail:
        """Everything about one conversation. Raises ConversationNotFound."""
        with self._database.read() as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None:
                raise ConversationNotFound
            tickets = session.scalars(
                select(Ticket)
                .where(concerns(conversation_id))
                .options(*_WHOLE)
                .order_by(Ticket.id.desc())
            ).all()
            detail = ConversationDetail(
                summary=_summary(session, conversation),
                agent_id=conversation.agent_id,
                messages=_messages(session, conversation_id),
                tickets=_with_ratings(session, tickets),
                order=None,
                facts=dict(conversation.facts),
            )
        return self._with_order(detail)

    def _with_order(self, detail: ConversationDetail) -> ConversationDetail:
        numbers = [detail.facts.get("order_number"), *(t.order_number for t in detail.tickets)]
        number = next((n for n in numbers if n), None)
        if number is None:
            return detail
        return replace(detail, order=self._orders.for_agent(number))

    def _summaries(self, query: Select[Conversation]) -> list[ConversationSummary]:
        with self._database.read() as session:
            found = session.scalars(query.limit(LISTED)).all()
            return [_summary(session, conversation) for conversation in found]


def _summary(session: Session, conversation: Conversation) -> ConversationSummary:
    last_text = session.scalar(
        select(Message.text)
        .where(Message.conversation_id == conversation.id, Message.sender == "visitor")
        .order_by(Message.sequence.desc())
        .limit(1)
    )
    reference = session.scalar(
        select(Ticket.reference)
        .where(concerns(conversation.id))
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    return ConversationSummary(
        id=conversation.id,
        state=conversation.state,
        visitor=conversation.facts.get("name") or "Visitor",
        since=conversation.waiting_since or conversation.last_message_at,
        last_text=PICTURES if last_text == "" else last_text or "",
        agent_name=conversation.agent.name if conversation.agent else None,
        reference=reference,
        last_sequence=conversation.last_sequence,
        by_mail=conversation.channel == "e-mail",
    )


def _messages(session: Session, conversation_id: str) -> list[AgentMessageView]:
    files = _files(session, conversation_id)
    found = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .options(joinedload(Message.account))
        .order_by(Message.sequence)
    )
    return [
        AgentMessageView(
            sequence=m.sequence,
            sender=m.sender,
            text=m.text,
            created_at=m.created_at,
            agent_name=m.account.name if m.account else None,
            buttons=m.buttons,
            sources=m.sources,
            understood=m.understood,
            files=files[m.sequence],
            cards=m.cards,
        )
        for m in found
    ]


def _files(session: Session, conversation_id: str) -> dict[int, list[FileSummary]]:
    found: dict[int, list[FileSummary]] = defaultdict(list)
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.conversation_id == conversation_id, Attachment.sequence.is_not(None))
        .order_by(Attachment.place, Attachment.id)
    )
    for row in rows:
        found[row.sequence or 0].append(
            FileSummary(row.id, row.name, has_thumbnail=row.thumbnail_as is not None)
        )
    return found


def _with_ratings(session: Session, tickets: Sequence[Ticket]) -> list[TicketSummary]:
    ids = [ticket.id for ticket in tickets]
    rated = select(Rating.ticket_id, Rating.answer).where(Rating.ticket_id.in_(ids))
    answers = {row.ticket_id: row.answer for row in session.execute(rated)}
    return [replace(_ticket_summary(t), rating=answers.get(t.id)) for t in tickets]


def _ticket_summary(ticket: Ticket) -> TicketSummary:
    promise = ticket.promise
    return TicketSummary(
        reference=ticket.reference,
        conversation_id=ticket.conversation_id,
        category=ticket.category,
        ticket_class=ticket.ticket_class,
        state=ticket.state,
        reason=ticket.reason,
        cause=ticket.cause,
        name=ticket.name,
        email=ticket.email,
        order_number=ticket.order_number,
        order_verified=ticket.order_verified,
        description=ticket.description,
        language=ticket.language,
        created_at=ticket.created_at,
        first_replied_at=ticket.first_replied_at,
        due_at=promise.due_at if promise else None,
        waits_for_visitor=any(
            clock.kind == FIRST_REPLY and clock.paused_at is not None and clock.stopped_at is None
            for clock in ticket.clocks
        ),
        clause=promise.clause if promise else None,
        told_as=promise.told_as if promise else None,
        readings=list(promise.readings) if promise else [],
        explanation=list(promise.explanation) if promise else [],
        attachment_count=ticket.attachment_count,
        missing=missing_of(ticket),
        clocks=[_clock_summary(clock) for clock in ticket.clocks],
    )


def _clock_summary(clock: TicketClock) -> ClockSummary:
    kept_at = clock.promise.kept_at if clock.promise else clock.stopped_at
    return ClockSummary(
        kind=clock.kind,
        due_at=clock.due_at,
        is_warned=clock.warned_75_at is not None,
        is_escalated=clock.escalated_at is not None,
        stopped_at=clock.stopped_at,
        # What is kept stops its clock at the same instant.
        is_superseded=clock.stopped_at is not None and kept_at != clock.stopped_at,
    )
