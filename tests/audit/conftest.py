"""A small checkout: the shop's own policy and answers, with a test that shows every clause."""

import shutil
from pathlib import Path

import pytest

from bot.assistant import Words
from bot.audit import Audit
from bot.policy import load_policy
from bot.settings import ROOT, Settings


class Checkout:
    """Files to edit, and the audit of them as they are then."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.policy_file = root / "data" / "policy" / "customer_service.yml"
        self.policy_file.parent.mkdir(parents=True)
        shutil.copy(Settings().policy_file, self.policy_file)
        shutil.copytree(ROOT / "data" / "responses", root / "data" / "responses")
        clauses = load_policy(self.policy_file).clauses
        self.write(
            "tests/test_all.py",
            *(f"@pytest.mark.clause({clause!r})" for clause in clauses),
            "def test_all() -> None: ...",
        )

    def write(self, name: str, *lines: str) -> Path:
        """A file of this checkout with these lines."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def edit(self, name: str, old: str, new: str) -> int:
        """Put one text for another; gives the line in which it stands."""
        file = self.root / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new), encoding="utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    def audit(self) -> Audit:
        """The audit of the files as they are now."""
        policy = load_policy(self.policy_file)
        words = Words(self.root / "data" / "responses", policy)
        return Audit(policy, self.policy_file, words, self.root, self.root / "data" / "mail")

    def faults(self) -> list[str]:
        """What the audit finds, by file from the root, line and sentence."""
        return [fault.below(self.root) for fault in self.audit().faults()]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")
