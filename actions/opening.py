"""Beginning a request: what another one left behind is put away, what is open is joined."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import details, messages
from actions.books import FoundTicket, TicketBook, conversation_of
from actions.contact_details import DETAILS_STOPPED, given_so_far
from actions.forms import REQUESTED_SLOT, Domain
from actions.requests import FORM, REQUESTS
from bot.tickets.categories import category_of
from bot.tickets.reference import read_reference

JOINED = "joined"
# Where a message names several and means none of them alone, it is asked.
_NAMED = ("order_number", "email")
# Under these categories one visitor may want several things at once.
_OF_MANY_KINDS = frozenset({"account", "feedback", "privacy", "other"})
_OF_ONE_REQUEST = (
    *("description", "confirm", "choice", "ending", "proved", "own_ticket"),
    *("code", "code_asked"),
)


class OpenRequest(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Sets `request`; the form that follows asks only for what is not known by then."""

    def __init__(self, tickets: TicketBook) -> None:
        self._tickets = tickets

    def name(self) -> str:
        return "action_open_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        message = tracker.latest_message
        label = messages.label_of(message)
        if tracker.active_loop_name == FORM and tracker.get_slot("request") == label:
            return []  # said again while it is open: the form asks again
        if left := _left(tracker):
            given = given_so_far(tracker) if left == DETAILS_STOPPED else []
            dispatcher.utter_message(response=left, effects=given)
        slots: dict[str, Any] = dict.fromkeys(_OF_ONE_REQUEST)
        slots |= {"request": label, "skipped": _still_skipped(tracker)}
        slots |= {slot: None for slot in _NAMED if details.is_ambiguous(message, slot)}
        slots |= details.recognised(message)
        slots |= await self._from_tickets(label, tracker)
        events = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        return [*events, *(SlotSet(slot, value) for slot, value in slots.items())]

    async def _from_tickets(self, label: str, tracker: Tracker) -> dict[str, Any]:
        """What the conversation's own tickets make unnecessary to ask, or to send twice."""
        request, message = REQUESTS[label], tracker.latest_message
        named = details.reference_in(messages.text_of(message))
        if request.outcome not in ("ticket", "status", "addition"):
            return {}
        conversation = conversation_of(tracker.sender_id)
        own = await asyncio.to_thread(self._tickets.of_conversation, conversation)
        if request.outcome == "ticket":
            number = details.recognised(message).get("order_number")
            same = _same(own, label, number, tracker.get_slot("sent") or [])
            return {"ending": JOINED, "reference": same.reference} if same else {}
        reference = read_reference(named) if named else None
        mine = [t for t in own if named is None or t.reference == reference]
        if mine:
            return {"reference": mine[0].reference, "own_ticket": True}
        return {"reference": None} if named else {}


def _left(tracker: Tracker) -> str | None:
    """What is said of the form that is left for this request."""
    if tracker.active_loop_name is None:
        return None
    if tracker.active_loop_name != FORM:
        return DETAILS_STOPPED
    request = REQUESTS.get(tracker.get_slot("request") or "")
    return "utter_request_left" if request and request.is_sent else "utter_look_up_left"


def _still_skipped(tracker: Tracker) -> list[str]:
    """Who has no order number is not asked again; all else belonged to one request."""
    return [slot for slot in tracker.get_slot("skipped") or [] if slot == "order_number"]


def _same(own: Any, label: str, number: str | None, sent: list[str]) -> FoundTicket | None:
    """The open ticket of this conversation that is for the same thing."""
    category = category_of(label)
    if category in _OF_MANY_KINDS and label not in sent:
        return None
    return next(
        (
            ticket
            for ticket in own
            if ticket.category == category
            and ticket.standing != "resolved"
            and (number is None or ticket.order_number in (None, number))
        ),
        None,
    )
