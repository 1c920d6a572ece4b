"""Finds times and sums of money that are written out instead of being taken from the policy."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.audit.fault import Fault, line_of
from bot.policy import Policy

# What visitors or agents may read, and what decides it. Training messages and tests quote people.
LOOKED_THROUGH = (
    *("bot", "actions", "data/responses", "data/mail", "data/notices", "data/rules", "docs"),
    *("domain.yml", "config.yml", "README.md", "CHANGELOG.md"),
)
SAID_TO_VISITORS = ("data/responses", "data/mail", "data/notices")
SUFFIXES = {".py", ".html", ".js", ".css", ".svg", ".yml", ".md", ".txt"}
# On the line of a number that is none of the policy's; the reason follows it.
EXCUSE = "not the policy's"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_FIGURE = rf"(?:\d+|{'|'.join(WORDS)}|twenty[\s-]four)"
A_TIME = re.compile(
    rf"(?<![\w.])(?P<first>{_FIGURE})(?:\s*(?:-|–|—|to|or)\s*(?P<second>{_FIGURE}))?"
    r"[\s-]*(?P<kind>(?:additional|more|extra|business|working|opening|office)[\s-]+)*"
    r"(?P<unit>hour|day|h\b)s?"
    r"|(?P<key>hour|day)s\s*=\s*(?P<value>\d+)",
    re.I,
)
# To visitors no figure with a unit is said that the policy has not given, whatever it counts.
_MORE_FIGURES = r"eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred"
A_SPOKEN_NUMBER = re.compile(
    rf"(?<![\w.{{])(?:{_FIGURE}|{_MORE_FIGURES})[\s-]*"
    r"(?:(?:additional|more|extra|business|working|opening|office|calendar)[\s-]+)*"
    r"(?:(?:second|minute|hour|day|night|week|month|year|dollar|cent|euro|pound|percent)s?\b"
    r"|(?:secs?|mins?|hrs?|wks?|h|d|USD|EUR)\b|%|Stunden?\b|Tagen?\b|horas?\b|heures?\b)"
    r"|\b(?:within|in|under|after|takes?|than)\s+(?:an?|the)\s+(?:(?:single|couple\s+of|few)\s+)?"
    r"(?:minute|hour|day|week|month)s?\b(?!\s+of)"
    r"|\b(?:overnight|same[\s-]day|next[\s-]day|a\s+day\s+or\s+two)\b"
    r"|(?:[$€£]|\bUSD)\s?\d+",
    re.I,
)


def faults_of_numbers(
    policy: Policy, root: Path, spoken_in: Sequence[Path] = ()
) -> Iterator[Fault]:
    """Each number below a root that should be the policy's own, and each needless excuse.

    `spoken_in` are folders of answers and mails that stand elsewhere.
    """
    for name in LOOKED_THROUGH:
        for file in _files(root / name):
            yield from _faults_in(file, policy, spoken=name in SAID_TO_VISITORS)
    for folder in {f.resolve() for f in spoken_in} - {(root / n).resolve() for n in LOOKED_THROUGH}:
        for file in _files(folder):
            yield from _faults_in(file, policy, spoken=True)


def policy_times(text: str, policy: Policy) -> Iterator[re.Match[str]]:
    """The times in a text that are the policy's, or that say they are business time."""
    wanted = _numbers(policy)
    for found in A_TIME.finditer(text):
        figures = [f for f in (found["first"], found["second"], found["value"]) if f]
        unit = "hour" if (found["unit"] or found["key"]).lower().startswith("h") else "day"
        if found["kind"] or {(_number(figure), unit) for figure in figures} & wanted:
            yield found


def _numbers(policy: Policy) -> set[tuple[int, str]]:
    """Each bound of each of the policy's times, with its unit."""
    times = [fact.quantity for fact in policy.facts.values()]
    return {(bound, q.unit.removesuffix("s")) for q in times for bound in (q.lower, q.upper)}


def _number(figure: str) -> int:
    figure = figure.lower()
    if figure.isdigit():
        return int(figure)
    return WORDS.index(figure) if figure in WORDS else 24


def _files(path: Path) -> Iterator[Path]:
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return (file for file in found if file.suffix in SUFFIXES and file.is_file())


def _faults_in(file: Path, policy: Policy, *, spoken: bool) -> Iterator[Fault]:
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")
    excused: set[int] = set()
    said: set[int] = set()
    found = [*policy_times(text, policy), *(A_SPOKEN_NUMBER.finditer(text) if spoken else ())]
    for number in found:
        first, last = line_of(text, number.start()), line_of(text, number.end())
        excuses = {n for n in range(first, last + 1) if EXCUSE in lines[n - 1]}
        excused |= excuses
        if not excuses and first not in said:
            said.add(first)
            written = " ".join(number[0].split())
            yield Fault(file, first, f"“{written}” is written out; {_instead(spoken)}")
    for number_of_line, line in enumerate(lines, start=1):
        # This module is the one that has to name the excuse itself.
        if EXCUSE in line and number_of_line not in excused and file != Path(__file__):
            yield Fault(file, number_of_line, f"“{EXCUSE}” excuses no number here; remove it.")


def _instead(spoken: bool) -> str:
    if spoken:
        return "use the policy's placeholder for it, such as {general_reply}, or leave it out."
    return f"take it from bot.policy, or say on the line why it is {EXCUSE}."
