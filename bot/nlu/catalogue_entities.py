"""The catalogue's pieces and metals in a message, also with a slip, for spaCy's entity ruler."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.matcher import Matcher
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
LEAST_LETTERS, LEAST_FOR_TWO = 5, 7
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
    """An entity ruler over words whose slips were put right first."""

    def __init__(self, language: Language, words: Words) -> None:
        self._words = words
        metals = {**METALS, **words.metals}
        phrases = [*words.names, *words.kinds, *metals]
        spoken = {str(token) for phrase in phrases for token in language.make_doc(phrase)}
        self._known = spoken | {form for word in spoken for form in _plurals(word)}
        self._long = sorted(w for w in spoken if w.isalpha() and len(w) >= LEAST_LETTERS)
        # spaCy's own comparison counts a swap of two letters as two slips.
        self._slips = Matcher(language.vocab)
        self._slips.add("slip", [[{"LOWER": {"FUZZY2": {"IN": self._long}}}]])
        self._ruler = EntityRuler(language)
        self._ruler.add_patterns(
            [
                *({"label": OTHER, "pattern": each} for each in RINGING),
                *_labelled(METAL, metals, language),
                *_labelled(PRODUCT, words.kinds, language),
                *_named(words, language),
            ]
        )

    def find(self, doc: Doc) -> list[Found]:
        """The pieces and metals of a text."""
        for _, at, _ in self._slips(doc):
            token = doc[at]
            meant = self._meant(token.lower_)
            if meant:
                token.norm_ = meant
        self._ruler(doc)
        return [
            Found(span.label_, span.ent_id_, span.start_char, span.end_char)
            for span in doc.ents
            if span.label_ != OTHER and self._is_meant(span)
        ]

    def _meant(self, word: str) -> str | None:
        if word in self._known or word in self._words.ordinary or len(word) < LEAST_LETTERS:
            return None
        return next((known for known in self._long if is_slip(word, known)), None)

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


def _labelled(label: str, words: Mapping[str, str], language: Language) -> Iterator[dict[str, Any]]:
    for said, meant in words.items():
        yield {"label": label, "pattern": _pattern(said, language), "id": meant}


def _named(words: Words, language: Language) -> Iterator[dict[str, Any]]:
    """A name alone, and with what kind of piece it is ("the maren necklace")."""
    kinds = {token for kind in words.kinds for token in kind.split() if token.isalpha()}
    forms = sorted({form for kind in kinds for form in _plurals(kind)})
    for said, meant in words.names.items():
        name = _pattern(said, language)
        yield {"label": PRODUCT, "pattern": name, "id": meant}
        if forms:
            of_kind: dict[str, Any] = {"NORM": {"IN": forms}}
            yield {"label": PRODUCT, "pattern": [*name, of_kind], "id": meant}
            yield {"label": PRODUCT, "pattern": [*name, of_kind, of_kind], "id": meant}


def _pattern(phrase: str, language: Language) -> Pattern:
    """The words of a phrase, the last in any number; hyphens come and go."""
    spoken = [token.lower_ for token in language.make_doc(phrase) if token.lower_ != "-"]
    pattern: Pattern = []
    for at, word in enumerate(spoken):
        if at:
            pattern.append({"TEXT": "-", "OP": "?"})
        pattern.append({"NORM": word})
    pattern[-1] = {"NORM": {"IN": sorted(_plurals(pattern[-1]["NORM"]))}}
    return pattern


def _plurals(word: str) -> Iterable[str]:
    return (word, f"{word}s", f"{word}es") if word.isalpha() else (word,)
