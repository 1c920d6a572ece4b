"""Ring sizes are told from shoes, inches and whatever else is counted."""

from __future__ import annotations

import pytest

from bot.nlu.entities import EntityFinder


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder()


def sizes(finder: EntityFinder, text: str) -> list[str]:
    return [each.value for each in finder.find(text) if each.entity == "ring_size"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("size 7", ["US 7"]),
        ("US 7", ["US 7"]),
        ("us size 7.5 please", ["US 7.5"]),
        ("I'm a size seven", ["US 7"]),
        ("size six and a half", ["US 6.5"]),
        ("the ring in a 7", ["US 7"]),
        ("i wear a 7 1/2 ring", ["US 7.5"]),
        ("size 7½", ["US 7.5"]),
        ("could you make the ring in size 4 and a half", ["US 4.5"]),
        ("american 8", ["US 8"]),
        ("ring size: 9", ["US 9"]),
        ("ring size 6 -> 6.5", ["US 6", "US 6.5"]),
        ("size 6 or 7", ["US 6", "US 7"]),
        ("UK N", ["UK N"]),
        ("UK size P", ["UK P"]),
        ("uk size n½", ["UK N½"]),
        ("ring size M", ["UK M"]),
        ("british size L ring", ["UK L"]),
        ("EU 54", ["EU 54"]),
        ("european size 54", ["EU 54"]),
        ("a ring in size 52", ["EU 52"]),
        ("size 7 in silver", ["US 7"]),
    ],
)
def test_a_ring_size_is_found(finder: EntityFinder, text: str, found: list[str]) -> None:
    assert sizes(finder, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "shoe size 7",
        "size 12 running shoes",
        "dress size 10",
        "file size 5 MB",
        "size 16 in",
        "a size 8 inch chain",
        "size M t-shirt",
        "is size a problem",
        "between us 7 people",
        "it cost us 7 dollars",
        "the 2 of us 7 days ago",
        "I live in the UK I think",
        "fish n chips in the uk n ireland",
        "54 eu countries",
        "size 42",
        "ring me at 7",
        "US 10 dollars",
        "my ring came in 2 days",
        "size matters",
        "UK 500",
        "ring size 99",
    ],
)
def test_what_only_resembles_a_ring_size_is_none(finder: EntityFinder, text: str) -> None:
    assert sizes(finder, text) == []
