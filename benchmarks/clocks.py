"""How long tickets take to open, 100,000 clocks to check, and the list of what is due next.

    .venv/bin/python -m benchmarks.clocks [DATABASE_URL]

Without an address it measures on a SQLite file of its own, which it deletes afterwards. An
address is to name an empty database.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select, text

from bot.policy import BusinessCalendar, load_policy
from bot.settings import Settings
from bot.storage import Database
from bot.storage.migrate import migrate
from bot.storage.tables import Conversation, Ticket, TicketClock
from bot.tickets import Clocks, Details, Tickets

NOW = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
OPENED, TICKETS, OPEN_CLOCKS = 10_000, 200_000, 100_000
TICKETS_A_COMMIT, ROWS_A_STATEMENT = 100, 5_000
LAPSING_EACH_ROUND = 100


def main(url: str) -> None:
    """Measure and print a table."""
    database = Database(url)
    migrate(database)
    print(f"{database.engine.dialect.name}\n")
    _report(f"{OPENED:,} tickets opened, {TICKETS_A_COMMIT} a commit", lambda: _open(database))
    with database.read() as session:
        counted = select(func.count(), func.count(Ticket.reference.distinct()))
        stored, different = session.execute(counted.select_from(Ticket)).one()
    print(f"  lost: {OPENED - stored}, references twice: {stored - different}")
    _fill_up(database)
    clocks = Clocks(database)
    with database.read() as session:
        running = session.scalar(
            select(func.count()).select_from(TicketClock).where(TicketClock.stopped_at.is_(None))
        )
        tickets = session.scalar(select(func.count()).select_from(Ticket))
    print(f"\nwith {tickets:,} tickets, {running:,} clocks running")
    _report("check, nothing to warn of", lambda: clocks.check(NOW), times=20)
    quarter = NOW + timedelta(days=1)
    _report(f"check, {LAPSING_EACH_ROUND} warnings", lambda: clocks.check(quarter))
    _report("due_next(50)", lambda: clocks.due_next(50), times=50)
    _report("due_next(200)", lambda: clocks.due_next(200), times=50)
    all_lapsed = NOW + timedelta(days=4000)
    _report("check, a round when all have lapsed", lambda: clocks.check(all_lapsed))
    database.close()


def _open(database: Database) -> None:
    tickets = Tickets(load_policy(Settings().policy_file), BusinessCalendar())
    for first in range(0, OPENED, TICKETS_A_COMMIT):
        with database.write() as session:
            for number in range(first, first + TICKETS_A_COMMIT):
                conversation = Conversation(
                    id=f"{number:032}", token_hash="", facts={}, created_at=NOW, last_message_at=NOW
                )
                session.add(conversation)
                session.flush()
                tickets.open(
                    session,
                    conversation,
                    category="damaged",
                    reason="asked",
                    details=Details("1001", "alice@example.com", "Alice", "the clasp broke"),
                    now=NOW,
                )


def _fill_up(database: Database) -> None:
    """Rows as opening leaves them, written many at once; half of the tickets are done."""
    with database.write() as session:
        session.execute(text("DELETE FROM ticket_clocks"))
        last = session.scalar(select(func.max(Ticket.id))) or 0
    for first in range(last + 1, TICKETS + 1, ROWS_A_STATEMENT):
        rows = range(first, min(first + ROWS_A_STATEMENT, TICKETS + 1))
        with database.write() as session:
            session.execute(insert(Ticket), [_ticket(number) for number in rows])
    for first in range(1, TICKETS + 1, ROWS_A_STATEMENT):
        with database.write() as session:
            rows = range(first, first + ROWS_A_STATEMENT)
            session.execute(insert(TicketClock), [_clock(number) for number in rows])
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _ticket(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "reference": f"KC-{number:08}",
        "category": "damaged",
        "ticket_class": "urgent",
        "state": "new" if number <= OPEN_CLOCKS else "closed",
        "reason": "asked",
        "order_verified": False,
        "attachment_count": 0,
        "created_at": NOW,
    }


def _clock(number: int) -> dict[str, Any]:
    """The first hundred warn tomorrow, the rest from the day after on; half have stopped."""
    first = number <= LAPSING_EACH_ROUND
    warns_at = NOW + (timedelta(hours=23) if first else timedelta(days=2, minutes=number))
    due_at = warns_at + timedelta(days=1)
    stopped = number > OPEN_CLOCKS
    return {
        "ticket_id": number,
        "kind": "first_reply",
        "started_at": NOW,
        "due_at": due_at,
        "warns_75_at": warns_at,
        "warns_before_at": due_at,
        "next_at": None if stopped else warns_at,
        "stopped_at": NOW if stopped else None,
    }


def _report(what: str, act: Callable[[], object], times: int = 1) -> None:
    taken = []
    for _ in range(times):
        begun = perf_counter()
        act()
        taken.append((perf_counter() - begun) * 1000)
    print(
        f"  {what:<42} {median(taken):>10,.1f} ms" + (f" (median of {times})" if times > 1 else "")
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
