"""What belongs to a conversation beside its messages: how its visitor rated it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base


class ConversationRating(Base):
    """How a visitor rated a conversation in the chat (section 4.3); a later one replaces it."""

    __tablename__ = "conversation_ratings"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    stars: Mapped[int]  # 1 to 5
    comment: Mapped[str | None] = mapped_column(String(1000))
    rated_at: Mapped[datetime]
