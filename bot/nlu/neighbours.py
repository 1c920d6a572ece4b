"""The training examples nearest to a message: how familiar it is, and what they vote for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.encoder import Vector, sentence_of
from bot.nlu.label_model import Example

VECTORS_FILE = "examples.npy"
EXAMPLES_FILE = "examples.json"
# How much more a nearer example's vote counts; the best of a few in the folds.
SHARPNESS = 30.0


@dataclass(frozen=True)
class Neighbour:
    """A training example and its cosine (at most 1) to a message."""

    text: str
    label: str
    cosine: float


class Neighbours:
    """The vectors of all training examples."""

    def __init__(self, examples: Sequence[Example], vectors: Vector) -> None:
        """Examples and their vectors, in the same order; at least one."""
        self._examples = list(examples)
        # Contiguous, as the product with all of them is most of a look-up.
        self._vectors = np.ascontiguousarray(sentence_of(vectors))
        self._ballot = _ballot([example.label for example in examples])

    def vote(self, vectors: Vector) -> tuple[Vector, Vector]:
        """For each vector the cosine of the nearest example, 0 to 1, and each label's share.

        Labels are in order of their names. Every example votes for its own, the nearer the louder.
        """
        cosines = sentence_of(vectors) @ self._vectors.T
        nearest = cosines.max(axis=1)
        loudness = np.exp(SHARPNESS * (cosines - nearest[:, None]))
        votes = (self._ballot @ loudness.T).T
        shares: Vector = votes / votes.sum(axis=1, keepdims=True)
        return np.clip(nearest, 0.0, 1.0), shares

    def nearest(self, vector: Vector, count: int) -> list[Neighbour]:
        """The nearest examples, nearest first."""
        cosines = self._vectors @ sentence_of(vector)
        best = np.argsort(-cosines, kind="stable")[:count]
        return [
            Neighbour(self._examples[i].text, self._examples[i].label, float(cosines[i]))
            for i in best
        ]

    def save(self, folder: Path) -> None:
        """Write examples and vectors into a folder."""
        np.save(folder / VECTORS_FILE, self._vectors)
        pairs = [[example.text, example.label] for example in self._examples]
        (folder / EXAMPLES_FILE).write_text(json.dumps(pairs), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Neighbours:
        """Read what `save` wrote; raises OSError or ValueError when it cannot."""
        pairs = json.loads((folder / EXAMPLES_FILE).read_text(encoding="utf-8"))
        vectors = np.load(folder / VECTORS_FILE, allow_pickle=False)
        return cls([Example(text, label) for text, label in pairs], vectors)


def _ballot(labels: Sequence[str]) -> csr_matrix:
    """A row for each label, a column for each example, with the weight of the example's vote.

    A label with many examples is heard more, but by their root alone: else it drowns the others.
    """
    _, places, counts = np.unique(np.asarray(labels), return_inverse=True, return_counts=True)
    weights: NDArray[np.float32] = (1 / np.sqrt(counts[places])).astype(np.float32)
    return csr_matrix((weights, (places, np.arange(len(labels)))))
