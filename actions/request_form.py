"""The one form behind every request: asks what is missing, proves what must be, shows it all."""

from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers, details, messages, names, stories
from actions.books import CodeBook, OrderBook
from actions.forms import REQUESTED_SLOT, TRIES_IN_VAIN, Domain, Filled, Form, one_more, skipped
from actions.proving import NEW_CODE, Proof, goes_without_proof, refused, row
from actions.requests import DETAILS, FORM
from bot.tickets.reference import read_reference

NOT_UNDERSTOOD_TOO_OFTEN = "not_understood_too_often"
WITHDRAWN = "withdrawn"
_SETTLED_AT_THE_END = ("confirm", "choice")


class RequestForm(Form):
    """Reads the row of `REQUESTS` that the slot `request` names."""

    form: ClassVar[str] = FORM
    slots: ClassVar[tuple[str, ...]] = ("reference", "code", *DETAILS, *_SETTLED_AT_THE_END)

    def __init__(self, orders: OrderBook, codes: CodeBook) -> None:
        self._proof = Proof(orders, codes)

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
        if slot == "confirm" or (slot == "name" and request.outcome == "history" and not sent):
            return sent
        if slot == "code":
            own, reference = tracker.get_slot("own_ticket"), tracker.get_slot("reference")
            return not own and tracker.get_slot("proved") != reference
        return super().may_be_asked(slot, tracker)

    def missing(self, tracker: Tracker) -> str | None:
        return None if tracker.get_slot("ending") else super().missing(tracker)

    def gives_up(self, tracker: Tracker) -> Filled:
        return {"ending": NOT_UNDERSTOOD_TOO_OFTEN}

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """What the message answers; nothing where it wants something else done."""
        asked, message = tracker.get_slot(REQUESTED_SLOT), tracker.latest_message
        answering = bool(asked) and not self.opens(tracker)
        current = tracker.get_slot("request")
        if answering and answers.starts_another_request(message, current, asked):
            return []
        if answering and asked == "description" and (right := self._corrected(message, tracker)):
            return [SlotSet(slot, value) for slot, value in right.items()]
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
        proved, said = await self._proof.prove(tracker, given, told=bool(dispatcher.messages))
        tracker.slots.update(proved)
        if self.opens(tracker) and self.missing(tracker):
            dispatcher.utter_message(response=f"utter_{tracker.get_slot('request')}_opening")
        if said and not tracker.get_slot("ending"):
            response, args = said
            dispatcher.utter_message(response=response, **args)
        return [*events, *(SlotSet(slot, value) for slot, value in proved.items())]

    def has_no_order_number(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Filled:
        """Help, and after some tries a person."""
        asked, filled = one_more("order_number", tracker)
        tracker.slots.update(filled)
        refusal = refused(tracker)
        if "ending" not in refusal and asked < TRIES_IN_VAIN:
            dispatcher.utter_message(response="utter_order_number_needed")
        elif "ending" not in refusal:
            refusal |= self.gives_up(tracker)
        return {"order_number": None, **refusal}

    def extract_reference(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        found = details.reference_in(messages.text_of(message))
        if found is None and self.asks(tracker, "reference") and answers.answers_shortly(message):
            found = messages.text_of(message)
        wanted = "reference" in row(tracker).asks and not details.recognised(message).get("email")
        return {"reference": found} if found and (wanted or self.opens(tracker)) else {}

    def validate_reference(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        reference = read_reference(str(value)) if value else None
        if reference is None and value:
            return self.asks_in_vain("reference", "utter_invalid_reference", dispatcher, tracker)
        return {"reference": reference}

    def extract_code(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        if not self.asks(tracker, "code"):
            return {}
        if details.entity_of(message, "choice") == NEW_CODE:
            return {"code": NEW_CODE}
        text = messages.text_of(message)
        code = details.code_in(text)
        if code is None and details.reference_in(text):
            return {}  # another case, for which another code is mailed
        typed = code or (text if answers.answers_shortly(message) else None)
        return {"code": typed} if typed else {}

    def validate_code(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        if value is None or value == NEW_CODE or details.code_in(str(value)):
            return {"code": value}
        return self.asks_in_vain("code", "utter_invalid_code", dispatcher, tracker)

    def extract_description(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        told = stories.tells_a_story(message, row(tracker))
        if self.opens(tracker) and row(tracker).is_sent and told:
            return {"description": messages.text_of(message)}
        filled = super().extract_description(dispatcher, tracker, domain)
        first = self._first_telling(tracker)
        if filled and first and stories.describes(message):
            return {"description": f"{first}\n\n{filled['description']}"}
        return filled

    def extract_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        changed = self._changed_name(tracker)
        return {"name": changed} if changed else super().extract_name(dispatcher, tracker, domain)

    def extract_confirm(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        if details.recognised(message):
            return {}  # "no, it's 1002" is a correction, shown again before anything is sent
        if self.asks(tracker, "confirm") and answers.withdraws(message):
            return {"confirm": WITHDRAWN}
        answered = self.asks(tracker, "confirm") and answers.answers_shortly(message)
        return {"confirm": self._label(tracker)} if answered else {}

    def extract_choice(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        message = tracker.latest_message
        if not self.asks(tracker, "choice") or details.recognised(message):
            return {}
        if answers.withdraws(message):
            return {"choice": WITHDRAWN}
        pressed, text = details.entity_of(message, "choice"), messages.text_of(message)
        if pressed or self._label(tracker) == "affirm" or answers.declines(message):
            return {"choice": pressed or "affirm"}
        named = answers.is_short(message) and answers.detail_called(text, row(tracker).asks)
        wanted = named and not messages.is_question(text)
        return {"choice": text} if wanted or answers.answers_shortly(message) else {}

    def validate_confirm(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        if value == WITHDRAWN:
            return {"confirm": None, "ending": WITHDRAWN}
        if value in ("affirm", "deny"):
            return {"confirm": value == "affirm"}
        if isinstance(value, str):
            return self.asks_in_vain("confirm", "utter_invalid_confirm", dispatcher, tracker)
        return {"confirm": value if isinstance(value, bool) else None}

    def validate_choice(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Filled:
        if value is None:
            return {"choice": None}
        if value == WITHDRAWN:
            return {"choice": None, "ending": WITHDRAWN}
        if value == "affirm":  # right as it is: shown again, for only a yes to that sends it
            return {"choice": None, "confirm": None}
        detail = answers.detail_called(str(value), row(tracker).asks)
        if detail:
            left = [slot for slot in skipped(tracker) if slot != detail]
            return {"choice": None, "confirm": None, detail: None, "skipped": left}
        return self.asks_in_vain("choice", "utter_invalid_choice", dispatcher, tracker)

    def _corrected(self, message: messages.Message, tracker: Tracker) -> Filled:
        """The details that are put right while the description is asked."""
        wanted = row(tracker).asks
        right = details.corrected(message)
        return {slot: value for slot, value in right.items() if slot in wanted}

    def _changed_name(self, tracker: Tracker) -> str | None:
        """The right name, where what was shown is being changed."""
        settling = tracker.get_slot(REQUESTED_SLOT) in _SETTLED_AT_THE_END
        if self.opens(tracker) or not settling or "name" not in row(tracker).asks:
            return None
        return names.changed_name(messages.text_of(tracker.latest_message))

    def _first_telling(self, tracker: Tracker) -> str | None:
        """What the opening message said beside its label, until a description is known."""
        if not self.asks(tracker, "description"):
            return None
        opened = False
        for event in reversed(tracker.events):
            if event["event"] == "slot" and event["name"] == "description" and event["value"]:
                return None  # told before: this one replaces it
            opened = opened or (event["event"] == "active_loop" and event["name"] == FORM)
            if opened and event["event"] == "user":
                message = {**(event.get("parse_data") or {}), "text": event.get("text")}
                more = stories.says_more_than_its_label(message)
                return messages.text_of(message) if more else None
        return None

    def _doubted(self, tracker: Tracker) -> str | None:
        """The detail that is called wrong, where that is not what was asked for anyway."""
        asked, message = tracker.get_slot(REQUESTED_SLOT), tracker.latest_message
        denied = asked == "confirm" and self._label(tracker) == "deny"
        if asked in ("description", "choice") or not (denied or answers.doubts(message)):
            return None
        if details.recognised(message) or self._changed_name(tracker):
            return None
        detail = answers.detail_called(messages.text_of(message), row(tracker).asks)
        return detail if detail and tracker.get_slot(detail) is not None else None


def _ask_again(detail: str) -> list[EventType]:
    return [SlotSet(slot, None) for slot in (detail, *_SETTLED_AT_THE_END)]
