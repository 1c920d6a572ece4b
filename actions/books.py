"""What the dialogue looks up: orders and tickets, each shown only to who proves it is theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class FoundOrder(Protocol):
    """What is told of an order: never a street or a payment."""

    @property
    def number(self) -> str: ...

    @property
    def state(self) -> str:
        """One of received, in_preparation, shipped, delivered, cancelled."""

    @property
    def placed_at(self) -> datetime: ...

    @property
    def carrier(self) -> str | None: ...

    @property
    def tracking_number(self) -> str | None: ...

    @property
    def last_event(self) -> str | None: ...

    @property
    def last_event_at(self) -> datetime | None: ...


class OrderBook(Protocol):
    """Where orders are looked up."""

    def find_for_owner(self, number: str, email: str) -> FoundOrder | None:
        """The order, if number and e-mail both belong to it; otherwise None, not saying which."""

    def history_for_owner(self, number: str, email: str) -> Sequence[FoundOrder]:
        """All orders of this address, newest first, if it proves one of them; otherwise none."""


class FoundTicket(Protocol):
    """What is told of a ticket: where it stands and what was promised."""

    @property
    def reference(self) -> str: ...

    @property
    def category(self) -> str: ...

    @property
    def order_number(self) -> str | None: ...

    @property
    def standing(self) -> str:
        """One of waiting, waiting_visitor, overdue, in_progress, resolved."""

    @property
    def due(self) -> str | None:
        """The date of the first reply as it was told."""


class TicketBook(Protocol):
    """Where tickets are looked up."""

    def of_conversation(self, conversation_id: str) -> Sequence[FoundTicket]:
        """The tickets of a visitor's own conversation, the newest first."""

    def find(self, reference: str) -> FoundTicket | None:
        """The ticket of this reference; to be told only to who has proved that it is theirs."""


class CodeBook(Protocol):
    """Where the one-time codes that prove a ticket are tried."""

    def prove(self, asker: str, reference: str, code: str) -> bool:
        """Whether this is the code that was mailed for the ticket when this conversation asked."""

    def is_proved(self, asker: str, reference: str) -> bool:
        """Whether this conversation proved the ticket lately."""


def conversation_of(dialogue: str) -> str:
    """The conversation that a dialogue belongs to: its id without the count of dialogues."""
    return dialogue.rsplit(".", 1)[0]


def shown(order: FoundOrder) -> dict[str, str | None]:
    """An order's values for its answer."""
    return {
        "order_number": order.number,
        "state": str(order.state),
        "carrier": order.carrier,
        "tracking_number": order.tracking_number,
        "last_event": order.last_event,
        "last_event_at": order.last_event_at.isoformat() if order.last_event_at else None,
    }


def state_response(order: FoundOrder, about: str = "order") -> str:
    """The response that says how far the order is, by what is known of its parcel."""
    response = f"utter_{about}_{order.state}"
    if order.state != "shipped":
        return response
    if order.tracking_number is None or order.carrier is None:
        return f"{response}_untracked"
    return response if order.last_event else f"{response}_without_event"
