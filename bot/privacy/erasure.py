"""Erasing a conversation: rows, files, mails on disk and where the dialogue stood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.attachments import FileFolder
from bot.conversations.errors import ConversationNotFound
from bot.privacy.rows import mails_of, tickets_of
from bot.privacy.trackers import Trackers
from bot.storage import Database
from bot.storage.tables import Conversation, Job, Ticket, TicketMove
from bot.storage.tables_cases import OneTimeCode
from bot.storage.tables_incoming import Attachment
from bot.storage.tables_outgoing import OutgoingMail, Recipient
from bot.tickets.states import CLOSED, UNRESOLVED

ERASED = "erased"
MAIL_JOB = "mail"


@dataclass
class Erased:
    """What an erasure leaves: the references of cases that are owed an answer still."""

    kept: list[str] = field(default_factory=list)
    conversations: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)


class Erasure:
    """Whose conversation it is, is asked elsewhere. Every method may raise DatabaseUnavailable."""

    def __init__(
        self, database: Database, folder: FileFolder, mailbox: Path, trackers: Trackers
    ) -> None:
        self._database = database
        self._folder = folder
        self._mailbox = mailbox
        self._trackers = trackers

    def conversation(self, conversation_id: str, *, with_cases: bool) -> Erased:
        """Erase a conversation and what came of it; gives the references of cases that stay.

        A case that is still owed an answer is kept with the name, address, order and description
        that its promise needs, unless it is to go as well. Of a case that is done only its dates
        are kept, for the figures. Raises ConversationNotFound.
        """
        erased = Erased()
        with self._database.write() as session:
            self.in_session(session, conversation_id, with_cases=with_cases, erased=erased)
        self.finish(erased)
        return erased

    def in_session(
        self, session: Session, conversation_id: str, *, with_cases: bool, erased: Erased
    ) -> None:
        """The rows, in the transaction of the caller, who calls `finish` after its commit."""
        conversation = session.get(Conversation, conversation_id, with_for_update=True)
        if conversation is None:
            raise ConversationNotFound
        tickets = tickets_of(session, conversation_id)
        kept = [t for t in tickets if t.state in UNRESOLVED and not with_cases]
        gone = [t for t in tickets if t not in kept]
        erased.kept += [ticket.reference for ticket in kept]
        for row in session.execute(
            select(Attachment.stored_as, Attachment.thumbnail_as).where(
                Attachment.conversation_id == conversation_id
            )
        ):
            erased.files += [name for name in row if name]
        ids = mails_of(session, conversation_id, [ticket.id for ticket in gone])
        erased.message_ids += erase_mails(session, ids)
        self.erase_tickets(session, gone)
        session.delete(conversation)  # its messages, files, jobs, mails and offers go with it
        erased.conversations.append(conversation_id)
        session.flush()

    def erase_tickets(self, session: Session, tickets: Sequence[Ticket]) -> None:
        """Keep of cases that are done what names nobody: category, state and dates.

        One that was not done is withdrawn with all that was promised.
        """
        ticket_ids = [ticket.id for ticket in tickets]
        session.execute(delete(OneTimeCode).where(OneTimeCode.ticket_id.in_(ticket_ids)))
        withdrawn = [ticket.id for ticket in tickets if ticket.state in UNRESOLVED]
        session.execute(
            delete(Ticket)
            .where(Ticket.id.in_(withdrawn))
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Ticket)
            .where(Ticket.id.in_(ticket_ids))
            .values(
                conversation_id=None,
                name=None,
                email=None,
                order_number=None,
                order_verified=False,
                description=None,
                cause=None,
                state=CLOSED,
            )
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(TicketMove).where(TicketMove.ticket_id.in_(ticket_ids)).values(reason=ERASED)
        )

    def finish(self, erased: Erased) -> None:
        """After the commit: the files, and what the databases keep of deleted rows."""
        self._folder.discard(erased.files)
        for message_id in erased.message_ids:
            token = message_id.strip("<>").partition("@")[0]
            for path in self._mailbox.glob(f"*-{token}.eml"):
                path.unlink(missing_ok=True)
        self._trackers.erase(erased.conversations)
        self._database.forget_deleted()

    def tidy(self) -> int:
        """Take out dialogues that a turn wrote again while its conversation was erased."""
        # Looked for first: what begins after that is not mistaken for something erased.
        found = self._trackers.conversations()
        with self._database.read() as session:
            strangers = found - set(session.scalars(select(Conversation.id)))
        if strangers:
            self._trackers.erase(strangers)
        return len(strangers)


def erase_mails(session: Session, mail_ids: Sequence[int]) -> list[str]:
    """Erase mails that went out, the jobs that send them, and addresses that nobody writes to.

    Gives their Message-IDs.
    """
    mails = session.scalars(select(OutgoingMail).where(OutgoingMail.id.in_(mail_ids))).all()
    addresses = {mail.recipient for mail in mails}
    jobs = session.scalars(select(Job).where(Job.kind == MAIL_JOB)).all() if mails else []
    wanted = {mail.id for mail in mails}
    for job in jobs:
        if job.payload.get("mail_id") in wanted:
            session.delete(job)
    session.execute(delete(OutgoingMail).where(OutgoingMail.id.in_(wanted)))
    still = select(OutgoingMail.id).where(OutgoingMail.recipient == Recipient.address)
    session.execute(
        delete(Recipient)
        .where(
            Recipient.address.in_(addresses),
            # Who wants no more mails is remembered, or they would be sent again.
            Recipient.unsubscribed_at.is_(None),
            ~still.exists(),
        )
        .execution_options(synchronize_session=False)
    )
    return [mail.message_id for mail in mails]
