"""What differs between two versions of the policy, entry by entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from bot.policy import Policy

Kind = Literal["clause", "category", "reading", "document", "section"]


@dataclass(frozen=True)
class Change:
    """One entry that was added, removed or changed; each field as (old, new), None for absent."""

    kind: Kind
    name: str
    how: Literal["added", "removed", "changed"]
    fields: Mapping[str, tuple[Any, Any]]


def changes(old: Policy, new: Policy) -> list[Change]:
    """Every difference that matters to a visitor or to a clock, in the order of the file."""
    return [
        *_between("clause", _written(old.clauses), _written(new.clauses)),
        *_between("category", _named("class", old.categories), _named("class", new.categories)),
        *_between("reading", _written(old.readings), _written(new.readings)),
        *_between("document", _written(old.documents), _written(new.documents)),
        *_between("section", _named("title", old.sections), _named("title", new.sections)),
    ]


def _written(entries: Mapping[str, BaseModel]) -> dict[str, dict[str, Any]]:
    return {
        name: entry.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, entry in entries.items()
    }


def _named(field: str, entries: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {name: {field: value} for name, value in entries.items()}


def _between(
    kind: Kind, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]
) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):  # each once, in the files' order
        before, after = old.get(name, {}), new.get(name, {})
        if before == after:
            continue
        how: Literal["added", "removed", "changed"] = (
            "added" if name not in old else "removed" if name not in new else "changed"
        )
        fields = {
            field: (before.get(field), after.get(field))
            for field in dict.fromkeys((*before, *after))
            if before.get(field) != after.get(field)
        }
        yield Change(kind, name, how, fields)
