"""An outbox in memory, which keeps what was written; and Alice's case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.app import Services
from bot.assistant import Effect, Reply, TurnAnswer
from bot.assistant.turn import State
from bot.conversations.intake import Started
from bot.storage.tables import Ticket
from tests.conversations.cast import lease, send

DAMAGED = Effect(
    kind="open_ticket",
    category="damaged",
    order_number="1001",
    email="Alice@example.com",
    name="Alice",
    description="the clasp broke",
)


@dataclass
class Letter:
    """What was written to whom."""

    to: str
    template: str
    values: Mapping[str, Any]


@dataclass
class KeptLetters:
    """Keeps each letter, as the outbox does in its table."""

    kept: list[Letter] = field(default_factory=list)

    def write(
        self,
        session: Session,
        *,
        to: str,
        template: str,
        values: Mapping[str, Any],
        now: datetime,
        ticket: Ticket | None = None,
    ) -> None:
        self.kept.append(Letter(to, template, values))

    @property
    def code(self) -> str:
        """The code of the newest letter."""
        return re.sub(r"\D", "", str(self.kept[-1].values["code"]))


def case_of(services: Services, visitor: Started, effect: Effect = DAMAGED) -> str:
    """The reference of a case that the visitor opens in the chat."""
    send(services, visitor, f"I tell you: {effect.description}")
    told = TurnAnswer(
        replies=[Reply(response="utter_report_damaged_sent", effects=[effect])],
        state=State(),
    )
    services.answering.store(lease(services, visitor), told)
    return services.ticket_lookup.of_conversation(visitor.id)[0].reference
