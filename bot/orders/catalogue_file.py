"""Tells the Rasa side, in a small file, what people call the catalogue's pieces and metals."""

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Protocol

from bot.orders.catalogue_words import CALLED, KINDS, PLAIN_WORDS, plain, singular, words_in

CATALOGUE_FILE = "catalogue.json"

METALS = frozenset(
    {
        *("gold", "silver", "steel", "brass", "vermeil", "platinum", "titanium", "copper"),
        *("bronze", "palladium", "tungsten", "aluminium"),
    }
)
# Kinds that are everyday words as well ("a rubber band"): alone they name no piece.
_EVERYDAY_KINDS = frozenset({"band", "bead", "chain", "cord", "cross", "cuff", "ear", "watch"})
# Names that are words of their own ("happy as a lark"), beside the plain words.
_EVERYDAY_NAMES = frozenset(
    {
        *("ash", "aurora", "bay", "bliss", "bloom", "breeze", "coral", "crown", "daisy", "dawn"),
        *("dove", "dune", "echo", "eden", "ember", "faith", "fern", "flora", "grace", "harmony"),
        *("haven", "hazel", "heart", "hope", "iris", "ivy", "jasmine", "joy", "juniper", "lark"),
        *("laurel", "lily", "lotus", "luna", "moon", "olive", "petal", "poppy", "quill", "raven"),
        *("river", "robin", "rose", "rowan", "ruby", "sable", "sage", "sky", "star", "stella"),
        *("summer", "sun", "vesper", "violet", "wave", "willow", "winter", "wren"),
    }
)

_WORD = re.compile(r"\w+")
_NEAR = 0.6  # of 1, as alike as two words with two slips between them may be


class Piece(Protocol):
    """What is told of a product: read from the database or from a file."""

    @property
    def name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def materials(self) -> Sequence[str]: ...


def write_catalogue_words(pieces: Iterable[Piece], folder: Path) -> None:
    """Write the file anew: readers see the old one or the new one, never half. Raises OSError."""
    pieces = list(pieces)
    names, kinds, metals = _names(pieces), _kinds(pieces), _metals(pieces)
    content = {
        "names": names,
        "kinds": kinds,
        "metals": metals,
        "ordinary": _ordinary(pieces, [*names, *kinds, *metals]),
    }
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{CATALOGUE_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(folder / CATALOGUE_FILE)
    finally:
        draft.unlink(missing_ok=True)


def _names(pieces: Sequence[Piece]) -> dict[str, str]:
    """The words that only one piece has in its name, and every whole name."""
    count = Counter(word for piece in pieces for word in set(words_in(piece.name)))
    categories = {singular(piece.category) for piece in pieces}
    of_materials = {word for piece in pieces for each in piece.materials for word in words_in(each)}
    generic = categories | of_materials | KINDS.keys() | CALLED.keys() | _EVERYDAY_KINDS
    single = {
        word: piece.name
        for piece in pieces
        # A name keeps its "s": the singular of Ines is not said.
        for word in _WORD.findall(plain(piece.name))
        if count[singular(word)] == 1 and singular(word) not in generic
    }
    return single | {piece.name.lower(): piece.name for piece in pieces}


def _kinds(pieces: Sequence[Piece]) -> dict[str, str]:
    """What kinds of pieces are called, each with the category that it means."""
    categories = {singular(piece.category): piece.category for piece in pieces}
    of_word: dict[str, set[str]] = {}
    for piece in pieces:
        for word in words_in(piece.name):
            of_word.setdefault(word, set()).add(piece.category)
    count = Counter(word for piece in pieces for word in set(words_in(piece.name)))
    shared = {
        word: categories_of.copy().pop()
        for word, categories_of in of_word.items()
        if count[word] > 1 and len(categories_of) == 1
    }
    known = {**shared, **categories}
    called = {word: known[o] for word, others in CALLED.items() for o in others if o in known}
    nearest = {
        kind: category
        for kind, category in KINDS.items()
        if category in set(categories.values()) and category is not None
    }
    kinds = {**nearest, **called, **known}
    if "earring" in kinds:
        kinds["ear ring"] = kinds["earring"]
    metal_words = {word for piece in pieces for each in piece.materials for word in words_in(each)}
    return {
        word: meant
        for word, meant in kinds.items()
        if word not in _EVERYDAY_KINDS and word not in metal_words
    }


def _metals(pieces: Sequence[Piece]) -> dict[str, str]:
    """Every part of a metal's name that means this metal alone; what means several, itself."""
    materials = {material for piece in pieces for material in piece.materials}
    metals = {
        tuple(_WORD.findall(material.lower())): material
        for material in sorted(materials)
        if METALS & set(words_in(material))
    }
    meant: dict[str, set[str]] = {}
    itself: dict[str, str] = {}
    for words, material in metals.items():
        # "sterling silver posts" are sterling silver.
        if any(other != words and other == words[: len(other)] for other in metals):
            continue
        places = list(_WORD.finditer(material))
        for start, end in combinations(range(len(words) + 1), 2):
            if METALS & set(words[start:end]) and words[start] != "plated":
                said = " ".join(words[start:end])
                meant.setdefault(said, set()).add(material)
                itself[said] = material[places[start].start() : places[end - 1].end()]
    found = {
        said: next(iter(each)) if len(each) == 1 else itself[said] for said, each in meant.items()
    }
    for word, others in CALLED.items():
        sterling = [found[f"{other} silver"] for other in others if f"{other} silver" in found]
        if sterling:
            found |= {f"{word} silver": sterling[0], others[0]: sterling[0]}
    return found


def _ordinary(pieces: Iterable[Piece], phrases: Iterable[str]) -> list[str]:
    """Words near one of these that are no slip of it, and names that are words of their own.

    Plain words, and what the catalogue says of materials ("green" beside a piece called Greer).
    """
    words = {word for phrase in phrases for word in words_in(phrase)}
    said = (word for piece in pieces for each in piece.materials for word in words_in(each))
    plain_ones = {*PLAIN_WORDS.read_text(encoding="utf-8").split(), *said}
    near = {word for word in plain_ones if any(_is_near(word, other) for other in words)}
    return sorted((near - words) | (words & _EVERYDAY_NAMES))


def _is_near(word: str, other: str) -> bool:
    same_start = word[0] == other[0] and abs(len(word) - len(other)) <= 2
    return same_start and SequenceMatcher(None, word, other).ratio() >= _NEAR
