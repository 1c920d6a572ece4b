"""When two clauses of a message are two requests: a margin learned from held-out judgements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.nlu.clauses import clauses
from bot.nlu.encoder import Encoder
from bot.nlu.folds import Corpus, Fold
from bot.nlu.judgement import Judgement
from bot.nlu.label_model import SEED
from bot.nlu.normalise import normalise

# Of messages with one request, how many may be split. What is split without need gets an answer
# too many; what is not split leaves a request unserved: but single requests are far more common.
MOST_SPLIT_WRONGLY = 0.005
# With fewer of either kind nothing can be learned, and only "also" and its like separate.
LEAST_LEARNED_FROM = 30
PAIRS_A_MESSAGE = 0.25
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

    def state(self) -> dict[str, Any]:
        """What was learned, as plain values for JSON."""
        return {"weights": list(self.weights), "least": self.least, "figures": self.figures}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Splitting:
        """What `state()` gave. Raises KeyError or ValueError."""
        return cls(tuple(map(float, state["weights"])), float(state["least"]), state["figures"])

    @classmethod
    def learned(
        cls, corpus: Corpus, folds: Sequence[Fold], encoder: Encoder, apart: frozenset[str]
    ) -> Splitting:
        """Learn from messages that a fold has not seen.

        Those with several clauses show what one request looks like, two put together what two
        look like. Labels that are set `apart` never make a request of their own.
        """
        singles = [m for fold in folds for m in _singles(corpus, fold, encoder, apart)]
        pairs = [m for fold in folds for m in _pairs(corpus, fold, encoder, apart)]
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


def strongest_two(judged: Sequence[Judgement], apart: frozenset[str]) -> list[Judgement]:
    """The surest clause of each label that can be a request, the two surest of those."""
    best: dict[str, Judgement] = {}
    for judgement in sorted(judged, key=lambda each: -each.confidence):
        if judgement.label not in apart:
            best.setdefault(judgement.label, judgement)
    return list(best.values())[:2]


def _marks(whole: Judgement, one: Judgement, other: Judgement) -> NDArray[np.float64]:
    """What tells two requests from one: in figures."""
    sure = dict(whole.ranking)
    familiar = sum(sure.values()) + 1e-6
    stronger, weaker = sorted((one, other), key=lambda each: -each.confidence)
    return np.asarray(
        [
            weaker.confidence,
            stronger.confidence,
            np.log(sure.get(stronger.label, 0.0) / familiar + 1e-6),
            np.log(sure.get(weaker.label, 0.0) / familiar + 1e-6),
            whole.confidence / familiar,
            familiar,
            float(whole.label in (one.label, other.label)),
        ]
    )


def _singles(
    corpus: Corpus, fold: Fold, encoder: Encoder, apart: frozenset[str]
) -> list[NDArray[np.float64]]:
    marks = []
    for row in fold.unseen:
        # The text as it was normalised: sentences keep their marks in it.
        parts = clauses(corpus.examples[row].text)
        if len(parts) < 2 or any(part.is_added for part in parts):
            continue
        two = strongest_two([_judged(fold, part.bare, encoder) for part in parts], apart)
        if len(two) == 2:
            marks.append(_marks(_held_out(corpus, fold, int(row)), *two))
    return marks


def _pairs(
    corpus: Corpus, fold: Fold, encoder: Encoder, apart: frozenset[str]
) -> list[NDArray[np.float64]]:
    """Two messages in one, where each alone is understood rightly and neither is set apart."""
    chance = np.random.RandomState(SEED)
    labels = corpus.labels
    rows = [int(row) for row in fold.unseen if labels[row] not in apart]
    marks = []
    for _ in range(int(len(fold.unseen) * PAIRS_A_MESSAGE) if len(rows) > 1 else 0):
        first, second = chance.choice(rows, 2, replace=False)
        if labels[first] == labels[second]:
            continue
        two = [_held_out(corpus, fold, row) for row in (first, second)]
        if [each.label for each in two] == [labels[first], labels[second]]:
            join = chance.choice(JOINS)
            text = corpus.examples[first].text.rstrip(".!?,") + join + corpus.examples[second].text
            marks.append(_marks(_judged(fold, text, encoder), *two))
    return marks


def _held_out(corpus: Corpus, fold: Fold, row: int) -> Judgement:
    return fold.judge.judge(corpus.examples[row].text, corpus.vectors[row], threshold=1.0)


def _judged(fold: Fold, text: str, encoder: Encoder) -> Judgement:
    plain = normalise(text)
    return fold.judge.judge(plain, encoder.encode(plain), threshold=1.0)
