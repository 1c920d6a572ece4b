"""From which score on a message counts as understood, found from held-out judgements."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.nlu.folds import HeldOut

STEPS = 201


def best_threshold(known: HeldOut, unknown: HeldOut, off_topic: str) -> float:
    """The score that serves known and unknown messages equally well.

    Known messages are served when accepted under their own label. Unknown ones, half of them
    off-topic examples and half examples of labels the model was never told of, are served when
    turned away: below the threshold, or given the off-topic label, which has an answer of its own.
    Both halves count the same, however many of each there are. Among thresholds whose difference
    is within the error of the measurement the lowest is taken, because being asked back for
    nothing costs a visitor more than the assistant gains.
    """
    candidates = np.linspace(0.0, 1.0, STEPS)
    served = np.asarray([_served(known, unknown, off_topic, at) for at in candidates])
    error = 0.5 / np.sqrt(len(known.truth))
    return float(candidates[np.flatnonzero(served >= served.max() - error)[0]])


def _served(known: HeldOut, unknown: HeldOut, off_topic: str, threshold: float) -> float:
    accepted = known.score >= threshold
    right = known.guess == known.truth
    outside = known.truth == off_topic
    away = (unknown.score < threshold) | (unknown.guess == off_topic)
    return _mean_of_present(
        _mean_of_present(accepted[~outside] & right[~outside]),
        _mean_of_present(
            _mean_of_present(~accepted[outside] | right[outside]),
            _mean_of_present(away[unknown.truth != off_topic]),
        ),
    )


def _mean_of_present(*parts: NDArray[np.bool_] | float) -> float:
    """The mean of one list of marks, or of several shares; what is empty does not count."""
    if len(parts) == 1:
        marks = np.asarray(parts[0])
        return float(marks.mean()) if marks.size else float("nan")
    shares = np.asarray(parts, dtype=np.float64)
    return float(np.nanmean(shares))
