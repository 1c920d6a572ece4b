"""Reads what a visitor looks for: names, kinds, materials and a price, in their own words."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bot.orders.catalogue_sizes import Sizes, read_sizes
from bot.orders.catalogue_words import (
    CALLED,
    KINDS,
    LEAST_LETTERS,
    MATERIALS,
    alike,
    plain,
    plain_words,
    words_in,
)

Order = Literal["cheapest", "dearest"]

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IN_FIGURES = {
    **{word: str(10 * n) for n, word in enumerate(_TENS, start=1)},
    **{"fifteen": "15", "hundred": "100"},
}
_NUMBER_WORD = re.compile(rf"\b(?:a )?({'|'.join(_IN_FIGURES)})\b(?:[ -]({'|'.join(_UNITS)})\b)?")
# An amount, not a length, a size or an age.
_AMOUNT = (
    r"(?:us)?\$? ?(\d{1,5}(?:\.\d\d?)?)(?![\d.]*\d)(?! ?(?:in\b|inch|\"|mm|cm|year|yr|yo\b|letter))"
)
_MOST = re.compile(
    r"\b(?:under|below|less than|cheaper than|up to|max(?:imum)?(?: of)?|at most|no more than"
    rf"|not over|within|beneath|budget(?: is| of)?) {_AMOUNT}"
)
_LEAST = re.compile(rf"\b(?:over|above|more than|at least|min(?:imum)?(?: of)?|from) {_AMOUNT}")
_RANGE = rf"{_AMOUNT} ?(?:and|to|-|–) ?{_AMOUNT}"
_BETWEEN = re.compile(
    rf"(?:\bbetween |\bfrom |(?=\$)){_RANGE}|\b{_RANGE} ?(?:dollars?|bucks|usd\b|\$)"
)
_ABOUT = re.compile(rf"\b(?:about|around|roughly|approx\w*|circa) {_AMOUNT}")
ABOUT_SHARE = 0.25  # "about 40" is 30 to 50
_CHEAPEST = re.compile(r"\b(?:cheapest|least expensive|lowest(?: |-)price\w*)")
_DEAREST = re.compile(r"\b(?:dearest|most expensive|priciest|highest(?: |-)price\w*)")

_POINTING = frozenset({"the", "your", "that", "this", "my"})
_A_PIECE = frozenset({"one", "piece", "thing", "design", "model", "collection"})


@dataclass(frozen=True)
class Vocabulary:
    """The catalogue's own words, singular: what single products and what kinds are called."""

    names: AbstractSet[str]  # in one product's name only
    kinds: AbstractSet[str]  # in several names, or a category
    materials: AbstractSet[str]
    phrases: AbstractSet[frozenset[str]]  # the words of each material


# What one word of the visitor's may mean, each with how sure that is (of 1).
Meanings = Mapping[str, float]


@dataclass(frozen=True)
class Wish:
    """What a text looks for. Prices in hundredths of the catalogue's currency.

    `attributes` are those of the materials that stand before a kind and so narrow it down: "gold
    rings" are not all rings, "are the rings gold" asks about all. `sizes` narrow it down too, but
    name no piece. `lacking` is a kind, `lacking_material` a material that the catalogue does not
    have, in the visitor's word; `unknown_name` what stands where a product's name would and is
    none.
    """

    names: tuple[Meanings, ...] = ()
    kinds: tuple[Meanings, ...] = ()
    materials: tuple[frozenset[str], ...] = ()
    attributes: tuple[frozenset[str], ...] = ()
    sizes: Sizes | None = None
    least_cents: int | None = None
    most_cents: int | None = None
    order: Order | None = None
    lacking: str | None = None
    lacking_material: str | None = None
    unknown_name: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a catalogue's was named, so that any piece may be meant."""
        return not (self.names or self.kinds or self.materials or self.order or self.has_price)

    @property
    def has_price(self) -> bool:
        """Whether the price is limited."""
        return self.least_cents is not None or self.most_cents is not None


