"""The tables of the case page: one-time codes, and what visitors say of how a case ended."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base


class OneTimeCode(Base):
    """A code as it was asked for: by whom, for which case; the code itself is stored hashed.

    One for a reference that nobody has is kept as well, so that the answer tells nothing.
    """

    __tablename__ = "codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    asker: Mapped[str] = mapped_column(String(64))  # SHA-256 of a conversation or of a cookie
    reference: Mapped[str] = mapped_column(String(16))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    address_hash: Mapped[str] = mapped_column(
        String(64)
    )  # what the codes of an hour are counted by
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_codes_asker", "asker", "reference", "id"),
        Index("ix_codes_address", "address_hash", "asked_at"),
    )


class Rating(Base):
    """What a visitor said of how a case ended (section 4.3); one a ticket."""

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), unique=True
    )
    answer: Mapped[str] = mapped_column(String(16))  # satisfied, partly, unsatisfied
    rated_at: Mapped[datetime]
