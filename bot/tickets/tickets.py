"""Opening tickets with their promise, adding to them, and the moves an agent makes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.policy import BusinessCalendar, Policy, due_text, first_reply_promise
from bot.storage.tables import Conversation, PromiseRecord, Ticket, TicketMove
from bot.tickets.reference import new_reference, read_reference

UNRESOLVED = ("new", "open")


class TicketNotFound(Exception):
    """There is no ticket with this reference."""


@dataclass(frozen=True)
class Details:
    """The four things section 2.1 asks for, as far as they are known."""

    order_number: str | None = None
    email: str | None = None
    name: str | None = None
    description: str | None = None


class Tickets:
    """Each method works in the transaction of its caller, so nothing is half done."""

    def __init__(self, policy: Policy, calendar: BusinessCalendar) -> None:
        self._policy = policy
        self._calendar = calendar

    def open(
        self,
        session: Session,
        conversation: Conversation,
        *,
        category: str,
        reason: str,
        details: Details,
        now: datetime,
        cause: str | None = None,
        language: str | None = None,
    ) -> Ticket:
        """A new ticket and the promise of its first reply (section 3), to be told at once.

        `language` is the one the visitor wrote in, where that is not English (section 5.1).
        """
        ticket_class = self._policy.ticket_class(category)
        ticket = Ticket(
            reference=_unused_reference(session),
            conversation_id=conversation.id,
            category=category,
            ticket_class=ticket_class,
            state="new",
            reason=reason,
            cause=cause,
            language=language,
            order_verified=_verified(conversation, details.order_number),
            created_at=now,
        )
        _fill_in(ticket, details)
        session.add(ticket)
        session.flush()
        self._move(session, ticket, None, "new", None, reason, now)
        self._promise_first_reply(session, ticket, conversation.time_zone, now)
        return ticket

    def _promise_first_reply(
        self, session: Session, ticket: Ticket, time_zone: str | None, now: datetime
    ) -> None:
        ticket_class = self._policy.ticket_class(ticket.category)
        promise = first_reply_promise(self._policy, self._calendar, ticket_class, now)
        ticket.promise = PromiseRecord(
            ticket_id=ticket.id,
            clause=promise.clause,
            policy_version=promise.policy_version,
            readings=list(promise.readings),
            explanation=list(promise.explanation),
            counted_from=promise.counted_from,
            due_at=promise.due_at,
            told_at=now,
            told_as=due_text(promise.due_at, time_zone, self._calendar.zone.key, now),
        )
        session.flush()

    def all_unresolved_of(self, session: Session, conversation_id: str) -> Sequence[Ticket]:
        """The conversation's tickets that are not resolved, the newest first."""
        return session.scalars(
            select(Ticket)
            .where(Ticket.conversation_id == conversation_id, Ticket.state.in_(UNRESOLVED))
            .order_by(Ticket.id.desc())
        ).all()

    def awaiting_reply_of(
        self,
        session: Session,
        conversation_id: str,
        now: datetime,
        *,
        in_another_language: bool = False,
    ) -> Ticket | None:
        """The conversation's newest ticket whose promised first reply lies ahead.

        Of all its tickets, or of those that are marked with another language than English.
        """
        return next(
            (
                ticket
                for ticket in self.all_unresolved_of(session, conversation_id)
                if ticket.first_replied_at is None
                and ticket.promise
                and ticket.promise.due_at > now
                and (ticket.language or not in_another_language)
            ),
            None,
        )

    def unresolved_of(self, session: Session, conversation_id: str) -> Ticket | None:
        """The conversation's newest ticket that is not resolved."""
        return next(iter(self.all_unresolved_of(session, conversation_id)), None)

    def find(self, session: Session, reference: str) -> Ticket:
        """The ticket with this reference, however it was typed. Raises TicketNotFound."""
        spelled = read_reference(reference)
        ticket = (
            spelled
            and session.scalars(select(Ticket).where(Ticket.reference == spelled)).one_or_none()
        )
        if not ticket:
            raise TicketNotFound(reference)
        return ticket

    def complete(
        self,
        ticket: Ticket,
        conversation: Conversation,
        details: Details,
        language: str | None = None,
    ) -> None:
        """Add what was missing; a new description goes below the one that is there."""
        _fill_in(ticket, details)
        ticket.language = ticket.language or language
        ticket.order_verified = _verified(conversation, ticket.order_number)

    def start(self, session: Session, ticket: Ticket, account_id: int, now: datetime) -> None:
        """An agent has taken the ticket."""
        if ticket.state == "new":
            self._move(session, ticket, "new", "open", account_id, "taken by an agent", now)

    def first_reply(self, ticket: Ticket, now: datetime) -> None:
        """A person has answered in public, which ends the first-reply clock (section 3)."""
        if ticket.first_replied_at is None:
            ticket.first_replied_at = now
            if ticket.promise:
                ticket.promise.kept_at = now

    def resolve(
        self, session: Session, ticket: Ticket, account_id: int, reason: str, now: datetime
    ) -> bool:
        """Resolve the ticket; False when it was resolved already."""
        if ticket.state not in UNRESOLVED:
            return False
        self._move(session, ticket, ticket.state, "resolved", account_id, reason, now)
        ticket.resolved_at = now
        return True

    def move(
        self,
        session: Session,
        ticket: Ticket,
        to_state: str,
        *,
        by: int | None,
        reason: str,
        now: datetime,
    ) -> TicketMove:
        """Move the ticket to this state; `by` is an account, None where it was not an agent."""
        if to_state in UNRESOLVED:
            ticket.resolved_at = None
        return self._move(session, ticket, ticket.state, to_state, by, reason, now)

    def _move(
        self,
        session: Session,
        ticket: Ticket,
        from_state: str | None,
        to_state: str,
        account_id: int | None,
        reason: str,
        now: datetime,
    ) -> TicketMove:
        ticket.state = to_state
        move = TicketMove(
            ticket_id=ticket.id,
            from_state=from_state,
            to_state=to_state,
            account_id=account_id,
            reason=reason,
            at=now,
        )
        session.add(move)
        return move


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if not session.scalar(select(Ticket.id).where(Ticket.reference == reference)):
            return reference


def _fill_in(ticket: Ticket, details: Details) -> None:
    for field in fields(details):
        new = getattr(details, field.name)
        if not new:
            continue
        old = getattr(ticket, field.name)
        if field.name == "description" and old:
            new = old if new in old else f"{old}\n\n{new}"
        setattr(ticket, field.name, new[: _longest(field.name)])


def _longest(name: str) -> int | None:
    # Of a name that fills a message the beginning will do; no ticket may fail because of it.
    length: int | None = getattr(Ticket.__table__.c[name].type, "length", None)
    return length


def _verified(conversation: Conversation, order_number: str | None) -> bool:
    facts = conversation.facts
    return bool(
        order_number and facts.get("order_verified") and facts.get("order_number") == order_number
    )
