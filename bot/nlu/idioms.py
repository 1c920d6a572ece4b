"""Turns of phrase in which a ring is a call and gold is no metal."""

from __future__ import annotations

from typing import Any

_SOMEBODY: dict[str, Any] = {
    "LOWER": {"IN": ["me", "us", "you", "him", "her", "them", "someone", "somebody", "back"]}
}
_RING: dict[str, Any] = {"LOWER": "ring"}
_RINGS: dict[str, Any] = {"LOWER": {"IN": ["ring", "rings"]}}

# "ring me back", "give us a ring", "can I ring the shop", "a boxing ring", "it rings a bell".
RINGING: tuple[list[dict[str, Any]], ...] = (
    [_RINGS, _SOMEBODY],
    [_SOMEBODY, {"LOWER": "a"}, _RING],
    [
        {"LOWER": {"IN": ["can", "could", "may", "should", "will", "would", "please", "to", "ll"]}},
        {
            "LOWER": {"IN": ["i", "you", "we", "she", "he", "they", "just", "someone", "somebody"]},
            "OP": "?",
        },
        _RING,
    ],
    [
        {"LOWER": {"IN": ["boxing", "crime", "drug", "spy", "key", "phone", "onion", "circus"]}},
        _RINGS,
    ],
    [
        {"LOWER": {"IN": ["phone", "phones", "bell", "bells", "telephone", "doorbell"]}},
        {"IS_ALPHA": True, "OP": "?"},
        _RINGS,
    ],
    [
        _RINGS,
        {"LOWER": {"IN": ["a", "the", "any", "true", "around"]}, "OP": "?"},
        {
            "LOWER": {
                "IN": [
                    "bell",
                    "bells",
                    "doorbell",
                    "true",
                    "shop",
                    "store",
                    "office",
                    "number",
                    "customer",
                    "up",
                    "tone",
                    "tones",
                    "leader",
                    "road",
                    "finger",
                ]
            }
        },
    ],
)
AFTER_A_METAL = frozenset(
    {
        *("medal", "medals", "medalist", "medallist", "standard", "rush", "mine", "mines", "card"),
        *(
            "member",
            "members",
            "membership",
            "status",
            "tier",
            "customer",
            "digger",
            "fish",
            "coast",
        ),
        *(
            "lining",
            "spring",
            "springs",
            "surfer",
            "screen",
            "bullet",
            "band",
            "knuckles",
            "instruments",
        ),
        *(
            "retriever",
            "wedding",
            "anniversary",
            "bars",
            "market",
            "price",
            "prices",
            "mining",
            "investor",
        ),
        *("investors", "futures", "polish", "section", "wire", "mastercard", "amex"),
    }
)
# "as good as gold", "a heart of gold", "struck gold", "a sterling job" is told by what follows.
BEFORE_A_METAL = frozenset({"as", "struck", "strike", "solid-", "going", "go", "went", "pound"})
