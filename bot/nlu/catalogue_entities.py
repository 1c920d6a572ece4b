"""The catalogue's pieces and metals in a message, also with a slip, for spaCy's entity ruler."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.matcher.levenshtein import levenshtein
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, Span

from bot.nlu.entity_patterns import OTHER, Pattern
from bot.nlu.found import Found
from bot.nlu.idioms import AFTER_A_METAL, BEFORE_A_METAL, RINGING

PRODUCT = "product"
METAL = "metal"
CATALOGUE_FILE = "catalogue.json"

# Known without a catalogue too; a catalogue says what it calls them.
METALS: Mapping[str, str] = {
    **{
        metal: metal
        for metal in (
            *("gold", "silver", "platinum", "titanium", "brass", "copper", "bronze", "palladium"),
            *("rose gold", "white gold", "yellow gold", "stainless steel", "sterling silver"),
            *("tungsten", "gold vermeil", "gold plated", "silver plated"),
        )
    },
    "vermeil": "gold vermeil",
    "sterling": "sterling silver",
    "925 silver": "sterling silver",
}
# Shorter words are like too many others to be slips; in a long word there may be two.
LEAST_LETTERS, LEAST_FOR_TWO, MOST_LETTERS = 5, 8, 20
WORDS_REMEMBERED = 10_000
_WORD = re.compile(r"[^\W_]+")
_MOST_BYTES = 5_000_000
# Before a name that is an ordinary word as well, these say that a piece is meant.
_POINTING = frozenset({"the", "your", "my", "this", "that", "these", "those", "her", "his"})
_WORDS_OF_A_SHORT_MESSAGE = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """What the catalogue's file says: what people call its pieces, kinds and metals.

    Each maps words in small letters to the catalogue's own. `ordinary` are everyday words that
    are no slip, however near they come; a name among them needs more than itself.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    metals: Mapping[str, str] = field(default_factory=dict)
    ordinary: frozenset[str] = frozenset()


