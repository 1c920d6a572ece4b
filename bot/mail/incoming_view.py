"""What agents see of mail that came in: each mail with what is odd about it, files, drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.mail.receiving import TAKEN_UP
from bot.storage import Database
from bot.storage.tables_incoming import Attachment, Draft, IncomingMail

LISTED = 200


@dataclass(frozen=True)
class IncomingView:
    """A mail as it came in, whole, with the notes for agents."""

    id: int
    kind: str
    sender: str
    subject: str
    text: str
    notes: list[str]
    received_at: datetime
    can_be_case: bool = False  # put aside, and may be a person's after all


@dataclass(frozen=True)
class AttachmentView:
    """A file of a conversation; `stored_as` names it in the folder."""

    id: int
    name: str
    stored_as: str
    thumbnail_as: str | None
    content_type: str
    size: int


@dataclass(frozen=True)
class DraftView:
    """An answer that nobody has sent, and how the mail was understood."""

    sequence: int
    text: str
    understood: list[dict[str, Any]]


class IncomingMails:
    """Reads only. Every method may raise bot.storage.DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_conversation(self, conversation_id: str) -> list[IncomingView]:
        """The mails of a conversation, reports and automatic answers too, the newest first."""
        return self._listed(IncomingMail.conversation_id == conversation_id)

    def put_aside(self) -> list[IncomingView]:
        """The newest mails that became no case: nobody was answered, nothing was thrown away."""
        return self._listed(IncomingMail.conversation_id.is_(None))

    def _listed(self, which: Any) -> list[IncomingView]:
        with self._database.read() as session:
            found = session.scalars(
                select(IncomingMail).where(which).order_by(IncomingMail.id.desc()).limit(LISTED)
            )
            return [
                IncomingView(
                    id=mail.id,
                    kind=mail.kind,
                    sender=f"{mail.from_name} <{mail.from_address or 'unknown'}>".strip(),
                    subject=mail.subject,
                    text=mail.text,
                    notes=list(mail.notes),
                    received_at=mail.received_at,
                    can_be_case=mail.conversation_id is None and mail.kind in TAKEN_UP,
                )
                for mail in found
            ]

    def attachments(self, conversation_id: str) -> list[AttachmentView]:
        """The files of a conversation, in the order they came."""
        with self._database.read() as session:
            found = session.scalars(
                select(Attachment)
                .where(
                    Attachment.conversation_id == conversation_id,
                    Attachment.sequence.is_not(None),
                )
                .order_by(Attachment.id)
                .limit(LISTED)
            )
            return [_file(attachment) for attachment in found]

    def draft(self, conversation_id: str) -> DraftView | None:
        """The newest draft, None where there is none."""
        with self._database.read() as session:
            draft = session.scalars(
                select(Draft)
                .where(Draft.conversation_id == conversation_id)
                .order_by(Draft.id.desc())
                .limit(1)
            ).one_or_none()
            return DraftView(draft.sequence, draft.text, list(draft.understood)) if draft else None


def _file(attachment: Attachment) -> AttachmentView:
    return AttachmentView(
        id=attachment.id,
        name=attachment.name,
        stored_as=attachment.stored_as,
        thumbnail_as=attachment.thumbnail_as,
        content_type=attachment.content_type,
        size=attachment.size,
    )
