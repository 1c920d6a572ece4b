"""The messages of a conversation: added with the next sequence, read from any sequence on."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.assistant import Wording
from bot.attachments import AttachmentView, attachments_of
from bot.storage.tables import Conversation, Message, Ticket

PAGE = 500  # messages read at once; a longer history is read on from the last sequence


@dataclass(frozen=True)
class MessageView:
    """One message as visitors and agents get it; the public shape of the visitor API."""

    sequence: int
    sender: str
    text: str
    lang: str
    buttons: list[dict[str, str]]
    sources: list[dict[str, str]]
    created_at: datetime
    agent_name: str | None = None
    asks: str | None = None
    due_at: datetime | None = None
    clause: str | None = None
    reference: str | None = None
    attachments: Sequence[AttachmentView] = ()
    cards: Sequence[dict[str, Any]] = ()
    client_id: str | None = None  # the visitor's own name for a message of theirs


def add_message(
    session: Session,
    conversation: Conversation,
    *,
    sender: str,
    text: str,
    now: datetime,
    wording: Wording | None = None,
    lang: str = "en",
    ticket: Ticket | None = None,
    **columns: Any,
) -> Message:
    """Store a message under the conversation's next sequence."""
    sequence = next_sequence(session, conversation, now)
    message = Message(
        conversation_id=conversation.id,
        sequence=sequence,
        sender=sender,
        text=text,
        lang=wording.lang if wording else lang,
        buttons=_buttons(sequence, wording),
        sources=wording.sources if wording else [],
        asks=wording.asks if wording else None,
        ticket_id=ticket.id if ticket else None,
        promise_id=ticket.promise.id if ticket and ticket.promise else None,
        created_at=now,
        **columns,
    )
    session.add(message)
    session.flush()
    return message


def next_sequence(session: Session, conversation: Conversation, now: datetime) -> int:
    """The number of a message that is added now.

    The counter is raised by the database itself, which also keeps two writers apart.
    """
    return session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id)
        .values(last_sequence=Conversation.last_sequence + 1, last_message_at=now)
        .returning(Conversation.last_sequence)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def _buttons(sequence: int, wording: Wording | None) -> list[dict[str, Any]]:
    # The sequence in the id makes a button of an old message another button.
    return [{**b, "id": f"{sequence}.{b['id']}"} for b in wording.buttons] if wording else []


def messages_after(session: Session, conversation_id: str, sequence: int) -> list[MessageView]:
    """The messages newer than this sequence, in order."""
    found = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.sequence > sequence)
        .options(
            joinedload(Message.account), joinedload(Message.ticket), joinedload(Message.promise)
        )
        .order_by(Message.sequence)
        .limit(PAGE)
    ).all()
    files = attachments_of(session, conversation_id, [m.sequence for m in found])
    return [view_of(message, files.get(message.sequence, ())) for message in found]


def newest_buttons(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    """The buttons of the assistant's newest message, with what they mean."""
    buttons = session.scalar(
        select(Message.buttons)
        .where(Message.conversation_id == conversation_id, Message.sender == "bot")
        .order_by(Message.sequence.desc())
        .limit(1)
    )
    return list(buttons or [])


# Asked for by an answer that stands alone, of which no form waits for the answer.
ASKED_WITHOUT_A_FORM = frozenset({"attachments", "rating"})


def newest_asks(session: Session, conversation_id: str) -> str | None:
    """What the assistant's newest message asks for, as it was shown."""
    return session.scalar(
        select(Message.asks)
        .where(Message.conversation_id == conversation_id, Message.sender == "bot")
        .order_by(Message.sequence.desc())
        .limit(1)
    )


def newest_question(session: Session, conversation_id: str) -> str | None:
    """What the assistant's newest message asks for, None where it asks for nothing by itself.

    One of a message's `asks`; a question of a form that has none goes by its response's name.
    """
    newest = session.execute(
        select(Message.asks, Message.response)
        .where(Message.conversation_id == conversation_id, Message.sender == "bot")
        .order_by(Message.sequence.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or newest.asks in ASKED_WITHOUT_A_FORM:
        return None
    response = newest.response or ""
    return newest.asks or (response if response.startswith("utter_ask_") else None)


def view_of(message: Message, attachments: Sequence[AttachmentView] = ()) -> MessageView:
    """What may be shown of a stored message."""
    promise = message.promise
    return MessageView(
        sequence=message.sequence,
        sender=message.sender,
        text=message.text,
        lang=message.lang,
        buttons=[{"id": b["id"], "title": b["title"]} for b in message.buttons],
        sources=message.sources,
        created_at=message.created_at,
        agent_name=message.account.name if message.account else None,
        asks=message.asks,
        due_at=promise.due_at if promise else None,
        clause=promise.clause if promise else None,
        reference=message.ticket.reference if message.ticket else None,
        attachments=attachments,
        cards=message.cards,
        client_id=message.client_id if message.sender == "visitor" else None,
    )


def new_id() -> str:
    """A conversation's id: 128 random bits."""
    return secrets.token_hex(16)
