"""The migrations lead to the tables in the code, on each kind of database, also two at once."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import inspect

from bot.storage import Database
from bot.storage.migrate import differences, migrate
from bot.storage.tables import Base
from tests.at_once import at_once
from tests.conftest import DATABASES
from tests.postgresql import PostgresServer


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
    database: Database, opened: Callable[[], Database]
) -> None:
    assert at_once(partial(migrate, database), partial(migrate, opened())) == [None, None]
    assert differences(database) == []


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
