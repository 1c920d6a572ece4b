"""Promises that are still open: dates told to visitors, which stay as told whatever changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import aliased

from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import PromiseRecord, Ticket

ENDED = ("resolved", "closed")
# No database there, none that answers, or one whose tables are not today's.
UNREADABLE = (DatabaseUnavailable, OperationalError, ProgrammingError)


class PromisesUnreadable(Exception):
    """The database is not there, or its tables are not today's; the text says which."""


@dataclass(frozen=True)
class OpenPromise:
    """A date that was told and not yet kept, with what it rests on."""

    reference: str
    category: str
    clause: str
    readings: tuple[str, ...]
    policy_version: str
    due_at: datetime
    told_as: str


def open_promises(database: Database) -> Sequence[OpenPromise]:
    """The promises of tickets not yet settled, the next due first. Raises PromisesUnreadable."""
    later = aliased(PromiseRecord)
    query = (
        select(PromiseRecord, Ticket)
        .join(Ticket, Ticket.id == PromiseRecord.ticket_id)
        .where(
            PromiseRecord.kept_at.is_(None),
            ~exists().where(later.replaces_id == PromiseRecord.id),
            Ticket.state.not_in(ENDED),
        )
        .order_by(PromiseRecord.due_at, PromiseRecord.id)
    )
    try:
        with database.read() as session:
            return [_open(promise, ticket) for promise, ticket in session.execute(query)]
    except UNREADABLE as error:
        raise PromisesUnreadable(_cause(error)) from error


def versions_told(database: Database) -> set[str]:
    """Every version of the policy under which a date was told. Raises PromisesUnreadable."""
    try:
        with database.read() as session:
            return set(session.scalars(select(PromiseRecord.policy_version).distinct()))
    except UNREADABLE as error:
        raise PromisesUnreadable(_cause(error)) from error


def _open(promise: PromiseRecord, ticket: Ticket) -> OpenPromise:
    return OpenPromise(
        reference=ticket.reference,
        category=ticket.category,
        clause=promise.clause,
        readings=tuple(promise.readings),
        policy_version=promise.policy_version,
        due_at=promise.due_at,
        told_as=promise.told_as,
    )


def _cause(error: Exception) -> str:
    orig = getattr(error, "orig", None) or error
    return str(orig).strip().split("\n")[0]
