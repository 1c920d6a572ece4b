"""Held-out judgements: each training example judged by a model that has not seen its like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from bot.nlu.encoder import Vector, sentence_of
from bot.nlu.judgement import Judge
from bot.nlu.label_model import SEED, Example, Features, LabelModel
from bot.nlu.neighbours import Neighbours
from bot.nlu.vector_directions import Directions

FOLDS = 5
# Examples this alike stay on one side of a split: one would give the other away.
PARAPHRASE_COSINE = 0.85
LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True)
class HeldOut:
    """Judgements of examples by models trained without them, one entry each."""

    truth: NDArray[np.str_]
    guess: NDArray[np.str_]
    score: NDArray[np.float64]
    second: NDArray[np.float64]
    """The share of the second label in the first: near 1 where the two are close."""
    surprise: float
    """Mean of minus the logarithm of the true label's probability; less is better."""


@dataclass(frozen=True)
class Corpus:
    """All examples with their vectors, in the same order."""

    examples: Sequence[Example]
    vectors: Vector

    @property
    def labels(self) -> NDArray[np.str_]:
        """The label of each example."""
        return np.asarray([example.label for example in self.examples])

    def texts(self, rows: NDArray[np.int64]) -> list[str]:
        """The texts of some examples."""
        return [self.examples[row].text for row in rows]

    def features(self, rows: NDArray[np.int64]) -> Features:
        """What a model may learn from some examples alone."""
        return Features.learned_from(self.texts(rows), self.vectors[rows], self.directions)

    @cached_property
    def directions(self) -> Directions:
        """Those of all vectors: they know nothing of labels, so no fold learns too much."""
        return Directions.of(self.vectors)


@dataclass(frozen=True)
class Fold:
    """A judge, and the rows of the corpus that it has not seen."""

    judge: Judge
    unseen: NDArray[np.int64]


def five_folds(
    corpus: Corpus, strengths: Sequence[float]
) -> dict[float, tuple[HeldOut, list[Fold]]]:
    """Judge every example in turn, for each strength (C) of the regression."""
    judged: dict[float, list[HeldOut]] = {strength: [] for strength in strengths}
    folds: dict[float, list[Fold]] = {strength: [] for strength in strengths}
    for seen, unseen in _splits(corpus):
        features = corpus.features(seen)
        for strength in strengths:
            judge = _trained(corpus, features, seen, strength)
            judged[strength].append(_judge(corpus, judge, unseen))
            folds[strength].append(Fold(judge, unseen))
    return {strength: (_joined(judged[strength]), folds[strength]) for strength in strengths}


def labels_left_out(corpus: Corpus, strength: float) -> HeldOut:
    """Judge the examples of each label by a model that was never told of the label.

    They stand for questions nobody prepared for. Needs three labels or more.
    """
    labels = corpus.labels
    names = np.random.RandomState(SEED).permutation(np.unique(labels))
    judged = []
    for group in np.array_split(names, min(FOLDS, len(names))):
        unknown = np.isin(labels, group)
        seen, unseen = np.flatnonzero(~unknown), np.flatnonzero(unknown)
        judge = _trained(corpus, corpus.features(seen), seen, strength)
        judged.append(_judge(corpus, judge, unseen))
    return _joined(judged)


def _splits(corpus: Corpus) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    sentences = sentence_of(corpus.vectors)
    alike = csr_matrix(sentences @ sentences.T > PARAPHRASE_COSINE)
    groups = connected_components(alike, directed=False)[1]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(folds.split(corpus.vectors, corpus.labels, groups))


def _trained(corpus: Corpus, features: Features, seen: NDArray[np.int64], strength: float) -> Judge:
    return Judge(
        LabelModel.trained(features, corpus.labels[seen].tolist(), strength),
        Neighbours([corpus.examples[row] for row in seen], corpus.vectors[seen]),
    )


def _judge(corpus: Corpus, judge: Judge, unseen: NDArray[np.int64]) -> HeldOut:
    model, vectors = judge.model, corpus.vectors[unseen]
    shares = model.probabilities(corpus.texts(unseen), vectors)
    familiar = judge.neighbours.likeness(vectors)
    truth = corpus.labels[unseen]
    place = {label: column for column, label in enumerate(model.labels)}
    true_shares = [
        shares[row, place[label]] if label in place else 0.0 for row, label in enumerate(truth)
    ]
    second, first = np.sort(shares, axis=1)[:, -2:].T
    return HeldOut(
        truth,
        np.asarray(model.labels)[shares.argmax(axis=1)],
        (first * familiar).astype(np.float64),
        (second / first).astype(np.float64),
        float(-np.log(np.maximum(true_shares, LEAST_PROBABILITY)).mean()),
    )


def _joined(parts: Sequence[HeldOut]) -> HeldOut:
    return HeldOut(
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.guess for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.second for part in parts]),
        float(np.average([p.surprise for p in parts], weights=[len(p.truth) for p in parts])),
    )
