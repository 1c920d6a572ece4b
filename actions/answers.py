"""What in a visitor's message answers the question that a form has asked."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from actions.requests import REQUESTS, WORDS_OF_A_STORY
from bot.orders import normalised_number

# Said in the middle of a form, each of these is answered by a rule of its own.
QUESTIONS = frozenset({"faq", "product", "not_covered"})
LEAVING = frozenset({"stop", "talk_to_human"})
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "bot_challenge"})
OUT_OF_SCOPE = frozenset({"out_of_scope"})
YES_OR_NO = frozenset({"affirm", "deny"})
BUTTONS = frozenset({"leave_details", "choose", "something_else"})

_BELIEVED_WHEN_SURE = SMALL_TALK | REQUESTS.keys() | OUT_OF_SCOPE
_ELSEWHERE = _BELIEVED_WHEN_SURE | QUESTIONS | LEAVING | BUTTONS

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\s@<>()\[\],;:\".]{2,}")
_ORDER_NUMBER = re.compile(r"(?<![\w.@-])#?((?:[A-Za-z]{1,4}-?)?\d{3,12})(?![\w@]|\.\w)")
_NONE_AT_HAND = re.compile(
    r"\b(no|none|not|nope|don'?t|haven'?t|can'?t|cannot|without|lost|skip|unknown|n/a|gift|present)\b",
    re.I,
)
_NOTHING = re.compile(
    r"(?:no|nope|nah|none|nothing|nothing else|not really|skip|n/a)(?:,? (?:thanks?|thank you))?",
    re.I,
)
_INTRODUCTION = re.compile(
    r"^(?:(?:hi|hello|hey)\b[\s,.!]*)?"
    r"(?:my (?:full )?name(?:'s| is)|the name(?:'s| is)|name:|i am|i'm|im|it'?s|it is|this is)\s+",
    re.I,
)
_QUESTION_OPENING = re.compile(
    r"^(?:how|what|when|where|who|which|why|do|does|did|can|could|is|are|will|would|should|may"
    r"|please tell me|tell me|i(?:'d| would) like to know|i want to know)\b",
    re.I,
)
_REFERENCE = re.compile(
    r"\bKC[-\s]?(?:[0-9A-Z]{8}|[0-9A-Z]{4}[-\s][0-9A-Z]{4})\b|\bKC-?[0-9A-Z]*\d[0-9A-Z]*\b", re.I
)
_DOUBT = re.compile(
    r"\b(wrong|other|another|different|mistake|mistyped|typo|incorrect|(?:not|isn'?t) (?:that|the)"
    r"|(?:change|correct|fix) (?:the|my))\b",
    re.I,
)
# What a visitor may call a detail, in the words of its button or their own.
_CALLED = {
    "description": ("description", "text", "what happened", "message"),
    "reference": ("reference", "case", "ticket"),
    "name": ("name",),
    "email": ("mail", "address"),
    "order_number": ("order", "number"),
}
_ANNOUNCEMENT = re.compile(
    r"\b(feedback|complain\w*|reviews?|suggest\w*|comments?|question|tell you|say something)\b",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")

SURE = 0.6  # of 1; on this side of it, names and single words are seldom mistaken
MAX_EMAIL_CHARACTERS = 254
MAX_NAME_CHARACTERS = 80
MAX_NAME_WORDS = 6
# Sentences with this many words between them tell something, whatever is asked beside them.
WORDS_THAT_TELL = 9
WORDS_OF_A_WISH_TO_LEAVE = 8
WORDS_AROUND_DETAILS = 5
WORDS_OF_SMALL_TALK = 4
WORDS_OF_A_CORRECTION = 8
WORDS_OF_A_REQUEST = 10
LETTERS_OF_A_DESCRIPTION = 4


def label_of(message: Mapping[str, Any]) -> str:
    """The family or intent that the message was taken for; `nlu_fallback` for none."""
    return str((message.get("intent") or {}).get("name") or "nlu_fallback")


def text_of(message: Mapping[str, Any]) -> str:
    """The visitor's words, composed and trimmed."""
    return unicodedata.normalize("NFKC", str(message.get("text") or "")).strip()


