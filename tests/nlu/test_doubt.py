"""When a message that was understood is asked about before anything is done."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.acceptance import Acceptance
from bot.nlu.doubt import NEVER_CLOSE, Doubt, worth_offering
from bot.nlu.folds import HeldOut
from bot.nlu.judgement import Judgement

DOUBT = Doubt(least_to_begin=0.6, close=0.2)
AS_IT_IS = Acceptance((0.0, 1.0), (0.0, 1.0), 0.3, 0.5, ())


def judged(*ranking: tuple[str, float], accepted: bool = True) -> Judgement:
    return Judgement(list(ranking), accepted, margin=ranking[0][1] - ranking[1][1])


def held_out(rows: list[tuple[str, str, float, float]]) -> HeldOut:
    """Truth, guess, score and margin of each."""
    truth, guess, score, margin = zip(*rows, strict=True)
    return HeldOut(
        np.asarray(truth),
        np.asarray(guess),
        np.asarray(score),
        np.asarray(margin),
        np.zeros(len(score)),
    )


TURNED_AWAY = held_out([("stop", "faq/a", 0.1, 0.9)] * 10)


@pytest.mark.parametrize(
    ("first", "second", "asks"),
    [
        (("cancel_order", 0.5), ("change_order", 0.1), True),
        (("cancel_order", 0.7), ("change_order", 0.1), False),
        (("faq/returns", 0.5), ("request_return", 0.1), False),
        (("faq/returns", 0.5), ("request_return", 0.35), True),
        (("greet", 0.4), ("thank", 0.1), False),
        (("thank", 0.5), ("give_feedback", 0.45), False),
    ],
)
def test_a_request_must_be_surer_than_an_answer_and_both_surer_than_the_next(
    first: tuple[str, float], second: tuple[str, float], asks: bool
) -> None:
    assert DOUBT.needs_asking(judged(first, second)) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("please do NOT cancel my order 1031", True),
        ("I already cancelled order 1040, why was I charged", True),
        ("I don't want it any more, cancel it", False),
        ("never got my order, cancel it", False),
        ("cancel my order 1031", False),
    ],
)
def test_a_wish_that_is_refused_is_asked_about_however_sure(text: str, asks: bool) -> None:
    sure = judged(("cancel_order", 0.9), ("change_order", 0.01))
    assert DOUBT.needs_asking(sure, text) is asks


def test_what_is_not_accepted_is_no_doubt_but_not_understood() -> None:
    unsure = judged(("cancel_order", 0.1), ("change_order", 0.1), accepted=False)
    assert not DOUBT.needs_asking(unsure)


def test_at_most_one_message_in_a_hundred_may_begin_a_request_that_was_not_asked_for() -> None:
    right = [("faq/returns", "faq/returns", 0.9, 0.9)] * 180
    wrong = [("faq/returns", "request_return", score, 0.9) for score in np.linspace(0.4, 0.8, 20)]
    learned = Doubt.learned(held_out(right + wrong), TURNED_AWAY, AS_IT_IS)
    begun = sum(score >= learned.least_to_begin for _, _, score, _ in wrong)
    assert begun == 2
    assert learned.close == NEVER_CLOSE


def test_what_nobody_prepared_for_begins_nothing_either() -> None:
    right = [("faq/returns", "faq/returns", 0.9, 0.9)] * 200
    strange = [("stop", "request_return", score, 0.9) for score in np.linspace(0.402, 0.802, 20)]
    learned = Doubt.learned(held_out(right), held_out(strange), AS_IT_IS)
    begun = sum(score >= learned.least_to_begin for _, _, score, _ in strange)
    assert begun == 4  # a fifth of one message in twenty is one in a hundred


def test_labels_count_as_close_from_where_the_first_is_seldom_right() -> None:
    apart = [("faq/a", "faq/a", 0.9, 0.8)] * 200
    close = [("faq/a" if i % 2 else "faq/b", "faq/a", 0.9, 0.2) for i in range(60)]
    learned = Doubt.learned(held_out(apart + close), TURNED_AWAY, AS_IT_IS)
    assert learned.close == pytest.approx(0.2)


def test_what_is_offered_are_topics_two_where_close_and_three_where_unsure() -> None:
    ranked = judged(
        ("talk_to_human", 0.3),
        ("greet", 0.2),
        ("track_order", 0.1),
        ("faq/scope", 0.1),
        ("product/care", 0.1),
        ("report_delay", 0.1),
        accepted=False,
    )
    assert worth_offering(ranked, doubted=True) == ["track_order", "faq/scope"]
    assert worth_offering(ranked, doubted=False) == ["track_order", "faq/scope", "product/care"]
