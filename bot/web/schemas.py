"""The bodies of the visitor API as they may come in, and messages as they go out."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    model_validator,
)

from bot.attachments import MOST_A_MESSAGE as MOST
from bot.attachments import AttachmentLinks, AttachmentView
from bot.conversations.transcript import MessageView
from bot.peaks import Notice

# Far above a message's 1,000 characters, which are refused with a sentence of their own.
Text = Annotated[StrictStr, Field(max_length=40_000)]


def _on_one_line(value: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError("control characters")
    return value


# For what is stored as it comes; a message's text is cleaned instead.
Line = Annotated[StrictStr, AfterValidator(_on_one_line)]
AttachmentId = Annotated[StrictStr, Field(pattern="^[0-9a-f]{32}$")]


class StartBody(BaseModel):
    """What a widget tells of itself when it opens a conversation; all of it optional."""

    model_config = ConfigDict(extra="forbid")

    time_zone: Annotated[Line, Field(max_length=64)] | None = None
    locale: Annotated[Line, Field(max_length=35)] | None = None
    page: Annotated[Line, Field(max_length=500)] | None = None


class MessageBody(BaseModel):
    """A message: the client's own id for it, and a text, pictures, both, or a pressed button."""

    model_config = ConfigDict(extra="forbid")

    client_id: Annotated[Line, Field(min_length=1, max_length=64)]
    text: Text | None = None
    button: Annotated[Line, Field(min_length=1, max_length=64)] | None = None
    attachments: Annotated[list[AttachmentId], Field(min_length=1, max_length=MOST)] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        says = self.text is not None or self.attachments is not None
        if says == (self.button is not None):
            raise ValueError("give either text or button")
        if len(set(self.attachments or ())) != len(self.attachments or ()):
            raise ValueError("an attachment is named twice")
        return self


class EmptyBody(BaseModel):
    """A call that says all by being made."""

    model_config = ConfigDict(extra="forbid")


class RatingBody(BaseModel):
    """One to five stars, and words if the visitor likes."""

    model_config = ConfigDict(extra="forbid")

    stars: Annotated[StrictInt, Field(ge=1, le=5)]
    comment: Annotated[StrictStr, Field(max_length=1_000)] | None = None


class TranscriptBody(BaseModel):
    """Where the conversation is to be sent."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[Line, Field(min_length=3, max_length=254)]


class UploadFields(BaseModel):
    """What comes beside an uploaded file: the client's own id for it, and its name."""

    client_id: Annotated[Line, Field(min_length=1, max_length=64)]
    name: str


def message_json(message: MessageView, links: AttachmentLinks) -> dict[str, Any]:
    """A message in the shape of the visitor API, with addresses of its files that hold now."""
    found: dict[str, Any] = {
        "sequence": message.sequence,
        "sender": message.sender,
        "text": message.text,
        "lang": message.lang,
        "buttons": message.buttons,
        "sources": message.sources,
        "attachments": [attachment_json(file, links) for file in message.attachments],
        "created_at": instant_json(message.created_at),
    }
    if message.client_id:
        found["client_id"] = message.client_id
    if message.agent_name:
        found["agent"] = {"name": message.agent_name}
    if message.due_at and message.clause:
        found["promise"] = {"due_at": instant_json(message.due_at), "clause": message.clause}
    if message.reference:
        found["ticket"] = {"reference": message.reference}
    if message.asks:
        found["asks"] = message.asks
    if message.cards:
        found["cards"] = list(message.cards)
    return found


def attachment_json(file: AttachmentView, links: AttachmentLinks) -> dict[str, Any]:
    """A file in the shape of the visitor API."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.bytes,
        "width": file.width,
        "height": file.height,
        "url": links.path(file.id, "original"),
        "thumbnail": links.path(file.id, "thumbnail") if file.has_thumbnail else None,
    }


def notice_json(notice: Notice | None) -> dict[str, str] | None:
    """What the site announces, in the shape of the visitor API."""
    return {"text": notice.text, "clause": notice.clause} if notice else None


def instant_json(instant: datetime) -> str:
    """RFC 3339 with offset."""
    return instant.isoformat(timespec="milliseconds")