class CatalogueWords:
    """The file of the catalogue's words, as it stands now."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None

    def have_changed(self) -> bool:
        """Whether the file is another one than was read last."""
        return self._path is not None and self._mark() != self._seen

    def read(self) -> Words:
        """The words; none where there is no file, or one that is not ours."""
        self._seen = self._mark()
        if self._path is None or self._seen is None:
            return Words()
        try:
            with self._path.open(encoding="utf-8") as file:
                return _words_of(json.loads(file.read(_MOST_BYTES)))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
            logger.warning("%s cannot be read (%s)", self._path.name, type(fault).__name__)
            return Words()

    def _mark(self) -> tuple[int, int, int] | None:
        try:
            status = os.stat(self._path) if self._path else None  # noqa: PTH116 - each message
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_size, status.st_ino) if status else None


def catalogue_file() -> Path:
    """The file below `BOT_DATA_DIR` (default `var/`) that the other side writes."""
    return Path(os.environ.get("BOT_DATA_DIR") or "var") / CATALOGUE_FILE


def _words_of(content: dict[str, Any]) -> Words:
    def texts(name: str) -> dict[str, str]:
        return {str(said).lower(): str(meant) for said, meant in content[name].items()}

    return Words(
        texts("names"), texts("kinds"), texts("metals"), frozenset(map(str, content["ordinary"]))
    )


class CatalogueRuler:
    """An entity ruler over words in their base form, slips put right.

    It compares the base form alone (spaCy's NORM), which takes no time to speak of; and a text
    without a word of the catalogue's is not even taken apart.
    """

    def __init__(self, language: Language, words: Words) -> None:
        self._words = words
        self._pieces = frozenset(words.names.values())
        metals = {**METALS, **words.metals}
        spoken = {
            word for phrase in (*words.names, *words.kinds, *metals) for word in _words(phrase)
        }
        self._forms = {form: word for word in spoken for form in _plurals(word)}
        self._forms |= {word: word for word in spoken}
        self._long: dict[str, list[str]] = {}
        for word in sorted(spoken):
            if word.isalpha() and len(word) >= LEAST_LETTERS:
                self._long.setdefault(word[0], []).append(word)
        # A word is compared once, however many messages have it.
        self._put_right = lru_cache(WORDS_REMEMBERED)(self._slip_of)
        self._ruler = EntityRuler(language)
        self._ruler.add_patterns(
            [
                # spaCy takes wider patterns than its own type says.
                *({"label": OTHER, "pattern": each} for each in RINGING),  # type: ignore[list-item]
                *_labelled(METAL, metals),
                *_labelled(PRODUCT, words.kinds),
                *_labelled(PRODUCT, words.names),
            ]
        )

    def names_something(self, text: str) -> bool:
        """Whether there is any word of the catalogue's in a text."""
        return any(self._base(word) for word in _WORD.findall(text.lower()))

    def find(self, doc: Doc) -> list[Found]:
        """The pieces and metals of a text."""
        for token in doc:
            token.norm_ = self._base(token.lower_) or token.lower_
        self._ruler(doc)
        meant = [span for span in doc.ents if span.label_ != OTHER and self._is_meant(span)]
        return list(self._with_their_kinds(meant))

    def _with_their_kinds(self, spans: list[Span]) -> Iterator[Found]:
        """A name goes with the kind of piece that follows it ("the maren necklace")."""
        at = 0
        while at < len(spans):
            first = last = spans[at]
            at += 1
            if first.ent_id_ in self._pieces:
                while at < len(spans) and self._is_kind_after(last, spans[at]):
                    last = spans[at]
                    at += 1
            yield Found(first.label_, first.ent_id_, first.start_char, last.end_char)

    def _is_kind_after(self, before: Span, span: Span) -> bool:
        is_kind = span.label_ == PRODUCT and span.ent_id_ not in self._pieces
        return is_kind and span.start == before.end

    def _base(self, word: str) -> str | None:
        """The catalogue's word that this one is, None where it is none."""
        known = self._forms.get(word)
        if known is None and LEAST_LETTERS <= len(word) <= MOST_LETTERS:
            known = self._put_right(word)
        return known

    def _slip_of(self, word: str) -> str | None:
        if word in self._words.ordinary or not word.isalpha():
            return None
        return next((known for known in self._long.get(word[0], ()) if is_slip(word, known)), None)

    def _is_meant(self, span: Span) -> bool:
        doc = span.doc
        before = doc[span.start - 1].lower_ if span.start else ""
        after = doc[span.end].lower_ if span.end < len(doc) else ""
        if span.label_ == METAL:
            return after not in AFTER_A_METAL and before not in BEFORE_A_METAL
        name = span.text.lower()
        if name not in self._words.names or name not in self._words.ordinary:
            return True
        is_capital = span.start > 0 and span.text[0].isupper() and not doc.text.isupper()
        return before in _POINTING or is_capital or len(doc) <= _WORDS_OF_A_SHORT_MESSAGE


def is_slip(word: str, known: str) -> bool:
    """Whether a word is that one with one letter wrong, missing, too many or two swapped.

    A long word may have two slips. First letters are seldom wrong, so they must be the same.
    """
    if word[0] != known[0]:
        return False
    distance = levenshtein(word, known, 2)
    least = 2 if len(known) >= LEAST_FOR_TWO else 1
    swapped = distance == 2 and sorted(word) == sorted(known)
    return bool(distance <= least or swapped)


def _labelled(label: str, words: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for said, meant in words.items():
        for pattern in _patterns(_words(said)):
            yield {"label": label, "pattern": pattern, "id": meant}


def _words(phrase: str) -> list[str]:
    return _WORD.findall(phrase.lower())


def _patterns(words: list[str]) -> Iterator[Pattern]:
    """The words one after the other, with blanks or with hyphens between them."""
    for hyphens in product((False, True), repeat=len(words) - 1):
        pattern: Pattern = [{"NORM": words[0]}]
        for word, has_hyphen in zip(words[1:], hyphens, strict=True):
            pattern += [{"TEXT": "-"}] if has_hyphen else []
            pattern.append({"NORM": word})
        yield pattern


def _plurals(word: str) -> Iterable[str]:
    return (word, f"{word}s", f"{word}es") if word.isalpha() else (word,)
