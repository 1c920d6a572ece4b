"""Pictures of shares as SVG: reliability, what is turned away, and how long parses take."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

SIDE = 300
LEFT, TOP, BELOW, RIGHT = 56, 14, 44, 22
SHOWN_IN_SCOPE = 0.3
STEPS = 5

Points = Sequence[tuple[float, float]]


def svg(width: float, height: float, inside: Sequence[str], title: str, name: str = "") -> str:
    """A picture with a title that is read aloud."""
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'class="{name}" role="img" aria-label="{escape(title)}">{"".join(inside)}</svg>'
    )


def reliability(calibration: dict[str, Any], model: str) -> str:
    """How often the label was right at each confidence, with intervals; the diagonal is honest."""
    inside = [*_axes("confidence", "right", 1.0), _line([(0.0, 0.0), (1.0, 1.0)], "axis dashed")]
    most = max((each["messages"] for each in calibration["bins"]), default=1)
    for each in calibration["bins"]:
        x, (low, high) = _x(each["confidence"]), each["right_interval"]
        said = (
            f"{each['messages']} messages, confidence {each['confidence']:.2f}, "
            f"right {each['right']:.0%} ({low:.0%} to {high:.0%})"
        )
        radius = 2.5 + 4.5 * (each["messages"] / most) ** 0.5
        inside.append(
            f'<g class="{model}"><title>{escape(said)}</title>'
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}"/>'
            f'<circle cx="{x:.1f}" cy="{_y(each["right"]):.1f}" r="{radius:.1f}"/></g>'
        )
    return _square(inside, f"Reliability of {model}")


def turned_away(models: dict[str, dict[str, Any]]) -> str:
    """Off-topic messages turned away against in-scope ones; far drawn through, near dashed."""
    inside = _axes("in scope turned away", "off topic turned away", SHOWN_IN_SCOPE)
    allowed = _x(0.05, SHOWN_IN_SCOPE)
    inside.append(
        f'<line class="axis dashed" x1="{allowed:.1f}" x2="{allowed:.1f}" '
        f'y1="{TOP}" y2="{TOP + SIDE}"/>'
    )
    for name, found in models.items():
        for kind, style in (("far", ""), ("near", "dashed")):
            points = [
                (point["in_scope"], point[kind])
                for point in found["curve"]
                if point["in_scope"] <= SHOWN_IN_SCOPE
            ]
            inside.append(_line(points, f"curve {name} {style}", SHOWN_IN_SCOPE))
            chosen = found["at_5_percent"]
            if chosen:
                said = f"{name}, {kind}: {chosen[kind]:.1%} at {chosen['in_scope']:.1%} in scope"
                inside.append(
                    f'<circle class="{name}" cx="{_x(chosen["in_scope"], SHOWN_IN_SCOPE):.1f}" '
                    f'cy="{_y(chosen[kind]):.1f}" r="4"><title>{escape(said)}</title></circle>'
                )
    return _square(inside, "Off-topic messages turned away against in-scope ones")


def times(latency: dict[str, dict[str, float]]) -> str:
    """The middle nine tenths of the parses of each model, the median marked."""
    width, row = 620.0, 44.0
    most = max(found["p99"] for found in latency.values()) or 1.0
    inside = []
    for number, (name, found) in enumerate(latency.items()):
        y = 26 + number * row
        place = {each: 80 + (width - 150) * value / most for each, value in found.items()}
        inside.append(
            f'<text x="0" y="{y + 4:.0f}">{name}</text><g class="{name}">'
            f'<line x1="{place["p1"]:.1f}" x2="{place["p99"]:.1f}" y1="{y}" y2="{y}"/>'
            f'<rect x="{place["p5"]:.1f}" y="{y - 6}" height="12" rx="3" fill-opacity=".35" '
            f'width="{place["p95"] - place["p5"]:.1f}"/>'
            f'<rect x="{place["p50"] - 1.5:.1f}" y="{y - 10}" width="3" height="20"/></g>'
            f'<text x="{place["p50"] + 6:.1f}" y="{y - 11}">{found["p50"]:.1f}</text>'
            f'<text class="quiet" x="{place["p95"] + 4:.1f}" y="{y + 20}">'
            f"p95 {found['p95']:.1f} ms</text>"
        )
    return svg(width, 26 + row * len(latency), inside, "Milliseconds of a parse")


def _square(inside: Sequence[str], title: str) -> str:
    return svg(LEFT + SIDE + RIGHT, TOP + SIDE + BELOW, inside, title)


def _x(share: float, most: float = 1.0) -> float:
    return LEFT + SIDE * share / most


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)


def _line(points: Points, name: str, most: float = 1.0) -> str:
    path = " ".join(f"{_x(x, most):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{name}" fill="none" points="{path}"/>'


def _axes(below: str, beside: str, most: float) -> list[str]:
    found = []
    for step in range(STEPS + 1):
        share = step / STEPS
        x, y = _x(share), _y(share)
        found.append(
            f'<path class="axis" d="M{x:.1f} {TOP}V{TOP + SIDE}M{LEFT} {y:.1f}H{LEFT + SIDE}"/>'
            f'<text class="quiet" text-anchor="middle" x="{x:.1f}" y="{TOP + SIDE + 16}">'
            f"{share * most:.0%}</text>"
            f'<text class="quiet" text-anchor="end" x="{LEFT - 6}" y="{y + 4:.1f}">'
            f"{share:.0%}</text>"
        )
    middle = TOP + SIDE / 2
    return [
        *found,
        f'<text text-anchor="middle" x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 36}">{below}</text>',
        f'<text text-anchor="middle" transform="rotate(-90 10 {middle})" x="10" y="{middle}">'
        f"{beside}</text>",
    ]
