"""What is done with messages in other languages than English (section 5.1)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.assistant import Words
from bot.conversations.speech import say, ticket_args
from bot.conversations.transcript import newest_question
from bot.languages import Detected, language_name
from bot.storage.tables import Conversation, Message, Ticket
from bot.tickets import Details, Tickets

CATEGORY = "language"
ENGLISH = "en"
NOTICE, ADDED = "utter_other_language", "utter_other_language_added"
FACTS = ("order_number", "email", "name")
LOOKED_AT = 10  # of a visitor's newest messages, to find the one that a description is made of


class OtherLanguages:
    """Works in the transaction of its caller, which has made sure that the assistant may speak."""

    def __init__(self, words: Words, tickets: Tickets) -> None:
        self._words = words
        self._tickets = tickets

    def tell(
        self, session: Session, conversation: Conversation, text: str, language: str, now: datetime
    ) -> Ticket:
        """Open a ticket with what was written, or add to the one that waits for its first reply.

        The notice is in English and, where there is a wording, in the visitor's language; it
        is given once for each ticket and language. What is written later gets one short line.
        """
        ticket = self._tickets.awaiting_reply_of(
            session, conversation.id, now, in_another_language=True
        )
        if ticket is None:
            facts: dict[str, Any] = conversation.facts
            ticket = self._tickets.open(
                session,
                conversation,
                category=CATEGORY,
                reason=CATEGORY,
                details=Details(**{key: facts.get(key) for key in FACTS}, description=text),
                now=now,
                language=language,
            )
        else:
            self._tickets.complete(ticket, conversation, Details(description=text), language)
            self._tickets.visitor_wrote(session, ticket, now)
        in_theirs = self._worded(NOTICE, language)
        if {NOTICE, in_theirs or NOTICE} <= _said_since(session, ticket):
            self._say(session, conversation, self._worded(ADDED, language) or ADDED, ticket, now)
            return ticket
        say(
            session,
            self._words,
            conversation,
            NOTICE,
            now,
            args={"language": language_name(language)},
            ticket=ticket,
        )
        if in_theirs:
            self._say(session, conversation, in_theirs, ticket, now)
        return ticket

    def _worded(self, response: str, language: str) -> str | None:
        """The response in this language, where the shop has worded it."""
        name = f"{response}_{language}"
        return name if name in self._words.responses() else None

    def _say(
        self,
        session: Session,
        conversation: Conversation,
        response: str,
        ticket: Ticket,
        now: datetime,
    ) -> None:
        """Say it without the ticket's card, which the English notice has."""
        args = ticket_args(self._words, conversation, ticket)
        say(session, self._words, conversation, response, now, args=args)


def language_written(session: Session, conversation_id: str, detected: Detected) -> str | None:
    """The language of the message that a visitor has sent now, None for English.

    What answers a form's question says no language unless the question is for a description:
    names, addresses and numbers are the same in all. A short text counts where the
    conversation has a ticket in that language.
    """
    if detected.language is None:
        return None
    if newest_question(session, conversation_id) not in (None, "description"):
        return None
    if detected.sure:
        return detected.language
    known = session.scalar(
        select(Ticket.language)
        .where(Ticket.conversation_id == conversation_id, Ticket.language.is_not(None))
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    return known if known == detected.language else None


def language_described_in(
    session: Session, conversation_id: str, description: str | None
) -> str | None:
    """The language of the messages that a ticket's description is made of, None for English."""
    if not description:
        return None
    newest = session.execute(
        select(Message.text, Message.lang)
        .where(Message.conversation_id == conversation_id, Message.sender == "visitor")
        .order_by(Message.sequence.desc())
        .limit(LOOKED_AT)
    )
    described = (m.lang for m in newest if m.lang != ENGLISH and m.text in description)
    return next(described, None)


def _said_since(session: Session, ticket: Ticket) -> set[str | None]:
    """The names of the responses that were said in the ticket's conversation since it is open."""
    return set(
        session.scalars(
            select(Message.response)
            .where(
                Message.conversation_id == ticket.conversation_id,
                Message.sender == "bot",
                Message.created_at >= ticket.created_at,
            )
            .distinct()
        )
    )
