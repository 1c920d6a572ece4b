"""Where a message may change its subject, by its marks and words alone."""

from __future__ import annotations

import pytest

from bot.nlu.clauses import MOST_CLAUSES, clauses


def cut(text: str) -> list[str]:
    return [clause.bare for clause in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "where is #1001 and can i still change the address?",
            ["where is #1001", "can i still change the address?"],
        ),
        ("do you ship to canada? also my ring broke", ["do you ship to canada?", "my ring broke"]),
        ("cancel 1001, and how do refunds work", ["cancel 1001", "how do refunds work"]),
        ("track 1001, also what is 925 silver", ["track 1001", "what is 925 silver"]),
        ("my ring broke\nplease send another", ["my ring broke", "please send another"]),
        ("it broke; I want a refund", ["it broke", "I want a refund"]),
        ("is it gold btw do you do gifts", ["is it gold", "do you do gifts"]),
    ],
)
def test_a_new_sentence_or_wish_begins_a_clause(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ring and chain arrived broken",
        "silver and gold, which tarnishes",
        "order no. 1001 please",
        "the chain also has a knot",
        "my e-mail is alice.smith@example.com",
        "where is my order?",
        "it cost 12.50 dollars",
    ],
)
def test_what_is_said_in_one_breath_stays_whole(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize("text", ["", "  ", "!!!", "? . !", "\n\n"])
def test_a_text_without_a_word_has_no_clause(text: str) -> None:
    assert clauses(text) == []


def test_clauses_stand_where_they_say_and_miss_no_word() -> None:
    text = "Hi there!  My ring (1001) broke... and can you help? Also, what's 925?!"
    assert len(clauses(text)) == 4
    found = clauses(text)
    assert [text[each.start : each.end] for each in found] == [each.text for each in found]
    assert " ".join(each.text for each in found).split() == text.split()


def test_also_and_its_like_say_that_another_matter_begins() -> None:
    assert [each.is_added for each in clauses("where is 1001? And also can I swap it?")] == [
        False,
        True,
    ]
    assert [each.is_added for each in clauses("where is 1001? And can I swap it?")] == [
        False,
        False,
    ]


def test_a_very_long_message_has_no_more_than_eight_clauses() -> None:
    found = clauses("I want it. " * 90)
    assert len(found) == MOST_CLAUSES
    assert found[-1].text.count("I want it.") == 90 - MOST_CLAUSES + 1


def test_at_commas_only_when_that_is_asked_for() -> None:
    text = "hi, thanks for last time, the clasp broke"
    assert len(clauses(text)) == 1
    assert [each.text for each in clauses(text, at_commas=True)] == text.split(", ")


@pytest.mark.parametrize(
    "text",
    [
        "cancel 1031 and return 1020",
        "i want to return the necklace and exchange the earrings",
        "please cancel order 1031, and send back my necklace from 1020",
        "could you track 1001 and cancel 1031",
    ],
)
def test_a_wish_after_a_wish_is_another_matter(text: str) -> None:
    first, second = clauses(text)
    assert second.follows_as_another(first)


def test_what_and_joins_within_one_wish_stays_together() -> None:
    assert len(clauses("cancel the ring and the chain")) == 1
    first, second = clauses("the clasp broke and check what you sell please")
    assert not second.follows_as_another(first)
