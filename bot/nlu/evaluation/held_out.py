"""The held-out messages of tests/understanding: what people wrote, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu import yaml_lines

IN_SCOPE, NEAR, FAR = "in scope", "near", "far"
# What needs no answer of the shop's own: turning it away, or answering under these, is right.
NOT_OURS = ("not_covered/", "out_of_scope/")


class HeldOutUnreadable(Exception):
    """A file of held-out messages is not as its README says; the text says which and where."""


@dataclass(frozen=True)
class HeldOutMessage:
    """One message; off topic it has a kind (`near`, `far`) and no label."""

    text: str
    label: str | None
    kind: str

    @property
    def is_ours(self) -> bool:
        """Whether turning it away is a fault: its label is the shop's business and answered."""
        return self.label is not None and not self.label.startswith(NOT_OURS)


def read_held_out(folder: Path) -> list[HeldOutMessage]:
    """The messages of `messages.yml`, then those of `off_topic.yml`. Raises HeldOutUnreadable."""
    inside = [
        HeldOutMessage(text, label, IN_SCOPE)
        for text, label in _pairs(folder / "messages.yml", "messages", "label")
    ]
    outside = [
        HeldOutMessage(text, None, kind)
        for text, kind in _pairs(folder / "off_topic.yml", "off_topic", "kind")
    ]
    for message in outside:
        if message.kind not in (NEAR, FAR):
            raise HeldOutUnreadable(f"{folder / 'off_topic.yml'}: {message.kind!r} is no kind.")
    return inside + outside


def labels_in_order(messages: list[HeldOutMessage]) -> list[str]:
    """Each label once, in the order of the file, which is the design's."""
    return list(dict.fromkeys(message.label for message in messages if message.label))


def _pairs(path: Path, name: str, key: str) -> list[tuple[str, str]]:
    try:
        content: Any = yaml_lines.read(path)
    except (yaml_lines.Unreadable, OSError) as problem:
        raise HeldOutUnreadable(f"{path} cannot be read: {problem}") from problem
    items = content.get(name) if isinstance(content, dict) else None
    if not isinstance(items, list) or not items:
        raise HeldOutUnreadable(f"{path}: there is no list under '{name}:'.")
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict) or not {"text", key} <= item.keys():
            raise HeldOutUnreadable(f"{path}: entry {place} has no text or no {key}.")
    return [(str(item["text"]), str(item[key])) for item in items]
