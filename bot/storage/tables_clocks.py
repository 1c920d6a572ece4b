"""The table of the clocks that run on tickets."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base

if TYPE_CHECKING:
    from bot.storage.tables import PromiseRecord, Ticket


class TicketClock(Base):
    """One stage of a ticket that must end by an instant: warned about, then escalated."""

    __tablename__ = "ticket_clocks"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))  # as a promise's
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id", ondelete="SET NULL"))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # None while paused: nobody knows yet
    warns_75_at: Mapped[datetime | None]  # when three quarters of its business time have gone
    warns_before_at: Mapped[datetime | None]  # shortly before it lapses
    next_at: Mapped[datetime | None]  # the next of these three; None: nothing more will happen
    paused_at: Mapped[datetime | None]
    remaining: Mapped[int | None]  # business seconds left when it was paused
    warned_75_at: Mapped[datetime | None]
    warned_before_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    ticket: Mapped["Ticket"] = relationship()
    promise: Mapped["PromiseRecord | None"] = relationship()

    __table_args__ = (
        Index(
            "ix_ticket_clocks_one_running",
            *("ticket_id", "kind"),
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("ix_ticket_clocks_next_at", "next_at"),
        Index(
            "ix_ticket_clocks_due",
            "due_at",
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("ix_ticket_clocks_ticket_id", "ticket_id"),
    )
