"""Order numbers, addresses and references in a message, and which of several is meant."""

import re
from collections.abc import Iterable

from actions.messages import Message, text_of
from bot.orders import normalised_number

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\s@<>()\[\],;:\".]{2,}")
_ORDER_NUMBER = re.compile(r"(?<![\w.@-])#?((?:[A-Za-z]{1,4}-?)?\d{3,12})(?![\w@]|\.\w)")
_REFERENCE = re.compile(
    r"\bKC[-\s]?(?:[0-9A-Z]{8}|[0-9A-Z]{4}[-\s][0-9A-Z]{4})\b|\bKC-?[0-9A-Z]*\d[0-9A-Z]*\b", re.I
)
_CODE = re.compile(r"(?<![\w-])\d(?:[\s‐‑–-]?\d){5}(?![\w-])")
# What stands directly before a value that is not meant.
_NEGATION = re.compile(
    r"(?:\b(?:not|isn'?t|wasn'?t|aren'?t|but keep|and keep|instead of|rather than)|n't)\s+"
    r"(?:(?:for|about|from|on|with|the|my|it'?s|it is)\s+)*"
    r"(?:(?:order|number|no\.?|e-?mail|mail|address)\s+)*(?:is\s+)?[#:\"'(]*$",
    re.I,
)
_SIDE_BY_SIDE = re.compile(r"[\s,/&#]*(?:\b(?:and|or)\b)?[\s,/&#]*(?:order\s+)?#?", re.I)
# Said around a detail that replaces another one, with or without the word "wrong" in it.
_CORRECTION = re.compile(
    r"\b(?:i mean|i meant|meant|(?:should|must) (?:be|have been|read)|make that"
    r"|order (?:number|no\.?) (?:is|was)|my e-?mail(?: address)? is|typo|mistyped)\b"
    r"|(?:\bnot|n't) (?:order )?#?\d{4}"
    r"|^(?:oh|oops|no|nope|sorry|wait|actually|hold on|hang on)\b.*\b(?:wrong|other|it'?s|it is)\b"
    r"|\bthat'?s the wrong\b",
    re.I,
)

MAX_EMAIL_CHARACTERS = 254
WORDS_OF_A_CORRECTED_DETAIL = 14


def entity_of(message: Message, name: str) -> str | None:
    """The value of this entity that the message means; None for none, or several alike."""
    found = [
        str(each["value"])
        for each in message.get("entities") or []
        if each.get("entity") == name and each.get("value") is not None
    ]
    return _meant(found, text_of(message))


def is_ambiguous(message: Message, name: str) -> bool:
    """Whether it has values of this entity, and none of them is the one that is meant."""
    named = any(each.get("entity") == name for each in message.get("entities") or [])
    return named and entity_of(message, name) is None


def recognised(message: Message) -> dict[str, str]:
    """The order number and the address that can be seen in the message, whatever was asked."""
    found = {slot: entity_of(message, slot) for slot in ("order_number", "email")}
    found["email"] = found["email"] or email_in(text_of(message))
    return {slot: value for slot, value in found.items() if value is not None}


def answered(message: Message, slot: str) -> str | None:
    """The value in an answer to a form: the one that is not negated, else the one said last.

    "1001 sorry 1002" means the second; "1001 or 1002" means neither.
    """
    text = text_of(message)
    found = _numbers(text) if slot == "order_number" else _addresses(text)
    last = _meant([value for value, _, _ in found], text)
    if last is None and len(found) > 1:
        (_, _, end), (value, start, _) = found[-2:]
        last = None if _SIDE_BY_SIDE.fullmatch(text[end:start]) else value
    return last if len(found) > 1 and last else entity_of(message, slot)


def corrected(message: Message) -> dict[str, str]:
    """The details that a message puts right while something else is asked."""
    text = text_of(message)
    if len(text.split()) > WORDS_OF_A_CORRECTED_DETAIL or not _CORRECTION.search(text):
        return {}
    found = {"order_number": answered(message, "order_number") or order_number_in(text)}
    found["email"] = answered(message, "email") or email_in(text)
    return {slot: value for slot, value in found.items() if value}


def order_number_in(text: str) -> str | None:
    """The one order number in the text, as the shop writes it; None for none or several."""
    found = {value for value, _, _ in _numbers(text)}
    return found.pop() if len(found) == 1 else None


def email_in(text: str) -> str | None:
    """The one e-mail address in the text; None for none, several, or one that is too long."""
    found = {value for value, _, _ in _addresses(text)}
    address = found.pop() if len(found) == 1 else ""
    return address if 0 < len(address) <= MAX_EMAIL_CHARACTERS else None


def reference_in(text: str) -> str | None:
    """What looks like a ticket's reference, slips and all; None where nothing does."""
    found = _REFERENCE.search(text)
    return found.group() if found else None


def code_in(text: str) -> str | None:
    """The one six-digit code in the text, typed or pasted; None for none or several."""
    found = {"".join(filter(str.isdigit, each)) for each in _CODE.findall(text)}
    return found.pop() if len(found) == 1 else None


def without_details(text: str) -> str:
    """The words around numbers and addresses."""
    return _ORDER_NUMBER.sub(" ", _EMAIL.sub(" ", text))


def _meant(values: Iterable[str], text: str) -> str | None:
    """The one of these values that is left when those that are negated are left out."""
    different = {value.casefold(): value for value in values}
    if len(different) == 1:
        return next(iter(different.values()))
    left = [value for value in different.values() if not _is_negated(value, text)]
    return left[0] if len(left) == 1 else None


def _is_negated(value: str, text: str) -> bool:
    places = [found.start() for found in re.finditer(re.escape(value), text, re.I)]
    return bool(places) and all(_NEGATION.search(text[:place]) for place in places)


def _numbers(text: str) -> list[tuple[str, int, int]]:
    """Each number with where it stands."""
    bare = _EMAIL.sub(lambda found: " " * len(found.group()), text)
    return [
        (normalised_number(found.group(1)), found.start(1), found.end(1))
        for found in _ORDER_NUMBER.finditer(bare)
    ]


def _addresses(text: str) -> list[tuple[str, int, int]]:
    return [
        (found.group().rstrip(".'"), found.start(), found.end()) for found in _EMAIL.finditer(text)
    ]
