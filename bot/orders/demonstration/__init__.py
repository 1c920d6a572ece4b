"""Invented products and orders for a new installation: fills them in, takes them out again."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.orders.demonstration.entries import (
    DemonstrationError,
    EventEntry,
    OrderEntry,
    ProductEntry,
    read_orders,
    read_products,
)
from bot.orders.views import OrderState
from bot.storage import Database
from bot.storage.tables import Order, OrderEvent, OrderLine, Product

__all__ = [
    "DemonstrationError",
    "demonstration_pieces",
    "load_demonstration",
    "remove_demonstration",
]

FOLDER = Path(__file__).resolve().parent


def demonstration_pieces() -> dict[str, ProductEntry]:
    """The demonstration's products by their lasting names, without a database."""
    return read_products(FOLDER / "products.yml")


def load_demonstration(database: Database, now: datetime, folder: Path = FOLDER) -> int:
    """Add what is not there yet of the demonstration's products and orders; how many were added.

    `now` fixes the day from which the orders' times are counted. What is there already, invented
    or real, stays as it is, so a second call changes nothing. Raises DemonstrationError, and
    DatabaseUnavailable; in both cases nothing is added.
    """
    products = read_products(folder / "products.yml")
    orders = read_orders(folder / "orders.yml", products)
    with database.write() as session:
        slugs = set(session.scalars(select(Product.slug)))
        numbers = set(session.scalars(select(Order.number)))
        missing = [
            *(_product(entry) for slug, entry in products.items() if slug not in slugs),
            *(_order(entry, products, now) for entry in orders if entry.number not in numbers),
        ]
        session.add_all(missing)
    return len(missing)


def remove_demonstration(database: Database) -> int:
    """Delete every product and order marked as demonstration; how many were deleted."""
    with database.write() as session:
        return sum(_remove(session, table) for table in (Order, Product))


def _remove(session: Session, table: type[Order] | type[Product]) -> int:
    # Lines and events go with their order: their foreign keys cascade.
    gone = session.scalars(delete(table).where(table.demonstration).returning(table.id))
    return len(gone.all())


def _product(entry: ProductEntry) -> Product:
    return Product(
        slug=entry.slug,
        name=entry.name,
        category=entry.category,
        materials=entry.materials,
        sizes=entry.sizes,
        care=entry.care,
        stock=entry.pieces_in_stock,
        price_cents=entry.price_cents,
        currency="USD",
        picture=f"{entry.category}.svg",
        demonstration=True,
    )


def _order(entry: OrderEntry, products: dict[str, ProductEntry], now: datetime) -> Order:
    reached = {event.becomes: _instant(event, now) for event in entry.events if event.becomes}
    return Order(
        number=entry.number,
        email=entry.email,
        name=entry.name,
        state=entry.state,
        placed_at=reached[OrderState.RECEIVED],
        shipped_at=reached.get(OrderState.SHIPPED),
        delivered_at=reached.get(OrderState.DELIVERED),
        cancelled_at=reached.get(OrderState.CANCELLED),
        carrier=entry.carrier,
        tracking_number=entry.tracking_number,
        demonstration=True,
        lines=[
            OrderLine(
                product_slug=line.product,
                name=products[line.product].name,
                size=line.size,
                quantity=line.quantity,
                price_cents=products[line.product].price_cents,
                currency="USD",
            )
            for line in entry.lines
        ],
        events=[OrderEvent(at=_instant(event, now), text=event.text) for event in entry.events],
    )


def _instant(event: EventEntry, now: datetime) -> datetime:
    day = now.astimezone(UTC).date() - timedelta(days=event.days_ago)
    return datetime.combine(day, time.fromisoformat(event.at), tzinfo=UTC)
