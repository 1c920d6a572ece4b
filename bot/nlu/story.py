"""From which confidence on the one sentence that asks decides a message that is unclear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.acceptance import RIGHT_ENOUGH, Acceptance
from bot.nlu.clauses import clauses
from bot.nlu.folds import Corpus, Judging
from bot.nlu.judgement import Judgement

NEVER = 1.01
# With fewer held-out messages a share says nothing.
LEAST_COUNTED = 20


def least_of_a_story(
    corpus: Corpus, folds: Sequence[tuple[Judging, NDArray[np.int64]]], acceptance: Acceptance
) -> float:
    """The lowest confidence from which such a sentence is right often enough not to ask.

    NEVER where too few were seen.
    """
    found = sorted(_held_out_stories(corpus, folds), reverse=True)
    shares = np.cumsum([right for _, right in found]) / np.arange(1, len(found) + 1)
    enough = [
        confidence
        for count, ((confidence, _), share) in enumerate(zip(found, shares, strict=True), 1)
        if count >= LEAST_COUNTED and share >= RIGHT_ENOUGH
    ]
    return max(enough[-1], acceptance.least) if enough else NEVER


def asking(judged: Sequence[tuple[bool, Judgement]]) -> Judgement | None:
    """The surest of the clauses that ask; each comes with whether it does."""
    questions = [judgement for asks, judgement in judged if asks]
    return max(questions, key=lambda judgement: judgement.confidence, default=None)


def _held_out_stories(
    corpus: Corpus, folds: Sequence[tuple[Judging, NDArray[np.int64]]]
) -> Iterator[tuple[float, bool]]:
    """Confidence and rightness of the sentence that asks, where the whole is unclear."""
    for judging, unseen in folds:
        for row in unseen:
            text = corpus.examples[row].text
            pieces = clauses(text)
            if len(pieces) < 2 or judging([text])[0].accepted:
                continue
            judged = judging([piece.bare for piece in pieces])
            best = asking([(piece.asks, each) for piece, each in zip(pieces, judged, strict=True)])
            if best is not None:
                yield best.confidence, best.label == corpus.labels[row]
