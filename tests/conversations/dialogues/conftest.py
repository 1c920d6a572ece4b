"""Each dialogue finds a shop in which nothing is open: a repeated request would join what is."""

import pytest
from sqlalchemy import update

from bot.storage import Database
from bot.storage.tables import Ticket
from tests.running_shop import RunningShop


@pytest.fixture(autouse=True)
def nothing_is_open(shop: RunningShop) -> None:
    path = shop.data_dir / "bot.sqlite3"
    if not path.exists():  # the shop on PostgreSQL has one dialogue only
        return
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.execute(update(Ticket).values(state="closed"))
    database.close()
