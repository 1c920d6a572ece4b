"""The tables of mail that goes out: who it goes to, and each mail as it was written."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base


class Recipient(Base):
    """An address that mail goes to, in lower case, with what its owner wishes of our mails."""

    __tablename__ = "recipients"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    # Of section 5.2: plain_text, large_print; kept until they are changed.
    format_wishes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unsubscribed_at: Mapped[datetime | None]  # from mails that nobody has to be sent


class OutgoingMail(Base):
    """A mail of ours as it is written; only what became of it changes."""

    __tablename__ = "outgoing_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(
        String(200), unique=True
    )  # the same each time it is sent
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="SET NULL"), index=True
    )
    template: Mapped[str] = mapped_column(String(64))
    # What it tells of, "move 12": two mails never tell of the same.
    occasion: Mapped[str | None] = mapped_column(String(64), unique=True)
    recipient: Mapped[str] = mapped_column(ForeignKey("recipients.address"))
    to_address: Mapped[str] = mapped_column(String(254))  # of the recipient, as it was written
    to_name: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # when the mail server took it
    refused_at: Mapped[datetime | None]
    cause: Mapped[str | None] = mapped_column(Text)  # of a refusal or of a wait
    attempts: Mapped[int] = mapped_column(default=0)  # more than one: it may have come twice
    next_attempt_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_outgoing_mails_recipient", "recipient", "created_at"),)
