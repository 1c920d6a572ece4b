"""Which clauses of a message are requests of their own, decided from what each is taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.nlu.judgement import Judgement
from bot.nlu.meaning import own_words, parts_of
from bot.nlu.parts import Meaning, read
from bot.nlu.splitting import Splitting

SURE, UNSURE = 0.8, 0.1
# Only what the visitor calls another matter is taken apart; or whatever two clauses there are.
NEVER = Splitting((), 0.0, {})
ALWAYS = Splitting((1.0, 0.0, 0.0, 0.0, 0.0), SURE, {})

MEANINGS = {
    "where is #1001": "track_order",
    "can i change the address?": "change_address",
    "do you ship to canada?": "faq/shipping",
    "is it real gold?": "product/materials",
    "my ring came broken": "report_damaged",
    "it took ages": "report_delay",
    "I want to talk to a person": "talk_to_human",
    "hi": "greet",
    "thanks for last time": "thank",
    "nice weather": "out_of_scope/unrelated",
    "I love your shop": "give_feedback",
}


def judging(texts: Sequence[str]) -> list[Judgement]:
    return [judged(text) for text in texts]


def judged(text: str) -> Judgement:
    """Knows the texts above, and takes a whole message for what it begins with, if it says so."""
    label = MEANINGS.get(text.rstrip("."))
    if label is not None:
        return Judgement([(label, SURE), ("other", UNSURE)], True)
    first = next((MEANINGS[known] for known in MEANINGS if text.lower().startswith(known)), None)
    if first is not None:
        return Judgement([(first, 0.5), ("other", UNSURE)], True)
    return Judgement([("other", UNSURE), *((label, 0.01) for label in MEANINGS.values())], False)


def bold(_: Judgement, __: str) -> bool:
    """Nothing is too rash."""
    return False


def labels(meaning: Meaning) -> list[str]:
    return [part.judgement.label for part in meaning.parts]


def test_two_sure_wishes_are_two_parts_in_their_own_words() -> None:
    meaning = read("where is #1001 and can i change the address?", judging, ALWAYS, 0.5, bold)
    assert labels(meaning) == ["track_order", "change_address"]
    assert [part.text for part in meaning.parts] == [
        "where is #1001",
        "and can i change the address?",
    ]
    assert meaning.judgement.label == "track_order"


def test_questions_come_first_and_the_request_decides() -> None:
    meaning = read("my ring came broken. do you ship to canada?", judging, ALWAYS, 0.5, bold)
    assert labels(meaning) == ["faq/shipping", "report_damaged"]
    assert meaning.judgement.label == "report_damaged"


def test_two_questions_are_answered_in_the_order_they_were_asked() -> None:
    meaning = read("do you ship to canada? is it real gold?", judging, ALWAYS, 0.5, bold)
    assert labels(meaning) == ["faq/shipping", "product/materials"]
    assert meaning.judgement.label == "faq/shipping"


def test_without_a_learned_margin_only_also_separates() -> None:
    assert (
        labels(read("do you ship to canada? my ring came broken", judging, NEVER, 0.5, bold)) == []
    )
    assert labels(
        read("do you ship to canada? also my ring came broken", judging, NEVER, 0.5, bold)
    ) == [
        "faq/shipping",
        "report_damaged",
    ]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [("change_address", ["faq/order_changes", "track_order"]), ("report_delay", [])],
)
def test_a_second_question_counts_where_the_whole_is_what_it_might_be(
    whole: str, parts: list[str]
) -> None:
    def judging(texts: Sequence[str]) -> list[Judgement]:
        return [judged(text) for text in texts]

    def judged(text: str) -> Judgement:
        if text == "where is #1001":
            return Judgement([("track_order", SURE), ("other", UNSURE)], True)
        if text == "can it be changed?":
            return Judgement([("faq/order_changes", 0.5), ("change_address", 0.4)], True)
        return Judgement([(whole, 0.5), ("other", UNSURE)], True)

    meaning = read("where is #1001 and can it be changed?", judging, NEVER, 0.5, bold)
    assert labels(meaning) == parts


def test_two_orders_in_two_sentences_are_two_parts() -> None:
    known = {"Cancel my order.": "cancel_order", "Delete my account.": "privacy_request"}

    def orders(texts: Sequence[str]) -> list[Judgement]:
        return [
            Judgement([(known.get(text, "cancel_order"), SURE), ("privacy_request", UNSURE)], True)
            for text in texts
        ]

    meaning = read("Cancel my order. Delete my account.", orders, NEVER, 0.5, bold)
    assert labels(meaning) == ["cancel_order", "privacy_request"]


@pytest.mark.parametrize("beside", ["hi", "nice weather", "I love your shop"])
def test_what_asks_for_nothing_is_no_part(beside: str) -> None:
    meaning = read(f"my ring came broken. also {beside}", judging, ALWAYS, 0.5, bold)
    assert meaning.parts == ()
    assert meaning.judgement.label == "report_damaged"


def test_a_wish_for_a_person_wins_alone() -> None:
    meaning = read("my ring came broken. I want to talk to a person", judging, ALWAYS, 0.5, bold)
    assert meaning.parts == ()
    assert meaning.judgement.label == "talk_to_human"


def test_a_clause_that_is_not_sure_enough_to_begin_is_no_part_and_calls_nobody() -> None:
    def is_rash(judgement: Judgement, _: str) -> bool:
        return judgement.label in ("change_address", "talk_to_human")

    text = "where is #1001 and can i change the address?"
    assert labels(read(text, judging, ALWAYS, 0.5, is_rash)) == []
    text = "my ring came broken. I want to talk to a person"
    assert read(text, judging, ALWAYS, 0.5, is_rash).judgement.label == "report_damaged"


def test_a_goodbye_is_not_given_up_for_a_rest_that_is_less_sure() -> None:
    def sure_of_the_whole(texts: Sequence[str]) -> list[Judgement]:
        thanks = Judgement([("thank", 0.95), ("other", UNSURE)], True)
        return [thanks if text.startswith("thanks for") else judged(text) for text in texts]

    text = "thanks for last time, nice weather"
    assert read(text, sure_of_the_whole, NEVER, 0.5, bold).judgement.label == "thank"


def test_greeting_and_thanks_do_not_hide_the_point() -> None:
    meaning = read("hi, thanks for last time, my ring came broken", judging, ALWAYS, 0.5, bold)
    assert (meaning.judgement.label, meaning.judgement.accepted) == ("report_damaged", True)
    assert meaning.parts == ()


def test_a_greeting_alone_stays_one() -> None:
    assert read("hi, thanks for last time", judging, ALWAYS, 0.5, bold).judgement.label == "greet"


def test_a_clause_that_wants_nothing_goes_with_the_wish_before_it() -> None:
    meaning = read(
        "do you ship to canada? my ring came broken. the stone is loose. it is a gift.",
        judging,
        ALWAYS,
        0.5,
        bold,
    )
    assert [part.text for part in meaning.parts] == [
        "do you ship to canada?",
        "my ring came broken. the stone is loose. it is a gift.",
    ]


def test_of_a_story_that_is_unclear_the_sentence_that_asks_decides() -> None:
    story = "she waited for weeks. nobody came. do you ship to canada?"
    assert not judged(story).accepted
    assert read(story, judging, NEVER, 0.5, bold).judgement.label == "faq/shipping"
    assert not read(story, judging, NEVER, 0.9, bold).judgement.accepted


PARSED: dict[str, Any] = {
    "text": "where is 1001? mail a@b.co",
    "intent": {"name": "track_order"},
    "entities": [
        {"entity": "order_number", "value": "1001", "start": 9, "end": 13},
        {"entity": "email", "value": "a@b.co", "start": 20, "end": 26},
    ],
}


def test_one_request_is_played_as_it_is() -> None:
    assert parts_of({**PARSED, "parts": []}) == [PARSED]


def test_each_part_has_its_own_entities_and_lacks_none_of_the_message() -> None:
    parts = [
        {"text": "where is 1001?", "places": [[0, 14]]},
        {"text": "mail a@b.co", "places": [[15, 26]]},
    ]
    first, second = parts_of({**PARSED, "parts": parts})
    assert first["entities"] == [
        PARSED["entities"][0],
        {"entity": "email", "value": "a@b.co", "start": 0, "end": 0},
    ]
    assert second["entities"][0] == {"entity": "email", "value": "a@b.co", "start": 5, "end": 11}
    assert [each["entity"] for each in own_words(second)["entities"]] == ["email"]


def test_two_orders_in_one_message_stay_with_their_requests() -> None:
    entities = [
        {"entity": "order_number", "value": "1001", "start": 0, "end": 4},
        {"entity": "order_number", "value": "1002", "start": 5, "end": 9},
    ]
    parts = [{"text": "1001", "places": [[0, 4]]}, {"text": "1002", "places": [[5, 9]]}]
    played = parts_of({"text": "1001 1002", "entities": entities, "parts": parts})
    assert [[e["value"] for e in part["entities"]] for part in played] == [["1001"], ["1002"]]
