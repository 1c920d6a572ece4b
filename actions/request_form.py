"""The one form behind every request: asks what is missing, proves what must be, shows it all."""

import asyncio
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers
from actions.books import FoundOrder, OrderBook, TicketBook, shown, state_response
from actions.forms import REQUESTED_SLOT, Domain, Filled, Form, skipped
from actions.requests import DETAILS, FORM, REQUESTS, Request
from bot.tickets.reference import read_reference

NOT_MATCHED_TOO_OFTEN = "not_matched_too_often"
REFUSALS_BEFORE_A_PERSON = 3
_SETTLED_AT_THE_END = ("confirm", "choice")


class RequestForm(Form):
    """Reads the row of `REQUESTS` that the slot `request` names."""

    form: ClassVar[str] = FORM
    slots: ClassVar[tuple[str, ...]] = ("reference", *DETAILS, *_SETTLED_AT_THE_END)

    def __init__(self, orders: OrderBook, tickets: TicketBook) -> None:
        self._orders = orders
        self._tickets = tickets

    def asks_for(self, tracker: Tracker) -> tuple[str, ...]:
        return (*row(tracker).asks, *_SETTLED_AT_THE_END)

    def optional(self, tracker: Tracker) -> frozenset[str]:
        return row(tracker).optional

    def may_be_asked(self, slot: str, tracker: Tracker) -> bool:
        """A choice of what to change is asked only after what was shown has been refused."""
        request = row(tracker)
        sent = request.is_sent or goes_without_proof(tracker)
        if slot == "choice":
            return tracker.get_slot("confirm") is False
        if slot == "confirm" or (slot == "name" and request.outcome == "history"):
            return sent
        if slot == "email" and tracker.get_slot("own_ticket"):
            return False
        return super().may_be_asked(slot, tracker)

    def missing(self, tracker: Tracker) -> str | None:
        return None if tracker.get_slot("ending") else super().missing(tracker)

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """What the message answers; nothing where it wants something else done."""
        asked, message = tracker.get_slot(REQUESTED_SLOT), tracker.latest_message
        answering = bool(asked) and not self.opens(tracker)
        current = tracker.get_slot("request")
        if answering and answers.starts_another_request(message, current, asked):
            return []
        if answering and (detail := self._doubted(tracker)):
            return _ask_again(detail)
        events: list[EventType] = await super().get_extraction_events(dispatcher, tracker, domain)
        given = {event["name"] for event in events if event["value"] is not None}
        if answering and asked in _SETTLED_AT_THE_END and given & set(self.asks_for(tracker)[:-2]):
            events += [SlotSet(slot, None) for slot in _SETTLED_AT_THE_END]
        return events

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """Judge each detail, then what must match, so that a slip is mended while it is open."""
        events: list[EventType] = await super().get_validation_events(dispatcher, tracker, domain)
        given = {event["name"] for event in events if event["value"] is not None}
        proved, said = await self._prove(tracker, given, told=bool(dispatcher.messages))
        tracker.slots.update(proved)
        if self.opens(tracker) and self.missing(tracker):
            dispatcher.utter_message(response=f"utter_{tracker.get_slot('request')}_opening")
        if said and not tracker.get_slot("ending"):
            response, args = said
            dispatcher.utter_message(response=response, **args)
        return [*events, *(SlotSet(slot, value) for slot, value in proved.items())]

    async def _prove(
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
            refusal = _refused(tracker)
            again = {request.key: key} if "ending" in refusal else {request.key: None}
            said = f"utter_{request.proof}_not_matched"
            return {
                **refusal,
                **again,
                "refused_number": key,
                "proved": None,
                "order_verified": False,
            }, (said, {})
        after = {request.key: key, "refused_number": None, "refusals": 0, "proved": mark}
        if order is None:
            return after, None
        after["order_verified"] = True
        ending, said_of_it = _state_of(tracker.get_slot("request"), request, order)
        return {**after, "ending": ending}, said_of_it

    def has_no_order_number(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Filled:
        """Help, and after some tries a person."""
        refusal = _refused(tracker)
        if "ending" not in refusal:
            dispatcher.utter_message(response="utter_order_number_needed")
        return {"order_number": None, **refusal}

    def extract_reference(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        found = answers.reference_in(answers.text_of(message))
        if found is None and self.asks(tracker, "reference") and answers.answers_shortly(message):
            found = answers.text_of(message)
        wanted = "reference" in row(tracker).asks and not answers.recognised(message).get("email")
        return {"reference": found} if found and (wanted or self.opens(tracker)) else {}

    def validate_reference(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        reference = read_reference(str(value)) if value else None
        if reference is None and value:
            dispatcher.utter_message(response="utter_invalid_reference")
        return {"reference": reference}

    def extract_description(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        told = answers.tells_a_story(message, row(tracker).story_words)
        if self.opens(tracker) and row(tracker).is_sent and told:
            return {"description": answers.text_of(message)}
        return super().extract_description(dispatcher, tracker, domain)

    def extract_confirm(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        if answers.recognised(message):
            return {}  # "no, it's 1002" is a correction, shown again before anything is sent
        answered = self.asks(tracker, "confirm") and answers.answers_shortly(message)
        return {"confirm": self._label(tracker)} if answered else {}

    def extract_choice(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        if not self.asks(tracker, "choice") or answers.recognised(message):
            return {}
        pressed = answers.entity_of(message, "choice")
        if pressed or self._label(tracker) == "affirm":
            return {"choice": pressed or "affirm"}
        return {"choice": answers.text_of(message)} if answers.answers_shortly(message) else {}

    def validate_confirm(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        if value in ("affirm", "deny"):
            return {"confirm": value == "affirm"}
        if isinstance(value, str):
            dispatcher.utter_message(response="utter_invalid_confirm")
        return {"confirm": value if isinstance(value, bool) else None}

    def validate_choice(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        if value is None:
            return {"choice": None}
        if value == "affirm":
            return {"choice": None, "confirm": True}
        detail = answers.detail_called(str(value), row(tracker).asks)
        if detail:
            left = [slot for slot in skipped(tracker) if slot != detail]
            return {"choice": None, "confirm": None, detail: None, "skipped": left}
        dispatcher.utter_message(response="utter_invalid_choice")
        return {"choice": None}

    def _doubted(self, tracker: Tracker) -> str | None:
        """The detail that is called wrong, where that is not what was asked for anyway."""
        asked, message = tracker.get_slot(REQUESTED_SLOT), tracker.latest_message
        refused = asked == "confirm" and self._label(tracker) == "deny"
        if asked in ("description", "choice") or not (refused or answers.doubts(message)):
            return None
        if answers.recognised(message):
            return None
        detail = answers.detail_called(answers.text_of(message), row(tracker).asks)
        return detail if detail and tracker.get_slot(detail) is not None else None


def row(tracker: Tracker) -> Request:
    """The request that the form is for. Raises KeyError where none was begun."""
    return REQUESTS[tracker.get_slot("request")]


def goes_without_proof(tracker: Tracker) -> bool:
    """Whether past orders are asked of a person, because no number is known that proves one."""
    request = row(tracker)
    return request.outcome == "history" and request.key in skipped(tracker)


def _ask_again(detail: str) -> list[EventType]:
    return [SlotSet(slot, None) for slot in (detail, *_SETTLED_AT_THE_END)]


def _refused(tracker: Tracker) -> Filled:
    """One more try in vain; after a few a person takes it."""
    refusals = int(tracker.get_slot("refusals") or 0) + 1
    if refusals < REFUSALS_BEFORE_A_PERSON:
        return {"refusals": refusals}
    return {"refusals": 0, "ending": NOT_MATCHED_TOO_OFTEN}


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
