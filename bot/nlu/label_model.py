"""One decision over all labels: a logistic regression on the sentence vector and the words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression

from bot.nlu.encoder import Vector
from bot.nlu.vector_directions import Directions
from bot.nlu.word_features import WordFeatures

# The words are summed up in this many directions while learning, which halves its time; they
# count this much more than by their lengths, and the examples are trusted this much (C). All three
# were the best of a few in the folds.
WORD_DIRECTIONS = 400
WORD_WEIGHT = 2.0
TRUST = 5.0
SEED = 20250825
WEIGHTS_FILE = "weights.npz"
WORDS_FILE = "words.json"


@dataclass(frozen=True)
class Example:
    """A training example: a normalised text and its label."""

    text: str
    label: str


@dataclass(frozen=True)
class Features:
    """What the regression sees of some texts, and the way back to the words themselves."""

    matrix: NDArray[np.float32]
    directions: Directions
    words: WordFeatures
    word_directions: NDArray[np.float32]

    @classmethod
    def learned_from(
        cls, texts: Sequence[str], vectors: Vector, directions: Directions
    ) -> Features:
        """Learn a vocabulary from normalised texts; `directions` are those of the vectors."""
        words = WordFeatures()
        counted = words.fit(texts)
        size = max(1, min(WORD_DIRECTIONS, counted.shape[0] - 1, counted.shape[1] - 1))
        reduction = TruncatedSVD(size, n_iter=2, random_state=SEED).fit(counted)
        word_directions = (WORD_WEIGHT * reduction.components_).astype(np.float32)
        matrix = np.hstack([directions.along(vectors), counted @ word_directions.T])
        return cls(matrix.astype(np.float32), directions, words, word_directions)


class LabelModel:
    """A trained decision over all labels, in the space of the words themselves."""

    def __init__(
        self,
        labels: Sequence[str],
        words: WordFeatures,
        vector_part: NDArray[np.float32],
        word_part: NDArray[np.float32],
        offset: NDArray[np.float32],
    ) -> None:
        """Labels in order; the two parts have a row for each feature, a column for each label."""
        self.labels = list(labels)
        self._words = words
        # Row by row in memory: a sparse product would copy the whole of it for every message.
        self._vector_part = np.ascontiguousarray(vector_part)
        self._word_part = np.ascontiguousarray(word_part)
        self._offset = offset

    @classmethod
    def trained(cls, features: Features, labels: Sequence[str]) -> LabelModel:
        """Fit the regression. Needs two labels."""
        regression = LogisticRegression(
            C=TRUST, class_weight="balanced", max_iter=500, tol=1e-3, random_state=SEED
        ).fit(features.matrix, np.asarray(labels))
        coefficients, offset = regression.coef_, regression.intercept_
        if len(regression.classes_) == 2:  # one column stands for both then
            coefficients = np.vstack([-coefficients, coefficients]) / 2
            offset = np.array([-offset[0], offset[0]]) / 2
        width = features.directions.axes.shape[1]
        vector_part = features.directions.axes @ coefficients[:, :width].T
        return cls(
            [str(label) for label in regression.classes_],
            features.words,
            vector_part.astype(np.float32),
            (coefficients[:, width:] @ features.word_directions).T.astype(np.float32),
            (offset - features.directions.middle @ vector_part).astype(np.float32),
        )

    def probabilities(self, texts: Sequence[str], vectors: Vector) -> NDArray[np.float32]:
        """A row for each normalised text, a column for each label, rows summing to 1."""
        logits = vectors @ self._vector_part + self._offset
        if len(texts) == 1:  # a message: a sparse product of one row takes ten times as long
            columns, values = self._words.of(texts[0])
            logits = logits + values @ self._word_part[columns]
        else:
            logits = logits + self._words.of_each(texts) @ self._word_part
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def save(self, folder: Path) -> None:
        """Write the model as arrays and JSON: nothing that could run when it is read."""
        np.savez(
            folder / WEIGHTS_FILE,
            vector_part=self._vector_part,
            word_part=self._word_part,
            offset=self._offset,
        )
        known = {"labels": self.labels, "words": self._words.state()}
        (folder / WORDS_FILE).write_text(json.dumps(known), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LabelModel:
        """Read what `save` wrote; raises OSError, ValueError or KeyError when it cannot."""
        known = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
        with np.load(folder / WEIGHTS_FILE, allow_pickle=False) as arrays:
            return cls(
                known["labels"],
                WordFeatures.from_state(known["words"]),
                arrays["vector_part"],
                arrays["word_part"],
                arrays["offset"],
            )
