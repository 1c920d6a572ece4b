"""What was found in a message: a kind, its value in one spelling, and its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """An entity: what kind, its value, and where it stands (characters, end excluded).

    `valid` is False for what is clearly meant as one and has a slip: a reference whose check
    character does not fit.
    """

    entity: str
    value: str
    start: int
    end: int
    valid: bool = True


def described(found: Found) -> dict[str, Any]:
    """As plain values for JSON; `valid` is there only where it is false."""
    return {
        "entity": found.entity,
        "value": found.value,
        "start": found.start,
        "end": found.end,
        **({} if found.valid else {"valid": False}),
    }


def without_overlaps(found: Iterable[Found]) -> list[Found]:
    """In the order of the text; of two that overlap the one that comes first here."""
    kept: list[Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def blanked(text: str, found: Iterable[Found]) -> str:
    """The text with what was found blanked out, every other character where it was."""
    for each in found:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text
