"""The migrations lead to the tables in the code, on each kind of database, also two at once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import String, inspect, select

from bot.clock import real_clock
from bot.settings import ROOT
from bot.storage import Database
from bot.storage.migrate import differences, migrate, tables_may_be_rebuilt
from bot.storage.tables import Base, Conversation, Message
from tests.conftest import DATABASES
from tests.postgresql import PostgresServer

MIGRATE = """
import sys
from bot.storage import Database
from bot.storage.migrate import migrate
migrate(Database(sys.argv[1]))
"""


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bot.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def test_the_migrations_lead_to_the_tables_in_the_code(database: Database) -> None:
    assert len(differences(database)) >= len(Base.metadata.tables)
    migrate(database)
    assert differences(database) == []


def test_a_second_migration_changes_nothing(database: Database) -> None:
    migrate(database)
    migrate(database)
    assert differences(database) == []


def test_a_column_that_is_missing_is_told(database: Database) -> None:
    migrate(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE conversations DROP COLUMN locale")
    assert "locale" in str(differences(database))


def test_two_processes_that_migrate_at_once_both_end_with_todays_tables(
    database_url: str,
) -> None:
    # Processes, as Alembic keeps the migration under way for the whole of one.
    begin = [sys.executable, "-c", MIGRATE, database_url]
    both = [subprocess.Popen(begin, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate(timeout=60)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    database = Database(database_url)
    assert differences(database) == []
    database.close()


def test_a_migration_that_fails_leaves_no_table(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_half_way(config: Config, _revision: str) -> None:
        Base.metadata.create_all(config.attributes["connection"])
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("bot.storage.migrate.command.upgrade", fail_half_way)
        with pytest.raises(RuntimeError):
            migrate(database)
    assert inspect(database.engine).get_table_names() == []
    migrate(database)
    assert differences(database) == []


def test_rebuilding_a_table_keeps_what_hangs_on_it(database: Database) -> None:
    migrate(database)
    now = real_clock()
    with database.write() as session:
        session.add(Conversation(id="a", token_hash="x", created_at=now, last_message_at=now))
        session.flush()
        session.add(
            Message(conversation_id="a", sequence=1, sender="visitor", text="hi", created_at=now)
        )
    with database.engine.connect() as connection, tables_may_be_rebuilt(connection):
        operations = Operations(MigrationContext.configure(connection))
        rebuilt: Literal["always", "auto"] = (
            "always" if connection.dialect.name == "sqlite" else "auto"
        )
        with operations.batch_alter_table("conversations", recreate=rebuilt) as table:
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
