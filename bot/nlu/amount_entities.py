"""Amounts of money: with their currency, or after a word that only money follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.found import Found

AMOUNT = "amount"

_FIGURE = r"\d{1,3}(?:[,.\u2019 ]\d{3})+(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?"
_END = r"(?![\d]|[.,:/-]\d)"
_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY"}
_DOLLARS = {"us": "USD", "u": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD"}
_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|JPY"
_WORDS = {
    "dollar": "USD",
    "buck": "USD",
    "euro": "EUR",
    "quid": "GBP",
    "pound": "GBP",
    "franc": "CHF",
    "yen": "JPY",
}
_SIGN_FIRST = re.compile(
    rf"(?:(?<![A-Z])(US|CA|AU|NZ|C|A))?([$£€¥])\s?({_FIGURE})\s?(k\b)?{_END}(?!\w)", re.I
)
_CODE_FIRST = re.compile(rf"(?<!\w)({_CODES})\s?({_FIGURE}){_END}(?!\w)", re.I)
_CURRENCY_LAST = re.compile(
    rf"(?<![\w.,:/#-])({_FIGURE})\s?(k)?[\s-]?"
    rf"(?:(?:US\s|american\s)?(dollar|buck|euro|quid|pound|franc|yen)s?\b|({_CODES})\b|([$£€](?!\d)))"
    r"(?!\s+(?:store|shop|stor|coin|sterling silver))",
    re.I,
)
_WEIGHT = re.compile(r"\b(?:weigh\w*|lost|gained|heavy|lift\w*|overweight)\b", re.I)
# What follows a number that is no money, although "paid" or "cost" stands before it.
_NO_MONEY = (
    r"(?!\s*(?:%|percent|x\b|st\b|nd\b|rd\b|th\b|days?|weeks?|months?|years?|hours?|hrs?|min"
    r"|times?|of\b|orders?|items?|pieces?|rings?|people|more\b|other|different|cents?\b|am\b|pm\b"
    r"|necklaces?|bracelets?|earrings?|pairs?|packages?|parcels?|business|kids|friends|separate"
    r"|instal|for\s+(?:one|the\s+price|\d)|in\b\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
)
_AFTER_A_WORD = re.compile(
    r"\b(?:paid|pay|costs?|charged(?:\s+me)?|spent|spend|price(?:\s+(?:is|was|of))?"
    r"|total(?:\s+(?:is|was|of))?|amount(?:\s+(?:is|was|of))?|refund(?:\s+of)|worth|budget(?:\s+(?:is|of))?)"
    r"\s*[:=]?\s+(?:me\s+)?(?:about\s+|around\s+|only\s+|exactly\s+|like\s+)?"
    rf"({_FIGURE})(?!\w){_END}{_NO_MONEY}",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WITHOUT_PARTS = frozenset({"JPY"})


def amounts_in(text: str) -> Iterator[Found]:
    """Amounts as "64.00 USD", or as "64.00" where no currency is said."""
    for match in _SIGN_FIRST.finditer(text):
        currency = _SIGNS[match[2]]
        if match[1] and currency == "USD":
            currency = _DOLLARS[match[1].lower()]
        yield _amount(match, match[3], currency, thousands=bool(match[4]))
    for match in _CODE_FIRST.finditer(text):
        yield _amount(match, match[2], match[1].upper())
    for match in _CURRENCY_LAST.finditer(text):
        word = (match[3] or "").lower()
        if word == "pound" and _WEIGHT.search(text):
            continue
        currency = _WORDS.get(word) or _SIGNS.get(match[5] or "") or (match[4] or "").upper()
        yield _amount(match, match[1], currency, thousands=bool(match[2]))
    for match in _AFTER_A_WORD.finditer(text):
        if not _YEAR.fullmatch(match[1]):
            start, end = match.span(1)
            yield Found(AMOUNT, _figure(match[1]), start, end)


def _amount(match: re.Match[str], figure: str, currency: str, *, thousands: bool = False) -> Found:
    value = _figure(figure + "000" if thousands and figure.isdigit() else figure, currency)
    return Found(AMOUNT, f"{value} {currency}", *match.span())


def _figure(written: str, currency: str = "") -> str:
    """The figure with two decimals and nothing between the thousands: "1.200,50" is 1200.50."""
    bare = written.replace(" ", "").replace("\u2019", "")
    decimals = re.search(r"[.,](\d{1,2})$", bare)
    whole = bare[: decimals.start()] if decimals else bare
    number = Decimal(re.sub(r"[.,]", "", whole) + "." + (decimals[1] if decimals else "0"))
    return str(number.quantize(Decimal("1" if currency in _WITHOUT_PARTS else "0.01")))
