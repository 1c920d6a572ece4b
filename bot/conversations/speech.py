"""What the shop says in a conversation without being asked: worded, stored, promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.assistant import TitledButton, Words
from bot.conversations.transcript import add_message
from bot.policy import due_text, exact_text
from bot.storage.tables import Conversation, Message, Ticket


def say(
    session: Session,
    words: Words,
    conversation: Conversation,
    response: str,
    now: datetime,
    *,
    sender: str = "bot",
    args: Mapping[str, Any] | None = None,
    buttons: Sequence[TitledButton] = (),
    ticket: Ticket | None = None,
    understood: list[Any] | None = None,
) -> Message:
    """Store this response with its values; a ticket adds its reference and its promise."""
    shop_zone = words.shop_zone
    told = {
        # Actions give instants as RFC 3339; a visitor reads them in their own zone.
        key: due_text(datetime.fromisoformat(value), conversation.time_zone, shop_zone, now)
        if key.endswith("_at") and value
        else value
        for key, value in (args or {}).items()
    }
    dates = {
        key: due_text(instant, conversation.time_zone, shop_zone, now)
        for key, instant in words.dates(response, now).items()
    }
    of_ticket = ticket_args(words, conversation, ticket)
    wording = words.say(response, {**told, **dates, **of_ticket}, buttons)
    return add_message(
        session,
        conversation,
        sender=sender,
        text=wording.text,
        now=now,
        wording=wording,
        ticket=ticket,
        response=response,
        understood=understood or [],
    )


def ticket_args(words: Words, conversation: Conversation, ticket: Ticket | None) -> dict[str, Any]:
    """What responses may say of a ticket: its reference, the date told, the policy's time.

    `due_exact` is the same date in figures, for who may not read English.
    """
    if ticket is None:
        return {}
    due_at = ticket.promise.due_at if ticket.promise else None
    return {
        "reference": ticket.reference,
        "due": ticket.promise.told_as if ticket.promise else None,
        "due_exact": due_at and exact_text(due_at, conversation.time_zone, words.shop_zone),
        "reply_within": words.reply_within(ticket.ticket_class),
    }
