"""The tables of mail that comes in: each mail once, its attachments, the drafts of answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base


class IncomingMail(Base):
    """One mail as it came in. `digest` is the same for the same mail, so none is taken twice."""

    __tablename__ = "incoming_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    message_id: Mapped[str | None] = mapped_column(String(250), index=True)
    source: Mapped[str] = mapped_column(String(8))  # imap, smtp
    kind: Mapped[str] = mapped_column(String(16))  # visitor, automatic, bounce, own, too_many
    from_address: Mapped[str | None] = mapped_column(String(254), index=True)
    from_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")  # whole, with what it quotes
    notes: Mapped[list[Any]] = mapped_column(default=list)  # for the agents: what is odd about it
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    sequence: Mapped[int | None]  # of the message that it became
    received_at: Mapped[datetime] = mapped_column(index=True)


class Attachment(Base):
    """A file that came with a message; kept under a random name in the data folder.

    A mail's is kept as it came. One that was uploaded in the chat is made anew and has a small
    picture beside it; it waits without a sequence until a message takes it along.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    sequence: Mapped[int | None]  # of the message that it came with
    place: Mapped[int] = mapped_column(default=0)  # among the files of that message
    # Of the case that it belongs to, whose files are counted once each.
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="SET NULL"), index=True
    )
    public_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    client_id: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of what was uploaded
    name: Mapped[str] = mapped_column(String(120))  # as the sender called it, made safe
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    content_type: Mapped[str] = mapped_column(String(64))  # by its content, not as it was said
    size: Mapped[int]  # bytes
    thumbnail_as: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None]  # pixels
    height: Mapped[int | None]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("conversation_id", "client_id"),)


class Draft(Base):
    """An answer for an agent to look at: what the assistant would say. Never sent by itself."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    sequence: Mapped[int]  # of the message that it answers
    response: Mapped[str] = mapped_column(String(120))  # the name of the wording used
    text: Mapped[str] = mapped_column(Text)
    understood: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
