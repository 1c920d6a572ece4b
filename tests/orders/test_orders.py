"""An order is shown to the one who knows its number and its e-mail, and to nobody else."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from bot.orders import Orders, OrderState, OrderView, normalised_number
from bot.storage import Database
from bot.storage.tables import Order, OrderEvent

ALICE = "alice@example.com"
MALLORY = "mallory@example.net"
FUZZING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collects the SQL that is sent meanwhile."""
    sent: list[str] = []

    def collect(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        sent.append(sql)

    event.listen(database.engine, "before_cursor_execute", collect)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", collect)


def test_alice_finds_her_order_by_number_and_email(shop: Database) -> None:
    order = Orders(shop).find_for_owner("1001", ALICE)
    assert order is not None
    assert order.number == "1001"
    assert order.state is OrderState.SHIPPED
    assert order.carrier == "Demonstration Parcel"
    assert order.tracking_number
    assert order.lines[0].product == "Maren pendant necklace"
    assert order.shipped_at is not None
    assert order.placed_at < order.shipped_at
    assert order.last_event == order.events[-1].text
    assert order.last_event_at == order.events[-1].at == max(e.at for e in order.events)


@pytest.mark.parametrize("number", ["#1001", " 1001", "1001 ", "# 1001", "１００１", "10\u200b01"])
@pytest.mark.parametrize("email", [ALICE, "Alice@Example.COM", "  alice@example.com\n"])
def test_number_and_email_are_understood_as_people_write_them(
    shop: Database, number: str, email: str
) -> None:
    assert Orders(shop).find_for_owner(number, email) is not None


@pytest.mark.parametrize(
    ("number", "email"),
    [
        ("1001", MALLORY),
        ("1001", ""),
        ("1001", "alice@example.co"),
        ("9999", ALICE),
        ("9999", ""),
        ("", ALICE),
        ("", ""),
        ("1001%", MALLORY),
        ("1001' OR '1'='1", MALLORY),
        ("1001", "%"),
        ("1001", "\ud800"),
        ("1001\x00", MALLORY),
        ("1" * 1000, "a" * 1000),
    ],
)
def test_a_wrong_email_and_a_wrong_number_get_the_same_refusal(
    shop: Database, number: str, email: str
) -> None:
    assert Orders(shop).find_for_owner(number, email) is None


def test_a_refusal_costs_the_same_single_query_whichever_was_wrong(shop: Database) -> None:
    orders = Orders(shop)
    with statements(shop) as wrong_email:
        orders.find_for_owner("1001", MALLORY)
    with statements(shop) as wrong_number:
        orders.find_for_owner("9999", ALICE)
    assert wrong_email == wrong_number
    assert len([sql for sql in wrong_email if "SELECT" in sql]) == 1


def test_an_order_without_an_email_is_nobodys(shop: Database) -> None:
    with shop.write() as session:
        session.add(
            Order(number="2001", email="", name="", state="received", placed_at=datetime.now(UTC))
        )
    assert Orders(shop).find_for_owner("2001", "") is None


def test_guessing_every_number_gives_mallory_only_what_is_hers(shop: Database) -> None:
    orders = Orders(shop)
    found = [number for number in range(900, 1200) if orders.find_for_owner(str(number), MALLORY)]
    with shop.read() as session:
        hers = session.scalars(select(Order.number).where(Order.email == MALLORY)).all()
    assert [str(number) for number in found] == sorted(hers)


@FUZZING
@given(number=st.text(), email=st.text())
def test_no_text_from_outside_makes_the_search_fail(
    shop: Database, number: str, email: str
) -> None:
    assert Orders(shop).find_for_owner(number, email) is None


def test_the_view_names_no_street_no_payment_and_no_email() -> None:
    shown = {field.name for field in dataclasses.fields(OrderView)}
    assert shown == {
        "number",
        "state",
        "placed_at",
        "shipped_at",
        "delivered_at",
        "cancelled_at",
        "carrier",
        "tracking_number",
        "lines",
        "events",
    }


def test_bob_sees_the_same_order_beside_the_conversation(shop: Database) -> None:
    orders = Orders(shop)
    assert orders.for_agent("#1001") == orders.find_for_owner("1001", ALICE)
    assert orders.for_agent("9999") is None
    assert orders.for_agent("") is None


def test_events_come_oldest_first_also_where_two_share_an_instant(shop: Database) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with shop.write() as session:
        session.add(
            Order(
                number="2002",
                email=ALICE,
                name="Alice",
                state="received",
                placed_at=at,
                events=[
                    OrderEvent(at=at + timedelta(hours=1), text="third"),
                    OrderEvent(at=at, text="first"),
                    OrderEvent(at=at, text="second"),
                ],
            )
        )
    order = Orders(shop).for_agent("2002")
    assert order is not None
    assert [e.text for e in order.events] == ["first", "second", "third"]
    assert order.last_event == "third"


def test_an_order_of_which_nothing_was_reported_has_no_last_event(shop: Database) -> None:
    with shop.write() as session:
        placed = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        session.add(
            Order(number="2003", email=ALICE, name="Alice", state="received", placed_at=placed)
        )
    order = Orders(shop).for_agent("2003")
    assert order is not None
    assert order.last_event is None
    assert order.last_event_at is None


def test_a_number_keeps_its_letters_and_dashes() -> None:
    assert normalised_number("# ab-1001 ") == "AB-1001"


def test_one_proved_order_shows_all_of_its_address_newest_first(shop: Database) -> None:
    found = Orders(shop).history_for_owner("#1012", "Alice@Example.com")
    assert {order.number for order in found} == {"1001", "1012", "1020", "1031", "1040"}
    assert [o.placed_at for o in found] == sorted((o.placed_at for o in found), reverse=True)


@pytest.mark.parametrize(("number", "email"), [("1001", MALLORY), ("9999", ALICE), ("", ALICE)])
def test_an_address_alone_shows_no_history(shop: Database, number: str, email: str) -> None:
    assert Orders(shop).history_for_owner(number, email) == []
