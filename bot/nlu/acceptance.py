"""How sure is sure enough, and what is too far off: both found from held-out judgements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

if TYPE_CHECKING:
    from bot.nlu.folds import HeldOut

# Up to it a guess is as likely wrong as right; which scores are that sure comes from the folds.
AS_LIKELY_WRONG = 0.5
# Where a guess is right less often than this, asking is better.
RIGHT_ENOUGH = 2 / 3
STEPS = 201


@dataclass(frozen=True)
class Acceptance:
    """A curve from scores to confidences, and from where on a message counts as understood."""

    scores: tuple[float, ...]
    confidences: tuple[float, ...]
    """How often a guess with each of the scores was right; between them on straight lines."""
    least: float
    """The confidence that an accepted one exceeds."""
    most_off_topic: float
    """The highest off-topic score that is accepted, but for labels that turn away themselves."""
    turned_away: tuple[str, ...]
    """How those labels begin."""

    def confidence(self, scores: NDArray[Any]) -> NDArray[np.float64]:
        """How often guesses with such scores are right."""
        return np.interp(scores, *self._curve)

    @cached_property
    def _curve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.asarray(self.scores), np.asarray(self.confidences)

    def accepts(self, label: str, confidence: float, off_topic: float) -> bool:
        """Whether a message with this guess counts as understood."""
        near = off_topic <= self.most_off_topic or label.startswith(self.turned_away)
        return confidence > self.least and near

    def accepted(self, judged: HeldOut) -> NDArray[np.bool_]:
        """Which of some judgements are accepted."""
        rows = zip(judged.guess, self.confidence(judged.score), judged.off_topic, strict=True)
        return np.asarray([self.accepts(str(label), sure, off) for label, sure, off in rows])

    def state(self) -> dict[str, Any]:
        """What was learned, as plain values for JSON."""
        return {
            "scores": list(self.scores),
            "confidences": list(self.confidences),
            "least": self.least,
            "most_off_topic": self.most_off_topic,
            "turned_away": list(self.turned_away),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Acceptance:
        """What `state()` gave. Raises KeyError, TypeError or ValueError."""
        return cls(
            tuple(map(float, state["scores"])),
            tuple(map(float, state["confidences"])),
            float(state["least"]),
            float(state["most_off_topic"]),
            tuple(map(str, state["turned_away"])),
        )

    @classmethod
    def learned(
        cls, known: HeldOut, unknown: HeldOut, off_topic: str, turned_away: tuple[str, ...]
    ) -> Acceptance:
        """From judgements of messages whose label was taught, and of some whose label was not.

        A temperature would be simpler than a curve, but makes messages off topic too sure.
        """
        curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
        curve.fit(known.score, known.guess == known.truth)
        return cls(
            tuple(curve.X_thresholds_.round(4).tolist()),
            tuple(curve.y_thresholds_.round(4).tolist()),
            AS_LIKELY_WRONG,
            most_off_topic(known, unknown, off_topic, turned_away),
            turned_away,
        )


def most_off_topic(
    known: HeldOut, unknown: HeldOut, off_topic: str, turned_away: tuple[str, ...]
) -> float:
    """The off-topic score up to which known and unknown messages are served equally well.

    Known messages are served when they are not turned away, and given their own label. Unknown
    ones, half of them off-topic examples and half examples of labels the model was never told of,
    are served when turned away, by their score or by a label that does so. Both halves count the
    same, however many of each there are. Among scores whose difference is within the error of the
    measurement the highest is taken, because being asked back for nothing costs a visitor more
    than the assistant gains.
    """
    candidates = np.linspace(0.0, 1.0, STEPS)
    served = np.asarray(
        [_served(known, unknown, off_topic, turned_away, most) for most in candidates]
    )
    error = 0.5 / np.sqrt(len(known.truth))
    return round(float(candidates[np.flatnonzero(served >= served.max() - error)[-1]]), 4)


def _served(
    known: HeldOut, unknown: HeldOut, off_topic: str, turned_away: tuple[str, ...], most: float
) -> float:
    outside = known.truth == off_topic
    ours = ~_begins(known.truth, turned_away)
    away = _begins(known.guess, turned_away) | (known.off_topic > most)
    strange = _begins(unknown.guess, turned_away) | (unknown.off_topic > most)
    right = known.guess == known.truth
    return _mean_of_present(
        _mean_of_present(~away[ours] & right[ours]),
        _mean_of_present(
            _mean_of_present(away[outside]),
            _mean_of_present(strange[~_begins(unknown.truth, turned_away)]),
        ),
    )


def _begins(labels: NDArray[np.str_], beginnings: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.asarray([str(label).startswith(beginnings) for label in labels], dtype=np.bool_)


def _mean_of_present(*parts: NDArray[np.bool_] | float) -> float:
    """The mean of one list of marks, or of several shares; what is empty does not count."""
    if len(parts) == 1:
        marks = np.asarray(parts[0])
        return float(marks.mean()) if marks.size else float("nan")
    shares = np.asarray(parts, dtype=np.float64)
    return float(np.nanmean(shares))
