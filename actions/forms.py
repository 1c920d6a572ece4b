"""What the forms have in common: which slots are asked, and how each answer is read."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers, details, messages, names, stories

REQUESTED_SLOT = "requested_slot"
# So often in a row something is asked, or looked up, in vain.
TRIES_IN_VAIN = 3

Domain = Mapping[str, Any]
Filled = dict[str, Any]


class Form(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """A form of the dialogue. `extract_x` finds an answer in the message, `validate_x` judges it.

    An answer that is not found lets the message be answered by a rule, after which Rasa asks
    again; an answer that is judged wrong is asked again with a sentence that helps.
    """

    form: ClassVar[str]
    slots: ClassVar[tuple[str, ...]]  # all that it may ask for

    def asks_for(self, tracker: Tracker) -> tuple[str, ...]:
        """The slots in the order they are asked."""
        return self.slots

    def optional(self, tracker: Tracker) -> frozenset[str]:
        """The slots that a "no" leaves out."""
        return frozenset()

    def name(self) -> str:
        return f"validate_{self.form}"

    def domain_slots(self, domain: Domain) -> list[str]:
        """All that it may ask for; known here, so the domain need not be sent."""
        return list(self.slots)

    def may_be_asked(self, slot: str, tracker: Tracker) -> bool:
        """Whether an empty slot is asked for: an optional one until it is declined."""
        may_be_left_out = slot == "name" or slot in self.optional(tracker)
        return not (may_be_left_out and slot in skipped(tracker))

    def gives_up(self, tracker: Tracker) -> Filled:
        """The slots that end the form after too many answers in vain."""
        raise NotImplementedError

    def asks_in_vain(
        self, slot: str, response: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Filled:
        """Help with a question that was not answered; after a few tries it is given up."""
        count, filled = one_more(slot, tracker)
        if count >= TRIES_IN_VAIN:
            tracker.slots[slot] = None  # until now it holds the answer that is none
            return {slot: None, "refusals": None, **self.gives_up(tracker)}
        dispatcher.utter_message(response=response)
        return {slot: None, **filled}

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """Judge each answer; one that is good ends the tries in vain before it."""
        events: list[EventType] = await super().get_validation_events(dispatcher, tracker, domain)
        given = {event["name"] for event in events if event["value"] is not None}
        left = {what: count for what, count in tries(tracker).items() if what not in given}
        if left == tries(tracker):
            return events
        tracker.slots["refusals"] = left
        return [*events, SlotSet("refusals", left)]

    def missing(self, tracker: Tracker) -> str | None:
        """The first slot that has to be asked."""
        return next(
            (
                slot
                for slot in self.asks_for(tracker)
                if tracker.get_slot(slot) is None and self.may_be_asked(slot, tracker)
            ),
            None,
        )

    async def next_requested_slot(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> EventType:
        return SlotSet(REQUESTED_SLOT, self.missing(tracker))

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
        text = messages.text_of(message)
        introduced = names.introduced_name(text) if self.opens(tracker) else None
        if introduced:
            return {"name": introduced}
        if details.recognised(message):
            return {}  # "no, it's 1002" corrects the order
        named = self.asks(tracker, "name") and names.gives_a_name(message)
        return {"name": text} if named else {}

    def extract_description(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        told = self.asks(tracker, "description") and stories.gives_a_description(message)
        return {"description": messages.text_of(message)} if told else {}

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        number = details.order_number_in(str(value or ""))
        if number is not None or not self._was_answered(value, "order_number", tracker):
            return {"order_number": number}
        none_at_hand = answers.has_none_at_hand(tracker.latest_message)
        optional = "order_number" in self.optional(tracker)
        if optional and (none_at_hand or not any(c.isdigit() for c in str(value))):
            if not none_at_hand:
                dispatcher.utter_message(response="utter_order_number_left_out")
            return skip("order_number", tracker)
        if not none_at_hand:
            invalid = "utter_invalid_order_number"
            return self.asks_in_vain("order_number", invalid, dispatcher, tracker)
        return self.has_no_order_number(dispatcher, tracker)

    def validate_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        email = details.email_in(str(value or ""))
        if email is None and self._was_answered(value, "email", tracker):
            if self._declines("email", tracker):
                return skip("email", tracker)
            return self.asks_in_vain("email", "utter_invalid_email", dispatcher, tracker)
        return {"email": email}

    def validate_name(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        name = names.name_in(str(value or ""))
        if name is None and self._was_answered(value, "name", tracker):
            # Asked for it twice, a visitor who will not say it is not asked again.
            if tries(tracker).get("name") and names.refuses(tracker.latest_message):
                return skip("name", tracker)
            return self.asks_in_vain("name", "utter_invalid_name", dispatcher, tracker)
        return {"name": name}

    def validate_description(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        answered = self._was_answered(value, "description", tracker)
        if answered and self._declines("description", tracker):
            return skip("description", tracker)
        if answered and not stories.describes(tracker.latest_message):
            invalid = "utter_invalid_description"
            return self.asks_in_vain("description", invalid, dispatcher, tracker)
        return {"description": value}

    def has_no_order_number(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Filled:
        """What follows where an order's number is needed and the visitor has none."""
        dispatcher.utter_message(response="utter_order_number_needed")
        return {"order_number": None}

    def _declines(self, slot: str, tracker: Tracker) -> bool:
        return slot in self.optional(tracker) and answers.declines(tracker.latest_message)

    def _short_answer(self, slot: str, tracker: Tracker) -> Filled:
        """A number or an address: recognised wherever it stands, else all that was answered."""
        message = tracker.latest_message
        asked = tracker.get_slot(REQUESTED_SLOT)
        # A description may mention another order than the one it is about; a code looks like one.
        if asked in ("description", "code") and not self.opens(tracker):
            return {}
        if answers.asks_instead(message):
            return {}
        if not self.opens(tracker) and (meant := details.answered(message, slot)):
            return {slot: meant}
        recognised = details.recognised(message)
        if recognised:
            # "alice@example.com" said where the number was asked corrects the address.
            return {slot: recognised[slot]} if slot in recognised else {}
        # "it was a gift" says that there is no number, whatever else is said of gifts.
        without = slot == "order_number" and answers.says_none_at_hand(message)
        answered = self.asks(tracker, slot) and (without or answers.answers_shortly(message))
        return {slot: messages.text_of(message)} if answered else {}

    def _was_answered(self, value: Any, slot: str, tracker: Tracker) -> bool:
        return value is not None and self.asks(tracker, slot)

    @staticmethod
    def _label(tracker: Tracker) -> str:
        return messages.label_of(tracker.latest_message)


def skipped(tracker: Tracker) -> list[str]:
    """The slots that the visitor has left out."""
    return list(tracker.get_slot("skipped") or [])


def tries(tracker: Tracker) -> dict[str, int]:
    """How often in a row each thing was asked, or looked up, in vain."""
    counted = tracker.get_slot("refusals")
    return dict(counted) if isinstance(counted, dict) else {}


def one_more(what: str, tracker: Tracker) -> tuple[int, Filled]:
    """One more try in vain: how many that makes, and where it is kept."""
    count = tries(tracker).get(what, 0) + 1
    return count, {"refusals": {**tries(tracker), what: count}}


def skip(slot: str, tracker: Tracker) -> Filled:
    """Leave this slot out."""
    return {slot: None, "skipped": sorted({*skipped(tracker), slot})}
