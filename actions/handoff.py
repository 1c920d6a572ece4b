"""Giving the conversation to people, and ending a form for that or for nothing."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.contact_details import DETAILS_STOPPED, ContactDetailsForm, given_so_far
from actions.forms import REQUESTED_SLOT, Domain
from actions.requests import FORM
from bot.tickets.categories import category_of

NOT_UNDERSTOOD = "action_default_fallback"
# By how many labels it might have been: two are close, of three none is sure.
ASKED_BACK = {2: "utter_which_of_two", 3: "utter_which_of_three"}
# Turns that leave it open what was meant, so that the next misunderstanding is the second.
_STILL_OPEN = frozenset({NOT_UNDERSTOOD, "utter_something_else"})
_OF_AN_OPEN_FORM = ("confirm", "choice", "request", "ending", "proved", "own_ticket")


class HandOff(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Leaves whatever form is open and calls a person."""

    def name(self) -> str:
        return "action_hand_off"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_hand_off", effects=_hand_off("asked", tracker))
        return leave_form(tracker)


class AskBack(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Asks once what was meant; not understood twice in a row, it calls a person."""

    def name(self) -> str:
        return NOT_UNDERSTOOD

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        if not _asked_back_before(tracker):
            offered = tracker.latest_message.get("offered") or []
            response = ASKED_BACK.get(len(offered))
            if response is None or tracker.active_loop_name:
                dispatcher.utter_message(response="utter_not_understood")
            else:
                buttons = [{"label": label} for label in offered]
                dispatcher.utter_message(response=response, buttons=buttons)
            return []
        dispatcher.utter_message(
            response="utter_not_understood_again", effects=_hand_off("not_understood", tracker)
        )
        return leave_form(tracker)


class Stop(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Ends the form that is open; a ticket that is already there stays with the team."""

    def name(self) -> str:
        return "action_stop"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        said = {None: "utter_nothing_to_stop", ContactDetailsForm.form: DETAILS_STOPPED}
        response = said.get(tracker.active_loop_name, "utter_stopped")
        given = given_so_far(tracker) if response == DETAILS_STOPPED else []
        dispatcher.utter_message(response=response, effects=given)
        return leave_form(tracker)


def leave_form(tracker: Tracker) -> list[EventType]:
    """The events that end any form; what the visitor gave is kept, what did not match is not."""
    events = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
    events += [SlotSet(slot, None) for slot in _OF_AN_OPEN_FORM]
    if tracker.get_slot("refused_number") is not None:
        events += [SlotSet(slot, None) for slot in ("refused_number", "order_number", "email")]
    return events


def _hand_off(reason: str, tracker: Tracker) -> list[dict[str, Any]]:
    """The effects of a handoff: what an open form was told goes along.

    Outside of a form the category is the gateway's to find: the dialogue may have begun after
    the request.
    """
    within = tracker.active_loop_name == FORM
    request = tracker.get_slot("request") if within else None
    given = {slot: tracker.get_slot(slot) for slot in ("order_number", "email", "name")}
    effects: list[dict[str, Any]] = []
    proved = f"{given['order_number']} {given['email']}"
    if within and tracker.get_slot("proved") == proved:
        effects = [{"kind": "verify", **{k: given[k] for k in ("order_number", "email")}}]
    category = category_of(request) if request else None
    known = {slot: value for slot, value in given.items() if value and within}
    return [*effects, {"kind": "hand_off", "reason": reason, "category": category, **known}]


def _asked_back_before(tracker: Tracker) -> bool:
    """Whether the message before this one was asked back, too."""
    messages_ago = 0
    for event in reversed(tracker.events):
        messages_ago += event["event"] == "user"
        if messages_ago > 1:
            return False
        if messages_ago == 1 and event["event"] == "action" and event["name"] in _STILL_OPEN:
            return True
    return False
