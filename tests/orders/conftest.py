"""A real database file, empty or with the demonstration in it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.orders.demonstration import load_demonstration
from bot.storage import Database
from bot.storage.tables import Base

INSTALLED_AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A database with its tables and nothing in them."""
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with the demonstration, made once and then copied."""
    path = tmp_path_factory.mktemp("shop") / "filled.sqlite3"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    load_demonstration(database, INSTALLED_AT)
    database.close()
    return path


@pytest.fixture
def shop(filled_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database with the demonstration, installed on 4 March 2026."""
    database = Database(f"sqlite:///{shutil.copy(filled_file, tmp_path / 'shop.sqlite3')}")
    yield database
    database.close()
