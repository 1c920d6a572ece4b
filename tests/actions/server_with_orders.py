"""The real action server, with books in memory: `server_with_orders.py PORT TOKEN`."""

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # it is started by its path

from actions.server import HOST, create_app
from tests.actions.pieces import ProductsInMemory

# With a check character that is right.
REFERENCE = "KC-7ABCDEFY"
OTHER_REFERENCE = "KC-9HJKMNPD"
CODE = "482913"


@dataclass(frozen=True)
class Order:
    """One order of the book."""

    number: str
    email: str
    state: str
    placed_at: datetime = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    carrier: str | None = None
    tracking_number: str | None = None
    last_event: str | None = None
    last_event_at: datetime | None = None


@dataclass(frozen=True)
class Ticket:
    """One ticket of the book."""

    reference: str
    email: str
    category: str
    standing: str = "waiting"
    order_number: str | None = "1001"
    due: str | None = "Wednesday 18 November at 10:00 am (your time)"


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
        Order(number="1012", email="alice@example.com", state="delivered"),
        Order(number="1040", email="alice@example.com", state="cancelled"),
    )

    def find_for_owner(self, number: str, email: str) -> Order | None:
        if number == "5000":
            raise OSError("the database of alice@example.com is locked")
        return next((o for o in self.ORDERS if (o.number, o.email) == (number, email)), None)

    def history_for_owner(self, number: str, email: str) -> list[Order]:
        return list(self.ORDERS) if self.find_for_owner(number, email) else []


class TicketsInMemory:
    """Alice's tickets; `delay-has-ticket-…` and `delay-has-overdue-ticket-…` have one each."""

    TICKETS = (
        Ticket(REFERENCE, "alice@example.com", "damaged"),
        Ticket(OTHER_REFERENCE, "alice@example.com", "refund", "resolved"),
    )

    def of_conversation(self, conversation_id: str) -> list[Ticket]:
        named = re.match(r"(\w+)-has-(?:(\w+)-)?ticket-", conversation_id)
        if named is None:
            return []
        return [Ticket(REFERENCE, "alice@example.com", named[1], named[2] or "waiting")]

    def find(self, reference: str) -> Ticket | None:
        return next((t for t in self.TICKETS if t.reference == reference), None)


class CodesInMemory:
    """The mailed code is 482 913 for whoever asks."""

    def __init__(self) -> None:
        self._proved: set[tuple[str, str]] = set()

    def prove(self, asker: str, reference: str, code: str) -> bool:
        known = {ticket.reference for ticket in TicketsInMemory.TICKETS}
        if code == CODE and reference in known:
            self._proved.add((asker, reference))
        return (asker, reference) in self._proved

    def is_proved(self, asker: str, reference: str) -> bool:
        return (asker, reference) in self._proved


if __name__ == "__main__":
    app = create_app(
        OrdersInMemory(), TicketsInMemory(), CodesInMemory(), ProductsInMemory(), token=sys.argv[2]
    )
    app.run(host=HOST, port=int(sys.argv[1]), single_process=True, access_log=False, motd=False)
