"""From which confidence on the one sentence that asks decides a message that is unclear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.nlu.clauses import clauses
from bot.nlu.encoder import Encoder
from bot.nlu.folds import Corpus, Fold, HeldOut
from bot.nlu.judgement import Judgement
from bot.nlu.normalise import normalise

NEVER = 1.01
# With fewer held-out messages a share says nothing.
LEAST_COUNTED = 20
# The least sure of what is accepted as a whole.
MARGIN = 0.1


def least_of_a_story(
    corpus: Corpus, folds: Sequence[Fold], encoder: Encoder, known: HeldOut, threshold: float
) -> float:
    """The lowest confidence at which such a sentence is right as often as other doubtful messages.

    Those are the accepted ones within MARGIN of the threshold. NEVER where too few were seen.
    """
    doubtful = (known.score >= threshold) & (known.score < threshold + MARGIN)
    found = sorted(_held_out_stories(corpus, folds, encoder, threshold), reverse=True)
    if doubtful.sum() < LEAST_COUNTED or len(found) < LEAST_COUNTED:
        return NEVER
    expected = float((known.guess == known.truth)[doubtful].mean())
    shares = np.cumsum([right for _, right in found]) / np.arange(1, len(found) + 1)
    enough = [
        confidence
        for count, ((confidence, _), share) in enumerate(zip(found, shares, strict=True), 1)
        if count >= LEAST_COUNTED and share >= expected
    ]
    return max(enough[-1], threshold) if enough else NEVER


def asking(judged: Sequence[tuple[bool, Judgement]]) -> Judgement | None:
    """The surest of the clauses that ask; each comes with whether it does."""
    questions = [judgement for asks, judgement in judged if asks]
    return max(questions, key=lambda judgement: judgement.confidence, default=None)


def _held_out_stories(
    corpus: Corpus, folds: Sequence[Fold], encoder: Encoder, threshold: float
) -> Iterator[tuple[float, bool]]:
    """Confidence and rightness of the sentence that asks, where the whole is unclear."""
    for fold in folds:
        for row in fold.unseen:
            text = corpus.examples[row].text
            pieces = clauses(text)
            whole = fold.judge.judge(text, corpus.vectors[row], threshold)
            if whole.accepted or len(pieces) < 2:
                continue
            judged = []
            for piece in pieces:
                plain = normalise(piece.bare)
                judgement = fold.judge.judge(plain, encoder.encode(plain), threshold)
                judged.append((piece.asks, judgement))
            best = asking(judged)
            if best is not None:
                yield best.confidence, best.label == corpus.labels[row]
