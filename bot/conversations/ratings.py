"""How visitors rate a conversation in the chat (section 4.3); a later rating replaces it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.errors import ConversationNotFound
from bot.conversations.text import without_controls
from bot.storage import Database
from bot.storage.tables import Conversation, Ticket
from bot.storage.tables_cases import Rating
from bot.storage.tables_conversations import ConversationRating

LONGEST_COMMENT = 1_000
# What the stars say of a case, in the words that its mail asks with.
ANSWER_OF_STARS = {
    1: "unsatisfied",
    2: "unsatisfied",
    3: "partly",
    4: "satisfied",
    5: "satisfied",
}


class ConversationRatings:
    """Whose conversation it is, is asked elsewhere (`Intake.authorise`)."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def rate(self, conversation_id: str, stars: int, comment: str | None) -> None:
        """Keep 1 to 5 stars, for the conversation and for the case that was resolved last in it.

        Raises ConversationNotFound for one that was erased meanwhile.
        """
        now = self._clock()
        said = without_controls(comment or "")[:LONGEST_COMMENT] or None
        with self._database.write() as session:
            # Locked, so that two ratings at once are one after the other.
            if session.get(Conversation, conversation_id, with_for_update=True) is None:
                raise ConversationNotFound
            session.merge(
                ConversationRating(
                    conversation_id=conversation_id, stars=stars, comment=said, rated_at=now
                )
            )
            ticket_id = _resolved_last(session, conversation_id)
            if ticket_id is not None:
                _rate_case(session, ticket_id, ANSWER_OF_STARS[stars], now)


def _resolved_last(session: Session, conversation_id: str) -> int | None:
    return session.scalar(
        select(Ticket.id)
        .where(Ticket.conversation_id == conversation_id, Ticket.resolved_at.is_not(None))
        .order_by(Ticket.resolved_at.desc(), Ticket.id.desc())
        .limit(1)
        .with_for_update()
    )


def _rate_case(session: Session, ticket_id: int, answer: str, now: datetime) -> None:
    rating = session.scalars(select(Rating).where(Rating.ticket_id == ticket_id)).one_or_none()
    if rating is None:
        rating = Rating(ticket_id=ticket_id)
        session.add(rating)
    rating.answer, rating.rated_at = answer, now
