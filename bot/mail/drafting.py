"""Working off the mails taken in: a ticket with its category, and a draft for the agent."""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.assistant import AssistantFailure, WordingError, Words
from bot.conversations.speech import ticket_args
from bot.demand import Demand
from bot.mail.joining import bring_over, mark_with, newest_ticket
from bot.mail.notices import MailNotices
from bot.mail.receiving import ENGLISH, JOB
from bot.mail.understanding import Understand, Understood, understood_in
from bot.storage import Database
from bot.storage.tables import Conversation, Job, Message, Ticket
from bot.storage.tables_incoming import Draft, IncomingMail
from bot.tickets import Details, Tickets
from bot.tickets.categories import category_of
from bot.tickets.joining import same_request

LEASE = timedelta(seconds=60)  # longer than all pieces of a mail take
TRY_AGAIN = timedelta(seconds=20)
# Then the case is opened without: the acknowledgement may not wait for the assistant.
MOST_TRIES = 3
REASON = "mail"
LANGUAGE = "language"  # category and reason of what is not in English, as in the chat

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owed:
    """A mail whose ticket or draft is owed."""

    job_id: int
    conversation_id: str
    sequence: int
    subject: str
    text: str
    whole: str  # with what the text quotes
    from_name: str
    lang: str
    attempts: int


