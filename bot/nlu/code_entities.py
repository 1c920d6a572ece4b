"""References of tickets and tracking numbers: codes that carry their own check, or their name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

REFERENCE = "reference"
TRACKING_NUMBER = "tracking_number"

# As the shop makes references: 31 characters, the last of eight checks the others.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8
_LEAST_OF_A_SLIP = 5

_CODE = r"[0-9A-Z]{4}[\s-][0-9A-Z]{4}|[0-9A-Z]{8}"
_WITH_PREFIX = re.compile(
    rf"(?<![\w-])KC(?:\s?[-‐‑–—]\s?|\s)?({_CODE}|(?=[A-Z]*\d)[0-9A-Z]{{5,11}})(?![\w@]|-\w)", re.I
)
_NAMED = re.compile(
    r"\b(?:reference|ref|ticket|case)\b\.?(?:\s*(?:number|no|nr|id|code)\b\.?)?"
    rf"\s*(?:is|was|=|:|#|-)?\s*[#:(\"]?({_CODE})(?![\w@]|-\w)",
    re.I,
)
_ALONE = re.compile(rf"\W*({_CODE})\W*", re.I)

_UPS = re.compile(r"(?<![\w-])1Z[\s-]?(?:[0-9A-Z][\s-]?){15}[0-9A-Z](?![\w-])", re.I)
_POSTAL = re.compile(r"(?<![\w-])[A-Z]{2}\s?\d{3}\s?\d{3}\s?\d{3}\s?[A-Z]{2}(?![\w-])", re.I)
_USPS = re.compile(r"(?<![\w-])9[1-5](?:[\s-]?\d){18}(?:(?:[\s-]?\d){2})?(?![\w-])")
_CALLED_TRACKING = re.compile(
    r"\b(?:tracking|trackng|traking|consignment|waybill|awb|shipment)\b"
    r"(?:\s+(?:number|no|nr|num|id|code|ref)\b\.?)?"
    r"(?:\s+(?:is|was|i\s+(?:have|got)(?:\s+is)?|you\s+(?:sent|gave)(?:\s+me)?(?:\s+is)?)\b)?"
    r"\s*[=:#\"(-]*\s*((?=[A-Z-]*\d[A-Z-]*\d[A-Z-]*\d[A-Z-]*\d)[0-9A-Z]+(?:-[0-9A-Z]+)*)(?![\w@/.]\w)",
    re.I,
)
_LEAST_CALLED, _MOST_CALLED = 6, 34
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def codes_in(text: str) -> Iterator[Found]:
    """References, then tracking numbers; what both could be comes as both."""
    yield from _references_in(text)
    yield from _tracking_numbers_in(text)


def is_reference(code: str) -> bool:
    """Whether the check character of these eight (without the prefix) fits."""
    if len(code) != _LENGTH or any(each not in _ALPHABET for each in code):
        return False
    weighed = sum(weight * _ALPHABET.index(each) for weight, each in enumerate(code[:-1], start=2))
    return _ALPHABET[-weighed % len(_ALPHABET)] == code[-1]


def _references_in(text: str) -> Iterator[Found]:
    """With the prefix also those with a slip; without it only those whose check fits."""
    for match in _WITH_PREFIX.finditer(text):
        code = _plain(match[1])
        if not is_reference(code) and not any(map(str.isdigit, code)):
            continue  # "kc concerts" is no reference; one without a digit must prove itself
        yield Found(REFERENCE, f"KC-{code}", *match.span(), is_reference(code))
    alone = _ALONE.fullmatch(text)
    for match in [*_NAMED.finditer(text), *([alone] if alone else [])]:
        code = _plain(match[1])
        mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
        if mixed and is_reference(code):
            yield Found(REFERENCE, f"KC-{code}", *match.span(1))


def _tracking_numbers_in(text: str) -> Iterator[Found]:
    for match in _UPS.finditer(text):
        if sum(map(str.isdigit, match[0])) >= _LENGTH:
            yield _tracking(match.group(), match.start())
    for match in _POSTAL.finditer(text):
        if _is_postal(_plain(match[0])):
            yield _tracking(match.group(), match.start())
    for match in _USPS.finditer(text):
        yield _tracking(match.group(), match.start())
    for match in _CALLED_TRACKING.finditer(text):
        if _LEAST_CALLED <= len(_plain(match[1])) <= _MOST_CALLED:
            start, end = match.span(1)
            yield Found(TRACKING_NUMBER, match[1].upper(), start, end)


def _tracking(written: str, start: int) -> Found:
    return Found(TRACKING_NUMBER, _plain(written), start, start + len(written))


def _is_postal(code: str) -> bool:
    """Whether the ninth digit checks the eight before it, as the Universal Postal Union has it."""
    digits = [int(each) for each in code[2:11]]
    pairs = zip(_POSTAL_WEIGHTS, digits, strict=False)
    check = 11 - sum(weight * digit for weight, digit in pairs) % 11
    return digits[-1] == {10: 0, 11: 5}.get(check, check)


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).upper()
