"""Taking in what visitors send: the commit of their message is its acknowledgement."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.assistant import Words
from bot.attachments import take_along
from bot.conversations.attaching import take_in_attachments
from bot.conversations.errors import (
    ClientIdReused,
    ConversationNotFound,
    MessageRefused,
    TooManyMessages,
)
from bot.conversations.handoff import return_to_assistant
from bot.conversations.other_languages import ENGLISH, language_written
from bot.conversations.speech import say, tell_of_move
from bot.conversations.text import MAX_CHARACTERS, clean_text
from bot.conversations.transcript import (
    MessageView,
    add_message,
    messages_after,
    new_id,
    newest_buttons,
    view_of,
)
from bot.languages import Detected, detect
from bot.storage import Database
from bot.storage.tables import Conversation, Job, Message, Ticket
from bot.tickets import Tickets

RETURN_BUTTON = "return_to_assistant"
RETURN_TITLE = "Back to the assistant"
WITH_PEOPLE = ("waiting", "agent")  # the states in which words are for people


@dataclass(frozen=True)
class Started:
    """A new conversation; the token is shown this once and stored hashed."""

    id: str
    token: str
    state: str
    messages: list[MessageView]


@dataclass(frozen=True)
class Page:
    """What is new in a conversation."""

    state: str
    messages: list[MessageView]
    seen: int = 0  # the last of the visitor's messages that an agent has had on screen


class Intake:
    """The visitor's side of a conversation."""

    def __init__(
        self,
        database: Database,
        words: Words,
        tickets: Tickets,
        clock: Callable[[], datetime],
        *,
        messages_per_minute: int,
    ) -> None:
        self._database = database
        self._words = words
        self._tickets = tickets
        self._clock = clock
        self._messages_per_minute = messages_per_minute

    def start(
        self, *, time_zone: str | None = None, locale: str | None = None, page: str | None = None
    ) -> Started:
        """Open a conversation with the assistant's welcome."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._database.write() as session:
            conversation = Conversation(
                id=new_id(),
                token_hash=_hash(token),
                state="bot",
                time_zone=time_zone,
                locale=locale,
                page=page,
                facts={},
                created_at=now,
                last_message_at=now,
            )
            session.add(conversation)
            session.flush()
            welcome = say(session, self._words, conversation, "utter_welcome", now)
            return Started(conversation.id, token, conversation.state, [view_of(welcome)])

    def authorise(self, conversation_id: str, token: str) -> None:
        """Check that the token is this conversation's. Raises ConversationNotFound."""
        with self._database.read() as session:
            _own(session, conversation_id, token)

    def page(self, conversation_id: str, token: str, after: int) -> Page:
        """The messages newer than `after`, and the state. Raises ConversationNotFound."""
        with self._database.read() as session:
            conversation = _own(session, conversation_id, token)
            return Page(
                conversation.state,
                messages_after(session, conversation_id, after),
                conversation.seen_sequence,
            )

    def receive(
        self,
        conversation_id: str,
        token: str,
        *,
        client_id: str,
        text: str | None = None,
        button: str | None = None,
        attachments: Sequence[str] = (),
    ) -> int:
        """Store a message and owe it an answer; gives the sequence it got.

        `attachments` are the ids of files that were uploaded; with them a text may be left out.
        The same client id with the same body gives the same sequence again.
        Raises ConversationNotFound, ClientIdReused, MessageRefused, MessageTooLong,
        TooManyMessages or AttachmentNotThere.
        """
        body = _hash(_body(text, button, attachments))
        if attachments and not (text or "").strip():
            text = ""
        detected = detect(text[:MAX_CHARACTERS]) if text is not None else Detected(None)
        now = self._clock()
        with self._database.write() as session:
            # Locked, so that no agent takes it between reading its state and owing an answer.
            conversation = _own(session, conversation_id, token, lock=True)
            known = _sent_before(session, conversation_id, client_id)
            if known:
                if known.body_hash != body:
                    raise ClientIdReused
                return known.sequence
            self._slow_down(session, conversation_id, now)
            if button == RETURN_BUTTON:
                text, meant = RETURN_TITLE, None
            elif attachments and text == "":
                meant = None  # the pictures say it all
            else:
                text, meant = _meaning(session, conversation_id, text, button)
            language = language_written(session, conversation_id, detected)
            message = add_message(
                session,
                conversation,
                sender="visitor",
                text=text,
                now=now,
                lang=language or ENGLISH,
                client_id=client_id,
                body_hash=body,
            )
            take_along(session, conversation_id, attachments, message.sequence)
            if button == RETURN_BUTTON:
                return_to_assistant(session, self._words, conversation, now)
            else:
                if conversation.state in WITH_PEOPLE:
                    self._go_on(session, conversation, now)
                _reopen(conversation)
                if not attachments or not take_in_attachments(
                    session, self._words, self._tickets, conversation, message, now
                ):
                    _owe_an_answer(session, conversation, message, meant, now)
            return message.sequence

    def _go_on(self, session: Session, conversation: Conversation, now: datetime) -> None:
        """What people asked the visitor for may have come: what waited for it goes on."""
        for move in self._tickets.visitor_answered(session, conversation.id, now):
            ticket = session.get_one(Ticket, move.ticket_id)
            tell_of_move(session, self._words, conversation, ticket, move)

    def _slow_down(self, session: Session, conversation_id: str, now: datetime) -> None:
        recent = session.scalar(
            select(func.count())
            .select_from(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.sender == "visitor",
                Message.created_at > now - timedelta(minutes=1),
            )
        )
        if (recent or 0) >= self._messages_per_minute:
            raise TooManyMessages


