"""One conversation as an agent sees it: the story, who has it, its tickets and its order."""

from dataclasses import dataclass
from typing import Any

from bot.conversations.inbox import (
    AgentMessageView,
    ClockSummary,
    ConversationDetail,
    ConversationSummary,
    FileSummary,
    TicketSummary,
)
from bot.orders import OrderView
from bot.orders.orders import normalised_number
from bot.tickets import states
from bot.tickets.missing import ATTACHMENTS, DESCRIPTION, NAME, ORDER_NUMBER
from bot.tickets.states import DONE, RESOLVED, legal_moves
from bot.web.console.rows import in_words, left_of, written_in
from bot.web.console.times import Times

REASONS = {
    "asked": "the visitor asked for it",
    "not_understood": "the assistant did not understand twice in a row",
    "failed": "the assistant failed",
    "language": "the visitor writes in another language than English",
    "mail": "it came by e-mail",
}
RATINGS = {
    "satisfied": "satisfied with the outcome",
    "partly": "partly satisfied with the outcome",
    "unsatisfied": "not satisfied with the outcome",
}
PROVED = "The visitor proved this order with its number and e-mail address."
NOT_PROVED = (
    "Not proved: the visitor has not given both its number and its e-mail address. "
    "Tell nothing from it yet."
)
GOES_BY_MAIL = "It is mailed at once."
GOES_TO_THE_CHAT = "The visitor sees it in the chat; no e-mail address of theirs is known."
GOES_TO_CHAT_OR_MAIL = "The visitor sees it in the chat; what no open window has got is mailed."


@dataclass(frozen=True)
class PictureRow:
    """A file of a message: its small picture, where it has one, and the link that saves it."""

    key: str = ""
    name: str = ""
    href: str = ""
    thumbnail: str = ""


@dataclass(frozen=True)
class MessageRow:
    """A message; the texts below it are empty where there is nothing to tell."""

    key: str = ""
    sender: str = ""
    name: str = ""
    at: str = ""
    text: str = ""
    understood: str = ""
    cites: str = ""
    offers: str = ""
    files: tuple[PictureRow, ...] = ()


@dataclass(frozen=True)
class DetailRow:
    """One of the things that section 2.1 asks for, given or missing."""

    key: str = ""
    value: str = ""
    tone: str = ""


@dataclass(frozen=True)
class ClockRow:
    """A clock of a ticket: what it counts, by when, and what it has warned of."""

    key: str = ""
    kind: str = ""
    due: str = ""
    left: str = ""
    tone: str = ""
    mark: str = ""


@dataclass(frozen=True)
class MoveRow:
    """A state that the ticket may go to; the button's words."""

    key: str = ""
    title: str = ""


