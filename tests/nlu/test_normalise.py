"""One spelling for what means the same."""

from __future__ import annotations

import pytest

from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  WHERE’S my\torder?!?!  ", "where's my order?!?!"),
        ("sooooo slow!!!!", "soo slow!"),
        ("order #12345", "order 1001"),
        ("order 87654321 for bob.b@example.org.", "order 1001 for alice@example.com."),
        ("\u202ehi\u200b there\u0000", "hi there"),
        ("ｈｅｌｌｏ", "hello"),
        ("2 rings in 3 weeks", "2 rings in 3 weeks"),
        ("", ""),
    ],
)
def test_spelling_marks_numbers_and_addresses_are_evened_out(text: str, plain: str) -> None:
    assert normalise(text) == plain


def test_what_is_plain_stays_as_it_is() -> None:
    for text in ("where's my order?", "soo slow!", "order 1001 for alice@example.com"):
        assert normalise(text) == text


def test_signs_alone_are_read_by_their_names_once_each() -> None:
    assert normalise("👍👍🏽") == "thumbs up sign"
    assert normalise("👎") == "thumbs down sign"
    assert normalise("?!") == "?!"
    assert normalise("ok 👍") == "ok 👍"
