"""Tells open windows that a conversation has news, whichever process stored it."""

import asyncio
import logging

from sqlalchemy import select

from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import Conversation, Message

POLL_SECONDS = 0.5
NEWEST = 50
REMEMBERED = 10_000  # conversations; about 1 MB

log = logging.getLogger(__name__)


class Feed:
    """A counter per conversation that goes up with news; `None` counts everything.

    What this process stores wakes its windows at once; what another one stored (the worker,
    a second web process) is found by comparing sequences twice a second.

    All counters take their values from one that only goes up, so that a counter can be
    forgotten: what stands for it then is the highest value forgotten, never one of its past.
    """

    def __init__(self, database: Database, *, remembered: int = REMEMBERED) -> None:
        self._database = database
        self._remembered = remembered
        self._newest_value = 0
        self._forgotten_value = 0
        self._counters: dict[str | None, int] = {}  # the one that went up last is last
        self._waiting: dict[str | None, set[asyncio.Future[None]]] = {}
        self._seen: dict[str, tuple[int, str, int]] = {}
        self._newest: list[int] = []

    def __len__(self) -> int:
        """How many conversations it keeps something of; asking for a counter adds none."""
        return len(self._counters.keys() | self._waiting.keys())

    @property
    def waited_for(self) -> frozenset[str | None]:
        """The conversations for whose news somebody waits."""
        return frozenset(self._waiting)

    def counter(self, conversation_id: str | None) -> int:
        """The counter as it stands."""
        return self._counters.get(conversation_id, self._forgotten_value)

    def wake(self, conversation_id: str | None) -> None:
        """Something was stored in this conversation."""
        self._newest_value += 1
        for key in (conversation_id, None):
            self._counters.pop(key, None)
            self._counters[key] = self._newest_value
            for waiter in self._waiting.pop(key, ()):
                if not waiter.done():
                    waiter.set_result(None)
        while len(self._counters) > self._remembered:
            self._forgotten_value = self._counters.pop(next(iter(self._counters)))

    async def changed(self, conversation_id: str | None, seen: int, timeout: float) -> int:
        """Wait until the counter is not `seen`, at most so many seconds; gives the counter.

        A counter seen before a restart may be above today's: that is news, too.
        """
        if self.counter(conversation_id) != seen:
            return self.counter(conversation_id)
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(conversation_id, set()).add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            pass
        finally:
            self._stop_waiting(conversation_id, waiter)
        return self.counter(conversation_id)

    def _stop_waiting(self, conversation_id: str | None, waiter: asyncio.Future[None]) -> None:
        waiters = self._waiting.get(conversation_id, set())
        waiters.discard(waiter)
        if not waiters:
            self._waiting.pop(conversation_id, None)

    async def follow(self) -> None:
        """For ever: look for what other processes stored."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            watched = self.waited_for
            if not watched:
                self._seen.clear()
                continue
            try:
                await self._compare([key for key in watched if key is not None], None in watched)
            except DatabaseUnavailable as error:
                log.warning("the database is unavailable: %s", error)
            except Exception:
                # Whatever it was, the next look may succeed; without one, windows stay mute.
                log.exception("looking for news failed")

    async def _compare(self, watched: list[str], everything: bool) -> None:
        found = await asyncio.to_thread(self._sequences, watched)
        for conversation_id, now in found.items():
            if self._seen.get(conversation_id) != now:
                self.wake(conversation_id)
        self._seen = found
        if everything:
            newest = await asyncio.to_thread(self._newest_messages)
            if self._newest != newest:
                self._newest = newest
                self.wake(None)

    def _sequences(self, watched: list[str]) -> dict[str, tuple[int, str, int]]:
        with self._database.read() as session:
            rows = session.execute(
                select(
                    Conversation.id,
                    Conversation.last_sequence,
                    Conversation.state,
                    Conversation.seen_sequence,
                ).where(Conversation.id.in_(watched))
            )
            return {row.id: (row.last_sequence, row.state, row.seen_sequence) for row in rows}

    def _newest_messages(self) -> list[int]:
        """Several, since of two writers at once the one with the lower id may commit later."""
        with self._database.read() as session:
            return list(
                session.scalars(select(Message.id).order_by(Message.id.desc()).limit(NEWEST))
            )
