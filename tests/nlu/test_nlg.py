"""An answer leaves the dialogue as a name, arguments and effects."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Rasa's pins, at their import
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.slots import AnySlot, TextSlot
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.nlg import ResponseNames

SLOTS = [TextSlot(name, mappings=[]) for name in ("email", "name", "requested_slot", "choice")]


@pytest.fixture
def tracker() -> DialogueStateTracker:
    found = DialogueStateTracker("alice.1", [*SLOTS, AnySlot("confirm", mappings=[])])
    for name, value in (
        ("email", "alice@example.com"),
        ("requested_slot", "name"),
        ("choice", "email"),
        ("confirm", True),
    ):
        found.update(SlotSet(name, value))
    return found


def generated(tracker: DialogueStateTracker, **kwargs: Any) -> dict[str, Any]:
    made = asyncio.run(ResponseNames().generate("utter_x", tracker, "gateway", **kwargs))
    assert set(made) == {"custom"}
    custom: dict[str, Any] = made["custom"]
    return custom


def test_what_the_visitor_gave_is_an_argument_and_how_a_form_stands_is_not(
    tracker: DialogueStateTracker,
) -> None:
    assert generated(tracker) == {
        "response": "utter_x",
        "args": {"email": "alice@example.com"},
        "effects": [],
    }


def test_what_an_action_says_stands_before_what_a_slot_holds(
    tracker: DialogueStateTracker,
) -> None:
    said = generated(tracker, email="bob@example.com", carrier="Example Post", last_event=None)
    assert said["args"] == {"email": "bob@example.com", "carrier": "Example Post"}


def test_effects_are_kept_apart_and_words_are_never_passed_on(
    tracker: DialogueStateTracker,
) -> None:
    effects = [{"kind": "verify"}]
    said = generated(tracker, effects=effects, text="Hello", buttons=[1], template="utter_x")
    assert said["effects"] == effects
    assert said["args"] == {"email": "alice@example.com"}


def test_what_rasa_passes_along_of_its_own_accord_is_no_argument(
    tracker: DialogueStateTracker,
) -> None:
    said = generated(
        tracker,
        domain_responses={"utter_x": [{"text": "All the words of the shop"}]},
        quick_replies=[{"title": "Yes"}],
        of_a_later_rasa={"more": "structures"},
        carrier="Example Post",
        parcels=2,
    )
    assert said["args"] == {"email": "alice@example.com", "carrier": "Example Post", "parcels": 2}
