"""Finds an order for the person who proves it is theirs, and for an agent who already knows it."""

import hashlib
import hmac
import re
import unicodedata

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.orders.views import OrderEventView, OrderLineView, OrderState, OrderView
from bot.storage import Database
from bot.storage.tables import Order

NOT_IN_A_NUMBER = re.compile(r"[^0-9A-Z-]")


def normalised_number(number: str) -> str:
    """An order number as it is stored: "#1001", " 1001" and "１００１" are all "1001"."""
    return NOT_IN_A_NUMBER.sub("", unicodedata.normalize("NFKC", number).upper())


def normalised_email(email: str) -> str:
    """An e-mail address as it is compared: without the blanks around it, in small letters."""
    return email.strip().lower()


class Orders:
    """The shop's orders. Every method may raise bot.storage.DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_for_owner(self, number: str, email: str) -> OrderView | None:
        """The order, if number and e-mail both belong to it; otherwise None, never saying which.

        A wrong number and a wrong e-mail cost the same one query and the same comparison, so
        that neither the answer nor its time tells a guesser which of them exists.
        """
        with self._database.read() as session:
            order_id = _proven(session, normalised_number(number), normalised_email(email))
            return None if order_id is None else _view(_whole(session, order_id))

    def history_for_owner(self, number: str, email: str) -> list[OrderView]:
        """All orders of this address, newest first, if it and the number prove one of them.

        Without that proof the list is empty: an address alone shows nothing.
        """
        with self._database.read() as session:
            order_id = _proven(session, normalised_number(number), normalised_email(email))
            if order_id is None:
                return []
            theirs = session.get_one(Order, order_id).email
            orders = session.scalars(
                select(Order)
                .where(func.lower(Order.email) == normalised_email(theirs))
                .options(selectinload(Order.lines), selectinload(Order.events))
                .order_by(Order.placed_at.desc(), Order.id.desc())
            )
            return [_view(order) for order in orders]

    def for_agent(self, number: str) -> OrderView | None:
        """The order of this number, for the console beside a conversation that has it."""
        with self._database.read() as session:
            order_id = session.scalar(
                select(Order.id).where(Order.number == normalised_number(number))
            )
            return None if order_id is None else _view(_whole(session, order_id))


def _proven(session: Session, number: str, email: str) -> int | None:
    # Two subqueries, so that one row comes back whether or not there is such an order.
    order_id, stored = session.execute(
        select(
            select(Order.id).where(Order.number == number).scalar_subquery(),
            select(Order.email).where(Order.number == number).scalar_subquery(),
        )
    ).one()
    same = hmac.compare_digest(_digest(email), _digest(normalised_email(stored or "")))
    return order_id if same and email and order_id is not None else None


def _digest(email: str) -> bytes:
    # Of one length for every address; text from outside may hold halves of surrogate pairs.
    return hashlib.sha256(email.encode("utf-8", "surrogatepass")).digest()


def _whole(session: Session, order_id: int) -> Order:
    return session.get_one(
        Order, order_id, options=[selectinload(Order.lines), selectinload(Order.events)]
    )


def _view(order: Order) -> OrderView:
    events = sorted(order.events, key=lambda event: (event.at, event.id))
    return OrderView(
        number=order.number,
        state=OrderState(order.state),
        placed_at=order.placed_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        cancelled_at=order.cancelled_at,
        carrier=order.carrier,
        tracking_number=order.tracking_number,
        lines=tuple(OrderLineView(line.name, line.size, line.quantity) for line in order.lines),
        events=tuple(OrderEventView(event.at, event.text) for event in events),
    )
