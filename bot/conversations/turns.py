"""Working off the turns that are owed: one at a time per conversation, in order, never twice."""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bot.assistant import Assistant, AssistantFailure, Button, Turn, TurnAnswer, WordingError
from bot.conversations.answering import Answering, Lease
from bot.conversations.other_languages import ENGLISH
from bot.conversations.transcript import newest_question
from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import Conversation, Job

LEASE = timedelta(seconds=8)  # longer than a turn may take; after it another process takes over
SWEEP_SECONDS = 2.0
TRY_AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)


class Turns:
    """Takes the turn jobs, asks the assistant, stores what it says."""

    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        answering: Answering,
        clock: Callable[[], datetime],
        *,
        timeout_seconds: float,
        on_change: Callable[[str], None],
        on_typing: Callable[[str], None],
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._answering = answering
        self._clock = clock
        self._timeout = timeout_seconds
        self._on_change = on_change
        self._on_typing = on_typing
        self._holder = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, conversation_id: str) -> None:
        """Work off what this conversation is owed, unless that is under way."""
        if conversation_id in self._running:
            self._again.add(conversation_id)  # it may have looked for work just before this came
        else:
            task = asyncio.create_task(self._work(conversation_id))
            self._running[conversation_id] = task
            task.add_done_callback(lambda _: self._ended(conversation_id, task))

    def _ended(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        self._running.pop(conversation_id, None)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self.wake(conversation_id)
        if not task.cancelled() and (error := task.exception()):
            log.error("a turn could not be worked off", exc_info=error)

    async def sweep(self) -> None:
        """For ever: find turns that a process owed when it died, or another one added."""
        while True:
            try:
                for conversation_id in await asyncio.to_thread(self._owed):
                    self.wake(conversation_id)
            except DatabaseUnavailable as error:
                log.warning("the database is unavailable: %s", error)
            except Exception:
                log.exception("the turns that are owed could not be looked for")
            await asyncio.sleep(SWEEP_SECONDS)

    async def finish(self) -> None:
        """Wait for the turns under way, for a stop in order."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=self._timeout)

    def _owed(self) -> list[str]:
        with self._database.read() as session:
            return list(
                session.scalars(
                    select(Job.conversation_id)
                    .where(Job.done_at.is_(None), Job.kind == "turn", _free(self._clock()))
                    .distinct()
                )
            )

    async def _work(self, conversation_id: str) -> None:
        while lease := await asyncio.to_thread(
            claim_turn, self._database, conversation_id, self._holder, self._clock()
        ):
            self._on_typing(conversation_id)
            try:
                if lease.other_language:
                    await self._tell_of_the_language(lease, lease.other_language)
                else:
                    await self._store(lease, await self._ask(lease))
            except DatabaseUnavailable:
                raise  # nothing is stored, the lease runs out, the turn is taken again
            except (AssistantFailure, WordingError) as failure:
                await self._fail(lease, str(failure))
            except Exception as fault:
                # Whatever broke, a visitor must not be left in silence.
                log.exception("a turn broke")
                await self._fail(lease, repr(fault))
            self._on_change(conversation_id)

    async def _ask(self, lease: Lease) -> TurnAnswer:
        turn = Turn(
            id=str(lease.job_id),  # taken twice, it is played once
            dialogue=lease.dialogue,
            text=lease.text,
            button=Button(**lease.button) if lease.button else None,
            facts=lease.facts,
        )
        return await self._assistant.turn(turn, within_seconds=self._left(lease))

    async def _tell_of_the_language(self, lease: Lease, language: str) -> None:
        store = partial(self._answering.store_language_notice, lease, language)
        await self._while_leased(lease, store)

    async def _store(self, lease: Lease, answer: TurnAnswer) -> None:
        await self._while_leased(lease, partial(self._answering.store, lease, answer))

    async def _fail(self, lease: Lease, cause: str) -> None:
        log.warning("a turn failed: %s", cause)
        await self._while_leased(lease, partial(self._answering.store_failure, lease, cause))

    async def _while_leased(self, lease: Lease, store: Callable[[], None]) -> None:
        """Keep at it while the database is away: asking the assistant again would repeat a turn.

        It is stored once however often it is tried, since only the first ends the job.
        """
        while True:
            try:
                return await asyncio.to_thread(store)
            except DatabaseUnavailable as error:
                if self._clock() + timedelta(seconds=TRY_AGAIN_SECONDS) >= lease.ends_at:
                    raise
                log.warning("an answer waits for the database: %s", error)
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    def _left(self, lease: Lease) -> float:
        waited = (self._clock() - lease.created_at).total_seconds()
        return self._timeout - max(0.0, waited)


def claim_turn(
    database: Database, conversation_id: str, holder: str, now: datetime
) -> Lease | None:
    """Lease the oldest open turn; None when nothing is owed or another process works on it."""
    with database.write() as session:
        while job := _oldest(session, conversation_id):
            if not _take(session, job, holder, now):
                return None
            conversation = session.get_one(Conversation, conversation_id)
            if conversation.state == "bot":
                return Lease(
                    job_id=job.id,
                    holder=holder,
                    conversation_id=conversation_id,
                    dialogue=f"{conversation_id}.{conversation.dialogue}",
                    text=job.payload["text"],
                    button=job.payload.get("button"),
                    facts=dict(conversation.facts),
                    created_at=job.created_at,
                    ends_at=now + LEASE,
                    other_language=_other_language(session, job),
                )
            job.done_at, job.outcome = now, "a person has the conversation"
            session.flush()
    return None


def _oldest(session: Session, conversation_id: str) -> Job | None:
    return session.scalars(
        select(Job)
        .where(Job.conversation_id == conversation_id, Job.kind == "turn", Job.done_at.is_(None))
        .order_by(Job.id)
        .limit(1)
    ).one_or_none()


def _other_language(session: Session, job: Job) -> str | None:
    """The language of a text that is not English; None where it answers a form's question.

    A description may be in any language, and what a button means is the same in all.
    """
    lang = job.payload.get("lang", ENGLISH)
    if lang == ENGLISH or job.payload.get("button") or job.conversation_id is None:
        return None
    return None if newest_question(session, job.conversation_id) else str(lang)


def _take(session: Session, job: Job, holder: str, now: datetime) -> bool:
    taken = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.done_at.is_(None), _free(now))
        .values(leased_by=holder, leased_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Job.leased_until.is_(None), Job.leased_until < now)
