"""What the shop says in a conversation without being asked: worded, stored, promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.assistant import TitledButton, Words
from bot.conversations.transcript import add_message
from bot.policy import due_text, exact_text
from bot.storage.tables import Conversation, Message, Ticket, TicketMove
from bot.tickets.promises import FIRST_REPLY, OFFER, record_of, resumed_with
from bot.tickets.states import OPEN, is_told

# What is said of a date by the clause it comes from.
DATE_RESPONSES = {
    "3.general_reply": "utter_case_date_reply",
    "3.urgent_reply": "utter_case_date_reply",
    "4.1.acknowledgement": "utter_case_date_acknowledgement",
    "4.2.trace": "utter_case_date_trace",
    "4.2.refund": "utter_case_date_refund",
}
OTHER_DATE = "utter_case_date"


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
    wording = words.say(response, {**told, **dates, **of_ticket}, buttons, at=now)
    for offer in offers.values():
        offer.conversation_id = conversation.id
        session.add(offer)
    message = add_message(
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
    if message.promise_id is None:
        message.promise = next(iter(offers.values()), None)
    return message


def tell_of_move(
    session: Session, words: Words, conversation: Conversation, ticket: Ticket, move: TicketMove
) -> None:
    """Tell the visitor of a move that they should know of (section 3), with the dates it brings.

    A move is also told where a date has become later because it waited for the visitor.
    """
    later = resumed_with(session, move)
    if not (later or is_told(move.from_state, move.to_state)):
        return
    promise = move.promise if move.promise not in later or _is_named(move) else None
    told = say(
        session,
        words,
        conversation,
        f"utter_ticket_{'reopened' if move.to_state == OPEN else move.to_state}",
        move.at,
        sender="system",
        args={
            "reference": ticket.reference,
            "promised": promise.told_as if promise else None,
        },
    )
    # It concerns this ticket, also on its page; an older promise of it is not told again.
    told.ticket, told.promise = ticket, promise
    for other in later:
        if other is not promise:
            response, args = date_response(other.clause), {"due": other.told_as}
            told = say(session, words, conversation, response, move.at, sender="system", args=args)
            told.ticket, told.promise = ticket, other


def date_response(clause: str) -> str:
    """The response that says by when something is done, by the clause that promises it."""
    return DATE_RESPONSES.get(clause, OTHER_DATE)


def _is_named(move: TicketMove) -> bool:
    """Whether what is said of the move itself names the date that it brings."""
    return move.to_state != OPEN or (move.promise is not None and move.promise.kind == FIRST_REPLY)


def ticket_args(words: Words, conversation: Conversation, ticket: Ticket | None) -> dict[str, Any]:
    """What responses may say of a ticket: its reference, the date told, the policy's time.

    `due_exact` is the same date in figures, for who may not read English.
    """
    if ticket is None:
        return {}
    promise = ticket.promise
    due_at = promise.due_at if promise else None
    in_peak = promise is not None and "peak" in promise.readings
    return {
        "reference": ticket.reference,
        "due": promise.told_as if promise else None,
        "due_exact": due_at and exact_text(due_at, conversation.time_zone, words.shop_zone),
        "reply_within": words.reply_within(ticket.ticket_class, in_peak=in_peak),
    }
