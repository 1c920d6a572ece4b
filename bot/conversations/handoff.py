"""Giving a conversation to people and taking it back; never silent, always with a ticket."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.accounts import anyone_available
from bot.assistant import Words
from bot.conversations.other_languages import language_described_in
from bot.conversations.speech import say, tell_of_move
from bot.policy import BusinessCalendar
from bot.storage.tables import Conversation, Job, Message, Ticket
from bot.tickets import Details, Tickets, add_cause
from bot.tickets.categories import category_of

LEAVE_DETAILS = "leave_details"  # starts the form that asks for what is missing (section 2.1)


class Handoff:
    """Each method works in the transaction of its caller."""

    def __init__(self, words: Words, tickets: Tickets, calendar: BusinessCalendar) -> None:
        self._words = words
        self._tickets = tickets
        self._calendar = calendar

    def hand_off(
        self,
        session: Session,
        conversation: Conversation,
        *,
        reason: str,
        now: datetime,
        category: str | None = None,
        cause: str | None = None,
        understood: list[Any] | None = None,
    ) -> Ticket:
        """Open a ticket, or join the one that it belongs to, and tell what happens next.

        A date that has passed, or was kept, is never told again: what comes then is a new promise.

        With an agent available the conversation waits for them; otherwise the promised date
        is told and the assistant asks for what is missing of section 2.1. After a failure
        (`reason="failed"`) nothing is asked: there is nobody to understand the answer.
        """
        details = _known(session, conversation)
        category = category or category_of(conversation.last_request)
        ticket = self._tickets.concerning(
            session, conversation.id, category, details.order_number, now
        )
        if ticket is None:
            ticket = self._tickets.open(
                session,
                conversation,
                category=category,
                reason=reason,
                details=details,
                now=now,
                cause=cause,
                language=language_described_in(session, conversation.id, details.description),
            )
        else:
            if cause:
                add_cause(ticket, cause)
            move = self._tickets.take_up(session, ticket, now)
            if move:
                tell_of_move(session, self._words, conversation, ticket, move)
        if self._calendar.is_open(now) and anyone_available(session, now):
            conversation.state, conversation.waiting_since = "waiting", now
            response = "utter_handoff_waiting"
        elif reason == "failed":
            response = "utter_assistant_unavailable"
        else:
            response = "utter_handoff_promised"
            _ask_for_details(session, conversation, now)
        say(
            session,
            self._words,
            conversation,
            response,
            now,
            ticket=ticket,
            understood=understood,
        )
        return ticket

    def release(self, session: Session, conversation: Conversation, now: datetime) -> bool:
        """Tell the promised date where nobody has come; False when an agent was quicker."""
        if not _leave(session, conversation, "waiting"):
            return False
        ticket = self._tickets.unresolved_of(session, conversation.id)
        if ticket is None:
            say(session, self._words, conversation, "utter_handed_back", now)
            return True
        say(session, self._words, conversation, "utter_handoff_unclaimed", now, ticket=ticket)
        _ask_for_details(session, conversation, now)
        return True


def return_to_assistant(
    session: Session, words: Words, conversation: Conversation, now: datetime
) -> None:
    """The visitor goes back to the assistant, whose dialogue starts afresh."""
    left = any(_leave(session, conversation, state) for state in ("waiting", "agent", "closed"))
    response = "utter_handed_back" if left else "utter_already_with_assistant"
    say(session, words, conversation, response, now)


def _leave(session: Session, conversation: Conversation, state: str) -> bool:
    """Move from this state to the assistant's; False when it changed meanwhile."""
    moved = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.state == state)
        .values(
            state="bot",
            agent_id=None,
            waiting_since=None,
            dialogue=Conversation.dialogue + 1,
        )
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(conversation)
    return moved is not None


def _ask_for_details(session: Session, conversation: Conversation, now: datetime) -> None:
    owed = session.scalars(
        select(Job.payload).where(Job.conversation_id == conversation.id, Job.done_at.is_(None))
    )
    if any((payload.get("button") or {}).get("label") == LEAVE_DETAILS for payload in owed):
        return  # it is about to be asked already
    session.add(
        Job(
            kind="turn",
            conversation_id=conversation.id,
            payload={"text": "", "button": {"label": LEAVE_DETAILS, "entities": {}}},
            created_at=now,
        )
    )


def _known(session: Session, conversation: Conversation) -> Details:
    """What is known already, and the visitor's latest words as the description."""
    latest = session.scalars(
        select(Message.text)
        .where(Message.conversation_id == conversation.id, Message.sender == "visitor")
        .order_by(Message.sequence.desc())
        .limit(3)
    ).all()
    facts: dict[str, Any] = conversation.facts
    return Details(
        order_number=facts.get("order_number"),
        email=facts.get("email"),
        name=facts.get("name"),
        description="\n".join(reversed(latest)) or None,
    )
