"""Order numbers and addresses are found where they are meant, and nowhere else."""

from __future__ import annotations

import itertools
import time

import pytest

from bot.nlu.entities import EntityFinder
from bot.nlu.found import Found

SECONDS_FOR_THE_LONGEST = 5.0  # a hundredth of it on an idle machine


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Request to track order #12345", "12345"),
        ("order 1001", "1001"),
        ("where's my order? 1001", "1001"),
        ("I need a refund for 1020", "1020"),
        ("wheres my refund for 1040?", "1040"),
        ("exchange on 1012", "1012"),
        ("cancel the order, it's 1031", "1031"),
        ("it's about 1022, the clasp broke", "1022"),
        ("my parcel says delivered but it isnt here, 1022", "1022"),
        ("change delivery address on 1032 to 44 Oak Avenue", "1032"),
        ("where is my package 1001", "1001"),
        ("pls cancel 1020", "1020"),
        ("Order no. 1001 please", "1001"),
        ("order no 1002 where is it", "1002"),
        ("order number: 1001", "1001"),
        ("my order number is 1847 what's happening with it", "1847"),
        ("can u check on order 20418 for me", "20418"),
        ("order#1001", "1001"),
        ("Order: #1001.", "1001"),
        ("#1001", "1001"),
        ("(#1001)", "1001"),
        ("1001", "1001"),
        (" 1001. ", "1001"),
        ("it's 1001", "1001"),
        ("no, it's 1002", "1002"),
        ("1001 please, thanks", "1001"),
        ("1001, alice@example.com", "1001"),
        ("ORDER NUMBER 87654321", "87654321"),
        ("how long does delivery take for order 1002", "1002"),
        ("my ring from order 1001 arrived broken in 2024", "1001"),
        ("track 1001", "1001"),
        ("the number is 1001", "1001"),
        ("order id 1001", "1001"),
        ("order no.1001", "1001"),
        ("Order #1001, it cost $1200", "1001"),
        ("order no 12345", "12345"),
        ("12345", "12345"),
        ("ORDER12345", "12345"),
        ("oder numbr 12345", "12345"),
        ("order № 12345", "12345"),
        ("order confirmation number 12345", "12345"),
        ("order ref 12345", "12345"),
        ("my order number is as follows: 12345", "12345"),
        ("order 1001, size 7, paid $64 on 12 May 2024", "1001"),
        ("order 1001, tracking number 12345678", "1001"),
    ],
)
def test_an_order_number_is_found(finder: EntityFinder, text: str, number: str) -> None:
    start = text.index(number)
    numbers = [each for each in finder.find(text) if each.entity == "order_number"]
    assert numbers == [Found("order_number", number, start, start + len(number))]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "a bag for 1200 beads",
        "I need it for 2027",
        "it's 1500 dollars",
        "I paid for 1500 euros of jewellery",
        "order 2 of them",
        "I ordered in 2024 and nothing came",
        "it was May 2023",
        "I paid $1001 for it",
        "it costs 1200 dollars",
        "1500 USD",
        "call me at 555-1234",
        "my phone number is 5551234",
        "my number is +1 415 555 2671",
        "my zip code is 90210",
        "415-555-2671",
        "tracking number 12345678",
        "lost luggage on delta, tag number 0060 334455",
        "my parcel 9400 1118 9922 3197 4284 90",
        "my ticket KC-2345-6789",
        "ring size 6.25",
        "bordeaux2019",
        "write an essay about climate change 5000 words",
        "order 123456789",
        "I moved here in 2019 and since 2020 I buy from you",
        "12/05/2024",
        "٤٢٤٢",
        "",
    ],
)
def test_other_numbers_are_left_alone(finder: EntityFinder, text: str) -> None:
    assert [each for each in finder.find(text) if each.entity == "order_number"] == []


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("alice@example.com", "alice@example.com"),
        ("It is alice@example.com.", "alice@example.com"),
        ("order 1001, alice+shop@mail.example.co.uk, thanks", "alice+shop@mail.example.co.uk"),
        ("email:alice@example.com", "alice@example.com"),
        ("<alice@example.com>", "alice@example.com"),
        ("(Alice.B@Example.com)", "Alice.B@Example.com"),
        ("alice1001@example.com", "alice1001@example.com"),
        ("ALICE@EXAMPLE.COM", "ALICE@EXAMPLE.COM"),
        ("my mail is alice_b-c@example.co.uk, thx", "alice_b-c@example.co.uk"),
        ("alice@example.com?", "alice@example.com"),
        ("alice's@shop.example.org", "alice's@shop.example.org"),
        ("use alice@example.com/bob", "alice@example.com"),
    ],
)
def test_an_address_is_found_without_what_surrounds_it(
    finder: EntityFinder, text: str, email: str
) -> None:
    start = text.index(email)
    emails = [each for each in finder.find(text) if each.entity == "email"]
    assert emails == [Found("email", email, start, start + len(email))]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "@kendrascntt on instagram",
        "alice@example",
        "alice at example dot com",
        "meet me @ 5.30",
        "alice@",
        "@example.com",
        "http://example.com/alice",
        "a@b",
        "50 % @ work.",
    ],
)
def test_what_only_resembles_an_address_is_none(finder: EntityFinder, text: str) -> None:
    assert finder.find(text) == []


def test_number_and_address_of_one_message_are_both_found_in_order(finder: EntityFinder) -> None:
    found = finder.find("my order no is 1002 and email bob@example.com where is it now")
    assert [(each.entity, each.value) for each in found] == [
        ("order_number", "1002"),
        ("email", "bob@example.com"),
    ]


def test_what_is_found_never_overlaps(finder: EntityFinder) -> None:
    found = finder.find("order #1001 #1002 order no. 1003 alice@example.com order 1004")
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert [each.value for each in found] == ["1001", "1002", "1003", "alice@example.com", "1004"]


def test_the_longest_messages_take_no_longer_for_their_repetitions(finder: EntityFinder) -> None:
    """A pattern that tried everything again at each character would take minutes."""
    began = time.process_time()
    for piece in ("1", "KC-", "1-", "9 4 ", "a1", "size 7 ", "1Z", "$1,", "tracking ", "#", "may "):
        finder.find((piece * 1_000)[:1_000])
    assert time.process_time() - began < SECONDS_FOR_THE_LONGEST


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("cancel 1001 and change address on 1002", ["1001", "1002"]),
        ("orders 1001, 1002 and 1003", ["1001", "1002", "1003"]),
        ("is it order 1001 or 1002?", ["1001", "1002"]),
        ("order 1001 for my wife", ["1001"]),
        ("order 1001 of last week", ["1001"]),
        ("order \uff11\uff12\uff13\uff14\uff15", ["12345"]),
    ],
)
def test_every_order_that_is_named_is_found(
    finder: EntityFinder, text: str, numbers: list[str]
) -> None:
    found = [each.value for each in finder.find(text) if each.entity == "order_number"]
    assert found == numbers


@pytest.mark.parametrize(
    "text",
    [
        *("item #4482", "style no 12345", "model number 4482", "passport number 12345678"),
        *("I want to order 1000 charms", "order 1500 worth of jewellery", "my order 2024-05-12"),
    ],
)
def test_the_number_of_something_else_is_no_order(finder: EntityFinder, text: str) -> None:
    assert "order_number" not in [each.entity for each in finder.find(text)]
