"""The migrations lead to the tables in the code, and the database keeps what it committed."""

from datetime import datetime
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import String, select
from sqlalchemy.exc import StatementError

from bot.clock import real_clock
from bot.storage import Database, DatabaseUnavailable
from bot.storage.migrate import differences, migrate, tables_may_be_rebuilt
from bot.storage.tables import Conversation, Message


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
    monkeypatch.setattr("bot.storage.engine.LOCK_WAIT_MS", 50)
    second = Database(database.url)
    with database.write() as session:
        session.add(conversation("a"))
        with pytest.raises(DatabaseUnavailable), second.write():
            pass
        assert second.answers()  # readers go on


def test_rebuilding_a_table_keeps_what_hangs_on_it(database: Database) -> None:
    with database.write() as session:
        session.add(conversation("a"))
        session.flush()
        message = Message(
            conversation_id="a", sequence=1, sender="visitor", text="hi", created_at=real_clock()
        )
        session.add(message)
    with database.engine.connect() as connection, tables_may_be_rebuilt(connection):
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("conversations", recreate="always") as table:
            table.alter_column("page", existing_type=String(500), type_=String(501))
        connection.commit()
    with database.read() as session:
        assert session.scalars(select(Message.text)).all() == ["hi"]


def test_a_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'bot.sqlite3'}")
    migrate(database)
    for file in (tmp_path / "new", *(tmp_path / "new").iterdir()):
        assert file.stat().st_mode & 0o077 == 0, file
    database.close()


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = conversation("a")
    naive.created_at = datetime(2026, 11, 22)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(naive)
