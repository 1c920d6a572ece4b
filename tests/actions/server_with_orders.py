"""The real action server, with an order book in memory: `server_with_orders.py PORT TOKEN`."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # it is started by its path

from actions.server import HOST, create_app


@dataclass(frozen=True)
class Order:
    """One order of the book."""

    number: str
    email: str
    state: str
    carrier: str | None = None
    tracking_number: str | None = None
    last_event: str | None = None
    last_event_at: datetime | None = None


class OrdersInMemory:
    """Alice's orders; looking up 5000 fails as a locked database would."""

    ORDERS = (
        Order(
            number="1001",
            email="alice@example.com",
            state="shipped",
            carrier="Example Post",
            tracking_number="EP1001",
            last_event="Left the sorting centre",
            last_event_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        ),
        Order(number="1002", email="alice@example.com", state="in_preparation"),
    )

    def find_for_owner(self, number: str, email: str) -> Order | None:
        if number == "5000":
            raise OSError("the database of alice@example.com is locked")
        return next((o for o in self.ORDERS if (o.number, o.email) == (number, email)), None)


if __name__ == "__main__":
    app = create_app(OrdersInMemory(), token=sys.argv[2])
    app.run(host=HOST, port=int(sys.argv[1]), single_process=True, access_log=False, motd=False)
