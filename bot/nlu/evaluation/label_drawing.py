"""Pictures with a row for each label: its accuracy, and what it was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

from bot.nlu.evaluation.answers import is_request
from bot.nlu.evaluation.drawing import svg

NAMES = 200.0
CELL = 14.0
ROW = 17.0
BAR = 620.0
HEAD = 24.0
# Between two families, so that the eye finds them.
GAP = 6.0
OTHER = "anything else"


def family_of(label: str) -> str:
    """What a label belongs to: its family, the requests, or small talk."""
    if "/" in label:
        return label.split("/")[0]
    return "requests" if is_request(label) else "small talk"


def places_of(labels: Sequence[str], step: float) -> list[float]:
    """Where each label begins, with a gap between families."""
    places, at = [], 0.0
    for number, (_, members) in enumerate(groupby(labels, family_of)):
        at += GAP if number else 0.0
        for _ in members:
            places.append(at)
            at += step
    return places


def accuracies(ours: Sequence[dict[str, Any]], default: Sequence[dict[str, Any]]) -> str:
    """Each label's accuracy with its interval, ours above, the default's below it."""
    places = places_of([each["label"] for each in ours], ROW)
    inside = []
    for step in range(6):
        x = NAMES + BAR * step / 5
        bottom = HEAD + places[-1] + ROW
        inside.append(
            f'<path class="axis" d="M{x:.0f} {HEAD}V{bottom:.0f}"/>'
            f'<text class="quiet" text-anchor="middle" x="{x:.0f}" y="14">{step * 20} %</text>'
        )
    for top, own, other in zip(places, ours, default, strict=True):
        y = HEAD + top + ROW / 2
        inside.append(_name(own["label"], y))
        for model, found, shift in (("ours", own, -2.5), ("default", other, 3.0)):
            low, high = (NAMES + BAR * end for end in found["accuracy_interval"])
            said = (
                f"{found['label']}, {model}: {found['right']} of {found['messages']} right, "
                f"F1 {found['f1']:.2f}"
            )
            inside.append(
                f'<g class="{model}"><title>{escape(said)}</title><line stroke-opacity=".5" '
                f'x1="{low:.1f}" x2="{high:.1f}" y1="{y + shift:.1f}" y2="{y + shift:.1f}"/>'
                f'<circle cx="{NAMES + BAR * found["accuracy"]:.1f}" cy="{y + shift:.1f}" r="3"/>'
                "</g>"
            )
    height = HEAD + places[-1] + ROW + 4
    return svg(NAMES + BAR + 20, height, inside, "Accuracy of each label")


def matrix(confusion: dict[str, Any], title: str) -> str:
    """What each label (row) was taken for (column); only what happened is written."""
    labels = [*confusion["labels"], OTHER]
    places = places_of(labels[:-1], CELL)
    places.append((places[-1] if places else 0.0) + CELL + GAP)
    totals = [0] * len(labels)
    for row, _, times in confusion["cells"]:
        totals[row] += times
    side = places[-1] + CELL
    inside = []
    for label, place in zip(labels, places, strict=True):
        at = NAMES + place + CELL / 2
        inside.append(
            f'<text class="mono" transform="rotate(-90 {at + 3.5:.1f} {NAMES - 4})" '
            f'x="{at + 3.5:.1f}" y="{NAMES - 4}">{escape(label)}</text>'
        )
        if label != OTHER:
            inside.append(_name(label, at))
            inside.append(
                f'<path class="axis" stroke-opacity=".5" d="M{NAMES} {at:.1f}H{NAMES + side:.1f}'
                f'M{at:.1f} {NAMES}V{NAMES + side:.1f}"/>'
            )
    for row, column, times in confusion["cells"]:
        inside.append(
            _cell(places[row], places[column], labels[row], labels[column], times, totals[row])
        )
    return svg(NAMES + side + 4, NAMES + side + 4, inside, title, "wide")


def _name(label: str, y: float) -> str:
    return (
        f'<text class="mono" text-anchor="end" x="{NAMES - 8}" y="{y + 3.5:.1f}">'
        f"{escape(label)}</text>"
    )


def _cell(top: float, left: float, label: str, taken_for: str, times: int, total: int) -> str:
    name = "right" if label == taken_for else "wrong"
    said = f"{label} taken for {taken_for}: {times} of {total}"
    x, y = NAMES + left, NAMES + top
    strength = 0.18 + 0.6 * times / total
    return (
        f'<g><title>{escape(said)}</title><rect class="{name}" x="{x + 0.5:.1f}" '
        f'y="{y + 0.5:.1f}" width="{CELL - 1}" height="{CELL - 1}" rx="2" '
        f'fill-opacity="{strength:.2f}"/>'
        f'<text class="on" x="{x + CELL / 2:.1f}" y="{y + CELL / 2 + 3.5:.1f}">{times}</text></g>'
    )
