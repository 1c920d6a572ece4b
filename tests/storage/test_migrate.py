"""The migrations lead to the tables in the code, and the database keeps what it committed."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from bot.clock import real_clock
from bot.storage import Database, DatabaseUnavailable
from bot.storage.migrate import differences, migrate
from bot.storage.tables import Conversation


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    migrate(database)
    return database


def conversation(identifier: str) -> Conversation:
    return Conversation(
        id=identifier, token_hash="x", created_at=real_clock(), last_message_at=real_clock()
    )


def test_the_migrations_lead_to_the_tables_in_the_code(database: Database) -> None:
    assert differences(database) == []


def test_a_second_migration_changes_nothing(database: Database) -> None:
    migrate(database)
    assert differences(database) == []


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as session:
            session.add(conversation("a"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as session:
        assert session.scalars(select(Conversation)).all() == []


def test_a_locked_database_is_named_unavailable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.engine.SQLITE_WAIT_MS", 50)
    second = Database(database.url)
    with database.write() as session:
        session.add(conversation("a"))
        with pytest.raises(DatabaseUnavailable), second.write():
            pass
        assert second.answers()  # readers go on


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = conversation("a")
    naive.created_at = datetime(2026, 11, 22)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(naive)
