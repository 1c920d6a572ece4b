"""What can be told of a message for certain: numbers, codes, dates, pieces; never a likeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, Span, Token

from bot.nlu.amount_entities import amounts_in
from bot.nlu.catalogue_entities import CatalogueRuler, CatalogueWords
from bot.nlu.code_entities import codes_in
from bot.nlu.date_entities import dates_in
from bot.nlu.entity_patterns import ORDER_NUMBER, PATTERNS, tokenising
from bot.nlu.found import Found, blanked, without_overlaps
from bot.nlu.normalise import EMAIL_ADDRESS
from bot.nlu.ring_size_entities import ring_sizes_in

EMAIL = "email"

# Said around a number that is the whole message.
AROUND = {
    *("it", "its", "it's", "'s", "is", "the", "my", "yes", "yep", "yeah", "sure", "ok", "okay"),
    *("please", "pls", "thanks", "thank", "you", "and", "for", "here", "hi", "hello", "email"),
    *("e", "mail", "address", "number", "order", "this", "one", "that", "no", "sorry", "i", "mean"),
    *("meant", "think", "should", "be", "with", "under"),
}
# What may stand before a number that is an order's, though nobody says so.
SPOKEN_OF = {"for", "on", "about", "it's", "its", "is", "'s", ",", "-"}
# What may follow it, where the sentence goes on.
FOLLOWS = {"to", "and", "please", "pls", "plz", "but", "because", "as", "yet", "where", "when"}
# What may follow an order's number that is spoken of with a verb before it.
GOES_ON = {"is", "was", "has", "have", "still", "now", "today", "i", "it", "my", "the", "by", "for"}
# What is counted behind a number, whatever stands before it.
COUNTED_IN = {"worth", "rings", "pieces", "necklaces", "earrings", "bracelets", "pcs"}
# Joins the numbers of a list.
IN_A_LIST = frozenset({",", "and", "&", "/", "+", "or", "#"})

_DIGIT = re.compile(r"\d")


class EntityFinder:
    """Rules, and an entity ruler that knows the catalogue's words; needs no language model."""

    def __init__(self, catalogue: Path | None = None) -> None:
        """`catalogue` is the file of the catalogue's words, read again whenever it changes."""
        self._language = tokenising()
        self._numbers = EntityRuler(self._language)
        self._numbers.add_patterns(
            [
                {"label": label, "pattern": pattern}
                for label, patterns in PATTERNS.items()
                for pattern in patterns
            ]
        )
        self._words = CatalogueWords(catalogue)
        self._pieces = CatalogueRuler(self._language, self._words.read())

    def find(self, text: str) -> list[Found]:
        """The entities of a text, in order, never overlapping."""
        has_digits = _DIGIT.search(text) is not None
        emails = [
            Found(EMAIL, match.group(), match.start(), match.end())
            for match in EMAIL_ADDRESS.finditer(text)
        ]
        # Digits within an address or a code are no number of their own.
        rest = blanked(text, emails)
        codes = without_overlaps(codes_in(rest)) if has_digits else []
        rest = blanked(rest, codes)
        dates = list(dates_in(rest))
        rest = blanked(rest, [each for each in dates if _DIGIT.search(rest[each.start : each.end])])
        self._read_catalogue_again()
        names_something = self._pieces.names_something(rest)
        # Most messages need not be taken apart.
        doc = self._language.make_doc(rest) if has_digits or names_something else None
        numbers = self._order_numbers(doc, bool(emails)) if doc is not None and has_digits else []
        return without_overlaps(
            [
                *(*emails, *codes, *numbers),
                *(amounts_in(rest) if has_digits else ()),
                *dates,
                *ring_sizes_in(rest),
                *(self._pieces.find(doc) if doc is not None and names_something else ()),
            ]
        )

    def _order_numbers(self, doc: Doc, beside_an_address: bool) -> list[Found]:
        self._numbers(doc)
        # The digits stand at the end of what a pattern matched.
        spans = [span for span in doc.ents if span.label_ == ORDER_NUMBER]
        found = [_number(span) for span in spans if not _is_counted(span)]
        if not found:
            beside = _lone_number(doc) if beside_an_address else []
            found = _number_alone(doc) or beside
        found += [each for each in _numbers_spoken_of(doc) if each not in found]
        found += _listed_with(doc, found)
        doc.ents = ()
        return found

    def _read_catalogue_again(self) -> None:
        if self._words.have_changed():
            self._pieces = CatalogueRuler(self._language, self._words.read())


