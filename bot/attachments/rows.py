"""Attachments as the database has them: of which message, and as they may be shown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.attachments.errors import AttachmentNotThere
from bot.storage.tables_incoming import Attachment


@dataclass(frozen=True)
class AttachmentView:
    """A file of a message; `id` is its public name, sizes are in bytes and in pixels."""

    id: str
    name: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    has_thumbnail: bool


def attachments_of(
    session: Session, conversation_id: str, sequences: Sequence[int]
) -> dict[int, list[AttachmentView]]:
    """The files of these messages, by sequence, each in the order they were sent in."""
    found: dict[int, list[AttachmentView]] = defaultdict(list)
    if not sequences:
        return found
    rows = session.scalars(
        select(Attachment)
        .where(
            Attachment.conversation_id == conversation_id,
            Attachment.sequence.between(min(sequences), max(sequences)),
            Attachment.public_id.is_not(None),
        )
        .order_by(Attachment.place, Attachment.id)
    )
    for row in rows:
        found[row.sequence or 0].append(view_of(row))
    return found


def take_along(
    session: Session, conversation_id: str, public_ids: Sequence[str], sequence: int
) -> None:
    """Let these uploaded files go with this message. Raises AttachmentNotThere."""
    for place, public_id in enumerate(public_ids):
        taken = session.execute(
            update(Attachment)
            .where(
                Attachment.public_id == public_id,
                Attachment.conversation_id == conversation_id,
                Attachment.sequence.is_(None),
            )
            .values(sequence=sequence, place=place)
            .returning(Attachment.id)
            .execution_options(synchronize_session=False)
        ).first()
        if taken is None:
            raise AttachmentNotThere


def view_of(row: Attachment) -> AttachmentView:
    """What may be shown of a stored file."""
    return AttachmentView(
        id=row.public_id or "",
        name=row.name,
        media_type=row.content_type,
        bytes=row.size,
        width=row.width,
        height=row.height,
        has_thumbnail=row.thumbnail_as is not None,
    )
