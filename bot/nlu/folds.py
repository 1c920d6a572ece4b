"""Held-out judgements: each training example judged by a model that has not seen its like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from bot.nlu.acceptance import Acceptance
from bot.nlu.encoder import Encoder, Vector, sentence_of
from bot.nlu.judgement import Judge, Judgement
from bot.nlu.label_model import SEED, Example, Features, LabelModel
from bot.nlu.neighbours import Neighbours
from bot.nlu.normalise import normalise
from bot.nlu.vector_directions import Directions

FOLDS = 5
# Examples this alike stay on one side of a split: one would give the other away.
PARAPHRASE_COSINE = 0.85

# Judges the parts of one message together; the same ones always alike.
Judging = Callable[[Sequence[str]], list[Judgement]]


@dataclass(frozen=True)
class HeldOut:
    """Judgements of examples by models trained without them, one entry each."""

    truth: NDArray[np.str_]
    guess: NDArray[np.str_]
    score: NDArray[np.float64]
    """The probability of the guess times the familiarity of the text."""
    margin: NDArray[np.float64]
    """How far the second label's probability is behind the first's."""
    off_topic: NDArray[np.float64]
    """How sure it is that the text is not for the assistant to answer."""


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

    def judging(self, encoder: Encoder, acceptance: Acceptance) -> Judging:
        """How it judges texts, written as a visitor writes them; the same ones are judged once."""

        @cache
        def judged(texts: tuple[str, ...]) -> list[Judgement]:
            plains = [normalise(text) for text in texts]
            return self.judge.judge(plains, encoder.encode_together(plains), acceptance)

        return lambda texts: judged(tuple(texts))


def five_folds(corpus: Corpus) -> tuple[HeldOut, list[Fold]]:
    """Judge every example in turn by a model that has not seen its like."""
    judged, folds = [], []
    for seen, unseen in _splits(corpus):
        judge = trained(corpus, seen)
        judged.append(_judge(corpus, judge, unseen))
        folds.append(Fold(judge, unseen))
    return _joined(judged), folds


def labels_left_out(corpus: Corpus) -> HeldOut:
    """Judge the examples of each label by a model that was never told of the label.

    They stand for questions nobody prepared for. Needs three labels or more.
    """
    labels = corpus.labels
    names = np.random.RandomState(SEED).permutation(np.unique(labels))
    judged = []
    for group in np.array_split(names, min(FOLDS, len(names))):
        unknown = np.isin(labels, group)
        seen, unseen = np.flatnonzero(~unknown), np.flatnonzero(unknown)
        judged.append(_judge(corpus, trained(corpus, seen), unseen))
    return _joined(judged)


def trained(corpus: Corpus, seen: NDArray[np.int64]) -> Judge:
    """A judge that knows some examples of a corpus and no others."""
    return Judge(
        LabelModel.trained(corpus.features(seen), corpus.labels[seen].tolist()),
        Neighbours([corpus.examples[row] for row in seen], corpus.vectors[seen]),
    )


def _splits(corpus: Corpus) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    sentences = sentence_of(corpus.vectors)
    alike = csr_matrix(sentences @ sentences.T > PARAPHRASE_COSINE)
    groups = connected_components(alike, directed=False)[1]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(folds.split(corpus.vectors, corpus.labels, groups))


def _judge(corpus: Corpus, judge: Judge, unseen: NDArray[np.int64]) -> HeldOut:
    shares = judge.shares(corpus.texts(unseen), corpus.vectors[unseen])
    return HeldOut(
        corpus.labels[unseen],
        np.asarray(judge.model.labels)[shares.of_labels.argmax(axis=1)],
        shares.score.astype(np.float64),
        shares.margin.astype(np.float64),
        shares.off_topic.astype(np.float64),
    )


def _joined(parts: Sequence[HeldOut]) -> HeldOut:
    return HeldOut(
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.guess for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.margin for part in parts]),
        np.concatenate([part.off_topic for part in parts]),
    )
