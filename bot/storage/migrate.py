"""Brings a database to today's tables, and tells whether it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.storage.engine import Database
from bot.storage.tables import Base

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# Any number, the same in every process that migrates.
ONE_AT_A_TIME = 7_406_212


def migrate(database: Database) -> None:
    """Run all migrations that the database has not seen, in one transaction where it can.

    Two processes that migrate at once wait for each other.
    """
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # A migration may take longer than a visitor's statement; SQLite waits by itself.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        command.upgrade(_config(connection), "head")


def new_revision(database: Database, message: str) -> None:
    """Write the migration that would bring the database to the tables in the code."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def differences(database: Database) -> list[object]:
    """What the database's tables lack of the tables in the code, or have beyond them."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
