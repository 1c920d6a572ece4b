"""What in a message tells a person what happened or what is wanted."""

import re

from actions.details import without_details
from actions.messages import (
    BUTTONS,
    LEAVING,
    OUT_OF_SCOPE,
    QUESTIONS,
    SMALL_TALK,
    WORDS_OF_SMALL_TALK,
    YES_OR_NO,
    Message,
    is_pressed,
    is_question,
    is_sure,
    label_of,
    opens_as_a_question,
    text_of,
)
from actions.requests import WORDS_OF_A_STORY, Request

_ANNOUNCEMENT = re.compile(
    r"\b(feedback|complain\w*|reviews?|suggest\w*|comments?|question|tell you|say something)\b",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_COURTESY = re.compile(
    r"\b(?:hi|hello|hey|good (?:morning|afternoon|evening)|please|pls|thanks?(?: you)?|sorry"
    r"|kindly|my (?:full )?name(?:'?s| is) [^,;.\n]*|i(?:'d| would) (?:like|love|want)(?: to)?"
    r"|i (?:want|need|wish|have)(?: to)?"
    r"|(?:can|could|would|will|may) (?:you|i|we)(?: please)?)\b|#|\border(?: number| no\.?)?\b",
    re.I,
)
_REASON = re.compile(r"\b(?:because|since|as it|cause)\b\s+\S+\s+\S+", re.I)
_NEW_VALUE = re.compile(
    r"\b(?:to|into|is now|instead of|rather than)\b[^.!?\n]*(?:\d|\b[A-Z][a-z]|@)"
    r"|\bsizes?\b.*\binstead\b|\b(?:smaller|larger|bigger|longer|shorter) (?:size|one)\b"
    r"|\badd\b\s+\S+\s+\S+"
)
_AFTER_A_COLON = re.compile(r":\s*\S+\s+\S+")
_ORDER = re.compile(r"\border\s*(?:number|no\.?)?\s*#?\d+", re.I)
# What a wish is made of; another word beside these says more than the label does.
_BARE = frozenset(
    [
        "add",
        "case",
        "ticket",
        "a",
        "an",
        "the",
        "my",
        "me",
        "i",
        "it",
        "its",
        "this",
        "that",
        "one",
        "some",
        "something",
        "anything",
        "to",
        "of",
        "from",
        "for",
        "in",
        "on",
        "at",
        "with",
        "and",
        "is",
        "was",
        "be",
        "do",
        "get",
        "make",
        "give",
        "have",
        "has",
        "return",
        "exchange",
        "refund",
        "cancel",
        "change",
        "update",
        "item",
        "items",
        "back",
        "send",
        "money",
        "address",
        "details",
        "order",
        "orders",
        "account",
    ]
)

# Sentences with this many words between them tell something, whatever is asked beside them.
WORDS_THAT_TELL = 9
WORDS_OF_A_WISH_TO_LEAVE = 8
LETTERS_OF_A_DESCRIPTION = 4


def tells_a_story(message: Message, request: Request) -> bool:
    """Whether an opening message has told already what the request's description would say."""
    if is_pressed(message):
        return False
    text = text_of(message)
    bare = without_details(text)
    if _AFTER_A_COLON.search(bare):
        return True
    if _ANNOUNCEMENT.search(text):
        return _words_that_tell(bare) >= WORDS_OF_A_STORY
    named = _COURTESY.sub(" ", _ORDER.sub(" ", text))
    if request.needs_a_value and not _NEW_VALUE.search(named):
        return _words_that_tell(bare) >= request.story_words
    # "can you change …" is a wish in the form of a question.
    told = _words_that_tell(_COURTESY.sub(" ", bare))
    if request.needs_a_value:
        return told >= 2
    return told >= request.story_words or bool(_REASON.search(text))


def says_more_than_its_label(message: Message) -> bool:
    """Whether an opening message is worth keeping beside what is told when it is asked for."""
    if is_pressed(message):
        return False
    words = re.findall(r"[^\W\d_]+", _COURTESY.sub(" ", without_details(text_of(message))).lower())
    return any(word not in _BARE and not word.startswith("feedback") for word in words)


def gives_a_description(message: Message) -> bool:
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
        asks = is_question(text) or (label == "faq" and is_sure(message))
        return not asks or _words_that_tell(text) >= WORDS_THAT_TELL
    if label in OUT_OF_SCOPE:
        return not (is_sure(message) and is_question(text_of(message)))
    if label in LEAVING:
        return words > WORDS_OF_A_WISH_TO_LEAVE
    if label in SMALL_TALK:
        return words > WORDS_OF_SMALL_TALK
    return True


def describes(message: Message) -> bool:
    """Whether there is enough in the message for a person to start from."""
    text = text_of(message)
    if label_of(message) in YES_OR_NO and len(text.split()) <= WORDS_OF_SMALL_TALK:
        return False
    return sum(character.isalpha() for character in text) >= LETTERS_OF_A_DESCRIPTION


def _words_that_tell(text: str) -> int:
    told = (
        sentence.strip()
        for sentence in _SENTENCE.findall(text)
        if not sentence.rstrip().endswith("?") and not opens_as_a_question(sentence)
    )
    return sum(1 for sentence in told for word in sentence.split() if any(map(str.isalpha, word)))
