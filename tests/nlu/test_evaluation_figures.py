"""The figures of an evaluation, counted on answers that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.nlu.evaluation.answers import Answer, is_request, read_answer
from bot.nlu.evaluation.counting import accuracy_of, confused_pairs, table_of
from bot.nlu.evaluation.default_pipeline import EPOCHS, proposed_pipeline
from bot.nlu.evaluation.doubt import asked_back, calibration, off_topic, wrong_actions
from bot.nlu.evaluation.figures_to_reach import Figure
from bot.nlu.evaluation.fold_examples import with_examples
from bot.nlu.evaluation.held_out import (
    FAR,
    IN_SCOPE,
    NEAR,
    HeldOutMessage,
    HeldOutUnreadable,
    read_held_out,
)
from bot.nlu.evaluation.parsing import middle_of
from bot.nlu.evaluation.time_limit import Fit

Judged = list[tuple[HeldOutMessage, Answer]]


def asked(label: str | None, kind: str = IN_SCOPE) -> HeldOutMessage:
    return HeldOutMessage("in Alice's words", label, kind)


def said(
    label: str, sure: float = 0.9, accepted: bool = True, parts: tuple[str, ...] = ()
) -> Answer:
    return Answer(label, sure, accepted, (label,), parts)


def test_accuracy_and_f1_are_those_counted_by_hand() -> None:
    labels = ["greet", "thank"]
    table = table_of(["greet", "greet", "thank", "thank"], ["greet", "thank", "thank", "x"], labels)
    found = accuracy_of(table, labels)
    assert (found["right"], found["messages"], found["accuracy"]) == (2, 4, 0.5)
    # greet: precision 1, found 1/2; thank: precision 1/2, found 1/2.
    assert [each["f1"] for each in found["by_label"]] == [pytest.approx(0.6667), 0.5]
    assert found["macro_f1"] == pytest.approx(0.5833, abs=1e-4)
    assert [each["precision"] for each in found["by_label"]] == [1.0, 0.5]
    low, high = found["by_label"][0]["accuracy_interval"]
    assert 0.09 < low < 0.5 < high < 0.91
    low, high = found["macro_f1_interval"]
    assert low <= found["macro_f1"] <= high


def test_pairs_are_told_by_how_often_they_are_confused() -> None:
    labels = ["a", "b"]
    table = table_of(["a", "a", "b", "b", "b"], ["b", "a", "a", "a", "unheard"], labels)
    assert confused_pairs(table, labels) == [
        {"label": "b", "taken_for": "a", "times": 2},
        {"label": "a", "taken_for": "b", "times": 1},
    ]


def test_examples_of_a_pair_are_training_messages_that_the_folds_confuse() -> None:
    pairs = [{"label": "a", "taken_for": "b", "times": 3}]
    (found,) = with_examples(pairs, {("a", "b"): ["one", "two", "three", "four", "five"]})
    assert found["in_folds"] == 5
    assert found["examples"] == ["one", "two", "three", "four"]
    assert with_examples(pairs, {})[0]["examples"] == []


def test_the_calibration_error_is_the_mean_gap_between_sure_and_right() -> None:
    judged = [(asked("greet"), said("greet", 0.95))] * 9 + [(asked("greet"), said("thank", 0.95))]
    judged += [(asked("greet"), said("greet", 0.5))] * 10
    # Ten at 0.95 of which nine are right, ten at 0.5 of which all are.
    assert calibration(judged)["error"] == pytest.approx(0.5 * 0.05 + 0.5 * 0.5)


def test_off_topic_messages_and_full_confidence_have_their_place_in_calibration() -> None:
    judged = [(asked("greet"), said("greet", 1.0)), (asked(None, FAR), said("greet", 0.1))]
    found = calibration(judged)
    assert found["error"] == 0.0
    assert [each["messages"] for each in found["bins"]] == [1]


def test_off_topic_is_read_where_one_in_twenty_in_scope_is_turned_away() -> None:
    judged: Judged = [(asked("greet"), said("greet", 0.3 + n / 100)) for n in range(20)]
    judged += [(asked(None, FAR), said("greet", 0.1)), (asked(None, FAR), said("greet", 0.305))]
    judged += [(asked(None, NEAR), said("not_covered/gift")), (asked(None, NEAR), said("greet"))]
    found = off_topic(judged)
    assert found["at_5_percent"] == {"threshold": 0.31, "in_scope": 0.05, "near": 0.5, "far": 1.0}
    assert found["as_trained"]["far"] == {"share": 0.0, "count": 0, "messages": 2}
    assert found["curve"][0]["threshold"] == 0.0
    assert found["curve"][0]["near"] == 0.5
    assert found["curve"][-1]["threshold"] == 1.0


def test_turning_away_what_is_not_ours_is_no_fault() -> None:
    judged = [
        (asked("not_covered/gift"), said("greet", 0.1, accepted=False)),
        (asked("out_of_scope/unrelated"), said("out_of_scope/unrelated")),
        (asked("greet"), said("greet")),
        (asked(None, FAR), said("greet", 0.2)),
        (asked(None, NEAR), said("greet", 0.2)),
    ]
    found = off_topic(judged)
    assert found["as_trained"]["in_scope"] == {"share": 0.0, "count": 0, "messages": 1}
    assert found["at_5_percent"]["far"] == 1.0


def test_there_is_no_point_at_5_percent_where_labels_alone_turn_more_away() -> None:
    judged = [(asked("greet"), said("not_covered/other"))]
    judged += [(asked(None, FAR), said("greet")), (asked(None, NEAR), said("greet"))]
    assert off_topic(judged)["at_5_percent"] is None


def test_what_was_asked_back_tells_what_the_guesses_were_worth() -> None:
    judged = [
        (asked("greet"), said("greet", accepted=False)),
        (asked("greet"), Answer("thank", 0.2, False, ("thank", "greet"))),
        (asked("greet"), said("thank", accepted=False)),
        (asked("greet"), said("thank")),
    ]
    found = asked_back(judged)
    assert found["in_scope"]["share"] == 0.75
    assert found["guess_was_right"]["count"] == 1
    assert found["right_one_was_offered"]["count"] == 2
    assert found["by_label"] == [{"label": "greet", "times": 3}]


def test_a_wrong_action_is_a_request_that_was_accepted_and_not_asked_for() -> None:
    judged = [
        (asked("faq/returns"), said("request_return")),
        (asked("track_order"), said("track_order")),
        (asked("track_order"), said("cancel_order", accepted=False)),
        (asked("greet"), said("faq/returns")),
        (asked("greet"), said("thank")),
        (asked("faq/returns"), said("faq/returns", parts=("faq/returns", "cancel_order"))),
        (asked(None, FAR), said("talk_to_human")),
        (asked(None, NEAR), said("out_of_scope/unrelated")),
    ]
    found = wrong_actions(judged)
    assert (found["count"], found["share"]) == (3, 0.375)
    assert (found["in_scope"], found["off_topic"]) == (2, 1)
    assert {"label": "faq/returns → cancel_order", "times": 1} in found["pairs"]


@pytest.mark.parametrize("label", ["track_order", "talk_to_human", "give_feedback"])
def test_requests_begin_an_action(label: str) -> None:
    assert is_request(label)


@pytest.mark.parametrize(
    "label", ["greet", "stop", "bot_challenge", "product/price", "faq/returns"]
)
def test_questions_and_small_talk_begin_none(label: str) -> None:
    assert not is_request(label)


def test_an_answer_of_ours_has_its_leaf_and_its_parts() -> None:
    parsed = {
        "intent": {"name": "faq", "confidence": 0.8},
        "intent_ranking": [{"name": "faq/returns", "confidence": 0.8}],
        "response_selector": {"all_retrieval_intents": ["faq"]},
        "parts": [
            {"intent": {"name": "faq", "full_retrieval_intent_name": "faq/returns"}},
            {"intent": {"name": "track_order"}},
        ],
    }
    answer = read_answer(parsed, 5.0)
    assert (answer.label, answer.accepted) == ("faq/returns", True)
    assert answer.acts_on == {"faq/returns", "track_order"}
    assert Answer.from_data(answer.as_data()) == answer


def test_the_default_s_label_is_its_selector_s_and_behind_a_fallback_stands_its_guess() -> None:
    ranking = [{"name": "faq", "confidence": 0.2}, {"name": "greet", "confidence": 0.1}]
    response = {"response": {"intent_response_key": "faq/contact"}}
    selector = {"all_retrieval_intents": ["faq", "product"], "default": response}
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.3},
        "intent_ranking": [{"name": "nlu_fallback", "confidence": 0.3}, *ranking],
        "response_selector": selector,
    }
    answer = read_answer(parsed, 1.0)
    assert (answer.label, answer.confidence, answer.accepted) == ("faq/contact", 0.2, False)
    assert answer.acts_on == set()


def test_of_three_times_of_a_message_the_middle_one_counts() -> None:
    rounds = [[replace(said("greet"), milliseconds=each)] for each in (9.0, 40.0, 10.0)]
    assert middle_of(rounds) == [replace(said("greet"), milliseconds=10.0)]


def test_the_default_pipeline_is_the_one_that_rasa_proposes() -> None:
    pipeline = proposed_pipeline()
    assert [component["name"] for component in pipeline] == [
        "WhitespaceTokenizer",
        "RegexFeaturizer",
        "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer",
        "CountVectorsFeaturizer",
        "DIETClassifier",
        "EntitySynonymMapper",
        "ResponseSelector",
        "FallbackClassifier",
    ]
    assert [each["epochs"] for each in pipeline if "epochs" in each] == [EPOCHS, EPOCHS]
    assert [each["epochs"] for each in proposed_pipeline(2) if "epochs" in each] == [2, 2]


def test_epochs_that_were_not_trained_are_reckoned_at_the_pace_of_the_others() -> None:
    assert Fit(100, 20, 50.0).missing_cpu_seconds == 200.0
    assert Fit(100, 100, 50.0).missing_cpu_seconds == 0.0


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (Figure("accuracy", "share", 0.93, 0.8, 0.93, at_least=True), True),
        (Figure("accuracy", "share", 0.92, 0.8, 0.93, at_least=True), False),
        (Figure("wrong", "share", 0.01, 0.2, 0.01), True),
        (Figure("errors", "count", 50, 100, 0.5, of_default=True), True),
        (Figure("errors", "count", 51, 100, 0.5, of_default=True), False),
        (Figure("training", "s", None, 100, 0.2, of_default=True), None),
        (Figure("macro F1", "number", 0.9, 0.8), None),
    ],
)
def test_a_target_is_held_against_the_value_or_against_the_default_s(
    figure: Figure, reached: bool | None
) -> None:
    assert figure.reached is reached


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("messages.yml", "messages: []\n"),
        ("messages.yml", "messages:\n- {text: hello}\n"),
        ("messages.yml", "messages: [\n"),
        ("off_topic.yml", "off_topic:\n- {text: hello, kind: nearby}\n"),
    ],
)
def test_held_out_files_that_are_not_as_they_should_be_are_named(
    tmp_path: Path, file: str, content: str
) -> None:
    (tmp_path / "messages.yml").write_text("messages:\n- {text: hello, label: greet}\n")
    (tmp_path / "off_topic.yml").write_text("off_topic:\n- {text: hello, kind: far}\n")
    assert len(read_held_out(tmp_path)) == 2
    (tmp_path / file).write_text(content)
    with pytest.raises(HeldOutUnreadable, match=file):
        read_held_out(tmp_path)
