"""What the tests of the storage share."""

from collections.abc import Callable, Iterator

import pytest

from bot.storage import Database
from bot.storage.tables import Conversation
from tests.conftest import TUESDAY_MORNING


def conversation(identifier: str) -> Conversation:
    """A conversation with what must be there."""
    return Conversation(
        id=identifier,
        token_hash="x",
        created_at=TUESDAY_MORNING,
        last_message_at=TUESDAY_MORNING,
    )


@pytest.fixture
def opened(database: Database) -> Iterator[Callable[[], Database]]:
    """Opens the same database again, as another process does."""
    others: list[Database] = []

    def another() -> Database:
        others.append(Database(database.url))
        return others[-1]

    yield another
    for other in others:
        other.close()
