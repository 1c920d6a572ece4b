"""The demonstration fills a new installation, never grows old, and leaves no trace."""

import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.orders import Catalogue, Orders, OrderState
from bot.orders.demonstration import (
    FOLDER,
    DemonstrationError,
    load_demonstration,
    remove_demonstration,
)
from bot.storage import Database
from bot.storage.tables import Base, Order, OrderEvent, OrderLine, Product

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
TABLES: tuple[type[Base], ...] = (Product, Order, OrderLine, OrderEvent)


def contents(database: Database) -> list[tuple[object, ...]]:
    with database.read() as session:
        return [
            tuple(row)
            for table in TABLES
            for row in session.execute(select(*table.__table__.columns))
        ]


def test_forty_orders_cover_every_state(shop: Database) -> None:
    with shop.read() as session:
        states = Counter(session.scalars(select(Order.state)))
    assert states.total() == 40
    assert set(states) == {str(state) for state in OrderState}


def test_every_row_is_marked_and_every_customer_is_invented(shop: Database) -> None:
    with shop.read() as session:
        orders = session.scalars(select(Order)).all()
        products = session.scalars(select(Product)).all()
    assert all(o.demonstration for o in orders)
    assert all(p.demonstration for p in products)
    assert all(re.fullmatch(r".+@example\.(com|org|net)", order.email) for order in orders)
    assert all(o.carrier in {None, "Demonstration Parcel", "Invented Express"} for o in orders)


def test_each_orders_times_agree_with_its_state(shop: Database) -> None:
    orders = Orders(shop)
    for number in range(1001, 1041):
        order = orders.for_agent(str(number))
        assert order is not None
        on_its_way = order.state in {OrderState.SHIPPED, OrderState.DELIVERED}
        assert (order.shipped_at is not None) == on_its_way
        assert (order.tracking_number is not None) == on_its_way
        assert (order.delivered_at is not None) == (order.state is OrderState.DELIVERED)
        assert (order.cancelled_at is not None) == (order.state is OrderState.CANCELLED)
        instants = [order.placed_at, *(e.at for e in order.events)]
        assert instants == sorted(instants)
        assert instants[-1] < NOW


def test_a_second_call_changes_nothing_even_on_a_later_day(shop: Database) -> None:
    before = contents(shop)
    assert load_demonstration(shop, NOW + timedelta(days=30)) == 0
    assert contents(shop) == before


def test_times_are_counted_from_the_day_of_the_installation(empty: Database) -> None:
    later = NOW + timedelta(days=100)
    load_demonstration(empty, later)
    order = Orders(empty).for_agent("1001")
    assert order is not None
    assert order.placed_at.date() == (later - timedelta(days=5)).date()


def test_a_real_order_of_the_same_number_stays_as_it_is(empty: Database) -> None:
    with empty.write() as session:
        session.add(
            Order(number="1001", email="x@shop.test", name="X", state="received", placed_at=NOW)
        )
    load_demonstration(empty, NOW)
    assert Orders(empty).find_for_owner("1001", "alice@example.com") is None
    remove_demonstration(empty)
    assert Orders(empty).find_for_owner("1001", "x@shop.test") is not None


def test_removing_the_demonstration_leaves_only_what_is_real(shop: Database) -> None:
    with shop.write() as session:
        session.add(Product(slug="real", name="Real", category="ring", price_cents=100))
    assert remove_demonstration(shop) == 70
    assert [product.slug for product in Catalogue(shop).products()] == ["real"]
    with shop.read() as session:
        for table in (Order, OrderLine, OrderEvent):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert remove_demonstration(shop) == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("products.yml", "pieces_in_stock: 24", "pieces_in_stock: many", "pieces_in_stock"),
        ("products.yml", "pieces_in_stock: 24", "pieces_in_stock: -1", "pieces_in_stock"),
        ("products.yml", "price_usd: 48.00", "price_usd: 48.001", "price_usd"),
        ("products.yml", "care: Wipe", "cares: Wipe", "products.0.care: Field required"),
        ("products.yml", "sizes: [16 in, 18 in]", "sizes: [16 in, 18 in", "expected"),
        ("orders.yml", "alice@example.com", "alice@real.com", "orders.0.email"),
        ("orders.yml", "becomes: shipped", "becomes: lost", "orders.0.events.2.becomes"),
        ("orders.yml", "maren-pendant-necklace", "gone", "no product gone in products.yml"),
        ("orders.yml", "size: 18 in", "size: 99 in", "has no size 99 in"),
        ("orders.yml", "carrier: Demonstration Parcel", "carrier:", "carrier and tracking"),
        ("orders.yml", "days_ago: 4,", "days_ago: 1,", "order of their times"),
        ("orders.yml", "becomes: received, ", "", "the first event must"),
        ("orders.yml", '"1002"', '"1001"', "more than once: 1001"),
    ],
)
def test_a_broken_file_is_named_with_line_and_field_and_nothing_is_added(
    empty: Database, tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "demonstration")
    path = folder / file
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(DemonstrationError) as broken:
        load_demonstration(empty, NOW, folder)
    assert re.match(rf"{re.escape(str(path))}:\d+: ", str(broken.value))
    assert complaint in str(broken.value)
    assert contents(empty) == []


def test_every_fault_of_a_file_has_its_own_line(empty: Database, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "demonstration")
    path = folder / "products.yml"
    path.write_text(path.read_text().replace("category: ring", "category: toe ring"))
    with pytest.raises(DemonstrationError) as broken:
        load_demonstration(empty, NOW, folder)
    complaints = str(broken.value).splitlines()
    assert len(complaints) == 7
    assert all("category: Input should be" in c and "(found 'toe ring')" in c for c in complaints)


def test_the_line_is_the_one_that_an_editor_shows(empty: Database, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "demonstration")
    path = folder / "products.yml"
    lines = path.read_text().splitlines()
    number = lines.index("    pieces_in_stock: 24") + 1
    lines[number - 1] = "    pieces_in_stock: many"
    path.write_text("\n".join(lines))
    with pytest.raises(DemonstrationError, match=rf"products\.yml:{number}: "):
        load_demonstration(empty, NOW, folder)


def test_a_missing_or_empty_file_is_named(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(DemonstrationError, match=r"products\.yml"):
        load_demonstration(empty, NOW, tmp_path)
    (tmp_path / "products.yml").write_text("")
    with pytest.raises(DemonstrationError, match=r"products\.yml:1: the file"):
        load_demonstration(empty, NOW, tmp_path)


def test_a_file_that_is_no_text_is_named(empty: Database, tmp_path: Path) -> None:
    (tmp_path / "products.yml").write_bytes(b"products: \xff\xfe")
    with pytest.raises(DemonstrationError, match=r"products\.yml.*UTF-8"):
        load_demonstration(empty, NOW, tmp_path)
