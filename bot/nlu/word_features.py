"""Which words and pieces of words a message has, weighed by how rare they are (tf-idf)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

WORD = r"[^\W_][\w']*"
KINDS = ("words", "letters")


class Weigher:
    """One kind of terms with their places and rarities; reads a text in a tenth of sklearn's time.

    What it makes of a text is what the TfidfVectorizer makes of it that it was learned with.
    """

    def __init__(
        self, analyse: Callable[[str], list[str]], terms: Sequence[str], rarity: Sequence[float]
    ) -> None:
        """`analyse` parts a text into terms; `terms` and their `rarity` are in order."""
        self._analyse = analyse
        self.places = {term: place for place, term in enumerate(terms)}
        self.rarity = np.asarray(rarity, dtype=np.float32)

    def of(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The places of a text's known terms and their weights, whose length is 1."""
        known = Counter(filter(None.__ne__, map(self.places.get, self._analyse(text))))
        places = np.fromiter(known.keys(), dtype=np.int64, count=len(known))
        counts = np.fromiter(known.values(), dtype=np.float32, count=len(known))
        weights = (1 + np.log(counts)) * self.rarity[places]
        length = np.sqrt(weights @ weights)
        return places, weights / length if length else weights


class WordFeatures:
    """Words and pairs of words, and groups of 2 to 4 letters within words."""

    def __init__(self) -> None:
        """Features that have not learned a vocabulary yet."""
        self._weighers: list[Weigher] = []

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabulary from normalised texts and return their features."""
        learned = _vectorizers()
        found = hstack([each.fit_transform(texts) for each in learned], format="csr")
        self._weighers = [
            Weigher(each.build_analyzer(), _terms_in_order(each), each.idf_) for each in learned
        ]
        return found

    def of(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The columns of a normalised text's features, and their values."""
        columns, values, first = [], [], 0
        for weigher in self._weighers:
            places, weights = weigher.of(text)
            columns.append(places + first)
            values.append(weights)
            first += len(weigher.rarity)
        return np.concatenate(columns), np.concatenate(values)

    def of_each(self, texts: Iterable[str]) -> csr_matrix:
        """The features of normalised texts, a row each."""
        rows = [self.of(text) for text in texts]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        width = sum(len(weigher.rarity) for weigher in self._weighers)
        if not rows:
            return csr_matrix((0, width), dtype=np.float32)
        return csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([columns for columns, _ in rows]),
                starts,
            ),
            shape=(len(rows), width),
        )

    def state(self) -> dict[str, Any]:
        """What was learned, as plain values for JSON."""
        return {
            kind: {"terms": list(weigher.places), "rarity": weigher.rarity.tolist()}
            for kind, weigher in zip(KINDS, self._weighers, strict=True)
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> WordFeatures:
        """The features whose `state()` this is."""
        features = cls()
        features._weighers = [
            Weigher(each.build_analyzer(), state[kind]["terms"], state[kind]["rarity"])
            for kind, each in zip(KINDS, _vectorizers(), strict=True)
        ]
        return features


def _vectorizers() -> tuple[TfidfVectorizer, TfidfVectorizer]:
    words = TfidfVectorizer(
        token_pattern=WORD, ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
    )
    # Groups seen once are mostly slips of the finger.
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2, dtype=np.float32
    )
    return words, letters


def _terms_in_order(vectorizer: TfidfVectorizer) -> list[str]:
    return sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
