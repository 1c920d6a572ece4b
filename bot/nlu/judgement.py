"""What one text is thought to mean, and who judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.nlu.acceptance import Acceptance
from bot.nlu.encoder import Vector
from bot.nlu.label_model import LabelModel
from bot.nlu.neighbours import Neighbours

# Labels that say themselves that a message is not for the assistant to answer.
TURNED_AWAY = ("not_covered/", "out_of_scope/")
# What the neighbours' votes count beside the regression's 1; the best of a few in the folds.
VOTES = 0.4


@dataclass(frozen=True)
class Judgement:
    """What one text is thought to mean."""

    ranking: list[tuple[str, float]]
    """Every label and its confidence, the most likely first."""
    accepted: bool
    """Whether that is sure enough, and near enough to what the assistant is for."""
    margin: float = 1.0
    """How far the second label's probability is behind the first's."""
    off_topic: float = 0.0
    """How sure it is, 0 to 1, that the text is not for the assistant to answer."""
    familiar: float = 1.0
    """The cosine of the nearest training example, 0 to 1."""

    @property
    def label(self) -> str:
        """The most likely label."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """The probability that the most likely label is right, 0 to 1."""
        return self.ranking[0][1]


@dataclass(frozen=True)
class Shares:
    """What a judge makes of some texts, a row each."""

    of_labels: NDArray[np.float64]
    """The probability of each label before it is known how often such a one is right."""
    familiar: NDArray[np.float64]
    """The cosine of the nearest training example."""
    off_topic: NDArray[np.float64]
    """The probability of the labels that turn a message away, all of it where nothing is alike."""

    @property
    def score(self) -> NDArray[np.float64]:
        """The first label's probability times the familiarity: what is strange is never sure."""
        score: NDArray[np.float64] = self.of_labels.max(axis=1) * self.familiar
        return score

    @property
    def margin(self) -> NDArray[np.float64]:
        """How far the second label is behind the first."""
        second, first = np.sort(self.of_labels, axis=1)[:, -2:].T
        margin: NDArray[np.float64] = first - second
        return margin


@dataclass(frozen=True)
class Judge:
    """A decision over all labels, and the examples that say how familiar a text is."""

    model: LabelModel
    neighbours: Neighbours

    def shares(self, texts: Sequence[str], vectors: Vector) -> Shares:
        """Judge normalised texts by their words and vectors, without deciding anything."""
        familiar, votes = self.neighbours.vote(vectors)
        of_labels = (self.model.probabilities(texts, vectors) + VOTES * votes) / (1 + VOTES)
        ours = of_labels[:, self._ours].sum(axis=1).clip(0.0, 1.0)
        return Shares(of_labels, familiar, 1 - ours * familiar)

    @cached_property
    def _ours(self) -> NDArray[np.bool_]:
        """Which labels do not turn a message away."""
        return np.asarray([not label.startswith(TURNED_AWAY) for label in self.model.labels])

    def judge(
        self, plains: Sequence[str], vectors: Vector, acceptance: Acceptance
    ) -> list[Judgement]:
        """Judge normalised texts; one without a word or a number is never accepted."""
        shares = self.shares(plains, vectors)
        confidences = acceptance.confidence(shares.score)
        return [
            self._judgement(plain, shares, row, float(confidences[row]), acceptance)
            for row, plain in enumerate(plains)
        ]

    def _judgement(
        self, plain: str, shares: Shares, row: int, confidence: float, acceptance: Acceptance
    ) -> Judgement:
        has_words = any(character.isalnum() for character in plain)
        confidence = confidence if has_words else 0.0
        off_topic = float(shares.off_topic[row]) if has_words else 1.0
        ranking = _ranked(self.model.labels, shares.of_labels[row], confidence)
        return Judgement(
            ranking,
            has_words and acceptance.accepts(ranking[0][0], confidence, off_topic),
            float(shares.margin[row]),
            off_topic,
            float(shares.familiar[row]) if has_words else 0.0,
        )


def _ranked(
    labels: Sequence[str], shares: NDArray[np.float64], confidence: float
) -> list[tuple[str, float]]:
    """All labels, the likeliest first with its confidence, the others in proportion behind it."""
    order = np.argsort(-shares, kind="stable")
    first = float(shares[order[0]])
    part = min(confidence / first, (1 - confidence) / max(1 - first, 1e-6))
    behind = [(labels[place], float(shares[place]) * part) for place in order[1:]]
    return [(labels[order[0]], confidence), *behind]
