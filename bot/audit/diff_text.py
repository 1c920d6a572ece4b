"""The difference between two versions of the policy as lines for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.audit.changes import Change
from bot.audit.diff import Diff
from bot.audit.told import OpenPromise


def diff_lines(diff: Diff) -> Iterator[str]:
    """Each change with what it touches, then what the owner has to do."""
    yield f"{diff.old_version} → {diff.new_version}"
    if not diff.touched:
        yield "Nothing is changed that a visitor or a clock would notice."
    for touched in diff.touched:
        yield ""
        yield from _change_lines(touched.change)
        yield from _list("answers", touched.answers)
        yield from _list("mails", touched.mails)
        yield from _list("clocks, of what is opened from then on", touched.clocks)
        yield from _list("readings to look at again", touched.readings)
        yield from _list("tests", touched.tests)
        yield from _list("open promises, which stay as told", _promises(touched.open_promises))
    if diff.promises_unreadable:
        yield ""
        yield f"Open promises could not be looked at: {diff.promises_unreadable}."
    if diff.date_is_due:
        yield ""
        yield "The date at the top is the same: move `last_updated` and publish the policy (§6)."


def _change_lines(change: Change) -> Iterator[str]:
    yield f"{change.kind} {change.name}: {change.how}"
    if change.how == "changed":
        for field, (old, new) in change.fields.items():
            yield f"  {field}: {_written(old)} → {_written(new)}"


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_written(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(str(inner) for inner in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _promises(promises: Sequence[OpenPromise]) -> list[str]:
    return [f"{p.reference}: {p.clause}, by {p.told_as} ({p.due_at.isoformat()})" for p in promises]


def _list(heading: str, entries: Sequence[str]) -> Iterator[str]:
    if entries:
        yield f"  {heading}:"
        yield from (f"    {entry}" for entry in entries)
