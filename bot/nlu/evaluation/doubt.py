"""What a model does with doubt: how honest its confidence is, and what it turns away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.evaluation.answers import Answer, is_request
from bot.nlu.evaluation.counting import counted, rounded, share_interval
from bot.nlu.evaluation.held_out import FAR, IN_SCOPE, NEAR, NOT_OURS, HeldOutMessage

BINS = 15
MAY_BE_TURNED_AWAY = 0.05
MOST_POINTS = 200

Judged = Sequence[tuple[HeldOutMessage, Answer]]


def calibration(judged: Judged) -> dict[str, Any]:
    """Expected calibration error in equal bins, over all in-scope messages, accepted or not."""
    known = [(message, answer) for message, answer in judged if message.label]
    sure = np.asarray([answer.confidence for _, answer in known])
    right = np.asarray([answer.label == message.label for message, answer in known])
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    found = []
    error = 0.0
    for number in range(BINS):
        inside = bins == number
        count = int(inside.sum())
        if not count:
            continue
        share, mean = float(right[inside].mean()), float(sure[inside].mean())
        error += count / len(known) * abs(share - mean)
        found.append(
            {
                "from": rounded(number / BINS),
                "to": rounded((number + 1) / BINS),
                "messages": count,
                "confidence": rounded(mean),
                "right": rounded(share),
                "right_interval": share_interval(int(right[inside].sum()), count),
            }
        )
    return {"error": rounded(error), "bins": found}


def off_topic(judged: Judged) -> dict[str, Any]:
    """What is turned away at each threshold, at 5 % of in-scope messages, and as trained.

    Turned away is what scores less than the threshold (by our off-topic score, by the confidence
    where a model has none), or is labelled as not the shop's business.
    In-scope messages whose own label says so are left out: turning them away is no fault.
    """
    least = {name: _least_kept(judged, name) for name in (IN_SCOPE, NEAR, FAR)}
    steps = np.unique(np.clip(np.concatenate([[0.0, 1.0], *least.values()]), 0.0, 1.0))
    curve = [_away_at(float(step), least) for step in steps]
    allowed = [point for point in curve if point["in_scope"] <= MAY_BE_TURNED_AWAY]
    thinned = curve[:: max(1, len(curve) // MOST_POINTS)]
    return {
        "curve": thinned if thinned[-1] is curve[-1] else [*thinned, curve[-1]],
        "at_5_percent": allowed[-1] if allowed else None,
        "as_trained": {
            "in_scope": _turned_away(judged, IN_SCOPE),
            "near": _turned_away(judged, NEAR),
            "far": _turned_away(judged, FAR),
        },
    }


def asked_back(judged: Judged) -> dict[str, Any]:
    """How many messages of each kind were not accepted, and what the guesses were worth."""
    known = [(m, a) for m, a in judged if m.is_ours]
    back = [(m, a) for m, a in known if not a.accepted]
    offered = [m for m, a in back if m.label in {a.label, *a.ranking}]
    return {
        **{kind.replace(" ", "_"): _not_accepted(judged, kind) for kind in (IN_SCOPE, NEAR, FAR)},
        "guess_was_right": _share(sum(a.label == m.label for m, a in back), len(back)),
        "right_one_was_offered": _share(len(offered), len(back)),
        "by_label": counted([str(m.label) for m, _ in back]),
    }


def wrong_actions(judged: Judged) -> dict[str, Any]:
    """Messages in which a request was accepted that is not the one asked for, of all messages."""
    begun = []
    for message, answer in judged:
        wrong = {label for label in answer.acts_on if is_request(label)} - {message.label}
        if wrong:
            begun.append((message.label or f"off topic, {message.kind}", min(wrong)))
    return {
        **_share(len(begun), len(judged)),
        "interval": share_interval(len(begun), len(judged)),
        "in_scope": sum(not label.startswith("off topic") for label, _ in begun),
        "off_topic": sum(label.startswith("off topic") for label, _ in begun),
        "pairs": counted([f"{label} → {action}" for label, action in begun]),
    }


def _least_kept(judged: Judged, kind: str) -> NDArray[np.float64]:
    """The highest threshold at which each message is kept; below 0 where it is never."""
    return np.sort(
        [
            -1.0 if answer.label.startswith(NOT_OURS) else answer.kept_to
            for message, answer in judged
            if message.kind == kind and (kind != IN_SCOPE or message.is_ours)
        ]
    ).astype(np.float64)


def _away_at(threshold: float, least: dict[str, NDArray[np.float64]]) -> dict[str, float]:
    shares = {
        kind.replace(" ", "_"): rounded(float(np.searchsorted(kept, threshold, "left")) / len(kept))
        if len(kept)
        else 0.0
        for kind, kept in least.items()
    }
    return {"threshold": rounded(threshold), **shares}


def _turned_away(judged: Judged, kind: str) -> dict[str, float]:
    some = [a for m, a in judged if m.kind == kind and (kind != IN_SCOPE or m.is_ours)]
    return _share(sum(not a.accepted or a.label.startswith(NOT_OURS) for a in some), len(some))


def _not_accepted(judged: Judged, kind: str) -> dict[str, float]:
    some = [a for m, a in judged if m.kind == kind and (kind != IN_SCOPE or m.is_ours)]
    return _share(sum(not a.accepted for a in some), len(some))


def _share(part: int, count: int) -> dict[str, float]:
    return {"share": rounded(part / count) if count else 0.0, "count": part, "messages": count}
