"""A real database, empty or with the demonstration in it."""

from datetime import UTC, datetime

import pytest

from bot.orders.demonstration import load_demonstration
from bot.storage import Database

INSTALLED_AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def empty(database: Database) -> Database:
    """A database with its tables and nothing in them."""
    return database


@pytest.fixture
def shop(database: Database) -> Database:
    """A database with the demonstration, installed on 4 March 2026."""
    load_demonstration(database, INSTALLED_AT)
    return database
