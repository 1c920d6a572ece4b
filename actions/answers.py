"""What a visitor's message does to the form that is open: answers, leaves, corrects or declines."""

import re
from collections.abc import Iterable

from actions.details import code_in, recognised, without_details
from actions.messages import (
    BELIEVED_WHEN_SURE,
    ELSEWHERE,
    OUT_OF_SCOPE,
    QUESTIONS,
    WORDS_OF_SMALL_TALK,
    Message,
    is_pressed,
    is_question,
    is_sure,
    label_of,
    text_of,
)
from actions.names import gives_a_name
from actions.requests import REQUESTS

_NONE_AT_HAND = re.compile(
    r"\b(no|none|not|nope|don'?t|haven'?t|can'?t|cannot|without|lost|skip|unknown|n/a|gift|present)\b",
    re.I,
)
_NOTHING = re.compile(
    r"(?:no|nope|nah|none|nothing|nothing else|not really|skip|n/a)(?:,? (?:thanks?|thank you))?",
    re.I,
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
_NOT_TO_BE_SENT = re.compile(
    r"\b(?:(?:don'?t|do not|not) (?:to )?send|chang(?:ed|e) my mind|forget (?:it|about it)"
    r"|never ?mind|leave it(?! as)|drop it|scrap (?:it|that))\b",
    re.I,
)
# Who turns to something else says so; a story seldom begins like this.
_TURN = re.compile(
    r"^(?:actually|instead|forget|never ?mind|wait|on second thoughts?|hold on)\b", re.I
)
_WISH = re.compile(
    r"^(?:(?:no|and|also|oh)\b[\s,]*)*(?:please|can you|could you"
    r"|i(?:'d| would) (?:like|rather|prefer)|i want|i need|let me"
    r"|show|cancel|delete|track|send me|check)\b",
    re.I,
)
# As a reason for one of these, a wish for another one is still a reason.
_ALIKE = (
    frozenset({"change_order", "request_exchange", "request_return", "request_refund"}),
    frozenset({"change_order", "change_address", "update_account"}),
)
# What happened is told in the same words whether it opens a report or explains a request.
_TELLING = frozenset(
    {
        *("report_damaged", "report_wrong_item", "report_missing_package", "report_delay"),
        *("recover_account", "give_feedback", "add_to_ticket"),
    }
)

WORDS_AROUND_DETAILS = 5
WORDS_OF_A_CORRECTION = 8
WORDS_OF_A_REQUEST = 12


def answers_shortly(message: Message) -> bool:
    """Whether a question for a number, an address or a choice is what the message answers."""
    label = label_of(message)
    return label not in ELSEWHERE or (label in BELIEVED_WHEN_SURE and not is_sure(message))


def starts_another_request(message: Message, current: str | None, asked: str | None) -> bool:
    """Whether the visitor wants something else done than what the form is for.

    What is told where a description is asked often resembles a request; only a short question, or
    a short wish that is no reason for the one under way, is one there. A detail that was asked
    for, with few words around it, is an answer.
    """
    label, text = label_of(message), text_of(message)
    if label not in REQUESTS or label == current:
        return False
    if is_pressed(message):
        return True
    if not is_sure(message) or (asked == "name" and gives_a_name(message)):
        return False
    if asked == "code" and code_in(text):
        return False
    if asked == "description":
        return len(text.split()) <= WORDS_OF_A_REQUEST and _turns_away(text, label, current)
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


def is_short(message: Message) -> bool:
    """Whether it has no more words than naming a detail takes."""
    return len(text_of(message).split()) <= WORDS_OF_A_CORRECTION


def doubts(message: Message) -> bool:
    """Whether a detail is called wrong, without the right one ("no, the other order")."""
    text = text_of(message)
    return is_short(message) and not recognised(message) and bool(_DOUBT.search(text))


def withdraws(message: Message) -> bool:
    """Whether what was to be sent shall not be, in other words than a bare wish to stop."""
    text = text_of(message)
    return len(text.split()) <= WORDS_OF_A_REQUEST and bool(_NOT_TO_BE_SENT.search(text))


def asks_instead(message: Message) -> bool:
    """Whether a detail only occurs in a question ("how long does order 1002 take?").

    A bare address or number is a detail, whatever label it got.
    """
    text = text_of(message)
    if label_of(message) not in QUESTIONS | OUT_OF_SCOPE:
        return False
    return is_question(text) or _words_around_details(text) > WORDS_AROUND_DETAILS


def has_none_at_hand(message: Message) -> bool:
    """Whether the visitor says that they have no such thing ("no", "I can't find it")."""
    return label_of(message) == "deny" or bool(_NONE_AT_HAND.search(text_of(message)))


def says_none_at_hand(message: Message) -> bool:
    """Whether a few words that resemble a question about the policy say that there is none."""
    short = is_short(message) and not is_question(text_of(message))
    return label_of(message) in QUESTIONS and short and has_none_at_hand(message)


def declines(message: Message) -> bool:
    """Whether a question that may be left open is."""
    text = text_of(message)
    short = len(text.split()) <= WORDS_OF_SMALL_TALK
    return (label_of(message) == "deny" and short) or bool(_NOTHING.fullmatch(text.strip(" .!")))


def _turns_away(text: str, label: str, current: str | None) -> bool:
    if is_question(text) or _TURN.match(text):
        return True
    if current is None:  # what a ticket is about is told in the words of a wish
        return False
    alike = any({label, current} <= group for group in _ALIKE)
    return not alike and label not in _TELLING and bool(_WISH.match(text))


def _words_around_details(text: str) -> int:
    return len(without_details(text).split())
