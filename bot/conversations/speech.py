"""What the shop says in a conversation without being asked: worded, stored, promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.assistant import TitledButton, Words
from bot.conversations.transcript import add_message
from bot.policy import due_text, exact_text
from bot.storage.tables import Conversation, Message, Ticket, TicketMove
from bot.tickets.promises import OFFER, record_of
from bot.tickets.states import is_reopening, is_told


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
    cards: Sequence[Mapping[str, Any]] = (),
) -> Message:
    """Store this response with its values; a ticket adds its reference and its promise.

    A date that is told before there is a ticket is stored as an offer.
    """
    shop_zone = words.shop_zone
    told = {
        # Actions give instants as RFC 3339; a visitor reads them in their own zone.
        key: due_text(datetime.fromisoformat(value), conversation.time_zone, shop_zone, now)
        if key.endswith("_at") and value
        else value
        for key, value in (args or {}).items()
    }
    category = str((args or {}).get("category") or "").replace(" ", "_")
    offers = {
        key: record_of(OFFER, promise, words.calendar, conversation.time_zone, now)
        for key, promise in words.dates(response, now, category).items()
    }
    of_ticket = ticket_args(words, conversation, ticket)
    dates = {key: offer.told_as for key, offer in offers.items()}
    wording = words.say(response, {**told, **dates, **of_ticket}, buttons)
    for offer in offers.values():
        offer.conversation_id = conversation.id
        session.add(offer)
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
        cards=[dict(card) for card in cards],
    )


def tell_of_move(
    session: Session, words: Words, conversation: Conversation, ticket: Ticket, move: TicketMove
) -> None:
    """Tell the visitor of a move that they should know of (section 3), with the date it brings."""
    if not is_told(move.from_state, move.to_state):
        return
    reopened = is_reopening(move.from_state, move.to_state)
    told = say(
        session,
        words,
        conversation,
        f"utter_ticket_{'reopened' if reopened else move.to_state}",
        move.at,
        sender="system",
        args={
            "reference": ticket.reference,
            "promised": move.promise.told_as if move.promise else None,
        },
    )
    # It concerns this ticket, also on its page; an older promise of it is not told again.
    told.ticket, told.promise = ticket, move.promise


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
