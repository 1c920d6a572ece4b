"""Everything that is kept of a conversation, for its visitor to take away."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from bot.attachments import FileFolder
from bot.conversations.errors import ConversationNotFound
from bot.privacy.rows import handed_out, kept_of
from bot.storage import Database
from bot.storage.tables import Conversation
from bot.storage.tables_incoming import Attachment


class Export:
    """Whose conversation it is, is asked elsewhere (`Intake.authorise`)."""

    def __init__(
        self, database: Database, folder: FileFolder, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock

    def conversation(self, conversation_id: str) -> dict[str, Any]:
        """The rows of a conversation and its files. Raises ConversationNotFound."""
        with self._database.read() as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None:
                raise ConversationNotFound
            files = session.scalars(
                select(Attachment).where(Attachment.conversation_id == conversation_id)
            ).all()
            return {
                "made_at": self._clock(),
                "conversation": handed_out(conversation),
                **kept_of(session, conversation_id),
                "files": [self._file(file) for file in files],
            }

    def _file(self, file: Attachment) -> dict[str, Any]:
        content = self._folder.read(file.stored_as) or b""
        return {
            "name": file.name,
            "media_type": file.content_type,
            "base64": base64.b64encode(content).decode(),
        }


def as_json(export: dict[str, Any]) -> str:
    """The export as a file that people and programs can read; instants in RFC 3339."""
    return json.dumps(export, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