def entity_of(message: Mapping[str, Any], name: str) -> str | None:
    """The last value of this entity in the message, None where there is none."""
    found = [e["value"] for e in message.get("entities") or [] if e.get("entity") == name]
    return str(found[-1]) if found else None


def recognised(message: Mapping[str, Any]) -> dict[str, str]:
    """The order number and the address that can be seen in the message, whatever was asked."""
    found = {slot: entity_of(message, slot) for slot in ("order_number", "email")}
    found["email"] = found["email"] or email_in(text_of(message))
    return {slot: value for slot, value in found.items() if value is not None}


def answers_shortly(message: Mapping[str, Any]) -> bool:
    """Whether a question for a number, an address or a choice is what the message answers."""
    label = label_of(message)
    return label not in _ELSEWHERE or (label in _BELIEVED_WHEN_SURE and not is_sure(message))


def is_sure(message: Mapping[str, Any]) -> bool:
    """Whether the label is more than the nearest guess: single words and names are like anything.

    A message without a confidence, such as a pressed button, is sure.
    """
    return float((message.get("intent") or {}).get("confidence") or 1.0) >= SURE


def is_pressed(message: Mapping[str, Any]) -> bool:
    """Whether it is a button: unlike words, it was not compared with anything."""
    return is_sure(message) and message.get("intent_ranking") == []


def starts_another_request(
    message: Mapping[str, Any], current: str | None, asked: str | None
) -> bool:
    """Whether the visitor wants something else done than what the form is for.

    What is told where a description is asked often resembles a request; only a short question
    is one there. A detail that was asked for, with few words around it, is an answer.
    """
    label, text = label_of(message), text_of(message)
    if label not in REQUESTS or label == current:
        return False
    if is_pressed(message):
        return True
    if not is_sure(message) or (asked == "name" and gives_a_name(message)):
        return False
    if asked == "description":
        return _is_question(text) and len(text.split()) <= WORDS_OF_A_REQUEST
    return not (
        asked in recognised(message) and _words_around_details(text) <= WORDS_AROUND_DETAILS
    )


def detail_called(text: str, asked_for: Iterable[str]) -> str | None:
    """The detail, of those that a form asks for, that these words name."""
    called = text.lower()
    return next(
        (
            detail
            for detail, words in _CALLED.items()
            if detail in asked_for and (called == detail or any(word in called for word in words))
        ),
        None,
    )


def doubts(message: Mapping[str, Any]) -> bool:
    """Whether a detail is called wrong, without the right one ("no, the other order")."""
    text = text_of(message)
    short = len(text.split()) <= WORDS_OF_A_CORRECTION
    return short and not recognised(message) and bool(_DOUBT.search(text))


def reference_in(text: str) -> str | None:
    """What looks like a ticket's reference, slips and all; None where nothing does."""
    found = _REFERENCE.search(text)
    return found.group() if found else None


def tells_a_story(message: Mapping[str, Any], least_words: int) -> bool:
    """Whether an opening message has told already what a description would say."""
    if is_pressed(message):
        return False
    text = _ORDER_NUMBER.sub(" ", _EMAIL.sub(" ", text_of(message)))
    least = WORDS_OF_A_STORY if _ANNOUNCEMENT.search(text) else least_words
    return _words_that_tell(text) >= least


def asks_instead(message: Mapping[str, Any]) -> bool:
    """Whether a detail only occurs in a question ("how long does order 1002 take?").

    A bare address or number is a detail, whatever label it got.
    """
    text = text_of(message)
    if label_of(message) not in QUESTIONS | OUT_OF_SCOPE:
        return False
    return _is_question(text) or _words_around_details(text) > WORDS_AROUND_DETAILS


def order_number_in(text: str) -> str | None:
    """The one order number in the text, as the shop writes it; None for none or several."""
    found = {normalised_number(n) for n in _ORDER_NUMBER.findall(_EMAIL.sub(" ", text))}
    return found.pop() if len(found) == 1 else None


