"""Counts questions about the shop on which its policy is silent; keeps no word of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage import Database
from bot.storage.tables import DemandRecord, Message

FAMILY = "not_covered/"


@dataclass(frozen=True)
class Count:
    """How often a label was asked for, and when last."""

    label: str
    asked: int
    last_asked_at: datetime


class Demand:
    """Noted in the transaction that stores the answer, so a turn taken twice counts once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self,
        session: Session,
        conversation_id: str,
        understood: Sequence[Mapping[str, Any]],
        now: datetime,
    ) -> None:
        """Count what a turn asked for that the policy does not cover."""
        session.add_all(
            DemandRecord(label=part["label"], asked_at=now, conversation_id=conversation_id)
            for part in understood
            if part.get("accepted") and str(part.get("label")).startswith(FAMILY)
        )

    def counts(self, since: datetime) -> list[Count]:
        """What was asked at this instant or later, the most frequent first."""
        asked = func.count().label("asked")
        with self._database.read() as session:
            rows = session.execute(
                select(DemandRecord.label, asked, func.max(DemandRecord.asked_at))
                .where(DemandRecord.asked_at >= since)
                .group_by(DemandRecord.label)
                .order_by(asked.desc(), DemandRecord.label)
            )
            return [Count(label, times, last) for label, times, last in rows]

    def times_told(self, responses: Collection[str], since: datetime) -> int:
        """How often visitors got one of these answers, in the conversations that are kept."""
        with self._database.read() as session:
            return session.scalars(
                select(func.count())
                .select_from(Message)
                .where(Message.response.in_(responses), Message.created_at >= since)
            ).one()
