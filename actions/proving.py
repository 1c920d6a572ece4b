"""Proving that an order or a ticket is the visitor's: by its address, or by a mailed code."""

import asyncio
from typing import Any

from rasa_sdk import Tracker

from actions.books import (
    CodeBook,
    FoundOrder,
    OrderBook,
    conversation_of,
    shown,
    state_response,
)
from actions.forms import TRIES_IN_VAIN, Filled, one_more, skipped, tries
from actions.requests import REQUESTS, Request

NOT_MATCHED_TOO_OFTEN = "not_matched_too_often"
NEW_CODE = "new_code"  # the choice of who wants another one
_LOOKED_UP = "looked_up"

Said = tuple[str, dict[str, Any]]  # a response with its arguments


class Proof:
    """Looks up what a request needs to match before anything is done or shown."""

    def __init__(self, orders: OrderBook, codes: CodeBook) -> None:
        self._orders = orders
        self._codes = codes

    async def prove(
        self, tracker: Tracker, given: set[str], *, told: bool
    ) -> tuple[Filled, Said | None]:
        """What is proved by what was given, and what is said of it.

        What did not match is told the same way whichever was wrong.
        """
        request = row(tracker)
        if request.key is None or tracker.get_slot("own_ticket") or tracker.get_slot("ending"):
            return {}, None
        if request.proof == "ticket":
            return await self._prove_ticket(tracker)
        return await self._prove_order(tracker, request, given, told=told)

    async def _prove_order(
        self, tracker: Tracker, request: Request, given: set[str], *, told: bool
    ) -> tuple[Filled, Said | None]:
        """By number and e-mail. The number is asked again, unless the e-mail alone is corrected."""
        number, email = tracker.get_slot("order_number"), tracker.get_slot("email")
        if number is None and "email" in given and not told:
            number = tracker.get_slot("refused_number")
        mark = f"{number} {email}"
        if not (number and email) or mark == tracker.get_slot("proved"):
            return {}, None
        order = await asyncio.to_thread(self._orders.find_for_owner, number, email)
        if order is None:
            refusal = refused(tracker)
            again = {"order_number": number if "ending" in refusal else None}
            kept = {"refused_number": number, "proved": None, "order_verified": False}
            return {**refusal, **again, **kept}, ("utter_order_not_matched", {})
        ending, said = _state_of(tracker.get_slot("request"), request, order)
        after = {"order_number": number, "refused_number": None, "order_verified": True}
        return {**after, **_proved(tracker, mark), "ending": ending}, said

    async def _prove_ticket(self, tracker: Tracker) -> tuple[Filled, Said | None]:
        """By a code, which is mailed as soon as the reference is known, whoever has that."""
        reference, code = tracker.get_slot("reference"), tracker.get_slot("code")
        conversation = conversation_of(tracker.sender_id)
        if not reference or reference == tracker.get_slot("proved"):
            return {}, None
        if code == NEW_CODE or reference != tracker.get_slot("code_asked"):
            if await asyncio.to_thread(self._codes.is_proved, conversation, reference):
                return {"code": None, **_proved(tracker, reference)}, None
            mail = {"kind": "send_code", "reference": reference}
            asked = {"code": None, "code_asked": reference, "proved": None}
            return asked, ("utter_code_sent", {"effects": [mail]})
        if code is None:
            return {}, None
        if await asyncio.to_thread(self._codes.prove, conversation, reference, code):
            return {"code": None, "code_asked": None, **_proved(tracker, reference)}, None
        return {"code": None, **refused(tracker)}, ("utter_code_not_matched", {})


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


def _proved(tracker: Tracker, mark: str) -> Filled:
    """What stays of a proof: its mark, and no look-up in vain before it."""
    left = {what: n for what, n in tries(tracker).items() if what != _LOOKED_UP}
    return {"proved": mark, "refusals": left}


def _state_of(label: str, request: Request, order: FoundOrder) -> tuple[str | None, Said | None]:
    """How the order's state ends the request, or what is told of it on the way."""
    told = f"utter_{label}_{order.state}"
    if order.state in request.ends:
        return told, None
    if order.state in request.remarks:
        return None, (told, shown(order))
    if request.shows_order:
        return None, (state_response(order, "state"), shown(order))
    return None, None
