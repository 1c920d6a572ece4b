"""Row 25: whatever is typed, nothing fails, and text sets no intent and no slot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.nlu.encoder import Encoder
from bot.nlu.entities import EntityFinder
from bot.nlu.label_classifier import families_of, parse_data, part_data
from bot.nlu.understanding import Understanding
from tests.garbage import TURNS, commands, texts
from tests.nlu.conftest import Dialogue, SmallRasa
from tests.nlu.test_catalogue_entities import write_catalogue
from tests.nlu.test_understanding import OFF_TOPIC, pairs

# A turn through the whole dialogue takes longer; these are some of each kind.
TURNS_OF_DIALOGUE = 360
KINDS = {
    *("order_number", "email", "reference", "tracking_number", "amount", "date", "ring_size"),
    *("product", "metal"),
}


def test_ten_thousand_messages_of_nonsense_are_each_understood_as_something(
    encoder: Encoder, tmp_path: Path
) -> None:
    understanding = Understanding.trained(pairs(), encoder, OFF_TOPIC)
    finder = EntityFinder(write_catalogue(tmp_path))
    labels = set(understanding.choices["labels"])
    families = families_of(list(labels))
    turns = 0
    for text in texts():
        meaning = understanding.read(text)
        data = parse_data(meaning.judgement, families, understanding.needs_asking(text, meaning))
        assert data["intent"]["name"] in {label.split("/")[0] for label in labels} | {
            "nlu_fallback"
        }
        assert 0.0 <= data["intent"]["confidence"] <= 1.0
        for part in meaning.parts:
            assert part_data(part)["text"] in text
        end = 0
        for each in finder.find(text):
            assert each.entity in KINDS
            assert end <= each.start < each.end <= len(text)
            end = each.end
        turns += 1
    assert turns == TURNS


def test_no_turn_of_a_dialogue_fails(rasa: SmallRasa) -> None:
    visitor = Dialogue(rasa)
    for at, text in enumerate(texts(TURNS_OF_DIALOGUE)):
        if at % 30 == 0:  # alternately in the middle of a form and outside of one
            visitor = Dialogue(rasa)
            if at % 60 == 0:
                visitor.press("track_order")
        visitor.say(text)
        assert visitor.status == 200, (at, ascii(text), visitor.answer)
        assert visitor.answer["replies"], (at, ascii(text))


@pytest.mark.parametrize("text", sorted(set(commands(200))))
def test_a_command_sets_no_intent_and_no_slot(rasa: SmallRasa, text: str) -> None:
    mallory = Dialogue(rasa)
    mallory.say(text)
    assert mallory.status == 200
    assert [each["accepted"] for each in mallory.answer["understood"]] == [False]
    assert mallory.form is None
    mallory.press("track_order")
    assert mallory.asks == "order_number"
    assert not mallory.effects


def test_a_turn_that_is_longer_than_a_message_may_be_is_refused(rasa: SmallRasa) -> None:
    mallory = Dialogue(rasa)
    turn: dict[str, Any] = {
        "dialogue": mallory.id,
        "text": "a" * 100_000,
        "button": None,
        "facts": {},
    }
    assert rasa.post(turn)[0] in (400, 413)
    assert mallory.say("hello") != []
