"""The details that a ticket still needs after nobody could join the conversation."""

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers
from actions.forms import REQUESTED_SLOT, Domain, Filled, Form, skipped
from actions.requests import DETAILS

DETAILS_STOPPED = "utter_details_stopped"


class ContactDetailsForm(Form):
    """Asks for what is missing of the four details that the policy wants (section 2.1)."""

    form: ClassVar[str] = "contact_details_form"
    slots: ClassVar[tuple[str, ...]] = DETAILS

    def optional(self, tracker: Tracker) -> frozenset[str]:
        return frozenset({"order_number"})

    def may_be_asked(self, slot: str, tracker: Tracker) -> bool:
        """The ticket is open already, so whatever was left out stays out."""
        return slot not in skipped(tracker)

    def gives_up(self, tracker: Tracker) -> Filled:
        missing = [slot for slot in DETAILS if tracker.get_slot(slot) is None]
        return {"skipped": sorted({*skipped(tracker), *missing})}

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """What the message answers; nothing where it wants something done instead."""
        asked = tracker.get_slot(REQUESTED_SLOT)
        message = tracker.latest_message
        if not self.opens(tracker) and answers.starts_another_request(message, None, asked):
            return []
        events: list[EventType] = await super().get_extraction_events(dispatcher, tracker, domain)
        return events


class CompleteTicket(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Adds the details to the conversation's open ticket."""

    def name(self) -> str:
        return "action_complete_ticket"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        dispatcher.utter_message(
            response="utter_contact_details_thanks", effects=[_completion(tracker)]
        )
        # Only that there is no order number holds for later requests, too.
        left = [slot for slot in skipped(tracker) if slot == "order_number"]
        return [SlotSet("skipped", left)]


def given_so_far(tracker: Tracker) -> list[dict[str, Any]]:
    """The effect that keeps what was given before the questions were stopped; none for nothing."""
    completion = _completion(tracker)
    return [completion] if any(completion[slot] for slot in DETAILS) else []


def _completion(tracker: Tracker) -> dict[str, Any]:
    return {"kind": "complete_ticket", **{slot: tracker.get_slot(slot) for slot in DETAILS}}
