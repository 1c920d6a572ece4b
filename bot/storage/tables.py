"""The tables. Instants are kept in UTC, money in whole cents, public names beside internal ids."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    Text,
    UniqueConstraint,
    and_,
    func,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from bot.storage.base import Base as Base
from bot.storage.base import Instant as Instant
from bot.storage.tables_clocks import TicketClock as TicketClock


class Account(Base):
    """A person who works for the shop: agent, trainer or owner."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))  # agent, trainer, owner
    password_hash: Mapped[str] = mapped_column(String(200))
    available: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SignIn(Base):
    """One signed-in browser; the cookie's value is stored hashed."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the cookie
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    form_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    account: Mapped[Account] = relationship()


class Conversation(Base):
    """One visitor's thread; `last_sequence` is the number its newest message has."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16), default="chat")
    state: Mapped[str] = mapped_column(String(16), default="bot")  # bot, waiting, agent, closed
    last_sequence: Mapped[int] = mapped_column(default=0)
    dialogue: Mapped[int] = mapped_column(default=1)  # counts up when handed back: a fresh start
    time_zone: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(35))
    page: Mapped[str | None] = mapped_column(String(500))
    # What is known of the visitor, given once: name, email, order_number, order_verified.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_request: Mapped[str | None] = mapped_column(String(64))  # label, for a ticket's category
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    waiting_since: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    last_message_at: Mapped[datetime] = mapped_column(index=True)
    seen_sequence: Mapped[int] = mapped_column(default=0)  # up to where an agent has read
    agent: Mapped[Account | None] = relationship()

    __table_args__ = (Index("ix_conversations_state", "state", "last_message_at"),)


class Message(Base):
    """One entry in a conversation, as it was shown; never changed afterwards."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    sender: Mapped[str] = mapped_column(String(16))  # visitor, bot, agent, system
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(8), default="en")
    client_id: Mapped[str | None] = mapped_column(String(64))
    body_hash: Mapped[str | None] = mapped_column(String(64))
    response: Mapped[str | None] = mapped_column(String(120))  # the name of the wording used
    buttons: Mapped[list[Any]] = mapped_column(default=list)  # id, title, label, entities
    sources: Mapped[list[Any]] = mapped_column(default=list)
    asks: Mapped[str | None] = mapped_column(String(16))
    cards: Mapped[list[Any]] = mapped_column(
        default=list
    )  # kind, title, lines, image, link, status
    understood: Mapped[list[Any]] = mapped_column(default=list)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"))
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    account: Mapped[Account | None] = relationship()
    ticket: Mapped["Ticket | None"] = relationship()
    promise: Mapped["PromiseRecord | None"] = relationship()

    __table_args__ = (
        UniqueConstraint("conversation_id", "sequence"),
        UniqueConstraint("conversation_id", "client_id"),
    )


class Job(Base):
    """Work that a commit owes: stored with its cause, leased by one worker at a time."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # turn
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)  # why it ended as it did

    __table_args__ = (Index("ix_jobs_open", "done_at", "kind", "conversation_id", "id"),)


class Ticket(Base):
    """One request that a person must act on."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    category: Mapped[str] = mapped_column(String(32))
    ticket_class: Mapped[str] = mapped_column("class", String(16))  # general, urgent
    state: Mapped[str] = mapped_column(String(24), default="new")  # see bot/tickets/states.py
    reason: Mapped[str] = mapped_column(String(32))  # why the assistant gave it to people
    cause: Mapped[str | None] = mapped_column(Text)  # of a failure, for the agents only
    order_number: Mapped[str | None] = mapped_column(String(32))
    order_verified: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    # The one the visitor wrote in, where that is not English (section 5.1): a BCP 47 tag.
    language: Mapped[str | None] = mapped_column(String(35))
    attachment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    first_replied_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    # The newest date told of a first reply; a ticket may have other promises beside it.
    promise: Mapped["PromiseRecord | None"] = relationship(
        primaryjoin=lambda: and_(
            PromiseRecord.ticket_id == Ticket.id, PromiseRecord.id == _newest_first_reply()
        ),
        viewonly=True,
        uselist=False,
    )
    clocks: Mapped[list["TicketClock"]] = relationship(viewonly=True, order_by="TicketClock.id")
    moves: Mapped[list["TicketMove"]] = relationship(viewonly=True, order_by="TicketMove.id")

    __table_args__ = (
        Index("ix_tickets_state", "state", "created_at"),
        Index("ix_tickets_order", "order_number", "category"),
    )


class TicketMove(Base):
    """A change of a ticket's state: who, when and why, kept for ever."""

    __tablename__ = "ticket_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    from_state: Mapped[str | None] = mapped_column(String(24))
    to_state: Mapped[str] = mapped_column(String(24))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    # The date that the visitor is told with this move, where there is one.
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id", ondelete="SET NULL"))
    promise: Mapped["PromiseRecord | None"] = relationship()
    account: Mapped[Account | None] = relationship()


