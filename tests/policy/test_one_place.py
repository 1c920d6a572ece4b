"""A number of the policy stands in the policy's file and nowhere else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.policy import Policy
from bot.settings import ROOT

# What visitors or agents may read, and what decides it. Training messages and tests quote people.
LOOKED_THROUGH = (
    *("bot", "actions", "data/responses", "data/rules", "docs"),
    *("domain.yml", "config.yml", "README.md", "CHANGELOG.md"),
)
SUFFIXES = {".py", ".html", ".js", ".css", ".svg", ".yml", ".md", ".txt"}
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_FIGURE = rf"(?:\d+|{'|'.join(WORDS)}|twenty[\s-]four)"
A_TIME = re.compile(
    rf"(?<![\w.])(?P<first>{_FIGURE})(?:\s*(?:-|–|—|to|or)\s*(?P<second>{_FIGURE}))?"
    r"[\s-]*(?P<kind>(?:additional|more|extra|business|working|opening|office)[\s-]+)*"
    r"(?P<unit>hour|day|h\b)s?"
    r"|(?P<key>hour|day)s\s*=\s*(?P<value>\d+)",
    re.I,
)

# Each with its reason. The test fails as well when one is no longer needed.
EXCEPTIONS = {
    ("bot/policy/hours.py", "days=1"): "the length of a calendar day",
    ("bot/web/console/times.py", "2 days"): "how the time left of a clock is said to agents",
}


def numbers(policy: Policy) -> set[tuple[int, str]]:
    """Each bound of each of the policy's times, with its unit."""
    times = [fact.quantity for fact in policy.facts.values()]
    return {(bound, q.unit.removesuffix("s")) for q in times for bound in (q.lower, q.upper)}


def written_times(text: str) -> Iterator[tuple[str, set[tuple[int, str]], bool]]:
    """Each time in a text: as written, its bounds with their unit, and whether it is business."""
    for found in A_TIME.finditer(text):
        figures = [f for f in (found["first"], found["second"], found["value"]) if f]
        unit = "hour" if (found["unit"] or found["key"]).lower().startswith("h") else "day"
        bounds = {(_number(figure), unit) for figure in figures}
        yield found[0].strip(), bounds, bool(found["kind"])


def _number(figure: str) -> int:
    figure = figure.lower()
    if figure.isdigit():
        return int(figure)
    return WORDS.index(figure) if figure in WORDS else 24


def files() -> Iterator[Path]:
    for name in LOOKED_THROUGH:
        path = ROOT / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (f for f in found if f.suffix in SUFFIXES and f.is_file())


def policy_times(path: Path, policy: Policy) -> list[str]:
    """The times in a file that are the policy's, or say that they are business time."""
    wanted = numbers(policy)
    return [
        written
        for written, bounds, business in written_times(path.read_text(encoding="utf-8"))
        if business or bounds & wanted
    ]


def test_no_number_of_the_policy_is_written_anywhere_but_in_its_file(policy: Policy) -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), written)
        for path in files()
        for written in policy_times(path, policy)
    }
    assert found - EXCEPTIONS.keys() == set(), "take it from the policy's data instead"
    assert EXCEPTIONS.keys() - found == set(), "no longer needed as an exception"


@pytest.mark.parametrize(
    "written",
    [
        "within 24 business hours",
        "in 24 hours",
        "twenty-four hours",
        "24h",
        "1-2 business days",
        "one to two business days",
        "5–10 days",
        "five to ten business days",
        "3 or 5 days",
        "1 additional business day",
        "one more day",
        "7 working days",
        "within 1 hour",
        "an answer in\n    2 days",
        "timedelta(days=5)",
        "hours = 24",
    ],
)
def test_a_number_of_the_policy_is_seen_however_it_is_written(
    policy: Policy, tmp_path: Path, written: str
) -> None:
    file = tmp_path / "answer.yml"
    file.write_text(written, encoding="utf-8")
    assert policy_times(file, policy)


@pytest.mark.parametrize(
    "written", ["thirty days", "30 days", "7 days", "12 hours", "1001 is shipped", "none today"]
)
def test_other_times_are_nobodys_promise(policy: Policy, tmp_path: Path, written: str) -> None:
    file = tmp_path / "answer.yml"
    file.write_text(written, encoding="utf-8")
    assert not policy_times(file, policy)
