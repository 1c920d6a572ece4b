"""How good a model is, counted from held-out judgements of its own training data."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypedDict

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from bot.nlu.acceptance import Acceptance
from bot.nlu.folds import HeldOut

WORST = 5
# Two-sided 95 %.
DEVIATIONS = 1.959964


class LabelFigures(TypedDict):
    """One label: examples, F1, and the share of its examples that were recognised."""

    label: str
    examples: int
    f1: float
    recall: float


class Figures(TypedDict):
    """All shares are between 0 and 1."""

    examples: int
    folds: str
    accuracy: float
    accuracy_interval: list[float]
    macro_f1: float
    turned_away: float
    accepted_and_right: float
    accepted_and_wrong: float
    unknown_turned_away: float
    worst_labels: list[LabelFigures]
    most_confused: list[dict[str, Any]]


def figures(known: HeldOut, unknown: HeldOut, off_topic: str, acceptance: Acceptance) -> Figures:
    """Count what the folds showed, with what is accepted."""
    right = known.guess == known.truth
    accepted = acceptance.accepted(known)
    away = ~acceptance.accepted(unknown) | (unknown.guess == off_topic)
    by_label = _by_label(known)
    return {
        "examples": len(right),
        "folds": "five, near paraphrases kept together",
        "accuracy": _rounded(right.mean()),
        "accuracy_interval": [_rounded(end) for end in interval(int(right.sum()), len(right))],
        "macro_f1": _rounded(np.mean([label["f1"] for label in by_label])),
        "turned_away": _rounded((~accepted).mean()),
        "accepted_and_right": _rounded((accepted & right).mean()),
        "accepted_and_wrong": _rounded((accepted & ~right).mean()),
        "unknown_turned_away": _rounded(away.mean()),
        "worst_labels": sorted(by_label, key=lambda label: label["f1"])[:WORST],
        "most_confused": _most_confused(known),
    }


def interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share = right / count
    square = DEVIATIONS**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = DEVIATIONS * np.sqrt(share * (1 - share) / count + square / (4 * count))
    return middle - reach / (1 + square), middle + reach / (1 + square)


def _by_label(known: HeldOut) -> list[LabelFigures]:
    names = sorted(set(known.truth))
    _, recalls, f1s, counts = precision_recall_fscore_support(
        known.truth, known.guess, labels=names, zero_division=0
    )
    return [
        {
            "label": str(name),
            "examples": int(count),
            "f1": _rounded(f1),
            "recall": _rounded(recall),
        }
        for name, recall, f1, count in zip(names, recalls, f1s, counts, strict=True)
    ]


def _most_confused(known: HeldOut) -> list[dict[str, Any]]:
    pairs = Counter(
        (str(truth), str(guess))
        for truth, guess in zip(known.truth, known.guess, strict=True)
        if truth != guess
    )
    return [
        {"label": truth, "taken_for": guess, "times": times}
        for (truth, guess), times in pairs.most_common(WORST)
    ]


def _rounded(share: float) -> float:
    return round(float(share), 4)
