"""What a mail asks for: its label by the same understanding as in the chat, piece by piece."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bot.tickets.categories import CATEGORY_OF_REQUEST

# Gives the requests understood in a text of at most LONGEST_PIECE characters, as a turn does.
Understand = Callable[[str], list[dict[str, Any]]]

LONGEST_PIECE = 1_000
MOST_PIECES = 6
# What opens and ends a letter asks for nothing, and is no small talk to be answered either.
_COURTESY = re.compile(
    r"^(dear\b.*|hello\b.{0,40}|hi\b.{0,40}|hey\b.{0,40}|good (morning|afternoon|evening).{0,40}"
    r"|to whom it may concern.*)$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^((best|kind|warm)? ?(regards|wishes).*|sincerely.*|yours .{0,20}|cheers.{0,20}"
    r"|(many )?thanks?( you)?( in advance| so much| very much)?[,.!]?)$",
    re.IGNORECASE,
)
_WORDS_OF_A_NAME = 4
_SUBJECT_MARKS = re.compile(r"^((re|fwd?|aw|wg|tr|rv|sv)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)
_SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "bot_challenge", "stop"})
# Urgent requests are kept first: of several, the one with the shorter promise decides (§3).
_GENERAL = frozenset({"account", "feedback", "privacy", "language", "accessibility"})


@dataclass(frozen=True)
class Understood:
    """The label that decides, None where nothing was clear; all parts; the order if named."""

    label: str | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    order_number: str | None = None


def understood_in(
    subject: str, text: str, understand: Understand, *, whole: str = ""
) -> Understood:
    """Ask for the text's paragraphs, and for the subject where they say nothing clear.

    An order that neither names is looked for in the whole mail: in what it forwards or quotes.
    """
    parts: list[dict[str, Any]] = []
    for piece in pieces_of(text):
        parts += understand(piece)
    about = _SUBJECT_MARKS.sub("", subject).strip()
    if about and deciding(parts) is None:
        parts += understand(about[:LONGEST_PIECE])
    decided = deciding(parts)
    label = str(decided["label"]) if decided else None
    number = _order_number(parts) or _order_number(_with_figures(about, text, whole, understand))
    return Understood(label, parts, number)


def _with_figures(
    about: str, text: str, whole: str, understand: Understand
) -> Iterator[dict[str, Any]]:
    """What is understood in the subject and in all that the text is without, if it has figures."""
    asked = set(pieces_of(text))
    others = dict.fromkeys([about[:LONGEST_PIECE], *_paragraphs(whole)])
    told = (p for p in others if p not in asked and any(c.isdigit() for c in p))
    for piece in islice(told, MOST_PIECES):
        yield from understand(piece)


def pieces_of(text: str) -> list[str]:
    """The paragraphs that say something, short enough to be understood, in their order."""
    return list(islice(_paragraphs(text), MOST_PIECES))


def _paragraphs(text: str) -> Iterator[str]:
    paragraphs = (" ".join(_saying_something(p)) for p in re.split(r"\n\s*\n", text))
    return (p.strip()[:LONGEST_PIECE] for p in paragraphs if p.strip())


def _saying_something(paragraph: str) -> Iterator[str]:
    is_closed = False
    for line in (line.strip() for line in paragraph.split("\n")):
        if _CLOSING.match(line):
            is_closed = True  # what follows is a name
        elif not _COURTESY.match(line) and not (
            is_closed and len(line.split()) <= _WORDS_OF_A_NAME
        ):
            yield line


def deciding(parts: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The part that sets the category: urgent requests first, then the surest."""
    asked = [p for p in parts if p.get("accepted") and p.get("label") not in _SMALL_TALK]
    return max(asked, key=_weight, default=None)


def _weight(part: dict[str, Any]) -> tuple[int, float]:
    label = str(part.get("label"))
    category = CATEGORY_OF_REQUEST.get(label)
    is_request = category is not None and "/" not in label
    rank = (2 if category not in _GENERAL else 1) if is_request else 0
    return rank, float(part.get("confidence") or 0)


def _order_number(parts: Iterable[dict[str, Any]]) -> str | None:
    found = (
        str(entity["value"])
        for part in parts
        for entity in part.get("entities") or []
        if entity.get("entity") == "order_number"
    )
    return next(found, None)
