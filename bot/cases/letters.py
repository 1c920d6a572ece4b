"""How a case writes to its visitor: the outbox, as far as it is needed here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bot.storage.tables import Ticket


class Letters(Protocol):
    """Where mail is written, in the transaction of who causes it."""

    def write(
        self,
        session: Session,
        *,
        to: str,
        template: str,
        values: Mapping[str, Any],
        now: datetime,
        ticket: Ticket | None = None,
    ) -> object:
        """Store a mail of this template with the job that sends it."""
