"""A real database file, and hashing that does not take long."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bot.accounts import Accounts
from bot.storage import Database
from bot.storage.tables import Base
from tests.conftest import SetClock

SESSION_HOURS = 12


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with its tables and nothing in them."""
    database = Database(f"sqlite:///{tmp_path / 'accounts.sqlite3'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def accounts(database: Database, clock: SetClock) -> Accounts:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Accounts(database, clock, session_hours=SESSION_HOURS, hasher=hasher)
