"""What the sections of the page are made of: tables, spans, captions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

MODELS = ("ours", "default")
# Headings of columns that hold words; those of numbers stand right.
OF_WORDS = ("", "label", "taken for", "reached", "training messages so confused")


def beside(pictures: Iterable[tuple[str, str]]) -> str:
    """Pictures, each with what is said below it, side by side where there is room."""
    drawn = (
        f"<figure>{svg}<figcaption>{escape(said)}</figcaption></figure>" for svg, said in pictures
    )
    return f'<div class="pictures">{"".join(drawn)}</div>'


def legend() -> str:
    """Which colour is whose."""
    return (
        '<strong style="color:var(--ours)">ours</strong>, '
        '<strong style="color:var(--default)">default</strong>.'
    )


def listed(counted: Sequence[dict[str, Any]]) -> str:
    """Labels with how often each occurs."""
    return escape(", ".join(f"{each['label']} ({each['times']})" for each in counted)) or "none"


def span(interval: Sequence[float]) -> str:
    """An interval of shares."""
    return f"{interval[0]:.1%} to {interval[1]:.1%}"


def row(first: object, *rest: object) -> str:
    """A row of a table: its name, then values."""
    cells = "".join(f'<td class="number">{escape(str(each))}</td>' for each in rest)
    return f'<tr><td class="label">{escape(str(first))}</td>{cells}</tr>'


def table(headings: Sequence[str], rows: Sequence[str]) -> str:
    """A table; columns of numbers stand right."""
    head = "".join(
        f'<th class="{"words" if each in OF_WORDS else "number"}">{escape(each)}</th>'
        for each in headings
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
