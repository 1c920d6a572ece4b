"""A case that waits for its visitor: they hear that, and what they add now is the answer."""

import asyncio
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.fulfilment import FulfilRequest
from actions.opening import JOINED
from tests.actions.server_with_orders import (
    REFERENCE,
    CodesInMemory,
    OrdersInMemory,
    TicketsInMemory,
)

SENDER = "damaged-has-waiting_visitor-ticket-1"
STATUS = {"request": "ticket_status", "own_ticket": True, "reference": REFERENCE}
JOINS = {"request": "report_damaged", "ending": JOINED, "reference": REFERENCE}


def said(slots: dict[str, Any]) -> dict[str, Any]:
    """What the dialogue says at the end of the form."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker(SENDER, slots, {}, [], False, None, {}, "action_listen")
    action = FulfilRequest(OrdersInMemory(), TicketsInMemory(), CodesInMemory())
    asyncio.run(action.run(dispatcher, tracker, {}))
    (message,) = dispatcher.messages
    return dict(message)


@pytest.mark.parametrize("slots", [STATUS, JOINS])
def test_what_is_needed_is_said_with_a_way_to_give_it(slots: dict[str, Any]) -> None:
    message = said(slots)
    assert message["response"] == "utter_ticket_waiting_visitor"
    assert [button["label"] for button in message["buttons"]] == ["add_to_ticket", "talk_to_human"]


def test_what_was_told_with_a_repeated_request_is_the_answer() -> None:
    message = said({**JOINS, "description": "the small one"})
    assert message["response"] == "utter_add_to_ticket_sent"
    assert message["effects"][0]["reference"] == REFERENCE
