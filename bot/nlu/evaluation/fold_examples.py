"""Training messages that the folds confuse: what a trainer may read, unlike held-out ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.nlu.encoder import Encoder
from bot.nlu.folds import Corpus, five_folds
from bot.nlu.label_model import Example
from bot.nlu.normalise import normalise
from bot.nlu.training_messages import TrainingMessage

SHOWN = 4

Confused = dict[tuple[str, str], list[str]]


def confused_in_folds(messages: Sequence[TrainingMessage], encoder: Encoder) -> Confused:
    """The training messages of each label that a model without their like takes for another.

    By label and what it is taken for, the surest mistakes first.
    """
    examples = [Example(normalise(message.text), message.label) for message in messages]
    corpus = Corpus(examples, encoder.encode_each(example.text for example in examples))
    judged, folds = five_folds(corpus)
    rows = np.concatenate([fold.unseen for fold in folds])
    confused: Confused = defaultdict(list)
    for place in np.argsort(-judged.score, kind="stable"):
        truth, guess = str(judged.truth[place]), str(judged.guess[place])
        if truth != guess:
            confused[truth, guess].append(messages[rows[place]].text)
    return dict(confused)


def with_examples(pairs: Sequence[dict[str, Any]], confused: Confused) -> list[dict[str, Any]]:
    """Confused pairs of the held-out set, each with training messages confused the same way."""
    found = []
    for pair in pairs:
        examples = confused.get((pair["label"], pair["taken_for"]), [])
        found.append({**pair, "in_folds": len(examples), "examples": examples[:SHOWN]})
    return found
