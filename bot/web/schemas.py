"""The bodies of the visitor API as they may come in, and messages as they go out."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr, model_validator

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


class StartBody(BaseModel):
    """What a widget tells of itself when it opens a conversation; all of it optional."""

    model_config = ConfigDict(extra="forbid")

    time_zone: Annotated[Line, Field(max_length=64)] | None = None
    locale: Annotated[Line, Field(max_length=35)] | None = None
    page: Annotated[Line, Field(max_length=500)] | None = None


class MessageBody(BaseModel):
    """A message: the client's own id for it, and either a text or a pressed button."""

    model_config = ConfigDict(extra="forbid")

    client_id: Annotated[Line, Field(min_length=1, max_length=64)]
    text: Text | None = None
    button: Annotated[Line, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.button is None):
            raise ValueError("give either text or button")
        return self


def message_json(message: MessageView) -> dict[str, Any]:
    """A message in the shape of the visitor API."""
    found: dict[str, Any] = {
        "sequence": message.sequence,
        "sender": message.sender,
        "text": message.text,
        "lang": message.lang,
        "buttons": message.buttons,
        "sources": message.sources,
        "attachments": [],
        "created_at": instant_json(message.created_at),
    }
    if message.agent_name:
        found["agent"] = {"name": message.agent_name}
    if message.due_at and message.clause:
        found["promise"] = {"due_at": instant_json(message.due_at), "clause": message.clause}
    if message.reference:
        found["ticket"] = {"reference": message.reference}
    if message.asks:
        found["asks"] = message.asks
    return found


def notice_json(notice: Notice | None) -> dict[str, str] | None:
    """What the site announces, in the shape of the visitor API."""
    return {"text": notice.text, "clause": notice.clause} if notice else None


def instant_json(instant: datetime) -> str:
    """RFC 3339 with offset."""
    return instant.isoformat(timespec="milliseconds")
