"""How a request ends: in a ticket, in the order's own answer, in what is known of a ticket."""

import asyncio
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.books import (
    CodeBook,
    FoundOrder,
    FoundTicket,
    OrderBook,
    TicketBook,
    conversation_of,
    shown,
    state_response,
)
from actions.forms import Domain, skip, skipped
from actions.opening import JOINED
from actions.proving import NOT_MATCHED_TOO_OFTEN, goes_without_proof
from actions.request_form import NOT_UNDERSTOOD_TOO_OFTEN, WITHDRAWN
from actions.requests import DETAILS, REQUESTS, Request, category_in_words, question
from bot.tickets.categories import category_of

_NEEDED_AGAIN = (
    *("confirm", "choice", "ending", "proved", "request", "own_ticket"),
    *("code", "code_asked"),
)
NOT_SENT = "utter_request_not_sent"
# By where the case stands: a date is promised only while it lies ahead and nobody has replied.
JOINED_RESPONSES = {"waiting": "utter_request_joined", "overdue": "utter_request_joined_overdue"}
# Said in place of where the case stands: what is needed, with a way to give it.
ASKED_FOR = "utter_ticket_waiting_visitor"
ADD_OR_TALK = [{"label": "add_to_ticket"}, {"label": "talk_to_human"}]
JOINED_AND_ANSWERED = "utter_request_joined_in_progress"


