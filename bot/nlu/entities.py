"""Order numbers and e-mail addresses in a message, told from years, prices and telephones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Token
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from bot.nlu.normalise import EMAIL_ADDRESS

ORDER_NUMBER = "order_number"
EMAIL = "email"
# What looks like an order number and is none; found so that nothing else claims it.
OTHER_NUMBER = "other_number"

Pattern = list[dict[str, Any]]

# Order numbers have 4 to 8 digits.
NUMBER: dict[str, Any] = {"TEXT": {"REGEX": r"^\d{4,8}$"}}
DIGITS: dict[str, Any] = {"TEXT": {"REGEX": r"^[\d.,:/-]*\d[\d.,:/-]*$"}}
HASH: dict[str, Any] = {"TEXT": "#"}
MARK: dict[str, Any] = {"TEXT": {"IN": [":", "-", "=", ".", ",", "?", "!"]}, "OP": "?"}
NUMBERED: dict[str, Any] = {
    "LOWER": {"IN": ["number", "numbers", "no", "no.", "nr", "nr.", "num", "num.", "id", "code"]}
}
ORDER: dict[str, Any] = {
    "LOWER": {"IN": ["order", "orders", "ord", "order's", "purchase", "package", "parcel"]}
}
IS: dict[str, Any] = {"LOWER": {"IN": ["is", "was", "'s", "s", "="]}, "OP": "?"}
OTHER: dict[str, Any] = {
    "LOWER": {
        "IN": [
            *("phone", "telephone", "mobile", "cell", "tel", "tel.", "fax", "zip", "postal"),
            *("post", "postcode", "zipcode", "tracking", "card", "account", "ticket"),
            *("invoice", "reference", "tag", "apartment", "apt", "flat", "room", "street", "box"),
            *("pin", "voucher", "gift"),
        ]
    }
}
MONEY: dict[str, Any] = {"TEXT": {"IN": ["$", "£", "€", "¥"]}}
CURRENCY: dict[str, Any] = {
    "LOWER": {
        "IN": [
            *("$", "£", "€", "usd", "eur", "gbp", "dollar", "dollars", "bucks", "euro", "euros"),
            *("pounds", "cents", "quid", "us"),
        ]
    }
}
UNIT: dict[str, Any] = {
    "LOWER": {
        "IN": [
            *("minutes", "hours", "days", "weeks", "months", "years", "mins", "hrs", "percent"),
            *("miles", "km", "people", "times", "pieces", "%", "followers", "words"),
        ]
    }
}
TIME: dict[str, Any] = {"LOWER": {"IN": ["in", "since", "until", "before", "after", "year", "of"]}}
YEAR: dict[str, Any] = {"TEXT": {"REGEX": r"^(19|20)\d\d$"}}
MONTH: dict[str, Any] = {
    "LOWER": {"REGEX": r"^(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?$"}
}

PATTERNS: dict[str, list[Pattern]] = {
    ORDER_NUMBER: [
        [HASH, NUMBER],
        [ORDER, MARK, HASH, MARK, NUMBER],
        [ORDER, MARK, NUMBER],
        [ORDER, {**NUMBERED, "OP": "?"}, MARK, IS, MARK, {**HASH, "OP": "?"}, NUMBER],
        [{"LOWER": {"IN": ["track", "status", "cancel", "return", "refund", "exchange"]}}, NUMBER],
        [{"LOWER": "status"}, {"LOWER": "of"}, NUMBER],
        [{"LOWER": {"IN": ["where", "where's", "wheres"]}}, IS, {"LOWER": "my", "OP": "?"}, NUMBER],
        [{"LOWER": {"IN": ["no", "no.", "nr", "nr.", "number"]}}, MARK, NUMBER],
        [{"TEXT": "("}, NUMBER],
    ],
    OTHER_NUMBER: [
        [MONEY, DIGITS],
        [DIGITS, CURRENCY],
        [DIGITS, UNIT],
        [TIME, YEAR],
        [MONTH, MARK, YEAR],
        [MONTH, DIGITS, MARK, YEAR],
        [OTHER, {**NUMBERED, "OP": "?"}, MARK, IS, MARK, {**HASH, "OP": "?"}, DIGITS],
        [{"TEXT": {"REGEX": r"^\+?\d{1,4}$"}}, {"TEXT": "-"}, NUMBER],
    ],
}
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


@dataclass(frozen=True)
class Found:
    """An entity: what kind, its value, and where it stands (characters, end excluded)."""

    entity: str
    value: str
    start: int
    end: int


class EntityFinder:
    """A blank English pipeline whose only knowledge is the patterns above."""

    def __init__(self) -> None:
        """Set the tokeniser and the patterns up; needs no language model."""
        self._language = _language()

    def find(self, text: str) -> list[Found]:
        """The entities of a text, in order, never overlapping."""
        emails = [
            Found(EMAIL, match.group(), match.start(), match.end())
            for match in EMAIL_ADDRESS.finditer(text)
        ]
        # Digits within an address are no number of their own.
        rest = EMAIL_ADDRESS.sub(lambda match: " " * len(match.group()), text)
        doc = self._language(rest)
        # The digits stand at the end of what a pattern matched.
        numbers = [_number(span[-1]) for span in doc.ents if span.label_ == ORDER_NUMBER]
        numbers = (
            numbers
            or _number_alone(doc)
            or (_number_beside_an_address(doc) if emails else [])
            or _number_spoken_of(doc)
        )
        return sorted(emails + numbers, key=lambda each: each.start)


def _language() -> Language:
    language = spacy.blank("en")
    defaults = language.Defaults
    # "order#1001", "no.1001" and "(1001)" are several words here, and "id" is one.
    infixes = [*(defaults.infixes or []), "#", r"(?<=[A-Za-z#])[.:=](?=\d)", r"(?<=\d),(?=\D)"]
    prefixes = [*(defaults.prefixes or []), "#"]
    suffixes = [*(defaults.suffixes or []), r"(?<=\d)\."]
    language.tokenizer = Tokenizer(
        language.vocab,
        prefix_search=compile_prefix_regex(prefixes).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
    )
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": label, "pattern": pattern}
            for label, patterns in PATTERNS.items()
            for pattern in patterns
        ]
    )
    return language


def _number(token: Token) -> Found:
    return Found(ORDER_NUMBER, token.text, token.idx, token.idx + len(token))


def _number_beside_an_address(doc: Doc) -> list[Found]:
    """The one number that nothing else claims, in a message that proves itself by an address."""
    free = [
        token
        for token in doc
        if token.text.isascii() and token.is_digit and 4 <= len(token) <= 8 and not token.ent_type_
    ]
    return [_number(free[0])] if len(free) == 1 else []


def _number_spoken_of(doc: Doc) -> list[Found]:
    """The one free number that is spoken of ("my refund for 1020"), which is no year and no count.

    Only a plain end of the sentence, a verb's beginning or a mark may follow: what is counted
    ("for 1200 beads") stands directly behind its number.
    """
    found = [
        token
        for token in doc[1:]
        if token.text.isascii()
        and token.is_digit
        and 4 <= len(token) <= 8
        and not token.ent_type_
        and not re.fullmatch(r"(19|20)\d\d", token.text)
        and token.nbor(-1).lower_ in SPOKEN_OF
        and _ends_there(doc, token.i + 1)
    ]
    return [_number(found[0])] if len(found) == 1 else []


def _ends_there(doc: Doc, following: int) -> bool:
    return following >= len(doc) or doc[following].is_punct or doc[following].lower_ in FOLLOWS


def _number_alone(doc: Doc) -> list[Found]:
    """The number of a message that is nothing else, but for an address and words of courtesy."""
    rest = [
        token for token in doc if not (token.is_punct or token.is_space or token.lower_ in AROUND)
    ]
    if len(rest) != 1 or rest[0].ent_type_ or not rest[0].text.isascii():
        return []
    return [_number(rest[0])] if rest[0].is_digit and 4 <= len(rest[0]) <= 8 else []
