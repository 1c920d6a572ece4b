"""A case as its visitor sees it on its page."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CaseMessage:
    """A message that concerns the case; `name` is the agent's, where one wrote it."""

    sequence: int
    sender: str
    name: str | None
    text: str
    lang: str
    created_at: datetime


@dataclass(frozen=True)
class ToldDate:
    """A date as the visitor was told it, in a sentence, with the section it comes from."""

    told: str
    due_at: datetime
    section: str
    title: str
    kept_at: datetime | None
    is_superseded: bool  # by a later date, since we waited for the visitor
    why: tuple[str, ...]  # short sentences: why it is not sooner


@dataclass(frozen=True)
class CaseFile:
    """A file that came with a message of the case; `stored_as` names it in the folder."""

    id: int
    name: str
    stored_as: str
    content_type: str
    size: int  # bytes


@dataclass(frozen=True)
class CaseView:
    """One case: where it stands, what was promised, what was written, what came with it."""

    reference: str
    category: str
    state: str
    standing: str  # in plain words
    order_number: str | None
    name: str | None
    email: str | None
    description: str | None  # None as well where a message says just that
    opened_at: datetime
    dates: tuple[ToldDate, ...]
    messages: tuple[CaseMessage, ...]
    attachments: tuple[CaseFile, ...]
    time_zone: str