class AskForSlot(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Asks for one slot of the request form in the words of the request."""

    def __init__(self, slot: str) -> None:
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_request_form_{self._slot}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        label = tracker.get_slot("request")
        asked = REQUESTS[label].asks
        # An empty value leaves its line or its button out.
        args: dict[str, str] = {}
        if self._slot == "confirm":
            args = {slot: tracker.get_slot(slot) or "" for slot in DETAILS}
            args |= {slot: "" for slot in ("order_number", "email", "name") if slot not in asked}
            args["category"] = category_in_words(label)
        if self._slot == "choice":
            args = {f"choice_{slot}": slot if slot in asked else "" for slot in DETAILS}
        dispatcher.utter_message(response=question(label, self._slot), **args)
        return []


class FulfilRequest(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Does what was asked, or says why it cannot be done here and by whom it can."""

    def __init__(self, orders: OrderBook, tickets: TicketBook, codes: CodeBook) -> None:
        self._orders = orders
        self._tickets = tickets
        self._codes = codes

    def name(self) -> str:
        return "action_fulfil_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        label = tracker.get_slot("request")
        ending = tracker.get_slot("ending")
        request = REQUESTS.get(label or "")
        events: list[EventType] = [SlotSet(slot, None) for slot in _NEEDED_AGAIN]
        if request is None:
            # A form that is ended early comes here with less.
            dispatcher.utter_message(response=NOT_SENT)
        elif ending == WITHDRAWN:
            dispatcher.utter_message(response="utter_stopped")
        elif ending in (NOT_MATCHED_TOO_OFTEN, NOT_UNDERSTOOD_TOO_OFTEN):
            await self._pass_on(dispatcher, tracker, label, request)
            if tracker.get_slot("order_number") is None:
                left_out = skip("order_number", tracker)
                events += [SlotSet(slot, value) for slot, value in left_out.items()]
        elif ending == JOINED:
            await self._join(dispatcher, tracker)
        elif request.outcome in ("status", "addition"):
            await self._about_a_ticket(dispatcher, tracker, request)
        elif await self._about_an_order(dispatcher, tracker, label, request):
            events.append(SlotSet("sent", sorted({*(tracker.get_slot("sent") or []), label})))
        return events

    async def _about_an_order(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, label: str, request: Request
    ) -> bool:
        """Whether a ticket was sent for it."""
        number, email = tracker.get_slot("order_number"), tracker.get_slot("email")
        order = None
        if number and email and "order_number" in request.asks:
            order = await asyncio.to_thread(self._orders.find_for_owner, number, email)
        proof = [_verified(order, email)] if order else []
        ending = tracker.get_slot("ending")
        unproved = request.proof and order is None and not goes_without_proof(tracker)
        if unproved:
            dispatcher.utter_message(response=NOT_SENT)
        elif order and ending:
            dispatcher.utter_message(response=ending, effects=proof, **shown(order))
        elif order and request.outcome == "order":
            dispatcher.utter_message(response=state_response(order), effects=proof, **shown(order))
        elif order and request.outcome == "history":
            orders = await asyncio.to_thread(self._orders.history_for_owner, number, email)
            dispatcher.utter_message(
                response="utter_order_history", effects=proof, orders=_listed(orders)
            )
        else:
            return _send(dispatcher, tracker, label, request, proof)
        return False

    async def _pass_on(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, label: str, request: Request
    ) -> None:
        """Give people what was given, not verified, unless they have a ticket of its kind."""
        category = category_of(label)
        own = await self._own(tracker)
        has_one = any(t.category == category and t.standing != "resolved" for t in own)
        known = {
            slot: tracker.get_slot(slot)
            for slot in DETAILS
            if slot in request.asks or slot == "description"
        }
        matched_in_vain = tracker.get_slot("ending") == NOT_MATCHED_TOO_OFTEN
        reason = "not_matched" if matched_in_vain else "not_understood"
        ticket = {"kind": "open_ticket", "category": category, "reason": reason, **known}
        hand_off = {"kind": "hand_off", "reason": reason, "category": None}
        again = f"{request.proof}_not_matched" if matched_in_vain else "not_understood"
        dispatcher.utter_message(
            response=f"utter_{again}_again",
            effects=[hand_off] if has_one else [ticket, hand_off],
        )

    async def _join(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        reference, told = tracker.get_slot("reference"), tracker.get_slot("description")
        effects = [_addition(reference, told)] if told else []
        for ticket in await self._own(tracker):
            if ticket.reference == reference:
                if ticket.standing == "waiting_visitor":
                    _waits_for_visitor(dispatcher, ticket, effects)
                    return
                joined = JOINED_RESPONSES.get(str(ticket.standing), JOINED_AND_ANSWERED)
                dispatcher.utter_message(response=joined, effects=effects, **_told(ticket))
                return
        dispatcher.utter_message(response=NOT_SENT)

    async def _about_a_ticket(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, request: Request
    ) -> None:
        found = await self._proved_tickets(tracker, request)
        told, sure = tracker.get_slot("description"), tracker.get_slot("confirm")
        if request.outcome == "status":
            for ticket in found:
                if ticket.standing == "waiting_visitor":
                    _waits_for_visitor(dispatcher, ticket, [])
                else:
                    response = f"utter_ticket_is_{ticket.standing}"
                    dispatcher.utter_message(response=response, **_told(ticket))
        elif found and told and sure:
            again = "_again" if found[0].standing == "resolved" else ""
            dispatcher.utter_message(
                response=f"utter_add_to_ticket_sent{again}",
                effects=[_addition(found[0].reference, told)],
                **_told(found[0]),
            )
        if not dispatcher.messages:
            dispatcher.utter_message(response=NOT_SENT)

    async def _proved_tickets(self, tracker: Tracker, request: Request) -> Sequence[FoundTicket]:
        reference, conversation = tracker.get_slot("reference"), conversation_of(tracker.sender_id)
        if tracker.get_slot("own_ticket"):
            own = await self._own(tracker)
            still = [ticket for ticket in own if ticket.standing != "resolved"]
            if request.outcome == "status" and len(still) > 1:
                return still
            return [ticket for ticket in own if ticket.reference == reference]
        # Asked again of the book, as a form that is ended early comes here with less.
        if not reference or not await asyncio.to_thread(
            self._codes.is_proved, conversation, reference
        ):
            return []
        found = await asyncio.to_thread(self._tickets.find, reference)
        return [found] if found else []

    async def _own(self, tracker: Tracker) -> Sequence[FoundTicket]:
        conversation = conversation_of(tracker.sender_id)
        return await asyncio.to_thread(self._tickets.of_conversation, conversation)


def _send(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    label: str,
    request: Request,
    proof: list[dict[str, Any]],
) -> bool:
    """Open the ticket; checked again, as a form that is ended early comes here with less."""
    known = {slot: tracker.get_slot(slot) for slot in DETAILS}
    details = {
        slot: value
        for slot, value in known.items()
        if slot in request.asks or slot == "description"
    }
    left_out = request.optional | {slot for slot in skipped(tracker) if slot == "name"}
    needed = [s for s in request.asks if s in DETAILS and s not in left_out]
    if not (all(details[slot] for slot in needed) and tracker.get_slot("confirm")):
        dispatcher.utter_message(response=NOT_SENT)
        return False
    ticket = {"kind": "open_ticket", "category": category_of(label), **details}
    dispatcher.utter_message(response=f"utter_{label}_sent", effects=[*proof, ticket])
    return True


def _waits_for_visitor(
    dispatcher: CollectingDispatcher, ticket: FoundTicket, effects: list[dict[str, Any]]
) -> None:
    """Say what the case waits for, or thank for what is added to it just now."""
    if effects:
        response = "utter_add_to_ticket_sent"
        dispatcher.utter_message(response=response, effects=effects, **_told(ticket))
    else:
        dispatcher.utter_message(response=ASKED_FOR, buttons=ADD_OR_TALK, **_told(ticket))


def _verified(order: FoundOrder, email: str) -> dict[str, Any]:
    return {"kind": "verify", "order_number": order.number, "email": email}


def _addition(reference: str, description: str) -> dict[str, Any]:
    return {"kind": "complete_ticket", "reference": reference, "description": description}


def _told(ticket: FoundTicket) -> dict[str, Any]:
    category = ticket.category.replace("_", " ")
    return {"reference": ticket.reference, "due": ticket.due, "category": category}


def _listed(orders: Sequence[FoundOrder]) -> str:
    """One line an order: number, day, state."""
    return "\n".join(
        f"{order.number} · {order.placed_at:%d %B %Y} · {order.state.replace('_', ' ')}"
        for order in orders
    )