@dataclass(frozen=True)
class TicketCard:
    """A ticket beside its conversation."""

    key: str = ""
    category: str = ""
    written_in: str = ""
    ticket_class: str = ""
    state: str = ""
    due: str = ""
    left: str = ""
    tone: str = ""
    why: str = ""
    reason: str = ""
    cause: str = ""
    rating: str = ""
    details: tuple[DetailRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    moves: tuple[MoveRow, ...] = ()
    movable: bool = False
    resolvable: bool = False


@dataclass(frozen=True)
class LineRow:
    """A product of the order."""

    key: str = ""
    text: str = ""


@dataclass(frozen=True)
class OrderCard:
    """The order beside its conversation."""

    key: str = ""
    proof: str = ""
    tone: str = ""
    state: str = ""
    placed: str = ""
    carrier: str = ""
    tracking: str = ""
    last_event: str = ""
    lines: tuple[LineRow, ...] = ()


@dataclass(frozen=True)
class ConversationView:
    """Everything on a conversation's page that changes."""

    messages: list[MessageRow]
    tickets: list[TicketCard]
    no_tickets: bool
    orders: list[OrderCard]
    no_order: bool
    title: str
    state: str
    tone: str
    can_claim: bool
    can_hand_back: bool
    can_reply: bool
    reply_goes: str
    typing: str
    last_sequence: int


def conversation_view(
    detail: ConversationDetail,
    account_id: int,
    times: Times,
    *,
    after: int = 0,
    is_typing: bool = False,
) -> ConversationView:
    """The page for this agent; of the messages only those newer than the sequence `after`."""
    summary = detail.summary
    mine = summary.state == "agent" and detail.agent_id == account_id
    others = summary.state == "agent" and not mine
    return ConversationView(
        messages=[_message_row(m, summary, times) for m in detail.messages if m.sequence > after],
        tickets=[_ticket_card(t, times, may_resolve=not others) for t in detail.tickets],
        no_tickets=not detail.tickets,
        orders=[_order_card(detail.order, detail.facts, times)] if detail.order else [],
        no_order=detail.order is None,
        title=summary.visitor,
        state=_state(detail, times, mine=mine),
        tone=summary.state,
        can_claim=summary.state != "agent",
        can_hand_back=mine,
        can_reply=not others,
        reply_goes=_reply_goes(detail),
        typing=f"{summary.visitor} is typing…" if is_typing else "",
        last_sequence=summary.last_sequence,
    )


def _reply_goes(detail: ConversationDetail) -> str:
    """How a reply gets to the visitor."""
    if detail.summary.by_mail:
        return GOES_BY_MAIL
    has_address = any(ticket.email for ticket in detail.tickets)
    return GOES_TO_CHAT_OR_MAIL if has_address else GOES_TO_THE_CHAT


def _state(detail: ConversationDetail, times: Times, *, mine: bool) -> str:
    summary = detail.summary
    if summary.state == "waiting":
        return f"Waiting for a person for {times.ago(summary.since)}"
    if summary.state == "agent":
        return "You have this conversation" if mine else f"{summary.agent_name} has it"
    if summary.state == "closed":
        return "Closed"
    return "By e-mail: a person answers" if summary.by_mail else "The assistant is answering"


def _message_row(
    message: AgentMessageView, summary: ConversationSummary, times: Times
) -> MessageRow:
    names = {"visitor": summary.visitor, "bot": "Assistant", "system": "Notice"}
    return MessageRow(
        key=str(message.sequence),
        sender=message.sender,
        name=names.get(message.sender) or message.agent_name or "Agent",
        at=times.at(message.created_at),
        text=message.text,
        understood="; ".join(_understood(part) for part in message.understood),
        cites=", ".join(f"§{source['section']}" for source in message.sources),
        offers=" · ".join(button["title"] for button in message.buttons),
        files=tuple(_picture_row(file, summary.id) for file in message.files),
    )


def _picture_row(file: FileSummary, conversation_id: str) -> PictureRow:
    href = f"/console/attachments?conversation={conversation_id}&id={file.id}"
    return PictureRow(
        key=str(file.id),
        name=file.name,
        href=href,
        thumbnail=f"{href}&size=thumbnail" if file.has_thumbnail else "",
    )


def _understood(part: dict[str, Any]) -> str:
    """ "track_order 97 %, order_number 1001"; says where it was not sure enough to go on."""
    said = f"{part.get('label') or 'nothing'} {float(part.get('confidence') or 0):.0%}"
    entities = [f"{e.get('entity')} {e.get('value')}" for e in part.get("entities") or []]
    unsure = [] if part.get("accepted", True) else ["not sure enough"]
    return ", ".join([said, *unsure, *entities])


def _ticket_card(ticket: TicketSummary, times: Times, *, may_resolve: bool) -> TicketCard:
    left, tone = left_of(ticket, times)
    is_resolved = ticket.state in DONE
    moves = tuple(
        MoveRow(state, _move_title(ticket.state, state))
        for state in legal_moves(ticket.state)
        if may_resolve and state != RESOLVED  # which has a form of its own
    )
    return TicketCard(
        key=ticket.reference,
        category=in_words(ticket.category),
        written_in=written_in(ticket.language),
        ticket_class=ticket.ticket_class,
        state=states.in_words(ticket.state),
        due=times.at(ticket.due_at),
        left="" if is_resolved else left,
        tone="none" if is_resolved else tone,
        why=" ".join(ticket.explanation),
        reason=REASONS.get(ticket.reason, in_words(ticket.reason)),
        cause=ticket.cause or "",
        rating=RATINGS.get(ticket.rating or "", ""),
        details=(
            _detail("Name", ticket.name, is_missing=NAME in ticket.missing),
            _detail("E-mail", ticket.email, is_missing=not ticket.email),
            _detail("Order number", ticket.order_number, is_missing=ORDER_NUMBER in ticket.missing),
            _detail("Description", ticket.description, is_missing=DESCRIPTION in ticket.missing),
            _detail("Attachments", _files(ticket), is_missing=ATTACHMENTS in ticket.missing),
        ),
        clocks=tuple(_clock_row(str(n), clock, times) for n, clock in enumerate(ticket.clocks)),
        moves=moves,
        movable=bool(moves),
        resolvable=may_resolve and not is_resolved,
    )


def _move_title(from_state: str, to_state: str) -> str:
    if states.is_reopening(from_state, to_state):
        return "Reopen"
    return states.in_words(to_state).capitalize()


def _clock_row(key: str, clock: ClockSummary, times: Times) -> ClockRow:
    left, tone = times.left(clock.due_at, clock.stopped_at)
    if clock.is_superseded:
        left, tone = "superseded", "late"
    elif clock.stopped_at is not None:
        left = f"done {times.at(clock.stopped_at)}"
    elif clock.due_at is None:
        left = "paused"
    mark = "escalated" if clock.is_escalated else "warned" if clock.is_warned else ""
    return ClockRow(
        key=key,
        kind=in_words(clock.kind),
        due=times.at(clock.due_at),
        left=left,
        tone=tone,
        mark=mark,
    )


def _files(ticket: TicketSummary) -> str | None:
    return str(ticket.attachment_count) if ticket.attachment_count else None


def _detail(name: str, value: str | None, *, is_missing: bool) -> DetailRow:
    if value:
        return DetailRow(name, value, "given")
    return DetailRow(
        name, "missing" if is_missing else "not needed", "missing" if is_missing else "given"
    )


def _order_card(order: OrderView, facts: dict[str, Any], times: Times) -> OrderCard:
    same = normalised_number(facts.get("order_number") or "") == order.number
    is_proved = same and bool(facts.get("order_verified"))
    event = f"{times.at(order.last_event_at)}: {order.last_event}" if order.last_event else "none"
    return OrderCard(
        key=order.number,
        proof=PROVED if is_proved else NOT_PROVED,
        tone="proved" if is_proved else "not_proved",
        state=in_words(order.state.value),
        placed=times.at(order.placed_at),
        carrier=order.carrier or "–",
        tracking=order.tracking_number or "–",
        last_event=event,
        lines=tuple(
            LineRow(
                str(number),
                f"{line.quantity} × {line.product}" + (f", size {line.size}" if line.size else ""),
            )
            for number, line in enumerate(order.lines)
        ),
    )
