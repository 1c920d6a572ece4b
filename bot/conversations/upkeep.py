"""What time does to conversations: nobody came, or nobody has written for a long time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.assistant import WordingError
from bot.conversations.handoff import Handoff
from bot.storage import Database
from bot.storage.tables import Conversation

log = logging.getLogger(__name__)


class Upkeep:
    """Run by the worker, again and again; each step is one short transaction."""

    def __init__(
        self,
        database: Database,
        handoff: Handoff,
        clock: Callable[[], datetime],
        *,
        unclaimed_after: timedelta,
        close_after: timedelta,
    ) -> None:
        self._database = database
        self._handoff = handoff
        self._clock = clock
        self._unclaimed_after = unclaimed_after
        self._close_after = close_after

    def release_unclaimed(self) -> list[str]:
        """Tell visitors whom nobody has claimed the date they were promised."""
        before = self._clock() - self._unclaimed_after
        with self._database.read() as session:
            waiting = session.scalars(
                select(Conversation.id)
                .where(Conversation.state == "waiting", Conversation.waiting_since <= before)
                .order_by(Conversation.waiting_since)
            ).all()
        return [conversation_id for conversation_id in waiting if self._release(conversation_id)]

    def _release(self, conversation_id: str) -> bool:
        """Each in a commit of its own, so that one that cannot be told holds up no other."""
        try:
            with self._database.write() as session:
                conversation = session.get(Conversation, conversation_id, with_for_update=True)
                return conversation is not None and self._handoff.release(
                    session, conversation, self._clock()
                )
        except WordingError as error:
            log.error("a waiting visitor could not be told: %s", error)
            return False

    def close_quiet(self) -> int:
        """Close conversations without a message for the set number of days; gives how many."""
        before = self._clock() - self._close_after
        with self._database.write() as session:
            closed = session.execute(
                update(Conversation)
                .where(Conversation.state != "closed", Conversation.last_message_at < before)
                .values(state="closed", agent_id=None, waiting_since=None)
                .returning(Conversation.id)
            )
            return len(closed.all())
