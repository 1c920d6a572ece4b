"""The threshold and the figures follow from held-out judgements."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.figures import figures, interval
from bot.nlu.folds import HeldOut
from bot.nlu.threshold import best_threshold

OFF_TOPIC = "out_of_scope/unrelated"


def held_out(*judgements: tuple[str, str, float]) -> HeldOut:
    truth, guess, score = zip(*judgements, strict=True)
    scores = np.asarray(score)
    return HeldOut(np.asarray(truth), np.asarray(guess), scores, np.zeros(len(scores)), 0.0)


KNOWN = held_out(*[("greet", "greet", 0.8)] * 50, *[("thank", "thank", 0.7)] * 50)
UNKNOWN = held_out(*[("stop", "greet", 0.3)] * 50, *[(OFF_TOPIC, "thank", 0.2)] * 50)


def test_the_threshold_stands_between_known_and_unknown_messages() -> None:
    assert 0.3 < best_threshold(KNOWN, UNKNOWN, OFF_TOPIC) <= 0.7


def test_the_lowest_of_equal_thresholds_is_taken() -> None:
    assert best_threshold(KNOWN, UNKNOWN, OFF_TOPIC) == pytest.approx(0.305)


def test_an_unknown_message_given_the_off_topic_label_counts_as_turned_away() -> None:
    answered = held_out(*[("stop", OFF_TOPIC, 0.9)] * 50)
    assert best_threshold(KNOWN, answered, OFF_TOPIC) == 0.0


def test_figures_count_what_was_accepted_and_what_was_confused() -> None:
    known = held_out(
        *[("greet", "greet", 0.9)] * 8,
        *[("thank", "greet", 0.6)] * 3,
        *[("thank", "thank", 0.2)] * 5,
    )
    found = figures(known, UNKNOWN, OFF_TOPIC, threshold=0.5)
    assert found["accuracy"] == pytest.approx(13 / 16, abs=1e-4)
    assert found["turned_away"] == pytest.approx(5 / 16, abs=1e-4)
    assert found["accepted_and_wrong"] == pytest.approx(3 / 16, abs=1e-4)
    assert found["unknown_turned_away"] == 1.0
    assert found["worst_labels"][0]["label"] == "thank"
    assert found["most_confused"] == [{"label": "thank", "taken_for": "greet", "times": 3}]


def test_the_interval_holds_the_share_and_stays_within_bounds() -> None:
    assert interval(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    low, high = interval(10, 10)
    assert 0.7 < low < high <= 1.0
