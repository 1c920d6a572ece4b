"""Which words and pieces of words a message has, weighed by how rare they are (tf-idf)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

WORD = r"[^\W_][\w']*"


class WordFeatures:
    """Words and pairs of words, and groups of 2 to 4 letters within words."""

    def __init__(self) -> None:
        """Features that have not learned a vocabulary yet."""
        self._words, self._letters = _weighers()

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabulary from normalised texts and return their features."""
        return hstack(
            [self._words.fit_transform(texts), self._letters.fit_transform(texts)], format="csr"
        )

    def of(self, texts: Iterable[str]) -> csr_matrix:
        """The features of normalised texts, a row each."""
        listed = list(texts)
        return hstack(
            [self._words.transform(listed), self._letters.transform(listed)], format="csr"
        )

    def state(self) -> dict[str, Any]:
        """What was learned, as plain values for JSON."""
        return {
            name: {"terms": _terms_in_order(weigher), "rarity": weigher.idf_.tolist()}
            for name, weigher in (("words", self._words), ("letters", self._letters))
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> WordFeatures:
        """The features whose `state()` this is."""
        features = cls()
        features._words, features._letters = (
            _restored(weigher, state[name])
            for weigher, name in zip(_weighers(), ("words", "letters"), strict=True)
        )
        return features


def _weighers() -> tuple[TfidfVectorizer, TfidfVectorizer]:
    words = TfidfVectorizer(
        token_pattern=WORD, ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
    )
    # Groups seen once are mostly slips of the finger.
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2, dtype=np.float32
    )
    return words, letters


def _terms_in_order(weigher: TfidfVectorizer) -> list[str]:
    return sorted(weigher.vocabulary_, key=weigher.vocabulary_.__getitem__)


def _restored(weigher: TfidfVectorizer, state: dict[str, Any]) -> TfidfVectorizer:
    weigher.vocabulary = {term: place for place, term in enumerate(state["terms"])}
    weigher.idf_ = np.asarray(state["rarity"], dtype=np.float32)
    return weigher
