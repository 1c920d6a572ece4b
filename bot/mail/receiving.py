"""Taking in a mail: stored once with its case, its files and the work it owes, in one commit."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.conversations.text import without_controls
from bot.conversations.transcript import add_message, new_id
from bot.languages import detect
from bot.mail.attachments import AttachmentFolder, KeptFile
from bot.mail.incoming import ParsedMail
from bot.mail.joining import Case, case_of
from bot.mail.quoting import own_words
from bot.mail.sent import is_sent_by_us, ticket_of_sent
from bot.mail.signed_addresses import SignedAddresses
from bot.storage import Database
from bot.storage.tables import Conversation, Job, Message, Ticket
from bot.storage.tables_incoming import Attachment, IncomingMail
from bot.tickets import add_cause, count_attachments

CHANNEL = "e-mail"
JOB = "incoming"
ENGLISH = "en"
# Nobody has this many cases; what comes beyond is kept aside, so that a machine fills no queue.
A_DAY = timedelta(days=1)  # not the policy's: what one sender's mails are counted by
MOST_NEW_CASES_A_DAY = 30
NOTHING_WRITTEN = "–"


# What is put aside and may be a person's after all; reports and our own mail never are.
TAKEN_UP = frozenset({"automatic", "too_many"})


class NotAside(Exception):
    """There is no mail put aside with this number of which a case can be made."""


class VisitorWrote(Protocol):
    """Lets a ticket go on that waited for its visitor or was done; the move is on record."""

    def __call__(self, session: Session, ticket: Ticket, now: datetime) -> object: ...


@dataclass(frozen=True)
class Receipt:
    """What became of a mail: its kind, `again` where it was taken in before."""

    kind: str  # as in the table of incoming mails
    conversation_id: str | None = None
    again: bool = False


class Receiving:
    """One mail at a time, from whichever side it comes."""

    def __init__(
        self,
        database: Database,
        folder: AttachmentFolder,
        own: SignedAddresses | None,
        visitor_wrote: VisitorWrote,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._folder = folder
        self._own = own
        self._visitor_wrote = visitor_wrote
        self._clock = clock

    def receive(self, mail: ParsedMail, source: str) -> Receipt:
        """Store the mail; when this returns, it is committed. Raises DatabaseUnavailable.

        A mail that was taken in before, by whichever way, is left as it is.
        """
        kept: list[KeptFile] = []
        try:
            with self._database.write() as session:
                before = _taken_before(session, mail)
                if before:
                    return before
                row = self._row(session, mail, source)
                if row.kind == "visitor":
                    kept, kept_out = self._folder.keep(mail.attached)
                    row.notes = [*row.notes, *kept_out]
                    self._take_in(session, mail, row, kept, row.received_at)
                elif row.kind == "bounce":
                    _note_bounce(session, mail, row)
                elif row.kind == "automatic":
                    row.conversation_id = _conversation_answered(session, mail)
                session.add(row)
                receipt = Receipt(row.kind, row.conversation_id)
        except IntegrityError:
            self._folder.remove(kept)
            return self._after_a_race(mail)
        except BaseException:
            self._folder.remove(kept)
            raise
        return receipt

    def take_up(self, mail_id: int, by: str, reason: str) -> str:
        """Make a case of a mail that was put aside; gives its conversation.

        As if it came now: its clocks count from now. Its files were not kept. `by` is the agent's
        name. Raises NotAside for a mail that is none, or was taken up before.
        """
        with self._database.write() as session:
            row = session.get(IncomingMail, mail_id, with_for_update=True)
            if row is None or row.conversation_id is not None or row.kind not in TAKEN_UP:
                raise NotAside(mail_id)
            row.kind = "visitor"
            row.notes = [*row.notes, f"{by} made a case of it: {reason}"]
            self._take_in(session, _read_again(row), row, [], self._clock())
            return str(row.conversation_id)

    def _after_a_race(self, mail: ParsedMail) -> Receipt:
        """Another process was first; where it was not, the mail is refused for now."""
        with self._database.read() as session:
            before = _taken_before(session, mail)
        if before is None:
            raise RuntimeError("a mail could not be stored")
        return before

    def _row(self, session: Session, mail: ParsedMail, source: str) -> IncomingMail:
        now = self._clock()
        kind, why = self._kind(session, mail, now)
        return IncomingMail(
            digest=mail.digest,
            message_id=mail.message_id,
            source=source,
            kind=kind,
            from_address=mail.from_address,
            from_name=mail.from_name,
            subject=mail.subject,
            text=without_controls(mail.whole),
            notes=[*([why] if why else []), *mail.notes],
            received_at=now,
        )

    def _kind(self, session: Session, mail: ParsedMail, now: datetime) -> tuple[str, str | None]:
        if mail.bounce:
            return "bounce", None
        own_address = mail.from_address and self._own and self._own.is_ours(mail.from_address)
        if own_address or is_sent_by_us(session, mail.message_id):
            return "own", "The shop's own mail came back."
        if mail.automatic:
            return "automatic", f"Nobody was answered: it is {mail.automatic}."
        if mail.from_address is None:
            return "visitor", "It has no readable sender, so nobody can be answered."
        cases = session.scalar(
            select(func.count(IncomingMail.conversation_id.distinct())).where(
                IncomingMail.from_address == mail.from_address,
                IncomingMail.received_at > now - A_DAY,
            )
        )
        if (cases or 0) >= MOST_NEW_CASES_A_DAY:
            return "too_many", "More came from this address in a day than a person writes."
        return "visitor", None

    def _take_in(
        self,
        session: Session,
        mail: ParsedMail,
        row: IncomingMail,
        kept: list[KeptFile],
        now: datetime,
    ) -> None:
        case = case_of(session, mail, self._own)
        conversation = _conversation(session, mail, case, now)
        text = _message_text(mail, kept, is_new=case.conversation_id is None)
        detected = detect(text[:1_000])
        message = add_message(
            session,
            conversation,
            sender="visitor",
            text=text,
            now=now,
            lang=(detected.language if detected.sure else None) or ENGLISH,
            client_id=mail.digest,
            ticket=case.ticket,
        )
        if case.ticket:
            _joins(session, case.ticket, conversation, now, self._visitor_wrote)
        row.conversation_id, row.sequence = conversation.id, message.sequence
        row.notes = [*row.notes, *([case.note] if case.note else [])]
        _attach(session, message, kept, now)
        if case.ticket:
            session.flush()
            count_attachments(session, case.ticket)
        session.add(
            Job(
                kind=JOB,
                conversation_id=conversation.id,
                payload={"sequence": message.sequence, "subject": mail.subject, "text": mail.text},
                created_at=now,
            )
        )


def _read_again(row: IncomingMail) -> ParsedMail:
    return ParsedMail(
        digest=row.digest,
        message_id=row.message_id,
        thread=(),
        from_name=row.from_name,
        from_address=row.from_address,
        recipients=(),
        subject=row.subject,
        text=own_words(row.text, is_reply=False),
        whole=row.text,
    )


def _taken_before(session: Session, mail: ParsedMail) -> Receipt | None:
    before = session.scalars(
        select(IncomingMail).where(IncomingMail.digest == mail.digest)
    ).one_or_none()
    return Receipt(before.kind, before.conversation_id, again=True) if before else None


def _conversation(session: Session, mail: ParsedMail, case: Case, now: datetime) -> Conversation:
    """The case's conversation, locked before anything is added to it, or a new one."""
    if case.conversation_id is not None:
        found = session.get(Conversation, case.conversation_id, with_for_update=True)
        if found is not None:
            return found
    known = {"name": mail.from_name, "email": mail.from_address}
    conversation = Conversation(
        id=new_id(),
        # Of a token that nobody was given: this conversation goes on by mail.
        token_hash=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        channel=CHANNEL,
        state="bot",
        facts={key: value for key, value in known.items() if value},
        created_at=now,
        last_message_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation


def _joins(
    session: Session,
    ticket: Ticket,
    conversation: Conversation,
    now: datetime,
    visitor_wrote: VisitorWrote,
) -> None:
    session.refresh(ticket, with_for_update=True)
    if ticket.conversation_id is None:
        ticket.conversation_id = conversation.id
    visitor_wrote(session, ticket, now)


def _message_text(mail: ParsedMail, kept: list[KeptFile], *, is_new: bool) -> str:
    """The subject says what a first mail is about; of an answer it only repeats ours."""
    subject = mail.subject if is_new and mail.subject not in mail.text else ""
    text = without_controls("\n\n".join(part for part in (subject, mail.text) if part))
    return text or "\n".join(file.name for file in kept) or NOTHING_WRITTEN


def _attach(session: Session, message: Message, kept: list[KeptFile], now: datetime) -> None:
    session.add_all(
        Attachment(
            conversation_id=message.conversation_id,
            sequence=message.sequence,
            name=file.name,
            stored_as=file.stored_as,
            content_type=file.content_type,
            size=file.size,
            created_at=now,
        )
        for file in kept
    )


def _conversation_answered(session: Session, mail: ParsedMail) -> str | None:
    """Where agents read that our mail met an answering machine."""
    ticket_id = ticket_of_sent(session, mail.thread)
    ticket = session.get(Ticket, ticket_id) if ticket_id else None
    return ticket.conversation_id if ticket else None


def _note_bounce(session: Session, mail: ParsedMail, row: IncomingMail) -> None:
    """A mail of ours did not arrive: its ticket says so to the agents."""
    bounce = mail.bounce
    ticket_id = ticket_of_sent(session, bounce.message_ids) if bounce else None
    ticket = session.get(Ticket, ticket_id, with_for_update=True) if ticket_id else None
    if bounce is None or ticket is None:
        return
    recipient = bounce.recipient or ticket.email or "the visitor"
    what = "could not be delivered" if bounce.failed else "is delayed"
    cause = f"A mail to {recipient} {what}: {bounce.cause}"
    row.conversation_id = ticket.conversation_id
    row.notes = [*row.notes, cause]
    if bounce.failed:
        add_cause(ticket, cause)
