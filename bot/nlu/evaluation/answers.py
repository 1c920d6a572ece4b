"""What a model answered to each message: best label, how sure, accepted or not, how fast."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.nlu.parts import COURTESIES, is_answered_at_once

NOT_UNDERSTOOD = "nlu_fallback"
# As many as a visitor is offered when the assistant is unsure.
OFFERED = 3


@dataclass(frozen=True)
class Answer:
    """One parse of one message."""

    label: str
    """The best full label, also where it was not accepted."""
    confidence: float
    """The one that is shown, 0 to 1."""
    accepted: bool
    ranking: tuple[str, ...]
    """The best intents or labels, the likeliest first."""
    parts: tuple[str, ...] = ()
    """The labels of a message with several requests; empty where it is one."""
    milliseconds: float = 0.0
    off_topic: float | None = None
    """How sure it is, 0 to 1, that the message is not ours; None where a model does not say."""

    @property
    def kept_to(self) -> float:
        """The score by which a message is turned away where it is below a threshold."""
        return self.confidence if self.off_topic is None else 1.0 - self.off_topic

    @property
    def acts_on(self) -> set[str]:
        """The labels the assistant goes on with."""
        return {self.label, *self.parts} if self.accepted else set()

    def as_data(self) -> dict[str, Any]:
        """The answer as plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Answer:
        """What `as_data` gave."""
        lists = {name: tuple(data[name]) for name in ("ranking", "parts")}
        return cls(**{**data, **lists})


def is_request(label: str) -> bool:
    """Whether a label begins an action: a form opens, or people take over."""
    return not is_answered_at_once(label) and label not in COURTESIES


def read_answer(parsed: dict[str, Any], milliseconds: float) -> Answer:
    """An answer out of what Rasa's parse gives, of our pipeline or of its default one.

    In a fallback the best guess is what stands behind it in the ranking. A family gets the leaf
    that the response selector names, as Rasa itself would answer.
    """
    ranking = [each for each in parsed["intent_ranking"] if each["name"] != NOT_UNDERSTOOD]
    best: dict[str, Any] = ranking[0] if ranking else {"name": "", "confidence": 0.0}
    return Answer(
        label=_leaf(str(best["name"]), parsed.get("response_selector") or {}),
        confidence=float(best["confidence"]),
        accepted=bool(ranking) and parsed["intent"]["name"] == best["name"].split("/")[0],
        ranking=tuple(str(each["name"]) for each in ranking[:OFFERED]),
        parts=tuple(_label_of_part(part) for part in parsed.get("parts") or ()),
        milliseconds=milliseconds,
        off_topic=parsed.get("off_topic"),
    )


def _leaf(name: str, selector: dict[str, Any]) -> str:
    if "/" in name or name not in selector.get("all_retrieval_intents", ()):
        return name
    # Of a selector for all families the leaf may be another family's: that is what it would say.
    chosen = selector.get(name) or selector.get("default") or {}
    return str(chosen.get("response", {}).get("intent_response_key") or name)


def _label_of_part(part: dict[str, Any]) -> str:
    intent = part["intent"]
    return str(intent.get("full_retrieval_intent_name") or intent["name"])
