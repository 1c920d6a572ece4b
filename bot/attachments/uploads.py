"""Taking in files before the message that they go with, and keeping no others for long."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from bot.attachments.errors import (
    AttachmentNotSupported,
    AttachmentReused,
    AttachmentTooLarge,
    AttachmentTooManyPixels,
    TooManyAttachments,
)
from bot.attachments.folder import FileFolder
from bot.attachments.kinds import LARGEST, name_of_picture
from bot.attachments.pictures import NotAPicture, Picture, TooManyPixels, made_anew
from bot.attachments.rows import AttachmentView, view_of
from bot.storage import Database
from bot.storage.tables import Conversation
from bot.storage.tables_incoming import Attachment

MOST_A_MESSAGE = 5
MOST_AN_HOUR = 60  # of one conversation
MOST_UNSENT = 20  # of one conversation
UNSENT_KEPT = timedelta(days=1)  # not the policy's: then a file without a message goes
_AN_HOUR = timedelta(hours=1)  # not the policy's: what uploads are counted by


@dataclass(frozen=True)
class Stored:
    """A file's content to be served, and how it is called."""

    name: str
    media_type: str
    content: bytes


class Uploads:
    """Whose conversation it is, is asked elsewhere (`Intake.authorise`)."""

    def __init__(
        self, database: Database, folder: FileFolder, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock

    def receive(
        self, conversation_id: str, *, client_id: str, name: str, content: bytes
    ) -> AttachmentView:
        """Keep a picture, made anew; nobody sees it until a message takes it along.

        The same client id with the same content gives the same answer. Raises AttachmentError or
        DatabaseUnavailable.
        """
        digest = hashlib.sha256(content).hexdigest()
        if known := self._known(conversation_id, client_id, digest):
            return known
        if len(content) > LARGEST:
            raise AttachmentTooLarge
        self._slow_down(conversation_id)
        try:
            picture = made_anew(content)
        except TooManyPixels as error:
            raise AttachmentTooManyPixels from error
        except NotAPicture as error:
            raise AttachmentNotSupported from error
        written = [self._folder.write(part) for part in (picture.content, picture.thumbnail)]
        try:
            row = _row(picture, name, digest, written)
            row.conversation_id, row.client_id = conversation_id, client_id
            row.created_at = self._clock()
            with self._database.write() as session:
                session.add(row)
                session.flush()
                return view_of(row)
        except IntegrityError:  # sent twice at once, or the conversation was erased meanwhile
            self._folder.discard(written)
            if known := self._known(conversation_id, client_id, digest):
                return known
            raise AttachmentNotSupported from None
        except BaseException:
            self._folder.discard(written)
            raise

    def open(self, public_id: str, size: str) -> Stored | None:
        """A file that a signed path names; None where there is none any more."""
        with self._database.read() as session:
            row = session.scalars(
                select(Attachment).where(Attachment.public_id == public_id)
            ).one_or_none()
        stored_as = row and (row.thumbnail_as if size == "thumbnail" else row.stored_as)
        content = self._folder.read(stored_as) if stored_as else None
        if row is None or content is None:
            return None
        return Stored(row.name, row.content_type, content)

    def tidy(self) -> int:
        """Forget files that no message took along, and files that no row knows; gives how many."""
        before = self._clock() - UNSENT_KEPT
        with self._database.write() as session:
            gone = session.scalars(
                delete(Attachment)
                .where(Attachment.sequence.is_(None), Attachment.created_at < before)
                .returning(Attachment.id)
            ).all()
        # Files are older than this only where their row is stored, or was taken away.
        old = set(self._folder.older_than(before))
        with self._database.read() as session:
            for row in session.execute(select(Attachment.stored_as, Attachment.thumbnail_as)):
                old -= {row.stored_as, row.thumbnail_as}
        self._folder.discard(old)
        return len(gone)

    def _known(self, conversation_id: str, client_id: str, digest: str) -> AttachmentView | None:
        with self._database.read() as session:
            row = session.scalars(
                select(Attachment).where(
                    Attachment.conversation_id == conversation_id,
                    Attachment.client_id == client_id,
                )
            ).one_or_none()
            if row is not None and row.digest != digest:
                raise AttachmentReused
            return view_of(row) if row else None

    def _slow_down(self, conversation_id: str) -> None:
        since = self._clock() - _AN_HOUR
        of_this = Attachment.conversation_id == conversation_id
        with self._database.read() as session:
            if session.get(Conversation, conversation_id) is None:
                raise AttachmentNotSupported
            count = select(func.count()).select_from(Attachment)
            lately = session.scalar(count.where(of_this, Attachment.created_at > since)) or 0
            unsent = session.scalar(count.where(of_this, Attachment.sequence.is_(None))) or 0
        if lately >= MOST_AN_HOUR or unsent >= MOST_UNSENT:
            raise TooManyAttachments


def _row(picture: Picture, name: str, digest: str, written: list[str]) -> Attachment:
    return Attachment(
        public_id=secrets.token_hex(16),
        digest=digest,
        name=name_of_picture(name, picture.ending),
        stored_as=written[0],
        thumbnail_as=written[1],
        content_type=picture.media_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )
