"""What one text is thought to mean, and who judges it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.nlu.encoder import Vector
from bot.nlu.label_model import LabelModel
from bot.nlu.neighbours import Neighbours


@dataclass(frozen=True)
class Judgement:
    """What one text is thought to mean.

    A confidence is the label's probability times the cosine of the nearest training example, so
    that a text like nothing that was taught is never sure, whatever it is compared with.
    """

    ranking: list[tuple[str, float]]
    """Every label and its confidence, the most likely first."""
    accepted: bool
    """Whether the first label's confidence reaches the threshold."""

    @property
    def label(self) -> str:
        """The most likely label."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """The confidence of the most likely label, 0 to 1."""
        return self.ranking[0][1]


@dataclass(frozen=True)
class Judge:
    """A decision over all labels, and the examples that say how familiar a text is."""

    model: LabelModel
    neighbours: Neighbours

    def judge(self, plain: str, vector: Vector, threshold: float) -> Judgement:
        """Judge a normalised text; one without a word or a number is never accepted."""
        shares = self.model.probabilities([plain], vector[None])[0]
        familiar = float(self.neighbours.likeness(vector[None])[0])
        if not any(character.isalnum() for character in plain):
            familiar = 0.0
        order = np.argsort(-shares, kind="stable")
        ranking = [(self.model.labels[i], float(shares[i]) * familiar) for i in order]
        return Judgement(ranking, ranking[0][1] >= threshold and familiar > 0.0)