def _own(session: Session, conversation_id: str, token: str, *, lock: bool = False) -> Conversation:
    conversation = session.get(Conversation, conversation_id, with_for_update=lock or None)
    stored = conversation.token_hash if conversation else _hash("")
    if not hmac.compare_digest(stored, _hash(token)) or conversation is None:
        raise ConversationNotFound
    return conversation


def _sent_before(session: Session, conversation_id: str, client_id: str) -> Message | None:
    return session.scalars(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id
        )
    ).one_or_none()


def _meaning(
    session: Session, conversation_id: str, text: str | None, button: str | None
) -> tuple[str, dict[str, Any] | None]:
    """The text to store, and what a pressed button means; a button may also be typed."""
    buttons = newest_buttons(session, conversation_id)
    if text is not None:
        cleaned = clean_text(text)
        pressed = next((b for b in buttons if b["title"].casefold() == cleaned.casefold()), None)
        return cleaned, pressed and _label_of(pressed)
    pressed = next((b for b in buttons if b["id"] == button), None)
    if pressed is None:
        raise MessageRefused("That choice is no longer open. Please type what you need.")
    return pressed["title"], _label_of(pressed)


def _label_of(button: dict[str, Any]) -> dict[str, Any]:
    return {"label": button["label"], "entities": button["entities"]}


def _reopen(conversation: Conversation) -> None:
    if conversation.state == "closed":
        conversation.state = "bot"
        conversation.dialogue += 1


def _owe_an_answer(
    session: Session,
    conversation: Conversation,
    message: Message,
    button: dict[str, Any] | None,
    now: datetime,
) -> None:
    if conversation.state == "bot":
        session.add(
            Job(
                kind="turn",
                conversation_id=conversation.id,
                payload={
                    "text": message.text,
                    "button": button,
                    "sequence": message.sequence,
                    "lang": message.lang,
                },
                created_at=now,
            )
        )


def _body(text: str | None, button: str | None, attachments: Sequence[str]) -> str:
    body = f"text {text}" if text is not None else f"button {button}"
    return f"{body}\nattachments {' '.join(attachments)}" if attachments else body


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
