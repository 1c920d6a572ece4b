"""The mails that were written, as agents may see them: what was said, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from bot.mail.delivery import AWAY_SINCE
from bot.mail.outbox import MAIL_JOB
from bot.storage import Database
from bot.storage.tables import Job, Ticket
from bot.storage.tables_outgoing import OutgoingMail

NEWEST = 100  # shown in a list
# A server that is away for less is nothing that people should look at.
TOLD_AFTER = timedelta(minutes=5)
LARGEST_ID = 2**31 - 1  # beyond it a database does not even look


class MailNotFound(Exception):
    """There is no mail with this number."""


class MailState(StrEnum):
    """What has become of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True)
class OutgoingMailView:
    """A mail of ours; `attempts` above one say that it may have arrived more than once."""

    id: int
    state: MailState
    to: str
    subject: str
    template: str
    reference: str | None
    conversation_id: str | None
    text: str
    has_html: bool
    created_at: datetime
    sent_at: datetime | None
    cause: str | None
    attempts: int
    next_attempt_at: datetime | None


@dataclass(frozen=True)
class Standstill:
    """No mail has left since this instant, and what was said when one was tried last."""

    since: datetime
    said: str


class OutgoingMails:
    """Reads only. Every method may raise bot.storage.DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> list[OutgoingMailView]:
        """The mails written last, the newest first."""
        with self._database.read() as session:
            rows = session.execute(
                select(OutgoingMail, Ticket)
                .outerjoin(Ticket, Ticket.id == OutgoingMail.ticket_id)
                .order_by(OutgoingMail.id.desc())
                .limit(NEWEST)
            )
            return [_view(mail, ticket) for mail, ticket in rows]

    def one(self, mail_id: int) -> OutgoingMailView:
        """The mail with this number. Raises MailNotFound."""
        with self._database.read() as session:
            mail = session.get(OutgoingMail, mail_id) if 0 < mail_id <= LARGEST_ID else None
            if mail is None:
                raise MailNotFound(mail_id)
            ticket = session.get(Ticket, mail.ticket_id) if mail.ticket_id else None
            return _view(mail, ticket)

    def standstill(self, now: datetime) -> Standstill | None:
        """What keeps all mail from leaving, once it has for some minutes; None if it leaves."""
        since = Job.payload[AWAY_SINCE].as_string()
        with self._database.read() as session:
            tried = session.execute(
                select(since, OutgoingMail.cause)
                .join(OutgoingMail, OutgoingMail.id == Job.payload["mail_id"].as_integer())
                .where(Job.done_at.is_(None), Job.kind == MAIL_JOB, since.is_not(None))
                .order_by(OutgoingMail.next_attempt_at)
            ).all()
            if not tried:
                return None
            left = session.scalar(select(func.max(OutgoingMail.sent_at)))
        instants = [datetime.fromisoformat(instant) for instant, _cause in tried]
        # One that left later shows that it was not the server.
        began = [at for at in instants if left is None or at > left]
        if not began or min(began) + TOLD_AFTER > now:
            return None
        return Standstill(min(began), tried[-1].cause or "")


def _view(mail: OutgoingMail, ticket: Ticket | None) -> OutgoingMailView:
    if mail.refused_at is not None:
        state = MailState.REFUSED
    else:
        state = MailState.WAITING if mail.sent_at is None else MailState.SENT
    return OutgoingMailView(
        id=mail.id,
        state=state,
        to=mail.to_address,
        subject=mail.subject,
        template=mail.template,
        reference=ticket.reference if ticket else None,
        conversation_id=ticket.conversation_id if ticket else None,
        text=mail.text,
        has_html=mail.html is not None,
        created_at=mail.created_at,
        sent_at=mail.sent_at,
        cause=mail.cause,
        attempts=mail.attempts,
        next_attempt_at=mail.next_attempt_at,
    )
