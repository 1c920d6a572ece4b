"""A visitor's message as the dialogue reads it: its words, its label, how sure the label is."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from actions.requests import REQUESTS

Message = Mapping[str, Any]

# Said in the middle of a form, each of these is answered by a rule of its own.
QUESTIONS = frozenset({"faq", "product", "not_covered"})
LEAVING = frozenset({"stop", "talk_to_human"})
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "bot_challenge"})
OUT_OF_SCOPE = frozenset({"out_of_scope"})
YES_OR_NO = frozenset({"affirm", "deny"})
BUTTONS = frozenset({"leave_details", "choose", "something_else"})
BELIEVED_WHEN_SURE = SMALL_TALK | REQUESTS.keys() | OUT_OF_SCOPE
ELSEWHERE = BELIEVED_WHEN_SURE | QUESTIONS | LEAVING | BUTTONS

SURE = 0.6  # of 1; on this side of it, names and single words are seldom mistaken
WORDS_OF_SMALL_TALK = 4

_QUESTION_OPENING = re.compile(
    r"^(?:how|what|when|where|who|which|why|do|does|did|can|could|is|are|will|would|should|may"
    r"|please tell me|tell me|i(?:'d| would) like to know|i want to know)\b",
    re.I,
)


def label_of(message: Message) -> str:
    """The family or intent that the message was taken for; `nlu_fallback` for none."""
    return str((message.get("intent") or {}).get("name") or "nlu_fallback")


def text_of(message: Message) -> str:
    """The visitor's words, composed and trimmed."""
    return unicodedata.normalize("NFKC", str(message.get("text") or "")).strip()


def is_sure(message: Message) -> bool:
    """Whether the label is more than the nearest guess: single words and names are like anything.

    A message without a confidence, such as a pressed button, is sure.
    """
    return float((message.get("intent") or {}).get("confidence") or 1.0) >= SURE


def is_pressed(message: Message) -> bool:
    """Whether it is a button: unlike words, it was not compared with anything."""
    return is_sure(message) and message.get("intent_ranking") == []


def opens_as_a_question(sentence: str) -> bool:
    """Whether its first word asks."""
    return bool(_QUESTION_OPENING.match(sentence.strip()))


def is_question(text: str) -> bool:
    """Whether something is asked anywhere in the text."""
    return "?" in text or opens_as_a_question(text)
