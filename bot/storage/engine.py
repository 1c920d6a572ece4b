"""The connection to the database: short transactions that either commit or leave nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

# How long a writer waits for the one lock of SQLite, or for a row's on PostgreSQL, before the
# visitor is asked to send again.
LOCK_WAIT_MS = 3_000
# Statements take milliseconds; one that takes this long is a fault and holds up others.
STATEMENT_MS = 15_000
# A process that froze in the middle of a transaction gives its locks back.
FORGOTTEN_TRANSACTION_MS = 20_000
CONNECT_SECONDS = 3

# PostgreSQL's codes for a session that a server may not serve right now: a transaction that
# was forgotten, or a standby that may not write yet.
TRY_AGAIN_STATES = frozenset({"25P03", "25006"})


class DatabaseUnavailable(Exception):
    """The database is locked, restarting or gone; the caller may try again.

    Nothing was stored; only where the connection broke during the commit itself nobody can tell.
    So whatever is tried again must be known again: by its client id, its lease or its state.
    """


class ValueRefused(Exception):
    """A value that the database cannot hold: longer than its column, or with a NUL character."""


class Database:
    """Sessions on the one database; SQLite and PostgreSQL behave alike to the callers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else _server_engine(url)
        self._reading: dict[str, Any] = {"writes": False}
        if self.engine.dialect.name == "postgresql":
            self._reading |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all.

        On SQLite the write lock is taken at the start, so that two writers queue up
        instead of failing half-way. On PostgreSQL writers meet at the rows they lock: lock the
        conversation first (`with_for_update`), then read what is decided upon.
        Raises DatabaseUnavailable, ValueRefused.
        """
        with self._session({"writes": True}) as session:
            yield session
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database. Raises DatabaseUnavailable."""
        with self._session(self._reading) as session:
            yield session

    @contextmanager
    def _session(self, options: dict[str, Any]) -> Iterator[Session]:
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                session.connection(execution_options=options)
                yield session
        except NoConnectionFree as error:
            raise DatabaseUnavailable("all connections are in use") from error
        except DataError as error:
            raise ValueRefused(str(error.orig)) from error
        except DBAPIError as error:
            if _may_be_tried_again(error):
                raise DatabaseUnavailable(str(error.orig)) from error
            raise

    def answers(self) -> bool:
        """Whether a statement gets through right now."""
        try:
            with self.read() as session:
                session.execute(text("SELECT 1"))
        except DatabaseUnavailable:
            return False
        return True

    def forget_deleted(self) -> None:
        """Let what was deleted leave the files of SQLite, as far as nobody is reading it now.

        Its pages are overwritten as they are deleted; what is left stands in the log beside them.
        """
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                driver = cast(sqlite3.Connection, connection.connection.driver_connection)
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Give all connections back; one that a thread still has is closed once it is let go."""
        event.listen(self.engine.pool, "checkin", _close_at_once)
        self.engine.dispose()


def _close_at_once(connection: Any, _record: object) -> None:
    # The pool is gone by then, and nobody else would close it.
    if connection is not None:
        connection.close()


def _may_be_tried_again(error: DBAPIError) -> bool:
    # Locks not had in time, deadlocks, restarts and refused connections are all "operational".
    return (
        isinstance(error, OperationalError)
        or error.connection_invalidated
        or getattr(error.orig, "sqlstate", None) in TRY_AGAIN_STATES
    )


def _server_engine(address: str) -> Engine:
    url = make_url(address)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    waits = {
        "lock_timeout": LOCK_WAIT_MS,
        "statement_timeout": STATEMENT_MS,
        "idle_in_transaction_session_timeout": FORGOTTEN_TRANSACTION_MS,
    }
    settings = {
        "application_name": "bot",
        "connect_timeout": CONNECT_SECONDS,
        # A server that vanished from the network is noticed like one that hung up.
        "tcp_user_timeout": STATEMENT_MS,
        "options": " ".join(f"-c {name}={value}" for name, value in waits.items()),
    }
    return create_engine(
        url,
        connect_args={name: v for name, v in settings.items() if name not in url.query},
        hide_parameters=True,
        pool_pre_ping=True,  # after a restart the first visitor does not meet the old connections
        pool_timeout=LOCK_WAIT_MS / 1000,
    )


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        # Conversations are nobody else's to read on this machine, nor is what lies beside them.
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)
    engine = create_engine(
        url,
        connect_args={"timeout": LOCK_WAIT_MS / 1000},
        hide_parameters=True,  # an error's text goes to the log; a visitor's words do not
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling starts them too late; see `begin` below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # An acknowledged message must outlive a power cut, hence FULL rather than NORMAL.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is erased is overwritten, not only let go.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