def has_none_at_hand(message: Mapping[str, Any]) -> bool:
    """Whether the visitor says that they have no such thing ("no", "I can't find it")."""
    return label_of(message) == "deny" or bool(_NONE_AT_HAND.search(text_of(message)))


def says_none_at_hand(message: Mapping[str, Any]) -> bool:
    """Whether a few words that resemble a question about the policy say that there is none."""
    text = text_of(message)
    short = len(text.split()) <= WORDS_OF_A_CORRECTION and not _is_question(text)
    return label_of(message) in QUESTIONS and short and has_none_at_hand(message)


def declines(message: Mapping[str, Any]) -> bool:
    """Whether a question that may be left open is."""
    text = text_of(message)
    short = len(text.split()) <= WORDS_OF_SMALL_TALK
    return (label_of(message) == "deny" and short) or bool(_NOTHING.fullmatch(text.strip(" .!")))


def email_in(text: str) -> str | None:
    """The one e-mail address in the text; None for none, several, or one that is too long."""
    found = {address.rstrip(".'") for address in _EMAIL.findall(text)}
    address = found.pop() if len(found) == 1 else ""
    return address if 0 < len(address) <= MAX_EMAIL_CHARACTERS else None


def name_in(text: str) -> str | None:
    """The name in the text ("I'm Alice Smith" is Alice Smith); None where it cannot be one."""
    name = " ".join(_INTRODUCTION.sub("", text).strip(" .,!").split())
    letters = any(character.isalpha() for character in name)
    strange = any(c.isdigit() or c in "?@{}<>/\\" for c in name)
    if not letters or strange or len(name) > MAX_NAME_CHARACTERS:
        return None
    return name if len(name.split()) <= MAX_NAME_WORDS else None


def gives_a_name(message: Mapping[str, Any]) -> bool:
    """Whether a question for the name is what the message answers.

    Names are like nothing a model was trained on, so its label counts only where it is sure and
    the text is not in the form of a name.
    """
    label, text = label_of(message), text_of(message)
    if label not in _ELSEWHERE:
        return True
    if label in BUTTONS or name_in(text) is None:
        return False
    if not is_sure(message):
        return True
    words = text.split()
    capitalised = len(words) > 1 and all(word[0].isupper() for word in words)
    return label in _BELIEVED_WHEN_SURE and (capitalised or bool(_INTRODUCTION.match(text)))


def gives_a_description(message: Mapping[str, Any]) -> bool:
    """Whether a question for what happened is what the message answers.

    Nearly everything does. Not a bare question about the policy, a short wish to stop or for a
    person, or a word of small talk: those are answered, and the form asks again.
    """
    label, words = label_of(message), len(text_of(message).split())
    if label in BUTTONS:
        return False
    if label in QUESTIONS:
        text = text_of(message)
        # "the silver one in size seven" is what should be different, not a question about sizes.
        asks = _is_question(text) or (label == "faq" and is_sure(message))
        return not asks or _words_that_tell(text) >= WORDS_THAT_TELL
    if label in OUT_OF_SCOPE:
        return not (is_sure(message) and _is_question(text_of(message)))
    if label in LEAVING:
        return words > WORDS_OF_A_WISH_TO_LEAVE
    if label in SMALL_TALK:
        return words > WORDS_OF_SMALL_TALK
    return True


def describes(message: Mapping[str, Any]) -> bool:
    """Whether there is enough in the message for a person to start from."""
    text = text_of(message)
    if label_of(message) in YES_OR_NO and len(text.split()) <= WORDS_OF_SMALL_TALK:
        return False
    return sum(character.isalpha() for character in text) >= LETTERS_OF_A_DESCRIPTION


def _is_question(text: str) -> bool:
    return "?" in text or bool(_QUESTION_OPENING.match(text))


def _words_around_details(text: str) -> int:
    return len(_ORDER_NUMBER.sub(" ", _EMAIL.sub(" ", text)).split())


def _words_that_tell(text: str) -> int:
    told = (
        sentence.strip()
        for sentence in _SENTENCE.findall(text)
        if not sentence.rstrip().endswith("?") and not _QUESTION_OPENING.match(sentence.strip())
    )
    return sum(len(sentence.split()) for sentence in told)
