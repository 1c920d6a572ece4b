"""Proving that an order or a ticket is the visitor's: its key and an address match, or do not."""

import asyncio
from typing import Any

from rasa_sdk import Tracker

from actions.books import FoundOrder, OrderBook, TicketBook, shown, state_response
from actions.forms import TRIES_IN_VAIN, Filled, one_more, skipped, tries
from actions.requests import REQUESTS, Request

NOT_MATCHED_TOO_OFTEN = "not_matched_too_often"
_LOOKED_UP = "looked_up"


class Proof:
    """Looks up what a request needs to match before anything is done or shown."""

    def __init__(self, orders: OrderBook, tickets: TicketBook) -> None:
        self._orders = orders
        self._tickets = tickets

    async def prove(
        self, tracker: Tracker, given: set[str], *, told: bool
    ) -> tuple[Filled, tuple[str, dict[str, Any]] | None]:
        """What a look-up makes of key and e-mail, and what is said of it.

        What did not match is told the same way whichever was wrong. The key is asked again; a
        corrected e-mail alone goes with the key given before.
        """
        request = row(tracker)
        if request.key is None or tracker.get_slot("own_ticket") or tracker.get_slot("ending"):
            return {}, None
        key, email = tracker.get_slot(request.key), tracker.get_slot("email")
        if key is None and "email" in given and not told:
            key = tracker.get_slot("refused_number")
        mark = f"{key} {email}"
        if not (key and email) or mark == tracker.get_slot("proved"):
            return {}, None
        order = ticket = None
        if request.proof == "order":
            order = await asyncio.to_thread(self._orders.find_for_owner, key, email)
        else:
            ticket = await asyncio.to_thread(self._tickets.find_for_holder, key, email)
        if order is None and ticket is None:
            refusal = refused(tracker)
            again = {request.key: key} if "ending" in refusal else {request.key: None}
            said = f"utter_{request.proof}_not_matched"
            return {
                **refusal,
                **again,
                "refused_number": key,
                "proved": None,
                "order_verified": False,
            }, (said, {})
        after: Filled = {request.key: key, "refused_number": None, "proved": mark}
        after["refusals"] = {what: n for what, n in tries(tracker).items() if what != _LOOKED_UP}
        if order is None:
            return after, None
        after["order_verified"] = True
        ending, said_of_it = _state_of(tracker.get_slot("request"), request, order)
        return {**after, "ending": ending}, said_of_it


def row(tracker: Tracker) -> Request:
    """The request that the form is for. Raises KeyError where none was begun."""
    return REQUESTS[tracker.get_slot("request")]


def goes_without_proof(tracker: Tracker) -> bool:
    """Whether past orders are asked of a person, because no number is known that proves one."""
    request = row(tracker)
    return request.outcome == "history" and request.key in skipped(tracker)


def refused(tracker: Tracker) -> Filled:
    """One more look-up in vain; after a few a person takes it."""
    count, filled = one_more(_LOOKED_UP, tracker)
    if count < TRIES_IN_VAIN:
        return filled
    return {"refusals": None, "ending": NOT_MATCHED_TOO_OFTEN}


def _state_of(
    label: str, request: Request, order: FoundOrder
) -> tuple[str | None, tuple[str, dict[str, Any]] | None]:
    """How the order's state ends the request, or what is told of it on the way."""
    told = f"utter_{label}_{order.state}"
    if order.state in request.ends:
        return told, None
    if order.state in request.remarks:
        return None, (told, shown(order))
    if request.shows_order:
        return None, (state_response(order, "state"), shown(order))
    return None, None
