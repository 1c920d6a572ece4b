"""How the promises stand, by clause: made, kept, at risk, broken; and which ones those are."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from bot.storage import Database
from bot.storage.tables import PromiseRecord, TicketClock
from bot.tickets.promises import OFFER

LISTED = 200


class PromiseStanding(StrEnum):
    """How a promise stands; those that are neither kept, at risk nor broken are under way."""

    MADE = "made"
    KEPT = "kept"
    AT_RISK = "at_risk"
    BROKEN = "broken"


@dataclass(frozen=True)
class ClauseCounts:
    """The promises that rest on one clause."""

    clause: str
    made: int
    kept: int
    at_risk: int
    broken: int


@dataclass(frozen=True)
class ToldPromise:
    """One promise; `late_by` tells by how much it was, or is until now, broken."""

    reference: str
    conversation_id: str | None
    kind: str
    clause: str
    told_as: str
    due_at: datetime
    kept_at: datetime | None
    late_by: timedelta | None
    is_superseded: bool  # by the later date of a further promise
    is_paused: bool  # its clock stands still until the visitor answers


class PromiseCounts:
    """Reading only. An offer is no promise until the request is sent; it is not counted."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def by_clause(self) -> list[ClauseCounts]:
        """The figures of every clause that something was promised by."""
        now = self._clock()
        counts = [
            func.count(case((_stands(standing, now), 1))).label(standing.value)
            for standing in PromiseStanding
        ]
        query = (
            select(PromiseRecord.clause, *counts)
            .where(PromiseRecord.kind != OFFER)
            .group_by(PromiseRecord.clause)
            .order_by(PromiseRecord.clause)
        )
        with self._database.read() as session:
            return [ClauseCounts(**row) for row in session.execute(query).mappings()]

    def listed(self, clause: str, standing: PromiseStanding) -> list[ToldPromise]:
        """The promises behind one figure, the next or latest date on top; at most 200."""
        now = self._clock()
        query = (
            select(PromiseRecord, _is_superseded(), _is_paused())
            .where(
                PromiseRecord.kind != OFFER, PromiseRecord.clause == clause, _stands(standing, now)
            )
            .options(joinedload(PromiseRecord.ticket))
            .order_by(PromiseRecord.due_at.desc(), PromiseRecord.id.desc())
            .limit(LISTED)
        )
        with self._database.read() as session:
            return [
                _told(promise, now, is_superseded=is_superseded, is_paused=is_paused)
                for promise, is_superseded, is_paused in session.execute(query)
            ]


def _stands(standing: PromiseStanding, now: datetime) -> ColumnElement[bool]:
    kept_at, due_at = PromiseRecord.kept_at, PromiseRecord.due_at
    if standing is PromiseStanding.MADE:
        return true()
    if standing is PromiseStanding.KEPT:
        in_time = or_(kept_at <= due_at, _is_paused())
        return and_(kept_at.is_not(None), in_time, not_(_is_superseded()))
    if standing is PromiseStanding.BROKEN:
        late = or_(kept_at > due_at, and_(kept_at.is_(None), due_at < now))
        return and_(late, not_(_is_paused()), not_(_is_superseded()))
    warned = exists().where(
        TicketClock.promise_id == PromiseRecord.id,
        TicketClock.warned_75_at.is_not(None),
        TicketClock.paused_at.is_(None),
        TicketClock.stopped_at.is_(None),
    )
    return and_(kept_at.is_(None), due_at >= now, warned)


def _is_paused() -> ColumnElement[bool]:
    """Its clock stands still, or stood still when it was kept."""
    return exists().where(
        TicketClock.promise_id == PromiseRecord.id, TicketClock.paused_at.is_not(None)
    )


def _is_superseded() -> ColumnElement[bool]:
    later = aliased(PromiseRecord)
    return exists().where(later.replaces_id == PromiseRecord.id)


def _told(
    promise: PromiseRecord, now: datetime, *, is_superseded: bool, is_paused: bool
) -> ToldPromise:
    late_by = (promise.kept_at or now) - promise.due_at
    if is_superseded or is_paused:
        late_by = timedelta(0)
    ticket = promise.ticket
    return ToldPromise(
        reference=ticket.reference if ticket else "",
        conversation_id=ticket.conversation_id if ticket else None,
        kind=promise.kind,
        clause=promise.clause,
        told_as=promise.told_as,
        due_at=promise.due_at,
        kept_at=promise.kept_at,
        late_by=late_by if late_by > timedelta(0) else None,
        is_superseded=is_superseded,
        is_paused=is_paused,
    )


def as_json_text(counts: list[ClauseCounts]) -> str:
    """The figures for programs: a list of objects."""
    return json.dumps([asdict(count) for count in counts], indent=2)


def as_table(counts: list[ClauseCounts]) -> str:
    """The figures for people, a clause a line."""
    if not counts:
        return "Nothing has been promised yet."
    width = max(len("clause"), *(len(count.clause) for count in counts))
    lines = [f"{'clause':<{width}}    made    kept  at risk  broken"]
    lines += [
        f"{c.clause:<{width}} {c.made:>7,} {c.kept:>7,} {c.at_risk:>8,} {c.broken:>7,}"
        for c in counts
    ]
    return "\n".join(lines)
