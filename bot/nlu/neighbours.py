"""The training examples nearest to a message: how familiar it is, and what they vote for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import Vector, sentence_of
from bot.nlu.label_model import Example

VECTORS_FILE = "examples.npy"
EXAMPLES_FILE = "examples.json"
# How much more a nearer example's vote counts; the best of a few in the folds.
SHARPNESS = 30.0
# Reading every vector whole would take most of a look-up. An outline of this many numbers finds
# the examples that can be heard at all, many more than it takes.
OUTLINE = 96
HEARD = 512


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
        self._vectors = np.ascontiguousarray(sentence_of(vectors))
        labels = np.asarray([example.label for example in examples])
        _, self._places, counts = np.unique(labels, return_inverse=True, return_counts=True)
        # A label with many examples is heard more, but by their root alone: else it drowns others.
        self._weights = 1 / np.sqrt(counts)
        self._axes = _main_directions(self._vectors)
        self._outlines = np.ascontiguousarray(self._vectors @ self._axes)

    def vote(self, vectors: Vector) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """For each vector the cosine of the nearest example, 0 to 1, and each label's share.

        Labels are in order of their names. Every example votes for its own, the nearer the louder;
        those whose outlines alone are far away are too soft to be heard.
        """
        sentences = sentence_of(vectors)
        outlined = self._outlines @ (sentences @ self._axes).T
        voted = [
            self._vote_of(sentence, outlined[:, row]) for row, sentence in enumerate(sentences)
        ]
        nearest = np.asarray([cosine for cosine, _ in voted])
        return nearest.clip(0.0, 1.0), np.stack([shares for _, shares in voted])

    def _vote_of(self, sentence: Vector, outlined: Vector) -> tuple[float, NDArray[np.float64]]:
        heard = np.argpartition(-outlined, min(HEARD, len(outlined)) - 1)[:HEARD]
        cosines = self._vectors[heard] @ sentence
        nearest = float(cosines.max())
        loudness = np.exp(SHARPNESS * (cosines - nearest))
        votes = np.bincount(self._places[heard], loudness, len(self._weights)) * self._weights
        return nearest, votes / votes.sum()

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


def _main_directions(vectors: Vector) -> Vector:
    """The directions in which the vectors are longest, a column each."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, -OUTLINE:])
