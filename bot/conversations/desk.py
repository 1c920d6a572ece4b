"""What agents do with a conversation: claim, reply, hand back, resolve."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.assistant import Words
from bot.conversations.errors import ConversationNotFound, NotYours
from bot.conversations.handoff import return_to_assistant
from bot.conversations.speech import say, tell_of_move
from bot.conversations.text import clean_text
from bot.conversations.transcript import add_message
from bot.storage import Database
from bot.storage.tables import Account, Conversation, Message
from bot.tickets import Tickets
from bot.tickets.states import RESOLVED


class Desk:
    """One agent at a time owns a conversation; every change of owner is one conditional update."""

    def __init__(
        self, database: Database, words: Words, tickets: Tickets, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._words = words
        self._tickets = tickets
        self._clock = clock

    def claim(self, conversation_id: str, account_id: int) -> None:
        """Take the conversation. Raises NotYours when another agent has it."""
        with self._database.write() as session:
            self._claim(session, _found(session, conversation_id), account_id)

    def reply(self, conversation_id: str, account_id: int, text: str, client_id: str) -> int:
        """Answer in public; takes the conversation when nobody has it; gives the sequence.

        It ends the first-reply clocks of the conversation's tickets (section 3).
        Raises ConversationNotFound, NotYours, MessageRefused, MessageTooLong.
        """
        cleaned = clean_text(text)
        now = self._clock()
        with self._database.write() as session:
            conversation = _found(session, conversation_id)
            sent_before = _sent_before(session, conversation_id, client_id)
            if sent_before is not None:
                return sent_before
            self._claim(session, conversation, account_id)
            message = add_message(
                session,
                conversation,
                sender="agent",
                text=cleaned,
                now=now,
                account_id=account_id,
                client_id=client_id,
            )
            self._tickets.replied(session, conversation_id, message, now)
            return message.sequence

    def may_answer(self, conversation_id: str, account_id: int) -> bool:
        """Whether what this agent writes goes to the visitor: nobody else has the conversation."""
        with self._database.read() as session:
            conversation = session.get(Conversation, conversation_id)
            return conversation is not None and (
                conversation.state == "waiting" or conversation.agent_id == account_id
            )

    def have_seen(self, conversation_id: str, sequence: int) -> bool:
        """An agent has had the messages up to there on screen; whether that is news."""
        with self._database.write() as session:
            seen = session.execute(
                update(Conversation)
                .where(
                    Conversation.id == conversation_id,
                    Conversation.seen_sequence < sequence,
                    Conversation.last_sequence >= sequence,
                )
                .values(seen_sequence=sequence)
                .returning(Conversation.id)
                .execution_options(synchronize_session=False)
            ).first()
            return seen is not None

    def hand_back(self, conversation_id: str, account_id: int) -> None:
        """Give the conversation back to the assistant, whose dialogue starts afresh.

        Raises ConversationNotFound, NotYours.
        """
        with self._database.write() as session:
            conversation = _found(session, conversation_id)
            self._hand_back(session, conversation, account_id)

    def move(self, reference: str, account_id: int, to_state: str, reason: str) -> None:
        """Move a ticket and tell the visitor where they should know of it (section 3).

        After the last one is resolved the conversation is given back. Nothing is done twice: a
        ticket that another agent has just moved there stays as it is.
        Raises TicketNotFound, IllegalMove, NotYours when another agent has the conversation.
        """
        now = self._clock()
        with self._database.write() as session:
            ticket = self._tickets.find(session, reference)
            conversation = (
                session.get(Conversation, ticket.conversation_id, with_for_update=True)
                if ticket.conversation_id
                else None
            )
            session.refresh(ticket, with_for_update=True)  # another agent may have been quicker
            if conversation and conversation.agent_id not in (None, account_id):
                raise _others(session, conversation)
            if ticket.state == to_state:
                return
            move = self._tickets.move(
                session, ticket, to_state, by=account_id, reason=reason, now=now
            )
            if conversation:
                tell_of_move(session, self._words, conversation, ticket, move)
                if to_state == RESOLVED:
                    self._give_back(session, conversation, account_id)

    def resolve(self, reference: str, account_id: int, reason: str) -> None:
        """Resolve a ticket. Raises as `move` does."""
        self.move(reference, account_id, RESOLVED, reason)

    def _give_back(self, session: Session, conversation: Conversation, account_id: int) -> None:
        if self._tickets.unresolved_of(session, conversation.id):
            return  # another of its cases is still open
        if conversation.state == "waiting":  # what it waited for has been done
            return_to_assistant(session, self._words, conversation, self._clock())
        elif conversation.state == "agent":
            self._hand_back(session, conversation, account_id)

    def _claim(self, session: Session, conversation: Conversation, account_id: int) -> None:
        if conversation.state == "agent" and conversation.agent_id == account_id:
            return
        now = self._clock()
        claimed = session.execute(
            update(Conversation)
            .where(
                Conversation.id == conversation.id,
                # Nobody has it, this agent has it, or who had it has no account any more.
                or_(
                    Conversation.state != "agent",
                    Conversation.agent_id == account_id,
                    Conversation.agent_id.is_(None),
                ),
            )
            .values(state="agent", agent_id=account_id, waiting_since=None)
            .returning(Conversation.id)
            .execution_options(synchronize_session=False)
        ).first()
        session.refresh(conversation)
        if claimed is None:
            raise _others(session, conversation)
        agent = session.get_one(Account, account_id)
        say(
            session,
            self._words,
            conversation,
            "utter_agent_joined",
            now,
            sender="system",
            args={"agent": agent.name},
        )
        for ticket in self._tickets.all_unresolved_of(session, conversation.id):
            self._tickets.start(session, ticket, account_id, now)

    def _hand_back(self, session: Session, conversation: Conversation, account_id: int) -> None:
        given = session.execute(
            update(Conversation)
            .where(
                Conversation.id == conversation.id,
                Conversation.state == "agent",
                Conversation.agent_id == account_id,
            )
            .values(state="bot", agent_id=None, dialogue=Conversation.dialogue + 1)
            .returning(Conversation.id)
            .execution_options(synchronize_session=False)
        ).first()
        session.refresh(conversation)
        if given is None:
            raise _others(session, conversation)
        say(session, self._words, conversation, "utter_handed_back", self._clock())


def _found(session: Session, conversation_id: str) -> Conversation:
    # Locked, so that what is decided by its state still holds when it is done.
    conversation = session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None:
        raise ConversationNotFound
    return conversation


def _sent_before(session: Session, conversation_id: str, client_id: str) -> int | None:
    return session.scalar(
        select(Message.sequence).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id
        )
    )


def _others(session: Session, conversation: Conversation) -> NotYours:
    owner = session.get(Account, conversation.agent_id) if conversation.agent_id else None
    if owner:
        return NotYours(f"{owner.name} has this conversation.")
    return NotYours("You do not have this conversation any more.")
