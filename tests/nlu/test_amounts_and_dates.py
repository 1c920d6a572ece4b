"""Amounts and dates are found where they are meant, and nothing that is merely counted."""

from __future__ import annotations

import pytest

from bot.nlu.entities import EntityFinder


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder()


def values(finder: EntityFinder, text: str, kind: str) -> list[str]:
    return [each.value for each in finder.find(text) if each.entity == kind]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("it was $64", ["64.00 USD"]),
        ("$64.00", ["64.00 USD"]),
        ("I was charged US$ 1,200.50", ["1200.50 USD"]),
        ("€64,50 please", ["64.50 EUR"]),
        ("1.200,50 €", ["1200.50 EUR"]),
        ("£18 back", ["18.00 GBP"]),
        ("64 USD", ["64.00 USD"]),
        ("usd 38 in rupees", ["38.00 USD"]),
        ("20 bucks off", ["20.00 USD"]),
        ("12 DOLLARS MORE", ["12.00 USD"]),
        ("my 45 dollar refund", ["45.00 USD"]),
        ("300 euros", ["300.00 EUR"]),
        ("top up with 10 pounds", ["10.00 GBP"]),
        ("20 quid", ["20.00 GBP"]),
        ("C$75", ["75.00 CAD"]),
        ("¥5000", ["5000 JPY"]),
        ("I paid 64.50 for it", ["64.50"]),
        ("charged me 54", ["54.00"]),
        ("only $20 of my $45 refund", ["20.00 USD", "45.00 USD"]),
        ("a loan of $2k", ["2000.00 USD"]),
    ],
)
def test_an_amount_is_found(finder: EntityFinder, text: str, amounts: list[str]) -> None:
    assert values(finder, text, "amount") == amounts


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "I paid 2 weeks ago",
        "it cost 3 of us a fortune",
        "charged twice",
        "I was charged 2 times",
        "I paid in 2024",
        "I paid on 3 May",
        "they charged me 2 days later",
        "the ring weighs 3 pounds",
        "I lost 10 pounds",
        "size 7",
        "order 1001",
        "EU 54",
        "is it 100% gold",
        "14k gold",
        "$$$",
        "dollars and cents",
        "a million dollars",
        "spent 3 hours on hold",
        "the price of 2 rings",
    ],
)
def test_what_only_resembles_an_amount_is_none(finder: EntityFinder, text: str) -> None:
    assert values(finder, text, "amount") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("I ordered on 2024-05-12", "2024-05-12"),
        ("2024/5/2", "2024-05-02"),
        ("12 May 2024", "2024-05-12"),
        ("May 12, 2024", "2024-05-12"),
        ("on the 4th of March 2023", "2023-03-04"),
        ("december 1st 2025", "2025-12-01"),
        ("12.05.2024", "2024-05-12"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/24", "2024-12-25"),
        ("06/06/2024", "2024-06-06"),
        ("05/12/2024", "05/12/2024"),  # which of them is the month nobody can tell
        ("paid on 3 May", "3 May"),
        ("should be 12 June", "12 June"),
        ("the order I placed on may 2nd", "may 2nd"),
        ("Sept 3", "Sept 3"),
        ("yesterday", "yesterday"),
        ("the day before yesterday", "the day before yesterday"),
        ("since last Monday nothing", "last Monday"),
        ("it arrived Friday", "Friday"),
        ("by Thursday", "Thursday"),
        ("next fri", "next fri"),
    ],
)
def test_a_date_is_found(finder: EntityFinder, text: str, date: str) -> None:
    assert values(finder, text, "date") == [date]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "30 February 2024",
        "2024-13-01",
        "may I have 2",
        "you may 2 or 3 times",
        "order 12 may be late",
        "march 3 people in",
        "May 2 people share an account",
        "24/7",
        "1/2 inch",
        "version 2.0.1",
        "5-10 business days",
        "in 2024",
        "black friday sale",
        "cyber monday",
        "monday.com",
        "Wednesday Addams necklace",
        "I sat on it",
        "the sun broke it",
        "April is my name",
        "192.168.10.12",
        "415-555-2671",
    ],
)
def test_what_only_resembles_a_date_is_none(finder: EntityFinder, text: str) -> None:
    assert values(finder, text, "date") == []
