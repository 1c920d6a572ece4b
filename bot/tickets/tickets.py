"""Opening tickets with their promise, adding to them, and the moves an agent makes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.policy import BusinessCalendar, Policy
from bot.storage.tables import Conversation, Message, PromiseRecord, Ticket, TicketMove
from bot.tickets.attached import count_attachments
from bot.tickets.categories import OTHER
from bot.tickets.joining import concerns, same_matter, same_request
from bot.tickets.notices import NoNotices, Notices
from bot.tickets.promises import FIRST_REPLY, Promises, resumed_with
from bot.tickets.reference import new_reference, read_reference
from bot.tickets.stages import WARN_BEFORE, Stages
from bot.tickets.states import (
    DONE,
    NEW,
    OPEN,
    RESOLVED,
    UNRESOLVED,
    WAITING_CARRIER,
    WAITING_VISITOR,
    IllegalMove,
    is_reopening,
    is_told,
    legal_moves,
)

NO_NOTICES = NoNotices()


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

    def __init__(
        self,
        policy: Policy,
        calendar: BusinessCalendar,
        notices: Notices = NO_NOTICES,
        *,
        warn_before: timedelta = WARN_BEFORE,
    ) -> None:
        self._policy = policy
        self._notices = notices
        self._promises = Promises(policy, calendar)
        self._stages = Stages(calendar, self._promises, warn_before)

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
        ticket = Ticket(
            reference=_unused_reference(session),
            conversation_id=conversation.id,
            category=category,
            ticket_class=self._policy.ticket_class(category),
            state=NEW,
            reason=reason,
            cause=cause,
            language=language,
            order_verified=_verified(conversation, details.order_number),
            created_at=now,
        )
        _fill_in(ticket, details)
        session.add(ticket)
        session.flush()
        session.add(TicketMove(ticket_id=ticket.id, to_state=NEW, reason=reason, at=now))
        count_attachments(session, ticket)
        self._promise_first_reply(session, ticket, now)
        self._acknowledge(session, ticket, now)
        return ticket

    def open_or_join(
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
        """The visitor's own open ticket for the same thing with this added, or a new one.

        Its date stands while it lies ahead.
        """
        ticket = same_request(session, conversation, category, details.order_number, details.email)
        if ticket is None:
            return self.open(
                session,
                conversation,
                category=category,
                reason=reason,
                details=details,
                now=now,
                cause=cause,
                language=language,
            )
        self.complete(ticket, conversation, details, language)
        count_attachments(session, ticket)
        self.take_up(session, ticket, now)
        return ticket

    def take_up(self, session: Session, ticket: Ticket, now: datetime) -> TicketMove | None:
        """The visitor turns to people about it once more; gives the ticket's move, if any.

        A date that has passed, or was kept, is never told again: a further promise follows it.
        """
        move = self.visitor_wrote(session, ticket, now)
        promise = ticket.promise
        if promise is None or promise.kept_at is not None or promise.due_at <= now:
            self._promise_first_reply(session, ticket, now)
        return move

    def _promise_first_reply(
        self, session: Session, ticket: Ticket, now: datetime
    ) -> PromiseRecord:
        zone = _time_zone(session, ticket)
        promise = self._stages.start(session, ticket, FIRST_REPLY, zone, now)
        set_committed_value(ticket, "promise", promise)
        ticket.first_replied_at = None
        return promise

    def _acknowledge(self, session: Session, ticket: Ticket, now: datetime) -> None:
        if self._stages.acknowledge(session, ticket, _time_zone(session, ticket), now):
            self._notices.opened(session, ticket, now)

    def all_unresolved_of(self, session: Session, conversation_id: str) -> Sequence[Ticket]:
        """The conversation's tickets that are not resolved, the newest first."""
        return session.scalars(
            select(Ticket)
            .where(concerns(conversation_id), Ticket.state.in_(UNRESOLVED))
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

    def concerning(
        self,
        session: Session,
        conversation_id: str,
        category: str,
        order_number: str | None,
        now: datetime,
    ) -> Ticket | None:
        """The unresolved ticket that a wish for a person in this conversation belongs to.

        One whose first reply is still due, whatever it is about; else one of the same matter,
        also if it is overdue or was answered. Who has named no matter means the newest.
        """
        return self.awaiting_reply_of(session, conversation_id, now) or same_matter(
            session, conversation_id, None if category == OTHER else category, order_number
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
        """Add what was missing; a new description goes below the one that is there.

        An order that was proved stays so for the same number and address.
        """
        before = _claimed(ticket)
        _fill_in(ticket, details)
        ticket.language = ticket.language or language
        stays_proved = ticket.order_verified and _claimed(ticket) == before
        ticket.order_verified = stays_proved or _verified(conversation, ticket.order_number)

    def visitor_wrote(self, session: Session, ticket: Ticket, now: datetime) -> TicketMove | None:
        """The visitor has added to the ticket, which goes on from there; gives its move, if any.

        One that was done reopens; one that waits for the carrier as well waits for them alone.
        An address that was missing is sent the confirmation (4.1).
        """
        move = None
        if ticket.state in (*DONE, WAITING_VISITOR):
            traced = ticket.state == WAITING_VISITOR and self._stages.is_traced(session, ticket)
            to_state = WAITING_CARRIER if traced else OPEN
            why = "the visitor wrote"
            move = self.move(session, ticket, to_state, by=None, reason=why, now=now)
        self._acknowledge(session, ticket, now)
        return move

    def visitor_answered(
        self, session: Session, conversation_id: str, now: datetime
    ) -> list[TicketMove]:
        """Words to people have come for the tickets here that wait for the visitor; their moves."""
        waiting = [
            ticket
            for ticket in self.all_unresolved_of(session, conversation_id)
            if ticket.state == WAITING_VISITOR
        ]
        moves = [self.visitor_wrote(session, ticket, now) for ticket in waiting]
        return [move for move in moves if move]

    def start(self, session: Session, ticket: Ticket, account_id: int, now: datetime) -> None:
        """An agent has taken the ticket."""
        if ticket.state == NEW:
            self.move(session, ticket, OPEN, by=account_id, reason="taken by an agent", now=now)

    def replied(
        self, session: Session, conversation_id: str, message: Message, now: datetime
    ) -> None:
        """A person has answered in public, which ends the first-reply clocks (section 3).

        Of every ticket of the conversation that waits for it, also of one that was resolved
        without a word. The reply is told once, with the ticket that the visitor's last message
        is about, else with the newest.
        """
        tickets = session.scalars(
            select(Ticket)
            .where(
                concerns(conversation_id),
                or_(Ticket.state.in_(UNRESOLVED), Ticket.first_replied_at.is_(None)),
            )
            .order_by(Ticket.id.desc())
        ).all()
        for ticket in tickets:
            if ticket.first_replied_at is None:
                ticket.first_replied_at = now
                self._promises.keep(session, ticket.id, FIRST_REPLY, now)
        if tickets:
            meant = _ticket_of_last_words(session, conversation_id)
            answered = next((ticket for ticket in tickets if ticket.id == meant), tickets[0])
            self._notices.replied(session, answered, message, now)

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
        """Move the ticket, which the caller has locked; its clocks follow.

        The visitor is told where they should know of it (section 3), with the date that is
        promised with it, or has become later because it waited for them. One that reopens and
        has had its reply gets a new first-reply promise. `by` is an account, None for the
        visitor and the assistant. Raises IllegalMove.
        """
        if to_state not in legal_moves(ticket.state):
            raise IllegalMove(ticket.state, to_state)
        move = TicketMove(
            ticket_id=ticket.id,
            from_state=ticket.state,
            to_state=to_state,
            account_id=by,
            reason=reason,
            at=now,
        )
        session.add(move)
        ticket.state = to_state
        ticket.resolved_at = now if to_state == RESOLVED else ticket.resolved_at
        move.promise = self._stages.moved(session, ticket, move, _time_zone(session, ticket))
        later = resumed_with(session, move)
        if any(promise.kind == FIRST_REPLY for promise in later):
            set_committed_value(ticket, "promise", later[0])
        if is_reopening(move.from_state, to_state):
            ticket.resolved_at = None
            if ticket.first_replied_at is not None:
                move.promise = self._promise_first_reply(session, ticket, now)
        session.flush()
        if later or is_told(move.from_state, to_state):
            self._notices.moved(session, ticket, move, now)
        return move


def _ticket_of_last_words(session: Session, conversation_id: str) -> int | None:
    """The id of the ticket that the visitor's last message is about."""
    return session.scalar(
        select(Message.ticket_id)
        .where(Message.conversation_id == conversation_id, Message.sender == "visitor")
        .order_by(Message.sequence.desc())
        .limit(1)
    )


def _time_zone(session: Session, ticket: Ticket) -> str | None:
    conversation = (
        session.get(Conversation, ticket.conversation_id) if ticket.conversation_id else None
    )
    return conversation.time_zone if conversation else None


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


def _claimed(ticket: Ticket) -> tuple[str | None, str]:
    return ticket.order_number, (ticket.email or "").strip().lower()


def _verified(conversation: Conversation, order_number: str | None) -> bool:
    facts = conversation.facts
    return bool(
        order_number and facts.get("order_verified") and facts.get("order_number") == order_number
    )
