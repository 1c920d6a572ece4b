"""What the forms have in common: which slots are asked, and how each answer is read."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers

REQUESTED_SLOT = "requested_slot"

Domain = Mapping[str, Any]
Filled = dict[str, Any]


class Form(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """A form of the dialogue. `extract_x` finds an answer in the message, `validate_x` judges it.

    An answer that is not found lets the message be answered by a rule, after which Rasa asks
    again; an answer that is judged wrong is asked again with a sentence that helps.
    """

    form: ClassVar[str]
    slots: ClassVar[tuple[str, ...]]
    # Said when the form opens and something has to be asked.
    opening: ClassVar[str | None] = None
    # Its own request, said again while it is open, only repeats the question.
    request: ClassVar[str | None] = None
    order_number_is_optional: ClassVar[bool] = False

    def name(self) -> str:
        return f"validate_{self.form}"

    def domain_slots(self, domain: Domain) -> list[str]:
        """The slots in the order they are asked; known here, so the domain need not be sent."""
        return list(self.slots)

    def may_be_asked(self, slot: str, tracker: Tracker) -> bool:
        """Whether an empty slot is asked for: an optional order number until it is declined."""
        optional = slot == "order_number" and self.order_number_is_optional
        return not (optional and tracker.get_slot("order_number_skipped"))

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """What the message answers; its own request said again answers with nothing."""
        events: list[EventType] = await super().get_extraction_events(dispatcher, tracker, domain)
        asked = tracker.get_slot(REQUESTED_SLOT)
        repeated = self.request is not None and self._label(tracker) == self.request
        if not events and repeated and asked and not self.opens(tracker):
            events = [SlotSet(asked, None)]
        return events

    async def next_requested_slot(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> EventType:
        """The first slot that is still empty, with the form's opening words before the first."""
        missing = next(
            (
                slot
                for slot in self.slots
                if tracker.get_slot(slot) is None and self.may_be_asked(slot, tracker)
            ),
            None,
        )
        if missing and self.opening and self.opens(tracker) and not dispatcher.messages:
            dispatcher.utter_message(response=self.opening)
        return SlotSet(REQUESTED_SLOT, missing)

    def opens(self, tracker: Tracker) -> bool:
        """Whether it is this message that opened the form."""
        for event in reversed(tracker.events):
            if event["event"] == "user":
                return False
            if event["event"] == "active_loop" and event["name"] == self.form:
                return True
        return False

    def asks(self, tracker: Tracker, slot: str) -> bool:
        """Whether the message is the answer to this question (an older form's does not count)."""
        return bool(tracker.get_slot(REQUESTED_SLOT) == slot and not self.opens(tracker))

    def extract_order_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        return self._short_answer("order_number", tracker)

    def extract_email(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        return self._short_answer("email", tracker)

    def extract_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        named = self.asks(tracker, "name") and answers.gives_a_name(message)
        return {"name": answers.text_of(message)} if named else {}

    def extract_description(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        told = self.asks(tracker, "description") and answers.gives_a_description(message)
        return {"description": answers.text_of(message)} if told else {}

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        number = answers.order_number_in(str(value or ""))
        if number is not None or not self._was_answered(value, "order_number", tracker):
            return {"order_number": number}
        if answers.has_none_at_hand(tracker.latest_message):
            if self.order_number_is_optional:
                return {"order_number": None, "order_number_skipped": True}
            dispatcher.utter_message(response="utter_order_number_needed")
        else:
            dispatcher.utter_message(response="utter_invalid_order_number")
        return {"order_number": None}

    def validate_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        email = answers.email_in(str(value or ""))
        if email is None and self._was_answered(value, "email", tracker):
            dispatcher.utter_message(response="utter_invalid_email")
        return {"email": email}

    def validate_name(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        name = answers.name_in(str(value or ""))
        if name is None and self._was_answered(value, "name", tracker):
            dispatcher.utter_message(response="utter_invalid_name")
        return {"name": name}

    def validate_description(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        answered = self._was_answered(value, "description", tracker)
        if answered and not answers.describes(tracker.latest_message):
            dispatcher.utter_message(response="utter_invalid_description")
            return {"description": None}
        return {"description": value}

    def _short_answer(self, slot: str, tracker: Tracker) -> Filled:
        """A number or an address: recognised wherever it stands, else all that was answered."""
        message = tracker.latest_message
        asked = tracker.get_slot(REQUESTED_SLOT)
        # A description may mention another order than the one it is about.
        if asked == "description" and not self.opens(tracker):
            return {}
        if answers.asks_instead(message):
            return {}
        recognised = answers.recognised(message)
        if recognised:
            # "alice@example.com" said where the number was asked corrects the address.
            return {slot: recognised[slot]} if slot in recognised else {}
        answered = self.asks(tracker, slot) and answers.answers_shortly(message)
        return {slot: answers.text_of(message)} if answered else {}

    def _was_answered(self, value: Any, slot: str, tracker: Tracker) -> bool:
        return value is not None and self.asks(tracker, slot)

    @staticmethod
    def _label(tracker: Tracker) -> str:
        return answers.label_of(tracker.latest_message)
