"""What a visitor's message means: a button's label, or what the NLU takes the words for."""

from __future__ import annotations

import re
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.turn_request import Button, TurnRefused, TurnRequest

NOT_UNDERSTOOD = "nlu_fallback"
# Rasa's own commands: they steer Rasa, and no button of ours does.
_COMMANDS = frozenset({"restart", "back", "session_start", NOT_UNDERSTOOD})
# Rasa reads text as a command when a slash comes first, whatever blanks stand before it.
_COMMAND_MARK = re.compile(r"[\s/]+")


async def parsed(
    processor: MessageProcessor, tracker: DialogueStateTracker, turn: TurnRequest
) -> dict[str, Any]:
    """Rasa's parse data of this turn; text is never a command, also with a slash before it.

    Raises TurnRefused for a button that means nothing.
    """
    if turn.button is not None:
        return _of_button(turn.button, turn.text, processor.domain)
    return await _of_text(processor, turn.text, tracker)


async def meant_by(processor: MessageProcessor, text: str) -> list[dict[str, Any]]:
    """What a text outside of every dialogue asks for, part by part."""
    return [understood(part) for part in parts_of(await _of_text(processor, text, None))]


async def _of_text(
    processor: MessageProcessor, text: str, tracker: DialogueStateTracker | None
) -> dict[str, Any]:
    mark = _COMMAND_MARK.match(text)
    bare = text[mark.end() :] if mark else text
    if not bare.strip():
        found = {"intent": {"name": NOT_UNDERSTOOD, "confidence": 0.0}, "entities": []}
    else:
        found = await processor.parse_message(UserMessage(bare), tracker)
        cut = mark.end() if mark else 0
        for entity in found["entities"]:
            entity["start"] += cut
            entity["end"] += cut
        for part in found.get("parts", []):
            part["places"] = [[start + cut, end + cut] for start, end in part["places"]]
    return {**found, "text": text}


def parts_of(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    """The parse data of each request in a message, in the order to serve them; often one."""
    whole = {key: value for key, value in parsed.items() if key != "parts"}
    parts = parsed.get("parts") or []
    return [_part(part, whole["entities"]) for part in parts] or [whole]


def _part(part: dict[str, Any], entities: list[dict[str, Any]]) -> dict[str, Any]:
    """A part with its own entities, and of each kind that it lacks those of the whole message."""
    own, shift = [], 0
    for start, end in part["places"]:
        own += [
            {**each, "start": each["start"] - start + shift, "end": each["end"] - start + shift}
            for each in entities
            if start <= each["start"] and each["end"] <= end
        ]
        shift += end - start + 1
    kinds = {each["entity"] for each in own}
    shared = [{**each, "start": 0, "end": 0} for each in entities if each["entity"] not in kinds]
    known = {key: value for key, value in part.items() if key != "places"}
    return {**known, "entities": [*own, *shared]}


def own_words(part: dict[str, Any]) -> dict[str, Any]:
    """A part that is served later: by then the rest of its message is known, perhaps corrected."""
    return {**part, "entities": [each for each in part["entities"] if each["end"] > 0]}


def _of_button(button: Button, title: str, domain: Domain) -> dict[str, Any]:
    """What the NLU would say of a message that means exactly this."""
    family = button.label.split("/", 1)[0]
    if family not in domain.intents or family in _COMMANDS:
        raise TurnRefused(f"No answer is known for the button's label {button.label!r}.")
    if (family in domain.retrieval_intents) != ("/" in button.label):
        raise TurnRefused(f"The button's label {button.label!r} is not one full label.")
    unknown = sorted(set(button.entities) - set(domain.entities))
    if unknown:
        raise TurnRefused(f"The button has an entity that is not known: {unknown[0]!r}.")
    parsed: dict[str, Any] = {
        "text": title,
        "intent": {"name": family, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [
            {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "button"}
            for name, value in button.entities.items()
        ],
    }
    if "/" in button.label:
        parsed["intent"]["full_retrieval_intent_name"] = button.label
        parsed["response_selector"] = {
            "all_retrieval_intents": list(domain.retrieval_intents),
            family: {
                "response": {
                    "intent_response_key": button.label,
                    "utter_action": f"utter_{button.label}",
                    "confidence": 1.0,
                    "responses": None,
                },
                "ranking": [],
            },
        }
    return parsed


def understood(parsed: dict[str, Any]) -> dict[str, Any]:
    """What the message was taken for; where it was not understood, the nearest guess."""
    intent = parsed["intent"]
    accepted = intent["name"] not in (None, NOT_UNDERSTOOD)
    label = intent.get("full_retrieval_intent_name") or intent["name"] or NOT_UNDERSTOOD
    confidence = intent.get("confidence", 0.0)
    if not accepted:
        guesses = [g for g in parsed.get("intent_ranking", []) if g["name"] != NOT_UNDERSTOOD]
        if guesses:
            label, confidence = guesses[0]["name"], guesses[0]["confidence"]
    return {
        "text": parsed["text"],
        "label": label,
        "confidence": round(float(confidence), 4),
        "accepted": accepted,
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in parsed["entities"]
        ],
    }
