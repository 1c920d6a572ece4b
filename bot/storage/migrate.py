"""Brings a database to today's tables, and tells whether it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from bot.storage.engine import Database
from bot.storage.tables import Base

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def migrate(database: Database) -> None:
    """Run all migrations that the database has not seen, in one transaction where it can."""
    with database.engine.begin() as connection:
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