def read_wish(text: str, vocabulary: Vocabulary) -> Wish:
    """What this text looks for in a catalogue with these words."""
    words = words_in(text)
    meanings = [_meanings(word, vocabulary) for word in words]
    least, most = _price(plain(text))
    kinds = vocabulary.kinds - vocabulary.names
    return Wish(
        names=_only(meanings, vocabulary.names),
        kinds=_only(meanings, kinds),
        materials=_phrases(meanings, vocabulary),
        attributes=_phrases(_before_a_kind(meanings, kinds, vocabulary.materials), vocabulary),
        sizes=read_sizes(text),
        least_cents=least,
        most_cents=most,
        order=_order(plain(text)),
        lacking=_first(words, meanings, KINDS.keys()),
        lacking_material=_other_gold(words, vocabulary) or _first(words, meanings, MATERIALS),
        unknown_name=_unknown_name(text, words, meanings),
    )


def _meanings(word: str, vocabulary: Vocabulary) -> Meanings:
    known = vocabulary.names | vocabulary.kinds | vocabulary.materials
    exact = {other: 1.0 for other in (word, *CALLED.get(word, ())) if other in known}
    if exact or word in KINDS or word in MATERIALS:
        return exact
    return alike(word, known)


def _only(meanings: Sequence[Meanings], words: AbstractSet[str]) -> tuple[Meanings, ...]:
    kept = ({word: sure for word, sure in each.items() if word in words} for each in meanings)
    return tuple(each for each in kept if each)


def _before_a_kind(
    meanings: Sequence[Meanings], kinds: AbstractSet[str], materials: AbstractSet[str]
) -> list[Meanings]:
    """The words of materials that only a kind, or another of them, stands after."""
    kept: list[Meanings] = []
    follows = False
    for each in reversed(meanings):
        follows = bool(each.keys() & kinds) or (follows and bool(each.keys() & materials))
        kept.insert(0, each if follows else {})
    return kept


def _phrases(meanings: Sequence[Meanings], vocabulary: Vocabulary) -> tuple[frozenset[str], ...]:
    """Materials as they were said: words that follow each other are one where one has them all."""
    found: list[frozenset[str]] = []
    follows = False
    for each in meanings:
        words = frozenset(word for word in each if word in vocabulary.materials)
        joined = found[-1] | words if follows and found else words
        if words and joined is not words and any(joined <= known for known in vocabulary.phrases):
            found[-1] = joined
        elif words:
            found.append(words)
        follows = bool(words)
    return tuple(found)


def _first(
    words: Sequence[str], meanings: Sequence[Meanings], lacked: AbstractSet[str]
) -> str | None:
    pairs = zip(words, meanings, strict=True)
    return next((word for word, meant in pairs if word in lacked and not meant), None)


def _other_gold(words: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """White gold, asked for where there is gold, but none that is called white."""
    other = frozenset({"white", "gold"})
    asked = ("white", "gold") in pairwise(words)
    return "white gold" if asked and not any(other <= p for p in vocabulary.phrases) else None


def _unknown_name(text: str, words: Sequence[str], meanings: Sequence[Meanings]) -> str | None:
    """A word that nobody knows where a name would stand: "the Zelda necklace", "the zelda"."""
    capital = {plain(word) for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text)}
    for n, (word, meant) in enumerate(zip(words, meanings, strict=True)):
        strange = not meant and word.isalpha() and len(word) >= LEAST_LETTERS
        if not strange or word in plain_words() | KINDS.keys() | MATERIALS | CALLED.keys():
            continue
        pointed = n > 0 and words[n - 1] in _POINTING
        named = n + 1 == len(words) or bool(meanings[n + 1]) or words[n + 1] in _A_PIECE
        if (pointed and named) or word in capital:
            return word
    return None


def _price(text: str) -> tuple[int | None, int | None]:
    """The least and the most it may cost, in hundredths; None where it is open."""
    text = _NUMBER_WORD.sub(_in_figures, text)
    if found := _BETWEEN.search(text):
        low, high = sorted(_cents(amount) for amount in found.groups() if amount)
        return low, high
    if found := _ABOUT.search(text):
        about = _cents(found[1])
        return round(about * (1 - ABOUT_SHARE)), round(about * (1 + ABOUT_SHARE))
    most = _MOST.search(text)
    least = _LEAST.search(_MOST.sub("", text))  # "not over 50" is no "over 50"
    return _cents(least[1]) if least else None, _cents(most[1]) if most else None


def _in_figures(number: re.Match[str]) -> str:
    unit = _UNITS.index(number[2]) + 1 if number[2] else 0
    return str(int(_IN_FIGURES[number[1]]) + unit)


def _cents(amount: str) -> int:
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def _order(text: str) -> Order | None:
    if _CHEAPEST.search(text):
        return "cheapest"
    return "dearest" if _DEAREST.search(text) else None