def _number(span: Span) -> Found:
    token = span[-1]
    digits = token.text.lstrip("OoRrDdEeNnUuMmBb")  # "order1001" is one word
    end = token.idx + len(token)
    # Digits of every script count; their value is told in ours.
    value = "".join(str(int(digit)) for digit in digits)
    return Found(ORDER_NUMBER, value, end - len(digits), end)


def _is_counted(span: Span) -> bool:
    """Whether the number says how many, or how much: "to order 1000 charms", "order 1500 worth"."""
    after = span.doc[span.end] if span.end < len(span.doc) else None
    wished = span.start > 0 and span.doc[span.start - 1].lower_ in ("to", "wanna", "gonna")
    follows = after is not None and after.is_alpha and after.lower_ not in FOLLOWS | GOES_ON
    return follows and (wished or (after is not None and after.lower_ in COUNTED_IN))


def _is_free_number(token: Token) -> bool:
    ascii_digits = token.text.isascii() and token.is_digit
    return ascii_digits and 4 <= len(token) <= 8 and not token.ent_type_


def _lone_number(doc: Doc) -> list[Found]:
    """The one number that nothing else claims, in a message that proves itself by an address."""
    free = [token for token in doc if _is_free_number(token)]
    return [_number(doc[free[0].i : free[0].i + 1])] if len(free) == 1 else []


def _numbers_spoken_of(doc: Doc) -> list[Found]:
    """The free numbers that are spoken of ("my refund for 1020"), which are no years and no counts.

    Only a plain end of the sentence, a verb's beginning or a mark may follow: what is counted
    ("for 1200 beads") stands directly behind its number.
    """
    return [
        _number(doc[token.i : token.i + 1])
        for token in doc[1:]
        if _is_free_number(token)
        and not re.fullmatch(r"(19|20)\d\d", token.text)
        and token.nbor(-1).lower_ in SPOKEN_OF
        and _ends_there(doc, token.i + 1)
    ]


def _listed_with(doc: Doc, found: Sequence[Found]) -> list[Found]:
    """Free numbers that stand in one list with an order's: "orders 1001, 1002 and 1003"."""
    ends = {each.end for each in found}
    listed = []
    for token in doc:
        if token.idx + len(token) not in ends:
            continue
        at = token.i + 1
        while at < len(doc) - 1 and doc[at].lower_ in IN_A_LIST:
            while at < len(doc) - 1 and doc[at].lower_ in IN_A_LIST:
                at += 1
            if not _is_free_number(doc[at]) or not _ends_there(doc, at + 1, IN_A_LIST):
                break
            other = _number(doc[at : at + 1])
            if other.end not in ends:
                listed.append(other)
                ends.add(other.end)
            at += 1
    return listed


def _ends_there(doc: Doc, following: int, further: frozenset[str] = frozenset()) -> bool:
    if following >= len(doc) or doc[following].is_punct or doc[following].is_space:
        return True
    return doc[following].lower_ in FOLLOWS or doc[following].lower_ in further


def _number_alone(doc: Doc) -> list[Found]:
    """The number of a message that is nothing else, but for an address and words of courtesy."""
    rest = [
        token for token in doc if not (token.is_punct or token.is_space or token.lower_ in AROUND)
    ]
    return _lone_number(doc) if len(rest) == 1 and _is_free_number(rest[0]) else []
