"""Agents' replies in a chat: mailed together, after a quiet, to who has not seen them there."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import Conversation, Job, Message, Ticket

REPLY_JOB = "reply"
# An agent who goes on writing holds the first of their replies back no longer than this.
MOST_QUIETS = 5

log = logging.getLogger(__name__)


class MailsReplies(Protocol):
    """Writes the mails of replies, in the transaction of the caller."""

    def release(self, session: Session, conversation_id: str, now: datetime) -> int:
        """Mail what is owed in this conversation; gives how many mails were written."""


def owe(session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
    """Commit the reply's mail with the reply, to be written if nobody sees it meanwhile."""
    session.add(
        Job(
            kind=REPLY_JOB,
            conversation_id=message.conversation_id,
            payload={"ticket_id": ticket.id, "sequence": message.sequence},
            created_at=now,
        )
    )


def take_owed(
    session: Session, conversation_id: str, now: datetime
) -> list[tuple[Ticket, list[Message]]]:
    """End what is owed in this conversation; gives the messages of each mail, in order.

    One mail holds what one agent wrote for one ticket.
    """
    owed = {}
    for job in _open_jobs(session, conversation_id):
        job.done_at, job.outcome = now, "mailed"
        owed[int(job.payload["sequence"])] = int(job.payload["ticket_id"])
    messages = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.sequence.in_(list(owed)))
        .options(joinedload(Message.account))
        .order_by(Message.sequence)
    )
    mails = []
    for (ticket_id, _), group in groupby(
        messages, key=lambda message: (owed[message.sequence], message.account_id)
    ):
        ticket = session.get(Ticket, ticket_id)
        if ticket is not None:
            mails.append((ticket, list(group)))
    return mails


class Replies:
    """What becomes of replies that a visitor may not have seen. Nothing here is told twice."""

    def __init__(
        self,
        database: Database,
        notices: MailsReplies,
        clock: Callable[[], datetime],
        *,
        quiet: timedelta,
    ) -> None:
        """`quiet` is how long an agent has written nothing more before the replies are mailed."""
        self._database = database
        self._notices = notices
        self._clock = clock
        self._quiet = quiet

    def seen(self, conversation_id: str, sequence: int) -> None:
        """The visitor's window has the messages up to this one: they need no mail any more.

        Never fails: a mail too many is better than a window without its messages.
        """
        try:
            with self._database.read() as session:
                if not any(_seen_of(_open_jobs(session, conversation_id, lock=False), sequence)):
                    return
            with self._database.write() as session:
                for job in _seen_of(_open_jobs(session, conversation_id), sequence):
                    job.done_at, job.outcome = self._clock(), "seen in the chat"
        except DatabaseUnavailable as error:
            log.warning("what a visitor has seen could not be stored: %s", error)

    def work(self) -> int:
        """Write the mails of replies that nobody saw; gives how many.

        Raises DatabaseUnavailable.
        """
        with self._database.read() as session:
            waiting = session.execute(
                select(Job.conversation_id, Job.created_at)
                .where(Job.done_at.is_(None), Job.kind == REPLY_JOB)
                .order_by(Job.conversation_id, Job.id)
            ).all()
        written = 0
        for conversation_id, rows in groupby(waiting, key=lambda row: row.conversation_id):
            if self._is_due([row.created_at for row in rows]):
                written += self._mail(conversation_id)
        return written

    def _mail(self, conversation_id: str) -> int:
        now = self._clock()
        with self._database.write() as session:
            # As everywhere the conversation first, so that no reply is added meanwhile.
            session.get(Conversation, conversation_id, with_for_update=True)
            jobs = _open_jobs(session, conversation_id)
            if not self._is_due([job.created_at for job in jobs]):
                return 0
            return self._notices.release(session, conversation_id, now)

    def _is_due(self, replied_at: Sequence[datetime]) -> bool:
        now = self._clock()
        return bool(replied_at) and (
            max(replied_at) + self._quiet <= now
            or min(replied_at) + MOST_QUIETS * self._quiet <= now
        )


def _open_jobs(session: Session, conversation_id: str, *, lock: bool = True) -> Sequence[Job]:
    query = select(Job).where(
        Job.done_at.is_(None), Job.kind == REPLY_JOB, Job.conversation_id == conversation_id
    )
    return session.scalars((query.with_for_update() if lock else query).order_by(Job.id)).all()


def _seen_of(jobs: Sequence[Job], sequence: int) -> list[Job]:
    return [job for job in jobs if job.payload["sequence"] <= sequence]
