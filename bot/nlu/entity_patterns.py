"""What order numbers look like among other numbers: patterns for spaCy's entity ruler."""

from __future__ import annotations

from typing import Any

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

ORDER_NUMBER = "order_number"
# What looks like an entity and is none; found so that nothing else claims it.
OTHER = "other"

Pattern = list[dict[str, Any]]

# Order numbers have 4 to 8 digits.
NUMBER: dict[str, Any] = {"TEXT": {"REGEX": r"^\d{4,8}$"}}
GLUED: dict[str, Any] = {"LOWER": {"REGEX": r"^(?:order|ord|orderno|ordernumber)\d{4,8}$"}}
DIGITS: dict[str, Any] = {"TEXT": {"REGEX": r"^[\d.,:/-]*\d[\d.,:/-]*$"}}
HASH: dict[str, Any] = {"TEXT": {"IN": ["#", "№", "nº", "##"]}}
MARK: dict[str, Any] = {"TEXT": {"IN": [":", "-", "=", ".", ",", "?", "!"]}, "OP": "?"}
NUMBERED: dict[str, Any] = {
    "LOWER": {
        "IN": [
            *("number", "numbers", "no", "no.", "nr", "nr.", "num", "num.", "id", "code"),
            *("numbr", "nubmer", "numer", "numbe", "nummer", "ref", "ref.", "confirmation"),
        ]
    }
}
ORDER: dict[str, Any] = {
    "LOWER": {
        "IN": [
            *("order", "orders", "ord", "order's", "purchase", "package", "parcel"),
            *("ordr", "oder", "odrer", "oredr", "ordre", "orderr", "oders"),
        ]
    }
}
IS: dict[str, Any] = {"LOWER": {"IN": ["is", "was", "'s", "s", "="]}, "OP": "?"}
OTHER_THING: dict[str, Any] = {
    "LOWER": {
        "IN": [
            *("phone", "telephone", "mobile", "cell", "tel", "tel.", "fax", "zip", "postal"),
            *("post", "postcode", "zipcode", "tracking", "card", "account", "ticket"),
            *("invoice", "reference", "tag", "apartment", "apt", "flat", "room", "street", "box"),
            *(
                "pin",
                "voucher",
                "gift",
                "item",
                "style",
                "model",
                "bus",
                "passport",
                "sku",
                "product",
            ),
            *("serial", "batch", "article", "licence", "license", "extension", "ext", "page"),
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
        [GLUED],
        [ORDER, {"LOWER": "confirmation"}, NUMBERED, MARK, IS, MARK, NUMBER],
        [ORDER, NUMBERED, IS, {"LOWER": {"IN": ["as", "the"]}}, {"IS_ALPHA": True}, MARK, NUMBER],
    ],
    OTHER: [
        [MONEY, DIGITS],
        [DIGITS, CURRENCY],
        [DIGITS, UNIT],
        [TIME, YEAR],
        [MONTH, MARK, YEAR],
        [MONTH, DIGITS, MARK, YEAR],
        [OTHER_THING, {**NUMBERED, "OP": "?"}, MARK, IS, MARK, {**HASH, "OP": "?"}, DIGITS],
        [{"TEXT": {"REGEX": r"^\+?\d{1,4}$"}}, {"TEXT": "-"}, NUMBER],
    ],
}


def tokenising() -> Language:
    """A blank English pipeline: "order#1001", "no.1001" and "(1001)" are several words in it."""
    language = spacy.blank("en")
    defaults = language.Defaults
    infixes = [*(defaults.infixes or []), "#", r"(?<=[A-Za-z#])[.:=](?=\d)", r"(?<=\d),(?=\D)"]
    prefixes = [*(defaults.prefixes or []), "#", "№", "nº"]
    suffixes = [*(defaults.suffixes or []), r"(?<=\d)\."]
    language.tokenizer = Tokenizer(
        language.vocab,
        prefix_search=compile_prefix_regex(prefixes).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
    )
    return language