class Drafting:
    """Takes the jobs of incoming mails one after the other."""

    def __init__(
        self,
        database: Database,
        words: Words,
        tickets: Tickets,
        notices: MailNotices,
        demand: Demand,
        understand: Understand,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._words = words
        self._tickets = tickets
        self._notices = notices
        self._demand = demand
        self._understand = understand
        self._clock = clock
        self._holder = f"{os.getpid()}-{secrets.token_hex(4)}"

    def work_off(self) -> int:
        """All that is owed now; gives how many mails were done. Raises DatabaseUnavailable."""
        done = 0
        while owed := self._claim():
            done += self._do(owed)
        return done

    def _do(self, owed: Owed) -> bool:
        understood, cause = Understood(), None
        if owed.lang == ENGLISH:
            try:
                understood = understood_in(
                    owed.subject, owed.text, self._understand, whole=owed.whole
                )
            except AssistantFailure as failure:
                if owed.attempts < MOST_TRIES:
                    self._put_back(owed)
                    return False
                cause = str(failure)
                log.warning("a mail was not understood: %s", cause)
        self._store(owed, understood, cause)
        return True

    def _claim(self) -> Owed | None:
        now = self._clock()
        with self._database.write() as session:
            job = session.scalars(
                select(Job)
                .where(
                    Job.kind == JOB,
                    Job.done_at.is_(None),
                    or_(Job.leased_until.is_(None), Job.leased_until < now),
                )
                .order_by(Job.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if job is None or job.conversation_id is None:
                return None
            job.leased_by, job.leased_until = self._holder, now + LEASE
            job.attempts += 1
            payload: Mapping[str, Any] = job.payload
            lang = session.scalar(
                select(Message.lang).where(
                    Message.conversation_id == job.conversation_id,
                    Message.sequence == payload["sequence"],
                )
            )
            mail = session.scalars(
                select(IncomingMail).where(
                    IncomingMail.conversation_id == job.conversation_id,
                    IncomingMail.sequence == payload["sequence"],
                )
            ).first()
            return Owed(
                job_id=job.id,
                conversation_id=job.conversation_id,
                sequence=payload["sequence"],
                subject=payload["subject"],
                text=payload["text"],
                whole=mail.text if mail else payload["text"],
                from_name=mail.from_name if mail else "",
                lang=lang or ENGLISH,
                attempts=job.attempts,
            )

    def _put_back(self, owed: Owed) -> None:
        with self._database.write() as session:
            session.execute(
                update(Job)
                .where(Job.id == owed.job_id, Job.leased_by == self._holder)
                .values(leased_until=self._clock() + TRY_AGAIN)
            )

    def _store(self, owed: Owed, understood: Understood, cause: str | None) -> None:
        """Ticket, draft and the end of the job in one commit; nothing when the lease was lost."""
        now = self._clock()
        with self._database.write() as session:
            conversation = session.get(Conversation, owed.conversation_id, with_for_update=True)
            if conversation is None:  # erased; or brought over with its job, which is done there
                return
            ended = session.execute(
                update(Job)
                .where(Job.id == owed.job_id, Job.leased_by == self._holder, Job.done_at.is_(None))
                .values(done_at=now, outcome=cause or understood.label or "nothing was clear")
                .returning(Job.id)
            ).first()
            if ended is None:
                return
            message = session.scalars(
                select(Message).where(
                    Message.conversation_id == conversation.id, Message.sequence == owed.sequence
                )
            ).one()
            ticket = message.ticket or newest_ticket(session, conversation.id)
            if ticket is None:
                ticket = self._open_or_join(session, conversation, message, owed, understood, cause)
                if ticket.conversation_id != conversation.id:
                    conversation = self._join(session, conversation, message, ticket, now)
            else:
                self._complete(ticket, conversation, message, owed, understood)
            self._demand.note(session, conversation.id, understood.parts, now)
            mark_with(session, message, ticket)
            self._draft(session, conversation, ticket, message, understood, now)

    def _open_or_join(
        self,
        session: Session,
        conversation: Conversation,
        message: Message,
        owed: Owed,
        understood: Understood,
        cause: str | None,
    ) -> Ticket:
        """The clocks count from when the mail came, not from when it was understood (§3)."""
        in_english = owed.lang == ENGLISH
        conversation.last_request = understood.label
        facts: dict[str, Any] = conversation.facts
        category = category_of(understood.label) if in_english else LANGUAGE
        details = Details(
            order_number=understood.order_number,
            email=facts.get("email"),
            name=facts.get("name"),
            description=message.text if owed.subject or owed.text else None,
        )
        found = same_request(session, conversation, category, details.order_number, details.email)
        if found and found.conversation_id:
            # Locked in one order, the conversation before its ticket, as everywhere.
            session.get(Conversation, found.conversation_id, with_for_update=True)
        return self._tickets.open_or_join(
            session,
            conversation,
            category=category,
            reason=REASON if in_english else LANGUAGE,
            details=details,
            now=message.created_at,
            cause=cause,
            language=None if in_english else owed.lang,
        )

    def _complete(
        self,
        ticket: Ticket,
        conversation: Conversation,
        message: Message,
        owed: Owed,
        understood: Understood,
    ) -> None:
        """An answer tells what was missing (§2.1); what is known already stays as it is."""
        details = Details(
            order_number=None if ticket.order_number else understood.order_number,
            name=None if ticket.name else owed.from_name,
            description=message.text if owed.text else None,
        )
        language = None if owed.lang == ENGLISH else owed.lang
        self._tickets.complete(ticket, conversation, details, language)

    def _join(
        self,
        session: Session,
        conversation: Conversation,
        message: Message,
        ticket: Ticket,
        now: datetime,
    ) -> Conversation:
        """Bring the mail over to the ticket's conversation, and tell its sender so."""
        target = conversation
        if ticket.conversation_id is None:  # erased since
            ticket.conversation_id = conversation.id
        else:
            target = session.get_one(Conversation, ticket.conversation_id)
            bring_over(session, conversation, target, now)
        self._notices.added(session, ticket, message, now)
        return target

    def _draft(
        self,
        session: Session,
        conversation: Conversation,
        ticket: Ticket,
        message: Message,
        understood: Understood,
        now: datetime,
    ) -> None:
        """Keep the wording for the label, where there is one that needs no more than is known."""
        response = self._response_for(understood.label)
        if response is None:
            return
        args = {
            **ticket_args(self._words, conversation, ticket),
            "order_number": ticket.order_number,
        }
        try:
            text = self._words.say(response, args, at=ticket.created_at).text
        except WordingError as error:
            log.info("no draft: %s", error)
            return
        session.add(
            Draft(
                conversation_id=conversation.id,
                sequence=message.sequence,
                response=response,
                text=text,
                understood=understood.parts,
                created_at=now,
            )
        )

    def _response_for(self, label: str | None) -> str | None:
        """A draft's own wording, else what the chat answers."""
        names = (f"utter_draft_{label}", f"utter_{label}") if label else ()
        return next((name for name in names if name in self._words.responses()), None)
