"""Whether everything that speaks for the policy agrees with it, clause by clause."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.assistant import Words
from bot.audit.fault import Fault, line_of
from bot.audit.marks import Mark, marks
from bot.audit.numbers import faults_of_numbers
from bot.audit.statements import Statement, statements
from bot.policy import Policy


@dataclass(frozen=True)
class Audit:
    """The policy beside what is said of it and the tests that show it, in one checkout."""

    policy: Policy
    policy_file: Path
    words: Words
    root: Path
    mail_templates: Path

    @cached_property
    def statements(self) -> list[Statement]:
        """Every answer and mail template. Raises WordingError for one that cannot be read."""
        return statements(self.words, self.mail_templates)

    @cached_property
    def marks(self) -> list[Mark]:
        """Every mark that ties a test to a clause."""
        return marks(self.root / "tests")

    def stating(self, clause: str) -> list[Statement]:
        """The answers and mails that cite a clause or tell its time."""
        return [s for s in self.statements if clause in s.rests_on(self.policy)]

    def showing(self, clause: str) -> list[Mark]:
        """The tests that show a clause."""
        return [mark for mark in self.marks if mark.clause == clause]

    def summary(self) -> str:
        """How much was looked at, in a sentence."""
        informational = sum(clause.informational for clause in self.policy.clauses.values())
        mails = sum(statement.kind == "mail" for statement in self.statements)
        return (
            f"{self.policy.document} {self.policy.version}: {len(self.policy.clauses)} clauses, "
            f"{informational} of them informational; {len(self.statements) - mails} answers, "
            f"{mails} mails, {len({(mark.file, mark.test) for mark in self.marks})} tests marked."
        )

    def faults(self) -> list[Fault]:
        """What does not agree, by file and line; empty when all is well. Raises WordingError."""
        found = [
            *self._faults_of_clauses(),
            *(fault for s in self.statements for fault in self._faults_of_statement(s)),
            *self._faults_of_marks(),
            *faults_of_numbers(self.policy, self.root, (self.words.folder, self.mail_templates)),
        ]
        return sorted(found)

    def _faults_of_clauses(self) -> Iterator[Fault]:
        text = self.policy_file.read_text(encoding="utf-8")
        for clause_id, clause in self.policy.clauses.items():
            place = re.search(rf"^\s*[\"']?{re.escape(clause_id)}[\"']?:", text, re.MULTILINE)
            line = line_of(text, place.end()) if place else 1
            cited = any(clause_id in s.clauses for s in self.statements)
            if clause.informational:
                if cited:
                    what = "is cited by an answer or a mail; remove `informational`."
                    yield Fault(self.policy_file, line, f"{clause_id} {what}")
                continue
            if not cited:
                what = "is said by no answer and no mail; cite it in one that rests on it, or mark"
                yield Fault(self.policy_file, line, f"{clause_id} {what} it `informational: true`.")
            if not self.showing(clause_id):
                what = "is shown by no test; mark the test that shows it with"
                mark = f'@pytest.mark.clause("{clause_id}").'
                yield Fault(self.policy_file, line, f"{clause_id} {what} {mark}")

    def _faults_of_statement(self, statement: Statement) -> Iterator[Fault]:
        def fault(what: str) -> Fault:
            return Fault(statement.file, statement.line, f"{statement.name} {what}")

        for unknown in sorted(statement.clauses - self.policy.clauses.keys()):
            yield fault(f"cites {unknown}, which is no clause of the policy; correct its id.")
        for untold in sorted(statement.rests_on(self.policy) - statement.clauses):
            yield fault(f"tells the time of {untold} without citing it; add it to `clause`.")
        if statement.clauses and statement.no_clause:
            yield fault("has both `clause` and `no_clause`; remove one of them.")
        if not (statement.clauses or statement.no_clause or statement.only_asks):
            yield fault("cites no clause; add `clause`, or say why it needs none with `no_clause`.")

    def _faults_of_marks(self) -> Iterator[Fault]:
        for mark in self.marks:
            if mark.clause not in self.policy.clauses:
                what = f"{mark.test} is marked with {mark.clause}, which is no clause of the policy"
                yield Fault(mark.file, mark.line, f"{what}; correct its id.")
