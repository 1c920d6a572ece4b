"""What in a message is somebody's name, and what is only said where a name was asked."""

import re
import unicodedata

from actions.messages import (
    BELIEVED_WHEN_SURE,
    BUTTONS,
    ELSEWHERE,
    Message,
    is_sure,
    label_of,
    text_of,
)

_GREETING = re.compile(r"^(?:hi|hello|hey|yes|ok|sure|sorry)\b[\s,.!]+(?=\S)", re.I)
_INTRODUCTION = re.compile(
    r"^(?:my (?:full )?name(?:'?s| is)|the name(?:'?s| is)|name:|i am|i'?m|it'?s|it is|this is"
    r"|call me)\s+",
    re.I,
)
_HERE = re.compile(r"\s+here[.!]*$", re.I)
_NAMED = re.compile(
    r"\bmy (?:full )?name(?:'?s| is)\s+([^,;:!?\n]+?)(?=[,;:!?\n]|\.\s|\.?$|\s+(?:and|but|from)\b)",
    re.I,
)
_CHANGED = re.compile(r"\bname (?:is|should be|must be)\s+([^,;:!?\n]+)", re.I)
_REFUSAL = re.compile(
    r"\b(?:rather not|don'?t want|won'?t|prefer not|not (?:telling|giving|saying)|skip|private"
    r"|none of your|no need|nothing)\b|^(?:no|nope|nah)\b",
    re.I,
)
_NO_NAMES = frozenset(
    [
        "i",
        "i'm",
        "im",
        "i'd",
        "it",
        "it's",
        "its",
        "my",
        "me",
        "mine",
        "the",
        "is",
        "isn't",
        "not",
        "don't",
        "dont",
        "do",
        "does",
        "doesn't",
        "doesnt",
        "didn't",
        "want",
        "please",
        "yes",
        "no",
        "nope",
        "nah",
        "yeah",
        "yep",
        "thanks",
        "thank",
        "ok",
        "okay",
        "order",
        "just",
        "skip",
        "you",
        "your",
        "this",
        "that",
        "what",
        "why",
        "how",
        "when",
        "where",
        "which",
        "need",
        "have",
        "can't",
        "cant",
        "cannot",
        "won't",
        "was",
        "are",
        "sure",
        "nothing",
        "none",
        "rather",
        "say",
        "email",
        "e-mail",
        "number",
        "name",
        "wrong",
        "sorry",
        "forget",
        "never",
        "stop",
        "because",
        "for",
        "to",
        "and",
        "or",
    ]
)

MAX_NAME_CHARACTERS = 80
MAX_NAME_WORDS = 5


def name_in(text: str) -> str | None:
    """The name in the text ("I'm Alice Smith" is Alice Smith); None where it cannot be one."""
    bare = text.strip()
    for wrapping in (_GREETING, _INTRODUCTION, _HERE):
        bare = wrapping.sub("", bare)
    words = bare.strip(" ,!.").split()
    if not 0 < len(words) <= MAX_NAME_WORDS or sum(map(len, words)) > MAX_NAME_CHARACTERS:
        return None
    if not all(_is_of_letters(word) for word in words) or _says_something_else(words):
        return None
    # "Sammy Davis Jr." keeps its dot.
    return " ".join(bare.strip(" ,!").removesuffix("." if len(words[-1]) > 2 else "").split())


def gives_a_name(message: Message) -> bool:
    """Whether a question for the name is what the message answers.

    Names are like nothing a model was trained on, so its label counts only where it is sure and
    the text is not in the form of a name.
    """
    label, text = label_of(message), text_of(message)
    if label not in ELSEWHERE:
        return True
    if label in BUTTONS or name_in(text) is None:
        return False
    if not is_sure(message):
        return True
    words = text.split()
    capitalised = len(words) > 1 and all(word[0].isupper() for word in words)
    introduced = bool(_INTRODUCTION.match(_GREETING.sub("", text)) or _HERE.search(text))
    return label in BELIEVED_WHEN_SURE and (capitalised or introduced)


def introduced_name(text: str) -> str | None:
    """The name of who introduces themselves by it in a message about something else."""
    found = _NAMED.search(text)
    return name_in(found.group(1)) if found else None


def changed_name(text: str) -> str | None:
    """The right name of who says which detail is wrong ("the name is Alice Smith")."""
    found = _CHANGED.search(text)
    return name_in(found.group(1)) if found else None


def refuses(message: Message) -> bool:
    """Whether a name is refused ("no", "I'd rather not say")."""
    return label_of(message) == "deny" or bool(_REFUSAL.search(text_of(message)))


def _is_of_letters(word: str) -> bool:
    """Letters of any script with their marks, and what stands within names."""
    kinds = [unicodedata.category(each)[0] for each in word if each not in "-'’.ʼ‐"]
    return "L" in kinds and set(kinds) <= {"L", "M"}


def _says_something_else(words: list[str]) -> bool:
    """Whether words are among them that names are not made of.

    One of them may be a name, too, beside another and written as one: "Nguyen My".
    """
    common = [word.strip(".").replace("’", "'").lower() in _NO_NAMES for word in words]
    written = all(word[0].isupper() and not word.isupper() for word in words)
    return sum(common) > (1 if written and not common[0] and len(words) == 2 else 0)
