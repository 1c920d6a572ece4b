"""One decision over all labels, learned from a small seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import Encoder
from bot.nlu.judgement import Judgement
from bot.nlu.label_classifier import families_of, parse_data
from bot.nlu.training_messages import read_folder
from bot.nlu.understanding import Understanding

SEED = Path(__file__).parent / "seed" / "data" / "nlu"
OFF_TOPIC = "out_of_scope/unrelated"


def pairs() -> list[tuple[str, str]]:
    return [(message.text, message.label) for message in read_folder(SEED).messages]


@pytest.fixture(scope="module")
def understanding(encoder: Encoder) -> Understanding:
    return Understanding.trained(pairs(), encoder, OFF_TOPIC)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("WHERE is my order???", "track_order"),
        ("where's my package", "track_order"),
        ("could I talk to a real person", "talk_to_human"),
        ("what's your policy on returns?", "faq/returns"),
        ("how long does it take you to answer", "faq/reply_times"),
        ("hello!", "greet"),
        ("how do I bake a cake", OFF_TOPIC),
    ],
)
def test_other_words_for_the_same_wish_are_understood(
    understanding: Understanding, text: str, label: str
) -> None:
    assert understanding.judge(text).label == label


@pytest.mark.parametrize("text", ["", "   ", "!!!", "\u200b", "👍", "/", "qwxz vbnm"])
def test_what_says_nothing_is_not_accepted_but_has_a_label(
    understanding: Understanding, text: str
) -> None:
    judgement = understanding.judge(text)
    assert not judgement.accepted
    assert judgement.label in understanding.choices["labels"]


def test_every_label_is_ranked_by_confidence(understanding: Understanding) -> None:
    ranking = understanding.judge("where is my order").ranking
    sure = [confidence for _, confidence in ranking]
    assert {label for label, _ in ranking} == set(understanding.choices["labels"])
    assert sure == sorted(sure, reverse=True)
    assert all(0.0 <= each <= 1.0 for each in sure)


def test_the_nearest_examples_say_what_a_text_resembles(understanding: Understanding) -> None:
    near = understanding.nearest("where is my order?", 3)
    assert near[0].text == "where is my order"
    assert near[0].label == "track_order"
    assert near[0].cosine > near[1].cosine >= near[2].cosine


def test_a_saved_model_judges_as_it_did_before(
    understanding: Understanding, encoder: Encoder, tmp_path: Path
) -> None:
    understanding.save(tmp_path)
    again = Understanding.load(tmp_path, encoder)
    assert again.threshold == understanding.threshold
    for text, _ in pairs():
        before, after = understanding.judge(text), again.judge(text)
        assert before.accepted == after.accepted
        assert [label for label, _ in before.ranking] == [label for label, _ in after.ranking]
        assert np.allclose(before.confidence, after.confidence)


def test_the_same_data_gives_the_same_model(understanding: Understanding, encoder: Encoder) -> None:
    again = Understanding.trained(pairs(), encoder, OFF_TOPIC)
    assert again.choices == understanding.choices
    assert again.judge("my parcel").ranking == understanding.judge("my parcel").ranking


def test_the_threshold_is_found_and_the_figures_are_complete(understanding: Understanding) -> None:
    assert 0.0 < understanding.threshold < 1.0
    found = understanding.figures
    assert found["examples"] == len(pairs())
    assert found["accuracy_interval"][0] <= found["accuracy"] <= found["accuracy_interval"][1]
    assert len(found["worst_labels"]) == 5


def test_a_leaf_is_given_to_rasa_as_its_family_and_its_answer() -> None:
    judgement = Judgement([("faq/returns", 0.8), ("greet", 0.1), ("faq/shipping", 0.05)], True)
    data = parse_data(judgement, families_of({"faq/returns": 1, "faq/shipping": 1, "greet": 1}))
    assert data["intent"] == {"name": "faq", "confidence": 0.8}
    assert data["intent_ranking"][0] == {"name": "faq/returns", "confidence": 0.8}
    assert data["response_selector"]["all_retrieval_intents"] == ["faq"]
    response = data["response_selector"]["faq"]["response"]
    assert response["intent_response_key"] == "faq/returns"
    assert response["utter_action"] == "utter_faq/returns"


def test_what_is_not_accepted_is_a_fallback_that_keeps_its_best_guess() -> None:
    data = parse_data(Judgement([("greet", 0.2), ("faq/returns", 0.1)], False), ["faq"])
    assert data["intent"] == {"name": "nlu_fallback", "confidence": 0.8}
    assert data["intent_ranking"][0]["name"] == "greet"
