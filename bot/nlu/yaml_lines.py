"""YAML with the line of everything in it, and faults told by file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file: where (lines count from 1), what, and what to do about it."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class Unreadable(Exception):
    """A file cannot be read as YAML; `fault` says where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read(path: Path) -> Any:
    """The content of a YAML file, its lines kept. Raises Unreadable."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(
            Fault(path, line, f"this is not valid YAML ({problem.problem}); mend it.")
        ) from problem
    except (YAMLError, UnicodeDecodeError, OSError) as problem:
        said = " ".join(str(problem).split())
        raise Unreadable(Fault(path, 1, f"this cannot be read ({said}); mend it.")) from problem


def line_of_key(mapping: Any, key: str) -> int:
    """The line of a key in a mapping that `read` gave, from 1."""
    return int(mapping.lc.key(key)[0]) + 1


def line_of_value(mapping: Any, key: str) -> int:
    """The line where the value of a key begins, from 1."""
    return int(mapping.lc.value(key)[0]) + 1


def line_of_item(sequence: Any, index: int) -> int:
    """The line of an item in a sequence that `read` gave, from 1."""
    return int(sequence.lc.item(index)[0]) + 1


def perhaps(word: str, known: Iterable[str]) -> str:
    """A suggestion for a misspelt word, with a blank before it, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def unknown_keys(path: Path, mapping: Any, known: Iterable[str]) -> list[Fault]:
    """A fault for each key of a mapping that is not one of those known."""
    allowed = list(known)
    return [
        Fault(
            path,
            line_of_key(mapping, key),
            f"{key!r} is not known here.{perhaps(str(key), allowed) or ' Remove it.'}",
        )
        for key in mapping
        if key not in allowed
    ]
