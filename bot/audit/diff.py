"""What a change of the policy touches: answers, mails, clocks, tests, readings, open promises."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.audit.changes import Change, changes
from bot.audit.check import Audit
from bot.audit.told import OpenPromise, PromisesUnreadable, open_promises
from bot.policy import Policy
from bot.policy.document import FIRST_REPLY_FACTS
from bot.storage import Database

# The clock that runs on a time of the policy; a peak adds its days to a first reply (section 3).
CLOCKS: Mapping[str, str] = {
    **dict.fromkeys((*FIRST_REPLY_FACTS.values(), "peak_extension"), "first_reply"),
    "acknowledgement": "acknowledgement",
    "carrier_trace": "carrier_trace",
    "refund": "refund",
}


@dataclass(frozen=True)
class Touched:
    """One change with all that rests on what changed."""

    change: Change
    answers: tuple[str, ...]  # name, file and line
    mails: tuple[str, ...]
    clocks: tuple[str, ...]
    tests: tuple[str, ...]
    readings: tuple[str, ...]
    open_promises: tuple[OpenPromise, ...]  # they stay as they were told


@dataclass(frozen=True)
class Diff:
    """Two versions of the policy and what lies between them."""

    old_version: str
    new_version: str
    date_is_due: bool  # something changed, but not the date at the top (section 6)
    touched: tuple[Touched, ...]
    promises_unreadable: str | None = None  # why open promises could not be looked at

    def as_data(self) -> dict[str, Any]:
        """The same for a program: names, lists and RFC 3339 texts."""
        data = asdict(self)
        for touched in data["touched"]:
            for promise in touched["open_promises"]:
                promise["due_at"] = promise["due_at"].isoformat()
        return data


def compare(old: Policy, new: Policy, audit: Audit, database: Database) -> Diff:
    """The changes from old to new, each with what it touches in this checkout and database.

    A database that cannot be read is said in the answer: the rest is worth knowing without it.
    """
    promises: Sequence[OpenPromise] = ()
    unreadable = None
    try:
        promises = open_promises(database)
    except PromisesUnreadable as error:
        unreadable = str(error)
    found = changes(old, new)
    what_rests = _WhatRests(old, new, audit, promises)
    return Diff(
        old_version=old.version,
        new_version=new.version,
        date_is_due=bool(found) and old.last_updated == new.last_updated,
        touched=tuple(what_rests.on(change) for change in found),
        promises_unreadable=unreadable,
    )


@dataclass(frozen=True)
class _WhatRests:
    old: Policy
    new: Policy
    audit: Audit
    promises: Sequence[OpenPromise]

    def on(self, change: Change) -> Touched:
        clauses = self._clauses_of(change)
        spoken = [
            (statement.kind, f"{statement.name} ({self._place(statement.file, statement.line)})")
            for statement in self.audit.statements
            if clauses & (statement.rests_on(self.old) | statement.rests_on(self.new))
        ]
        marked = [mark for mark in self.audit.marks if mark.clause in clauses]
        return Touched(
            change=change,
            answers=tuple(name for kind, name in spoken if kind == "answer"),
            mails=tuple(name for kind, name in spoken if kind == "mail"),
            clocks=self._clocks_of(change, clauses),
            tests=tuple(
                dict.fromkeys(f"{mark.test} ({self._place(mark.file)})" for mark in marked)
            ),
            readings=self._readings_of(change, clauses),
            open_promises=tuple(p for p in self.promises if self._rests(p, change)),
        )

    def _clauses_of(self, change: Change) -> frozenset[str]:
        """The clauses whose sense changes with an entry; a category's class moves no words."""
        if change.kind == "clause":
            return frozenset({change.name})
        if change.kind == "section":
            named = [(p, c) for p in (self.old, self.new) for c in p.clauses]
            return frozenset(c for p, c in named if p.clauses[c].section == change.name)
        clauses: set[str] = set()
        for policy in (self.old, self.new):
            if change.kind == "reading" and (reading := policy.readings.get(change.name)):
                clauses |= {*reading.clauses}
            if change.kind == "document" and (document := policy.documents.get(change.name)):
                clauses |= {*document.clauses}
        return frozenset(clauses)

    def _clocks_of(self, change: Change, clauses: frozenset[str]) -> tuple[str, ...]:
        if change.kind == "category":
            return ("first_reply",)
        if change.kind in ("document", "section"):
            return ()
        if change.kind == "clause" and set(change.fields) <= {"summary", "informational"}:
            return ()  # words move no clock
        facts = [f for policy in (self.old, self.new) for f in policy.facts.values()]
        clocks = [CLOCKS[f.name] for f in facts if f.clause in clauses and f.name in CLOCKS]
        return tuple(dict.fromkeys(clocks))

    def _readings_of(self, change: Change, clauses: frozenset[str]) -> tuple[str, ...]:
        if change.kind != "clause":
            return ()
        readings = {**self.old.readings, **self.new.readings}
        return tuple(name for name, reading in readings.items() if clauses & {*reading.clauses})

    def _place(self, file: Path, line: int | None = None) -> str:
        name = str(file).removeprefix(f"{self.audit.root}/")
        return name if line is None else f"{name}:{line}"

    def _rests(self, promise: OpenPromise, change: Change) -> bool:
        if change.kind == "category":
            replies = {self.old.facts[name].clause for name in FIRST_REPLY_FACTS.values()}
            return promise.category == change.name and promise.clause in replies
        if change.kind == "reading":
            return change.name in promise.readings
        if change.kind != "clause":
            return False
        extensions = {policy.facts["peak_extension"].clause for policy in (self.old, self.new)}
        longer_by_peak = change.name in extensions and "peak" in promise.readings
        return promise.clause == change.name or longer_by_peak
