"""What the console's lists show, as text; the page's script fills the same fields in again.

A row without values is the pattern from which the script makes new rows.
"""

from dataclasses import dataclass

from bot.conversations.inbox import ConversationSummary, TicketSummary
from bot.demand import Count
from bot.languages import language_name
from bot.mail.outgoing import Standstill
from bot.web.console.times import Times


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in the queue."""

    key: str = ""
    href: str = ""
    visitor: str = ""
    text: str = ""
    since: str = ""
    reference: str = ""


@dataclass(frozen=True)
class TicketRow:
    """An open ticket in the queue; `href` is None where it has no conversation."""

    key: str = ""
    href: str | None = None
    category: str = ""
    written_in: str = ""
    ticket_class: str = ""
    due: str = ""
    left: str = ""
    tone: str = ""
    order: str = ""
    name: str = ""


@dataclass(frozen=True)
class DemandRow:
    """A subject of the shop's on which its policy is silent, and how often it was asked for."""

    key: str = ""
    subject: str = ""
    asked: str = ""
    last: str = ""


@dataclass(frozen=True)
class QueueView:
    """Everything on the queue page that changes."""

    waiting: list[ConversationRow]
    nobody_waits: bool
    mine: list[ConversationRow]
    none_mine: bool
    tickets: list[TicketRow]
    no_tickets: bool
    demand: list[DemandRow]
    no_demand: bool
    mail_stands: bool
    mail_since: str
    mail_said: str
    title: str


def queue_view(
    waiting: list[ConversationSummary],
    mine: list[ConversationSummary],
    tickets: list[TicketSummary],
    demand: list[Count],
    standstill: Standstill | None,
    times: Times,
) -> QueueView:
    """The queue as its page shows it; the title tells in a tab's corner how many wait."""
    return QueueView(
        waiting=[
            _conversation_row(c, f"since {times.at(c.since)}, {times.ago(c.since)}")
            for c in waiting
        ],
        nobody_waits=not waiting,
        mine=[_conversation_row(c, f"last message {times.at(c.since)}") for c in mine],
        none_mine=not mine,
        tickets=[_ticket_row(t, times) for t in tickets],
        no_tickets=not tickets,
        demand=[_demand_row(count, times) for count in demand],
        no_demand=not demand,
        mail_stands=standstill is not None,
        mail_since=times.at(standstill.since) if standstill else "",
        mail_said=standstill.said if standstill else "",
        title=f"({len(waiting)}) Queue" if waiting else "Queue",
    )


def _conversation_row(summary: ConversationSummary, since: str) -> ConversationRow:
    return ConversationRow(
        key=summary.id,
        href=address_of(summary.id),
        visitor=summary.visitor,
        text=summary.last_text,
        since=since,
        reference=summary.reference or "",
    )


def _ticket_row(ticket: TicketSummary, times: Times) -> TicketRow:
    left, tone = left_of(ticket, times)
    return TicketRow(
        key=ticket.reference,
        href=address_of(ticket.conversation_id) if ticket.conversation_id else None,
        category=in_words(ticket.category),
        written_in=written_in(ticket.language),
        ticket_class=ticket.ticket_class,
        due=times.at(ticket.due_at),
        left=left,
        tone=tone,
        order=ticket.order_number or "–",
        name=ticket.name or "–",
    )


def left_of(ticket: TicketSummary, times: Times) -> tuple[str, str]:
    """What is left until a ticket's first reply is due, and its tone."""
    if ticket.waits_for_visitor:
        return "waits for the visitor", "none"
    return times.left(ticket.due_at, ticket.first_replied_at)


def _demand_row(count: Count, times: Times) -> DemandRow:
    subject = count.label.partition("/")[2]
    return DemandRow(
        key=count.label,
        subject=in_words(subject),
        asked=f"{count.asked:,}",
        last=times.at(count.last_asked_at),
    )


def address_of(conversation_id: str) -> str:
    """The page of a conversation."""
    return f"/console/conversations/{conversation_id}"


def written_in(language: str | None) -> str:
    """Which other language than English a ticket is in; nothing for English."""
    return f"Written in {language_name(language)}" if language else ""


def in_words(name: str) -> str:
    """A stored name for people: "wrong_item" is "wrong item"."""
    return name.replace("_", " ")
