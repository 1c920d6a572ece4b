"""Finding an order for the visitor who gives its number and the e-mail it was placed with."""

import asyncio
from datetime import datetime
from typing import ClassVar, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Domain, Form


class FoundOrder(Protocol):
    """What is told of an order: never a street or a payment."""

    @property
    def number(self) -> str: ...

    @property
    def state(self) -> str:
        """One of received, in_preparation, shipped, delivered, cancelled."""

    @property
    def carrier(self) -> str | None: ...

    @property
    def tracking_number(self) -> str | None: ...

    @property
    def last_event(self) -> str | None: ...

    @property
    def last_event_at(self) -> datetime | None: ...


class OrderBook(Protocol):
    """Where orders are looked up."""

    def find_for_owner(self, number: str, email: str) -> FoundOrder | None:
        """The order, if number and e-mail both belong to it; otherwise None, not saying which."""


class TrackOrderForm(Form):
    """Asks for the number and the e-mail until they match; neither alone shows anything."""

    form: ClassVar[str] = "track_order_form"
    slots: ClassVar[tuple[str, ...]] = ("order_number", "email")
    opening: ClassVar[str | None] = "utter_track_order_opening"
    request: ClassVar[str | None] = "track_order"

    def __init__(self, orders: OrderBook) -> None:
        self._orders = orders

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """Judge both, then look them up, so that a slip is mended while the form is open.

        What did not match is told the same way whichever was wrong. The number is asked again;
        a corrected e-mail alone goes with the number given before.
        """
        events: list[EventType] = await super().get_validation_events(dispatcher, tracker, domain)
        given = {event["name"]: event["value"] for event in events}
        number, email = tracker.get_slot("order_number"), tracker.get_slot("email")
        if number is None and given.get("email") and not dispatcher.messages:
            number = tracker.get_slot("refused_number")
        if not (number and email):
            return events
        found = await asyncio.to_thread(self._orders.find_for_owner, number, email)
        if found is None:
            dispatcher.utter_message(response="utter_order_not_matched")
        matched = found is not None
        after = {
            "order_number": number if matched else None,
            "refused_number": None if matched else number,
        }
        tracker.slots.update(after)
        return [*events, *(SlotSet(slot, value) for slot, value in after.items())]


class TrackOrder(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Tells how far the order is."""

    def __init__(self, orders: OrderBook) -> None:
        self._orders = orders

    def name(self) -> str:
        return "action_track_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        # Checked again: a form that is ended early comes here with less.
        number, email = tracker.get_slot("order_number"), tracker.get_slot("email")
        order = None
        if number and email:
            order = await asyncio.to_thread(self._orders.find_for_owner, number, email)
        if order is None:
            dispatcher.utter_message(response="utter_order_not_matched")
            return [SlotSet("order_verified", False)]
        dispatcher.utter_message(
            response=_response_for(order),
            order_number=order.number,
            state=str(order.state),
            carrier=order.carrier,
            tracking_number=order.tracking_number,
            last_event=order.last_event,
            last_event_at=order.last_event_at and order.last_event_at.isoformat(),
            effects=[{"kind": "verify", "order_number": order.number, "email": email}],
        )
        return [SlotSet("order_number", order.number), SlotSet("order_verified", True)]


def _response_for(order: FoundOrder) -> str:
    response = f"utter_order_{order.state}"
    if order.state != "shipped":
        return response
    if order.tracking_number is None or order.carrier is None:
        return "utter_order_shipped_untracked"
    return response if order.last_event else "utter_order_shipped_without_event"
