"""What time does to conversations: nobody came, or nobody has written for a long time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.conversations.handoff import Handoff
from bot.storage import Database
from bot.storage.tables import Conversation


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
        with self._database.write() as session:
            return self._handoff.release_unclaimed(session, self._clock(), self._unclaimed_after)

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
