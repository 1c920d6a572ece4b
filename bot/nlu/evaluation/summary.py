"""The figures to reach as a table of plain text, ours and the default's side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

HEADINGS = ("", "ours", "default", "ratio", "target", "reached")
FORMATS = {
    "share": "{:.1%}",
    "number": "{:.3f}",
    "count": "{:,.0f}",
    "ms": "{:.1f} ms",
    "s": "{:,.0f} s",
    "MB": "{:,.0f} MB",
}
UNKNOWN = "–"


def summary(report: dict[str, Any]) -> str:
    """What the command prints at its end."""
    held_out, figures = report["held_out"], report["figures"]
    rows = [HEADINGS, *(shown_row(figure) for figure in figures)]
    return "\n".join(
        (
            f"On {held_out['in_scope']:,} held-out messages of {held_out['labels']} labels and "
            f"{held_out['near'] + held_out['far']} off topic:",
            "",
            *_columns(rows),
            "",
            verdict(figures),
            *notes(report),
        )
    )


def verdict(figures: Sequence[dict[str, Any]]) -> str:
    """How many of the targets are reached, in a sentence."""
    targets = [figure for figure in figures if figure["target"] is not None]
    reached = sum(figure["reached"] is True for figure in targets)
    unknown = sum(figure["reached"] is None for figure in targets)
    left = f" {unknown} could not be measured." if unknown else ""
    return f"{reached} of {len(targets)} targets are reached.{left}"


def notes(report: dict[str, Any]) -> list[str]:
    """What to know of the two models before comparing them."""
    found = []
    ours, default = (report["models"][name]["model"] for name in ("ours", "default"))
    if not ours["trained_in_this_run"]:
        found.append(f"Ours is {ours['archive']}, trained before; its training was not measured.")
    if not default["trained_in_this_run"]:
        found.append("The default's model and its training time are kept from an earlier run.")
    short = [fit for fit in default["fits"] if fit["epochs"] < fit["proposed"]]
    if short:
        had = " and ".join(
            f"{fit['epochs']} of {fit['proposed']} ({fit['learned']:.0%} right in training)"
            for fit in default["fits"]
        )
        found.append(
            f"The default's networks had as many epochs as their time allowed: {had}. Its training "
            f"time is reckoned for all of them ({shown(default['cpu_seconds'], 's')} measured)."
        )
    return found


def shown_row(figure: dict[str, Any]) -> tuple[str, ...]:
    """Name, both values, their ratio, the target, whether it is reached: as people read them."""
    return (
        str(figure["name"]),
        shown(figure["ours"], figure["unit"]),
        shown(figure["default"], figure["unit"]),
        _ratio(figure),
        _target(figure),
        {True: "yes", False: "no", None: ""}[figure["reached"]],
    )


def shown(value: float | None, unit: str) -> str:
    """A value with its unit."""
    return UNKNOWN if value is None else FORMATS[unit].format(value)


def _ratio(figure: dict[str, Any]) -> str:
    if not figure["of_default"]:
        return ""
    return UNKNOWN if figure["ratio"] is None else f"{figure['ratio']:.2f}"


def _target(figure: dict[str, Any]) -> str:
    target = figure["target"]
    if target is None:
        return ""
    sign = "≥" if figure["at_least"] else "≤"
    if not figure["of_default"]:
        return f"{sign} {shown(target, figure['unit'])}"
    return f"{sign} {target:.2f} of it"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    return [
        "  ".join(
            cell.ljust(width) if place in (0, len(row) - 1) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
