"""What may be told of a ticket to the person who holds it."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Where a ticket stands, as its holder sees it."""

    WAITING = "waiting"  # nobody has answered yet
    WAITING_VISITOR = "waiting_visitor"  # we have asked them for something
    OVERDUE = "overdue"  # nor by the date that was told
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class TicketView:
    """A ticket as its holder may see it; `due` is the date of the first reply as it was told."""

    reference: str
    category: str
    order_number: str | None
    standing: Standing
    due: str | None
