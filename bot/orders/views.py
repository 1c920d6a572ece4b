"""What may be shown of an order and of a product: no street, no payment, no customer's address."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OrderState(StrEnum):
    """How far an order is; the value is what the database and the data files say."""

    RECEIVED = "received"
    IN_PREPARATION = "in_preparation"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class OrderLineView:
    """One product of an order; `size` as the shop prints it, None where there is none."""

    product: str
    size: str | None
    quantity: int


@dataclass(frozen=True)
class OrderEventView:
    """What happened to the order or its parcel, in the carrier's words; `at` is in UTC."""

    at: datetime
    text: str


@dataclass(frozen=True)
class OrderView:
    """An order as its owner and an agent may see it; instants are in UTC, events oldest first."""

    number: str
    state: OrderState
    placed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    carrier: str | None
    tracking_number: str | None
    lines: tuple[OrderLineView, ...]
    events: tuple[OrderEventView, ...]

    @property
    def last_event(self) -> str | None:
        """The text of the newest event, None where nothing has been reported."""
        return self.events[-1].text if self.events else None

    @property
    def last_event_at(self) -> datetime | None:
        """When the newest event was, None where nothing has been reported."""
        return self.events[-1].at if self.events else None


@dataclass(frozen=True)
class ProductView:
    """A piece of the catalogue; `price_cents` in hundredths of `currency` (an ISO 4217 code)."""

    slug: str
    name: str
    category: str
    materials: tuple[str, ...]
    sizes: tuple[str, ...]
    care: str
    stock: int
    price_cents: int
    currency: str
    picture: str | None

    @property
    def in_stock(self) -> bool:
        """Whether at least one piece can be sold now."""
        return self.stock > 0
