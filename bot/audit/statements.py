"""What is said to visitors in the shop's name: answers and mails, each with its clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from bot.assistant import Words
from bot.assistant.wording import placeholders
from bot.audit.fault import line_of
from bot.policy import Policy

# Questions, and what is said where an answer to one cannot be read, state nothing.
ONLY_ASKS = re.compile(r"utter_(ask|invalid)_")
CLAUSE_ID = re.compile(r"\b(?:introduction|\d+(?:\.\d+)?)\.[a-z][a-z_]*\b")
MAIL_CLAUSE = re.compile(r"^\s*clauses?:(?P<ids>.*(?:\n\s*-\s+.*)*)", re.MULTILINE)
MAIL_NO_CLAUSE = re.compile(r"^\s*no_clause:\s*(?P<why>\S.*)$", re.MULTILINE)
MAIL_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
MAIL_FILES = frozenset({".yml", ".md", ".txt", ".html"})


@dataclass(frozen=True)
class Statement:
    """An answer or a mail template: where it stands and what of the policy it rests on."""

    kind: Literal["answer", "mail"]
    name: str
    file: Path
    line: int
    text: str
    clauses: frozenset[str]
    placeholders: frozenset[str]
    no_clause: str | None  # why it rests on none

    @cached_property
    def only_asks(self) -> bool:
        """Whether it is a question, or the answer to a reply that cannot be read."""
        return self.kind == "answer" and bool(ONLY_ASKS.match(self.name))

    def rests_on(self, policy: Policy) -> frozenset[str]:
        """The clauses that it cites, and those whose time it tells."""
        told = {policy.facts[name].clause for name in self.placeholders & policy.facts.keys()}
        return self.clauses | told


def statements(words: Words, mail_folder: Path) -> list[Statement]:
    """Every answer and every mail template, the answers first. Raises WordingError."""
    return [*_answers(words), *_mails(mail_folder)]


def _answers(words: Words) -> Iterator[Statement]:
    texts: dict[Path, str] = {}
    for name, response in words.responses().items():
        file = Path(response.file)
        text = texts.setdefault(file, file.read_text(encoding="utf-8"))
        named = re.search(rf"^ *[\"']?{re.escape(name)}[\"']?:", text, re.MULTILINE)
        yield Statement(
            kind="answer",
            name=name,
            file=file,
            line=line_of(text, named.start()) if named else 1,
            text=response.text,
            clauses=frozenset(response.clauses),
            placeholders=frozenset(placeholders(response.text)),
            no_clause=response.no_clause,
        )


def _mails(folder: Path) -> Iterator[Statement]:
    """Templates are read as they are written, whatever form their head has."""
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        if file.suffix not in MAIL_FILES or file.stem.lower() == "readme":
            continue
        text = file.read_text(encoding="utf-8")
        cited = MAIL_CLAUSE.search(text)
        why_none = MAIL_NO_CLAUSE.search(text)
        yield Statement(
            kind="mail",
            name=file.stem,
            file=file,
            line=line_of(text, cited.start("ids")) if cited else 1,
            text=text,
            clauses=frozenset(CLAUSE_ID.findall(cited["ids"])) if cited else frozenset(),
            placeholders=frozenset(MAIL_PLACEHOLDER.findall(text)),
            no_clause=why_none["why"].strip("\"' ") if why_none else None,
        )
