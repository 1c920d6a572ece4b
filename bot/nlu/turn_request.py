"""Reads a turn's JSON strictly: what is not in the protocol is refused with a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

MAX_CHARACTERS = 1_000
MAX_DIALOGUE_CHARACTERS = 100
FIELDS = frozenset({"dialogue", "text", "button", "facts", "turn", "within_seconds"})
FACTS: Mapping[str, type] = {
    "order_number": str,
    "email": str,
    "name": str,
    "order_verified": bool,
}


class TurnRefused(Exception):
    """The request is not a turn; the text says why."""


@dataclass(frozen=True)
class Button:
    """What a pressed button means: one full label, and entities that come with it."""

    label: str
    entities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TurnRequest:
    """One turn: the dialogue's id, what the visitor did, and what is known of them.

    `turn` names it, so that it is played once however often it is sent; `within_seconds` is how
    long its sender waits. Both may be left out.
    """

    dialogue: str
    text: str
    button: Button | None
    facts: dict[str, str | bool]
    turn: str | None = None
    within_seconds: float | None = None


def read_turn(body: Any) -> TurnRequest:
    """The turn that this JSON value describes. Raises TurnRefused."""
    turn = _object(body, "The turn", allowed=FIELDS)
    dialogue = _text(turn.get("dialogue"), "dialogue", MAX_DIALOGUE_CHARACTERS)
    if not dialogue.strip():
        raise TurnRefused("dialogue must name a dialogue.")
    return TurnRequest(
        dialogue=dialogue,
        text=_text(turn.get("text"), "text", MAX_CHARACTERS),
        button=None if turn.get("button") is None else _button(turn["button"]),
        facts={} if turn.get("facts") is None else _facts(turn["facts"]),
        turn=None if turn.get("turn") is None else _id(turn["turn"]),
        within_seconds=_seconds(turn.get("within_seconds")),
    )


def read_text(body: Any) -> str:
    """The text of which only the meaning is asked. Raises TurnRefused."""
    return _text(_object(body, "The request", allowed={"text"}).get("text"), "text", MAX_CHARACTERS)


def _id(value: Any) -> str:
    name = _text(value, "turn", MAX_DIALOGUE_CHARACTERS)
    if not name.strip():
        raise TurnRefused("turn must name the turn, or be left out.")
    return name


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    # A truth value is a number to Python, and NaN is one to its JSON reader.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise TurnRefused("within_seconds must be a number above 0.")
    return float(value)


def _button(value: Any) -> Button:
    button = _object(value, "button", allowed={"label", "entities"})
    entities = button.get("entities")
    return Button(
        label=_text(button.get("label"), "button.label", MAX_DIALOGUE_CHARACTERS),
        entities={
            str(name): _text(entity, f"button.entities.{name}", MAX_CHARACTERS)
            for name, entity in _object(
                {} if entities is None else entities, "button.entities"
            ).items()
        },
    )


def _facts(value: Any) -> dict[str, str | bool]:
    facts = _object(value, "facts", allowed=set(FACTS))
    for name, fact in facts.items():
        if fact is not None and not isinstance(fact, FACTS[name]):
            kind = "text" if FACTS[name] is str else "true or false"
            raise TurnRefused(f"facts.{name} must be {kind}, or null.")
    return {name: fact for name, fact in facts.items() if fact is not None}


def _object(value: Any, name: str, allowed: Set[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TurnRefused(f"{name} must be a JSON object.")
    unknown = sorted(set(value) - allowed) if allowed is not None else []
    if unknown:
        raise TurnRefused(f"{name} has no field {unknown[0]!r}.")
    return value


def _text(value: Any, name: str, longest: int) -> str:
    if not isinstance(value, str):
        raise TurnRefused(f"{name} must be text.")
    if len(value) > longest:
        raise TurnRefused(f"{name} may have at most {longest} characters.")
    return value
