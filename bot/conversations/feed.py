"""Tells open windows that a conversation has news, whichever process stored it."""

import asyncio
import logging
from collections import defaultdict

from sqlalchemy import select

from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import Conversation, Message

POLL_SECONDS = 0.5
NEWEST = 50

log = logging.getLogger(__name__)


class Feed:
    """A counter per conversation that goes up with news; `None` counts everything.

    What this process stores wakes its windows at once; what another one stored (the worker,
    a second web process) is found by comparing sequences twice a second.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counters: defaultdict[str | None, int] = defaultdict(int)
        self._waiting: defaultdict[str | None, set[asyncio.Future[None]]] = defaultdict(set)
        self._seen: dict[str, tuple[int, str]] = {}
        self._newest: list[int] = []

    def counter(self, conversation_id: str | None) -> int:
        """The counter as it stands."""
        return self._counters[conversation_id]

    def wake(self, conversation_id: str | None) -> None:
        """Something was stored in this conversation."""
        for key in {conversation_id, None}:
            self._counters[key] += 1
            for waiter in self._waiting.pop(key, ()):
                if not waiter.done():
                    waiter.set_result(None)

    async def changed(self, conversation_id: str | None, seen: int, timeout: float) -> int:
        """Wait until the counter is not `seen`, at most so many seconds; gives the counter.

        A counter seen before a restart may be above today's: that is news, too.
        """
        if self._counters[conversation_id] != seen:
            return self._counters[conversation_id]
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[conversation_id].add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            pass
        finally:
            self._waiting[conversation_id].discard(waiter)
        return self._counters[conversation_id]

    async def follow(self) -> None:
        """For ever: look for what other processes stored."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            watched = [key for key, waiters in self._waiting.items() if waiters]
            if not watched:
                self._seen.clear()
                continue
            try:
                await self._compare([key for key in watched if key is not None], None in watched)
            except DatabaseUnavailable as error:
                log.warning("the database is unavailable: %s", error)

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

    def _sequences(self, watched: list[str]) -> dict[str, tuple[int, str]]:
        with self._database.read() as session:
            rows = session.execute(
                select(Conversation.id, Conversation.last_sequence, Conversation.state).where(
                    Conversation.id.in_(watched)
                )
            )
            return {row.id: (row.last_sequence, row.state) for row in rows}

    def _newest_messages(self) -> list[int]:
        """Several, since of two writers at once the one with the lower id may commit later."""
        with self._database.read() as session:
            return list(
                session.scalars(select(Message.id).order_by(Message.id.desc()).limit(NEWEST))
            )
