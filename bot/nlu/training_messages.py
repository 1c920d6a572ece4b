"""The training messages of data/nlu, each with its label, file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.nlu import yaml_lines
from bot.nlu.yaml_lines import Fault, Unreadable

LABEL = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?")
ANNOTATION = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")


@dataclass(frozen=True)
class TrainingMessage:
    """One example: its text without annotations, what it is an example of, and where it stands."""

    text: str
    label: str
    marked: tuple[tuple[str, str], ...]
    """Words that are marked as an entity, each with its name."""
    file: Path
    line: int


@dataclass
class Reading:
    """What a folder of training messages holds, and what is wrong with its form."""

    messages: list[TrainingMessage] = field(default_factory=list)
    labels: dict[str, tuple[Path, int]] = field(default_factory=dict)
    """Every label with the place where it is first named."""
    faults: list[Fault] = field(default_factory=list)


def read_folder(folder: Path) -> Reading:
    """Read every file below a folder; nothing is raised, faults are collected."""
    reading = Reading()
    for path in sorted(folder.rglob("*.yml")):
        try:
            _read_file(path, yaml_lines.read(path), reading)
        except Unreadable as problem:
            reading.faults.append(problem.fault)
    return reading


def _read_file(path: Path, content: Any, reading: Reading) -> None:
    if not isinstance(content, dict) or not isinstance(content.get("nlu"), list):
        reading.faults.append(Fault(path, 1, "there is no list under 'nlu:'; add one."))
        return
    reading.faults += yaml_lines.unknown_keys(path, content, ("version", "nlu"))
    for index, item in enumerate(content["nlu"]):
        line = yaml_lines.line_of_item(content["nlu"], index)
        if not isinstance(item, dict):
            reading.faults.append(Fault(path, line, "this is no '- intent: …' entry; mend it."))
            continue
        reading.faults += yaml_lines.unknown_keys(path, item, ("intent", "examples"))
        label = item.get("intent")
        if not isinstance(label, str) or not LABEL.fullmatch(label):
            what = f"{label!r} is no label; write `name` or `family/leaf` in small letters."
            reading.faults.append(Fault(path, line, what))
            continue
        reading.labels.setdefault(label, (path, line))
        _read_examples(path, item, label, line, reading)


def _read_examples(path: Path, item: Any, label: str, line: int, reading: Reading) -> None:
    examples = item.get("examples")
    if not isinstance(examples, str):
        if "examples" in item or not any(str(key).startswith("ex") for key in item):
            what = f"{label} has no examples; write `examples: |` and one `- text` a line below it."
            reading.faults.append(Fault(path, line, what))
        return
    first = yaml_lines.line_of_value(item, "examples") + 1
    for number, raw in enumerate(examples.splitlines(), first):
        if not raw.strip():
            continue
        if not raw.startswith("- ") or not raw[2:].strip():
            what = "an example begins with '- ' and has a text; mend this line or remove it."
            reading.faults.append(Fault(path, number, what))
            continue
        _read_example(raw[2:].strip(), label, path, number, reading)


def _read_example(raw: str, label: str, path: Path, line: int, reading: Reading) -> None:
    text = ANNOTATION.sub(r"\1", raw)
    if "[" in text or "]" in text:
        what = "the annotation is malformed; write [the words](entity), without blanks between."
        reading.faults.append(Fault(path, line, what))
        return
    marked = tuple((match.group(1), match.group(2)) for match in ANNOTATION.finditer(raw))
    reading.messages.append(TrainingMessage(text, label, marked, path, line))


def by_label(messages: list[TrainingMessage]) -> Iterator[tuple[str, int]]:
    """Each label with the number of its examples, by name."""
    labels = [message.label for message in messages]
    for label in sorted(set(labels)):
        yield label, labels.count(label)
