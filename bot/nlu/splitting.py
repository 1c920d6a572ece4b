"""When two clauses of a message are two requests: a margin learned from held-out judgements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.nlu.clauses import clauses
from bot.nlu.folds import Corpus, Judging
from bot.nlu.judgement import Judgement
from bot.nlu.label_model import SEED

# Of messages with one request, how many may be split. What is split without need gets an answer
# too many; what is not split leaves a request unserved: but single requests are far more common.
MOST_SPLIT_WRONGLY = 0.005
# With fewer of either kind nothing can be learned, and only "also" and its like separate.
LEAST_LEARNED_FROM = 30
PAIRS_A_MESSAGE = 0.25
MOST_PAIRS_A_FOLD = 200
JOINS = (" and ", ", ", ". ", "? ")


@dataclass(frozen=True)
class Splitting:
    """How sure two clauses must be of their different labels, given what the whole is taken for."""

    weights: tuple[float, ...]
    least: float
    figures: dict[str, Any]

    def separates(self, whole: Judgement, one: Judgement, other: Judgement) -> bool:
        """Whether two clauses of a message mean two requests."""
        if not self.weights:
            return False
        return float(np.dot(self.weights, _marks(whole, one, other))) >= self.least

    def may_separate(self, whole: Judgement) -> bool:
        """Whether any two clauses of a message that is taken for this could mean two requests."""
        if not self.weights:
            return False
        most = [
            max(self.weights[0], 0.0) + max(self.weights[1], 0.0) + max(self.weights[4], 0.0),
            self.weights[2] * whole.margin + self.weights[3] * whole.familiar,
        ]
        return sum(most) >= self.least

    def state(self) -> dict[str, Any]:
        """What was learned, as plain values for JSON."""
        return {"weights": list(self.weights), "least": self.least, "figures": self.figures}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Splitting:
        """What `state()` gave. Raises KeyError or ValueError."""
        return cls(tuple(map(float, state["weights"])), float(state["least"]), state["figures"])

    @classmethod
    def learned(
        cls,
        corpus: Corpus,
        folds: Sequence[tuple[Judging, NDArray[np.int64]]],
        apart: frozenset[str],
    ) -> Splitting:
        """Learn from messages that a fold has not seen.

        Those with several clauses show what one request looks like, two put together what two
        look like. Labels that are set `apart` never make a request of their own.
        """
        singles = [marks for fold in folds for marks in _of_singles(corpus, *fold, apart)]
        pairs = [marks for fold in folds for marks in _of_pairs(corpus, *fold, apart)]
        if min(len(singles), len(pairs)) < LEAST_LEARNED_FROM:
            return cls((), 0.0, {})
        rows = np.asarray(singles + pairs)
        truth = np.asarray([False] * len(singles) + [True] * len(pairs))
        spread = rows.std(axis=0) + 1e-6
        regression = LogisticRegression(class_weight="balanced", random_state=SEED)
        weights = regression.fit(rows / spread, truth).coef_[0] / spread
        scores = rows @ weights
        allowed = int(MOST_SPLIT_WRONGLY * len(corpus.examples))
        highest = np.sort(scores[~truth])[::-1]
        least = float(highest[min(allowed, len(highest) - 1)]) + 1e-6
        return cls(
            tuple(float(weight) for weight in weights),
            least,
            {
                "single_split": round(
                    float((scores[~truth] >= least).sum()) / len(corpus.examples), 4
                ),
                "pairs_split": round(float((scores[truth] >= least).mean()), 4),
            },
        )


@dataclass(frozen=True)
class _Wishes:
    """The two surest clauses of different labels in a text, and what tells whether both count."""

    labels: set[str]
    marks: NDArray[np.float64]


def _wishes(text: str, judging: Judging, apart: frozenset[str]) -> _Wishes | None:
    """None where there are no two, or where words alone would separate them."""
    pieces = clauses(text)
    if any(piece.is_added for piece in pieces):
        return None
    best: dict[str, Judgement] = {}
    judged = judging([piece.bare for piece in pieces]) if len(pieces) > 1 else []
    for piece, judgement in zip(pieces, judged, strict=False):
        known = best.get(judgement.label)
        if not piece.is_detail and (known is None or known.confidence < judgement.confidence):
            best[judgement.label] = judgement
    two = sorted((j for j in best.values() if j.label not in apart), key=lambda j: -j.confidence)
    if len(two) < 2:
        return None
    marks = _marks(judging([text])[0], two[0], two[1])
    return _Wishes({two[0].label, two[1].label}, marks)


def _marks(whole: Judgement, one: Judgement, other: Judgement) -> NDArray[np.float64]:
    """What tells two requests from one: in figures."""
    return np.asarray(
        [
            min(one.confidence, other.confidence),
            max(one.confidence, other.confidence),
            whole.margin,
            whole.familiar,
            float(whole.label in (one.label, other.label)),
        ]
    )


def _of_singles(
    corpus: Corpus, judging: Judging, unseen: NDArray[np.int64], apart: frozenset[str]
) -> list[NDArray[np.float64]]:
    found = [_wishes(text, judging, apart) for text in corpus.texts(unseen)]
    return [wishes.marks for wishes in found if wishes]


def _of_pairs(
    corpus: Corpus, judging: Judging, unseen: NDArray[np.int64], apart: frozenset[str]
) -> list[NDArray[np.float64]]:
    """Two messages in one, where both are understood rightly and neither is set apart."""
    chance = np.random.RandomState(SEED)
    rows = [row for row in unseen if corpus.labels[row] not in apart]
    found = []
    count = min(int(len(unseen) * PAIRS_A_MESSAGE), MOST_PAIRS_A_FOLD)
    for _ in range(count if len(rows) > 1 else 0):
        two = chance.choice(rows, 2, replace=False)
        one, other = corpus.texts(two)
        text = one.rstrip(".!?,") + str(chance.choice(JOINS)) + other
        wishes = _wishes(text, judging, apart)
        if wishes and wishes.labels == set(corpus.labels[two]):
            found.append(wishes.marks)
    return found
