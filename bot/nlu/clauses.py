"""Where a message may change its subject: its sentences, and what "and can I" or "also" begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.normalise import EMAIL_ADDRESS

# A message has 1,000 characters at most; further clauses stay with the last of these.
MOST_CLAUSES = 8

_ABBREVIATIONS = r"(?<!\bno\.)(?<!\bnr\.)(?<!\bst\.)(?<!\bmr\.)(?<!\bms\.)(?<!\bdr\.)(?<!\bmrs\.)"
_QUESTION = (
    r"how|what|what's|whats|where|where's|wheres|when|who|who's|why|which|can|could|would|will"
    r"|do|does|did|is|are|was|were|may|should|have|has"
)
_STATEMENT = r"i|i'm|im|i'd|id|i've|ive|i'll|my|please|pls|plz|you|your"
# What opens a wish that is told as an order: "cancel 1031 and return 1020".
_COMMAND = (
    r"cancel|return|refund|exchange|swap|track|change|update|delete|remove|replace|send\s+back"
    r"|send|tell|give|show|check|find|add|let|get|help|look\s+up"
)
_ALSO = r"also|plus|btw|by the way|another thing|one more thing|while i'm here|secondly"
_BOUNDARY = re.compile(
    # The end of a sentence; "no. 1001" is none.
    rf"(?:(?<=[.!?…])|(?<=[.!?…][\"')])){_ABBREVIATIONS}\s+"
    r"|\s*(?:\n|;\s|\s[-–—]+\s)\s*"
    # "and" joins things as well as wishes; it separates only before what opens a sentence. What
    # "or" joins are answers to choose from.
    rf"|(?:\s*,)?\s+(?=(?:and|but)\s+(?:{_QUESTION}|{_STATEMENT}|{_COMMAND}|{_ALSO})\b)"
    rf"|\s*,\s*(?!which|who)(?=(?:{_QUESTION}|{_ALSO}|i need|i want|i'd like)\b)"
    r"|\s+(?=(?:btw|by the way|oh and)\b)",
    re.I,
)
_COMMA = re.compile(r"\s*,\s+")
_CONNECTIVE = re.compile(
    r"(?:(?:and|but|oh|so|then|well|ok|okay)\b[\s,]*)*"
    r"(?:(?:also|plus|btw|by the way)\b[\s,:]*)?",
    re.I,
)


_ASKING = re.compile(rf"(?:{_QUESTION})\b", re.I)
_WISHING = re.compile(
    r"(?:(?:please|pls|plz|hi|hello|just)[\s,]+)*"
    r"(?:(?:i\s+(?:want|need|wish)|i'?d\s+like|i\s+would\s+like|(?:can|could|would)\s+(?:you|i))\s+"
    r"(?:to\s+)?(?:please\s+)?)?"
    rf"(?:{_COMMAND})\b",
    re.I,
)
_AND = re.compile(r"(?:and|but)\b", re.I)
_DETAIL = re.compile(
    r"\b(?:(?:order|number|no|nr|num|ref|reference|id|e-?mail|mail|address|account|name)\b[.']?"
    r"|the\b|my\b|its\b|it's\b|it\b|is\b|was\b|for\b|on\b|under\b|with\b|s\b"
    r"|kc-?[0-9a-z]+\b|[a-z]*\d[0-9a-z]*\b)",
    re.I,
)
_ADDED = re.compile(rf"(?:(?:and|but|or|oh)\b[\s,]*)*(?:{_ALSO})\b", re.I)


@dataclass(frozen=True)
class Clause:
    """A piece of a message, and where it stands in it (characters, end excluded)."""

    text: str
    start: int
    end: int

    @property
    def bare(self) -> str:
        """Without the "and also" that joins it to what came before."""
        joined = _CONNECTIVE.match(self.text)
        return (self.text[joined.end() :] if joined else "") or self.text

    @property
    def is_detail(self) -> bool:
        """Whether it is only a number or an address ("order no. 1001"), which asks for nothing."""
        return not any(map(str.isalpha, _DETAIL.sub(" ", EMAIL_ADDRESS.sub(" ", self.bare))))

    @property
    def asks(self) -> bool:
        """Whether it is a question, with or without its mark."""
        return self.text.endswith("?") or _ASKING.match(self.bare) is not None

    @property
    def commands(self) -> bool:
        """Whether it wants something done, in so many words."""
        return _WISHING.match(self.bare) is not None

    @property
    def is_added(self) -> bool:
        """Whether its first words say that it is another matter ("also", "by the way")."""
        return _ADDED.match(self.text) is not None

    def follows_as_another(self, before: Clause) -> bool:
        """Whether words alone say so: added, questions joined by "and", or a wish after a wish."""
        joined = _AND.match(self.text) is not None
        both_ask = self.asks and before.asks
        return self.is_added or (joined and both_ask) or (self.commands and before.commands)


def clauses(text: str, *, at_commas: bool = False) -> list[Clause]:
    """The clauses of a text in order, one or more; a text without a word has none.

    At every comma only on request: "silver, gold, rose" are no three wishes.
    """
    ends = [found.span() for found in _BOUNDARY.finditer(text)]
    if at_commas:
        ends = sorted({*ends, *(found.span() for found in _COMMA.finditer(text))})
    places: list[tuple[int, int]] = []
    start = 0
    for end, following in [*ends, (len(text), len(text))]:
        joined = _CONNECTIVE.match(text, start, end)
        if any(character.isalnum() for character in text[joined.end() if joined else start : end]):
            places.append((start, end))
            start = following
    if len(places) > MOST_CLAUSES:
        places = [*places[: MOST_CLAUSES - 1], (places[MOST_CLAUSES - 1][0], places[-1][1])]
    return [Clause(text[start:end], start, end) for start, end in places]
