"""How often the best label is the right one: overall, by label, and which are confused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.figures import interval
from bot.nlu.label_model import SEED

DRAWS = 1000
MOST_PAIRS = 15
DIGITS = 4

Table = NDArray[np.int64]


def table_of(truths: Sequence[str], guesses: Sequence[str], labels: Sequence[str]) -> Table:
    """How often each label (row) was taken for each (column); the last column is any other."""
    place = {label: column for column, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels) + 1), dtype=np.int64)
    for truth, guess in zip(truths, guesses, strict=True):
        table[place[truth], place.get(guess, len(labels))] += 1
    return table


def accuracy_of(table: Table, labels: Sequence[str]) -> dict[str, Any]:
    """Accuracy and macro F1 with 95 % intervals, and the figures of each label."""
    right, count = int(np.trace(table)), int(table.sum())
    return {
        "right": right,
        "messages": count,
        "accuracy": rounded(right / count),
        "accuracy_interval": share_interval(right, count),
        "macro_f1": rounded(_f1s(table).mean()),
        "macro_f1_interval": _macro_f1_interval(table),
        "by_label": _by_label(table, labels),
    }


def confused_pairs(table: Table, labels: Sequence[str]) -> list[dict[str, Any]]:
    """The labels most often taken for another one, the commonest first."""
    pairs = [
        {"label": labels[row], "taken_for": labels[column], "times": int(table[row, column])}
        for row, column in np.argwhere(table[:, :-1])
        if row != column
    ]
    return sorted(pairs, key=lambda pair: -int(pair["times"]))[:MOST_PAIRS]


def cells_of(table: Table) -> list[list[int]]:
    """The cells that are not empty: row, column, times. Column `len(labels)` is any other."""
    return [[int(row), int(column), int(table[row, column])] for row, column in np.argwhere(table)]


def share_interval(part: int, count: int) -> list[float]:
    """Wilson's 95 % interval of a share; of nothing, all is possible."""
    return [rounded(end) for end in interval(part, count)] if count else [0.0, 1.0]


def rounded(value: float) -> float:
    """As a report keeps it."""
    return round(float(value), DIGITS)


def counted(labels: Sequence[str]) -> list[dict[str, Any]]:
    """Each label with how often it occurs, the commonest first."""
    return [{"label": label, "times": times} for label, times in Counter(labels).most_common()]


def _by_label(table: Table, labels: Sequence[str]) -> list[dict[str, Any]]:
    f1s = _f1s(table)
    found = []
    for row, label in enumerate(labels):
        right, count = int(table[row, row]), int(table[row].sum())
        given = int(table[:, row].sum())
        found.append(
            {
                "label": label,
                "messages": count,
                "right": right,
                "accuracy": rounded(right / count) if count else 0.0,
                "accuracy_interval": share_interval(right, count),
                "precision": rounded(right / given) if given else 0.0,
                "precision_interval": share_interval(right, given),
                "f1": rounded(f1s[row]),
            }
        )
    return found


def _f1s(table: Table) -> NDArray[np.float64]:
    """F1 by label of one table, or of many stacked; 0 where nothing was right."""
    square = table[..., :-1]
    right = np.diagonal(square, axis1=-2, axis2=-1)
    touched = table.sum(axis=-1) + square.sum(axis=-2)
    return np.asarray(2.0 * right / np.maximum(touched, 1), dtype=np.float64)


def _macro_f1_interval(table: Table) -> list[float]:
    """The middle 95 % of what messages drawn anew from each label would give."""
    chance = np.random.RandomState(SEED)
    counts = table.sum(axis=1)
    rows = [
        chance.multinomial(count, row / count, size=DRAWS)
        if count
        else np.zeros((DRAWS, len(row)), dtype=np.int64)
        for row, count in zip(table, counts, strict=True)
    ]
    means = _f1s(np.stack(rows, axis=1)).mean(axis=-1)
    return [rounded(end) for end in np.percentile(means, [2.5, 97.5])]
