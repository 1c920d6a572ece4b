"""Wishes that are refused, taken back or told as done: "do NOT cancel", "I cancelled it"."""

from __future__ import annotations

import re

# What each request is about, as words say it; a label that is not here is never refused.
_ABOUT = {
    "cancel_order": r"cancel\w*",
    "request_return": r"return\w*|send(?:ing)?\s+(?:it\s+|them\s+)?back",
    "request_refund": r"refund\w*|money\s+back",
    "request_exchange": r"exchang\w*|swap\w*",
    "change_order": r"chang\w*|edit\w*|modif\w*",
    "change_address": r"chang\w*|updat\w*|new\s+address",
    "update_account": r"chang\w*|updat\w*",
    "privacy_request": r"delet\w*|eras\w*",
    "report_damaged": r"damag\w*|brok\w*|broke|faulty",
    "report_wrong_item": r"wrong",
    "report_missing_package": r"lost|missing",
    "talk_to_human": (
        r"humans?|persons?|people|agents?|someone|somebody|rep|call\w*|"
        r"(?:talk|speak)\w*(?!\s+(?:to|with)\s+(?:an?\s+|the\s+)?(?:ro)?(?:bot|machine|computer|ai)\b)"
    ),
}
# Requests that may be told as done, by the beginning of the word for it.
_DONE = {
    "cancel_order": "cancel",
    "request_return": "return",
    "request_refund": "refund",
    "request_exchange": "(?:exchang|swapp)",
}
_NO = (
    r"(?:not|never|nothing|nor|without|no\s+longer|(?:do|does|did|wo|is|are|was|were|would|have|has|"
    r"had|ai)n'?t|stop|undo|ignore|forget|against|instead\s+of|rather\s+than)"
)
# Between the "no" and what it refuses stand only words that carry no matter of their own.
_BETWEEN = (
    r"(?:i|you|we|me|it|them|to|a|an|any|my|the|your|our|for|of|that|this|is|be|am|are|was|want|"
    r"wants|need|needs|wish|ask|asking|asked|going|planning|thinking|think|about|sure|please|"
    r"necessary|longer|more|order|orders|with|have|had|having|get|item|piece|ring)"
)
_DONE_BY = (
    r"(?:i|i'?ve|we|you|you'?ve|who|they|someone|somebody)(?:\s+(?:have|had|has|already|just))*"
)


def _refused(label: str, about: str) -> re.Pattern[str]:
    ways = [
        rf"\b{_NO}\s+(?:{_BETWEEN}\s+){{0,6}}(?:{about})\b",
        rf"\bno\s+(?:need\s+(?:to\s+|for\s+)?(?:an?\s+|the\s+)?)?(?:{about})\b",
        rf"\b(?:{about})\s+(?:nothing|neither)\b",
        rf"\b(?:was|were)\s+(?:going|about|planning|thinking)\s+(?:to|of)\s+(?:{about})\b.*\bbut\b",
    ]
    if label in _DONE:
        done = rf"{_DONE[label]}\w*(?:ed|ing)"
        ways.append(rf"\b(?:{_DONE_BY}|already|thanks?(?:\s+you)?\s+for)\s+{done}\b")
    return re.compile("|".join(ways), re.I)


_REFUSED = {label: _refused(label, about) for label, about in _ABOUT.items()}


def is_refused(label: str, text: str) -> bool:
    """Whether a text that is taken for this request refuses it, or tells that it was done.

    Words count for a wish whether it is wished or refused, so such a text is asked about.
    """
    pattern = _REFUSED.get(label)
    return pattern is not None and pattern.search(text.replace("’", "'")) is not None