class PromiseRecord(Base):
    """A date as it was told to a visitor, with all that it was computed from.

    Only `kept_at` is ever filled in later; bot/storage/as_told.py refuses any other change.
    """

    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    # acknowledgement, first_reply, carrier_trace, refund; or offer: what a request sent then gets
    kind: Mapped[str] = mapped_column(String(24), default="first_reply")
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), index=True
    )
    # Of an offer, which has no ticket.
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    clause: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(String(32))
    readings: Mapped[list[Any]] = mapped_column(default=list)
    explanation: Mapped[list[Any]] = mapped_column(default=list)
    # The zone, hours, country and peak of the calendar that it was counted on.
    calendar: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counted_from: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime]
    told_as: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime | None]
    # The one whose clock stood still for the visitor, and which this one's later date supersedes.
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("promises.id", ondelete="SET NULL"), unique=True
    )
    replaces: Mapped["PromiseRecord | None"] = relationship(remote_side="PromiseRecord.id")
    ticket: Mapped[Ticket | None] = relationship()

    __table_args__ = (Index("ix_promises_counted", "clause", "kind", "kept_at", "due_at"),)


def _newest_first_reply() -> ScalarSelect[int]:
    newer = aliased(PromiseRecord)
    return (
        select(func.max(newer.id))
        .where(newer.ticket_id == Ticket.id, newer.kind == "first_reply")
        .correlate(Ticket)
        .scalar_subquery()
    )


class DemandRecord(Base):
    """One question that the policy does not cover: its label and its time, no word of it."""

    __tablename__ = "demand"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )


class Product(Base):
    """A piece of the catalogue."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    category: Mapped[str] = mapped_column(String(32))
    materials: Mapped[list[Any]] = mapped_column(default=list)
    sizes: Mapped[list[Any]] = mapped_column(default=list)
    care: Mapped[str] = mapped_column(Text, default="")
    stock: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    picture: Mapped[str | None] = mapped_column(String(120))
    demonstration: Mapped[bool] = mapped_column(default=False)


class Order(Base):
    """An order as the shop knows it."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    placed_at: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    carrier: Mapped[str | None] = mapped_column(String(80))
    tracking_number: Mapped[str | None] = mapped_column(String(80))
    demonstration: Mapped[bool] = mapped_column(default=False)
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.id", cascade="all, delete-orphan"
    )
    events: Mapped[list["OrderEvent"]] = relationship(
        order_by="OrderEvent.at", cascade="all, delete-orphan"
    )


class OrderLine(Base):
    """One product of an order, with the name and price it had then."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    product_slug: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(160))
    size: Mapped[str | None] = mapped_column(String(32))
    quantity: Mapped[int] = mapped_column(default=1)
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="USD")


class OrderEvent(Base):
    """What happened to an order or its parcel, as the carrier says it."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(200))


class PeakRecord(Base):
    """A peak period with its notice, kept also when it counts no longer."""

    __tablename__ = "peak_periods"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date]  # both days included, in the shop's time zone
    last_day: Mapped[date]
    notice: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    shown_at: Mapped[datetime | None]  # when the site first gave the notice out
    removed_at: Mapped[datetime | None]


# At the end, because they stand on what is above: whoever knows these tables knows them all.
import bot.storage.tables_cases  # noqa: E402
import bot.storage.tables_conversations  # noqa: E402
import bot.storage.tables_incoming  # noqa: E402
import bot.storage.tables_outgoing  # noqa: E402, F401
