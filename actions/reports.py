"""Reporting a piece that arrived damaged: four details, a look at them, then a ticket."""

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers
from actions.forms import Domain, Filled, Form

DETAILS = ("order_number", "email", "name", "description")
# What a visitor may call the detail to change, in the words of its button or their own.
_CALLED = {
    "order_number": ("order", "number"),
    "email": ("mail", "address"),
    "name": ("name",),
    "description": ("description", "text", "what happened", "damage"),
}


class ReportDamagedForm(Form):
    """Asks for the details of a report, shows them, and lets each be changed before it is sent."""

    form: ClassVar[str] = "report_damaged_form"
    slots: ClassVar[tuple[str, ...]] = (*DETAILS, "confirm", "choice")
    opening: ClassVar[str | None] = "utter_report_damaged_opening"
    request: ClassVar[str | None] = "report_damaged"
    order_number_is_optional: ClassVar[bool] = True

    def may_be_asked(self, slot: str, tracker: Tracker) -> bool:
        """A choice of what to change is asked only after the details were refused."""
        if slot == "choice":
            return tracker.get_slot("confirm") is False
        return super().may_be_asked(slot, tracker)

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """A new report starts without what an earlier one said; the visitor's details stay."""
        events = await super().get_extraction_events(dispatcher, tracker, domain)
        if self.opens(tracker):
            events += [SlotSet(slot, None) for slot in ("description", "confirm", "choice")]
        elif self._corrects(tracker, events):
            events += [SlotSet("confirm", None), SlotSet("choice", None)]
        return events

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
        if not self.asks(tracker, "choice"):
            return {}
        message = tracker.latest_message
        if answers.recognised(message):
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
        called = str(value).lower()
        for detail in reversed(DETAILS):
            if called == detail or any(word in called for word in _CALLED[detail]):
                again = {"order_number_skipped": False} if detail == "order_number" else {}
                return {"choice": None, "confirm": None, detail: None, **again}
        dispatcher.utter_message(response="utter_invalid_choice")
        return {"choice": None}

    def _corrects(self, tracker: Tracker, events: list[EventType]) -> bool:
        asked = tracker.get_slot("requested_slot")
        given = {event["name"] for event in events if event["value"] is not None}
        return asked in ("confirm", "choice") and bool(given & set(DETAILS))


class AskConfirm(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Shows what will be sent and asks whether it may be."""

    def name(self) -> str:
        return "action_ask_confirm"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        known = tracker.get_slot("order_number") is not None
        dispatcher.utter_message(
            response="utter_ask_confirm" if known else "utter_ask_confirm_without_order_number"
        )
        return []


class ReportDamaged(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Opens the ticket for a person."""

    def name(self) -> str:
        return "action_report_damaged"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        details = {slot: tracker.get_slot(slot) for slot in DETAILS}
        # Checked again: a form that is ended early comes here with less.
        ready = all(details[slot] for slot in ("email", "name", "description"))
        if not (ready and tracker.get_slot("confirm")):
            dispatcher.utter_message(response="utter_report_not_sent")
            return _closed()
        dispatcher.utter_message(
            response="utter_report_damaged_sent",
            effects=[{"kind": "open_ticket", "category": "damaged", **details}],
        )
        return _closed()


def _closed() -> list[EventType]:
    # The description stays: should the visitor want a person next, it is not asked again.
    return [SlotSet("confirm", None), SlotSet("choice", None)]
