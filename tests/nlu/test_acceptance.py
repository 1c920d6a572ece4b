"""What is accepted, how sure it is, and the figures follow from held-out judgements."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.acceptance import Acceptance, most_off_topic
from bot.nlu.figures import figures, interval
from bot.nlu.folds import HeldOut

OFF_TOPIC = "out_of_scope/unrelated"
AWAY = ("not_covered/", "out_of_scope/")
AS_IT_IS = Acceptance((0.0, 1.0), (0.0, 1.0), 0.5, 0.5, AWAY)


def held_out(*judgements: tuple[str, str, float, float]) -> HeldOut:
    """Truth, guess, score and off-topic score of each."""
    truth, guess, score, off_topic = zip(*judgements, strict=True)
    return HeldOut(
        np.asarray(truth),
        np.asarray(guess),
        np.asarray(score),
        np.ones(len(score)),
        np.asarray(off_topic),
    )


KNOWN = held_out(*[("greet", "greet", 0.8, 0.2)] * 50, *[("thank", "thank", 0.7, 0.3)] * 50)
UNKNOWN = held_out(*[("stop", "greet", 0.3, 0.7)] * 50, *[(OFF_TOPIC, "thank", 0.2, 0.8)] * 50)


def test_what_is_too_far_off_stands_between_known_and_unknown_messages() -> None:
    assert 0.3 <= most_off_topic(KNOWN, UNKNOWN, OFF_TOPIC, AWAY) < 0.7


def test_the_highest_of_equal_scores_is_taken() -> None:
    assert most_off_topic(KNOWN, UNKNOWN, OFF_TOPIC, AWAY) == pytest.approx(0.695)


def test_an_unknown_message_given_a_label_that_turns_away_counts_as_turned_away() -> None:
    answered = held_out(*[("stop", OFF_TOPIC, 0.9, 0.1)] * 50)
    assert most_off_topic(KNOWN, answered, OFF_TOPIC, AWAY) == 1.0


def test_a_confidence_is_how_often_guesses_of_its_score_were_right() -> None:
    seldom = [("greet", "greet" if i % 4 == 0 else "thank", 0.3, 0.0) for i in range(100)]
    often = [("thank", "thank" if i % 10 else "greet", 0.6, 0.0) for i in range(100)]
    learned = Acceptance.learned(held_out(*seldom, *often), UNKNOWN, OFF_TOPIC, AWAY)
    assert learned.confidence(np.asarray([0.1, 0.3, 0.6, 0.9])) == pytest.approx(
        [0.25, 0.25, 0.9, 0.9]
    )
    assert Acceptance.from_state(learned.state()) == learned


@pytest.mark.parametrize(
    ("label", "confidence", "off_topic", "accepted"),
    [
        ("greet", 0.6, 0.1, True),
        ("greet", 0.4, 0.1, False),
        ("greet", 0.9, 0.6, False),
        ("not_covered/other", 0.9, 0.6, True),
        ("not_covered/other", 0.6, 0.6, False),
        ("out_of_scope/unrelated", 0.4, 0.9, False),
    ],
)
def test_accepted_is_what_is_sure_and_near_or_turned_away_by_its_label(
    label: str, confidence: float, off_topic: float, accepted: bool
) -> None:
    assert AS_IT_IS.accepts(label, confidence, off_topic) is accepted


def test_figures_count_what_was_accepted_and_what_was_confused() -> None:
    known = held_out(
        *[("greet", "greet", 0.9, 0.1)] * 8,
        *[("thank", "greet", 0.6, 0.1)] * 3,
        *[("thank", "thank", 0.2, 0.1)] * 5,
    )
    found = figures(known, UNKNOWN, OFF_TOPIC, AS_IT_IS)
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
