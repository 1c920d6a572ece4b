"""The wording of mails: read from the files that trainers edit, each fault with its line."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.mail.errors import MailTemplateError
from bot.policy import Policy
from bot.tickets.missing import ATTACHMENTS, DESCRIPTION, NAME, ORDER_NUMBER

# What each mail may bring besides the policy's phrases; everything else is misspelt.
_CASE = frozenset({"reference", "name", "due", "case_url", "language", "support_email"})
# What is missing of section 2.1's four: for a block's condition, with nothing to say.
MISSING = {name: f"missing_{name}" for name in (NAME, ORDER_NUMBER, DESCRIPTION, ATTACHMENTS)}
VALUES: Mapping[str, frozenset[str]] = {
    "acknowledgement": _CASE | {"missing", *MISSING.values()},
    "request_added": _CASE,
    "agent_reply": _CASE | {"agent", "text"},
    "follow_up": _CASE | {"satisfied_url", "partly_url", "unsatisfied_url", "unsubscribe_url"},
    "one_time_code": _CASE | {"code"},
    "transcript": frozenset({"name", "transcript", "support_email"}),
    **dict.fromkeys(
        (
            *("progress_open", "progress_reopened", "progress_waiting_visitor"),
            *("progress_waiting_carrier", "progress_needs_translation", "progress_approved"),
            "progress_resolved",
        ),
        _CASE | {"reply_due", "refund_due"},
    ),
}
# What of it is always there, so that a subject may say it.
SURE = frozenset({"reference", "code", "text"})
HEAD_FIELDS = ("subject", "clause")
LONGEST_SUBJECT = 200

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
_CONDITION = re.compile(r"^\{\?([a-z_]+)\}\s*")
_LINK = re.compile(r"\[([^\]\n]+)\]\(\{([a-z_]+)\}\)")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or an item of a list, and the line it begins in."""

    kind: str  # heading, paragraph, item
    text: str
    line: int
    condition: str | None = None  # the name of a value that it needs and does not say

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the values it needs: those it says, and its condition."""
        needed = {self.condition} if self.condition else set()
        return frozenset(_PLACEHOLDER.findall(self.text)) | needed

    def pieces(self) -> Iterator[tuple[str, str | None]]:
        """Its text in pieces: wording with None, or a link's label with the name of its address."""
        end = 0
        for link in _LINK.finditer(self.text):
            yield self.text[end : link.start()], None
            yield link[1], link[2]
            end = link.end()
        yield self.text[end:], None


@dataclass(frozen=True)
class MailTemplate:
    """One mail's wording; a block that lacks a value is left out."""

    name: str
    file: Path
    subject: str
    clauses: tuple[str, ...]
    blocks: tuple[Block, ...]


class MailTemplates:
    """All mails of a folder. An edited file is read again, so edits are live at once."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        """Reads them all. Raises MailTemplateError with every fault that was found."""
        self._folder = folder
        self._policy = policy
        self._read: dict[str, tuple[int, MailTemplate]] = {}
        faults: list[str] = []
        for name in VALUES:
            try:
                self._read[name] = self._fresh(name)
            except MailTemplateError as error:
                faults.append(str(error))
        faults += self._strangers()
        if faults:
            raise MailTemplateError("\n".join(faults))

    def get(self, name: str) -> MailTemplate:
        """The template as its file has it now. Raises KeyError for a name that no mail has.

        A half-saved edit must not hold mail back: what was written last stands.
        """
        stamp, template = self._read[name]
        try:
            if self._stamp(name) != stamp:
                self._read[name] = self._fresh(name)
        except MailTemplateError as error:
            log.error("the mail as it was stays in use: %s", error)
            return template
        return self._read[name][1]

    def _fresh(self, name: str) -> tuple[int, MailTemplate]:
        stamp = self._stamp(name)
        template = read_template(self._file(name))
        if faults := list(_faults(template, self._policy)):
            raise MailTemplateError("\n".join(faults))
        return stamp, template

    def _stamp(self, name: str) -> int:
        try:
            return self._file(name).stat().st_mtime_ns
        except OSError as error:
            raise MailTemplateError(
                f"{self._file(name)}: cannot be read: {error.strerror}"
            ) from error

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.md"

    def _strangers(self) -> Iterator[str]:
        for file in sorted(self._folder.glob("*.md")):
            if file.stem not in VALUES:
                yield f"{file}:1: no mail is called {file.stem}; the names are {', '.join(VALUES)}"


def read_template(file: Path) -> MailTemplate:
    """The template in a file: a head, a line `---`, the text. Raises MailTemplateError."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise MailTemplateError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MailTemplateError(f"{file}: cannot be read: it is not UTF-8") from error
    if "---" not in lines:
        raise MailTemplateError(f"{file}:1: a line `---` should end the head")
    end = lines.index("---")
    head = _head(file, lines[:end])
    return MailTemplate(
        name=file.stem,
        file=file,
        subject=head.get("subject", ""),
        clauses=tuple(name.strip() for name in head.get("clause", "").split(",") if name.strip()),
        blocks=tuple(_blocks(lines, end + 1)),
    )


def _head(file: Path, lines: list[str]) -> dict[str, str]:
    head: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        field, colon, value = line.partition(":")
        if not colon or field.strip() not in HEAD_FIELDS or field.strip() in head:
            raise MailTemplateError(
                f"{file}:{number}: the head has each of {', '.join(HEAD_FIELDS)} once, as "
                "`subject: …`"
            )
        head[field.strip()] = value.strip()
    return head


def _blocks(lines: list[str], start: int) -> Iterator[Block]:
    paragraph: list[str] = []
    for number, line in enumerate([*lines[start:], ""], start + 1):
        plain = line.strip()
        mark, _, rest = plain.partition(" ")
        alone = {"#": "heading", "-": "item"}.get(mark) if rest else None
        if (alone or not plain) and paragraph:
            yield _block("paragraph", " ".join(paragraph), number - len(paragraph))
            paragraph = []
        if alone:
            yield _block(alone, rest.strip(), number)
        elif plain:
            paragraph.append(plain)


def _block(kind: str, text: str, line: int) -> Block:
    condition = _CONDITION.match(text)
    if condition is None:
        return Block(kind, text, line)
    return Block(kind, text[condition.end() :], line, condition[1])


def _faults(template: MailTemplate, policy: Policy) -> Iterator[str]:
    file, phrases = template.file, policy.placeholders().keys()
    known = VALUES[template.name] | phrases
    if not 0 < len(template.subject) <= LONGEST_SUBJECT:
        yield f"{file}:1: a subject of 1 to {LONGEST_SUBJECT} characters is missing from the head"
    for clause in template.clauses:
        if clause not in policy.clauses:
            yield f"{file}:1: cites {clause!r}, no policy clause"
    if not template.clauses:
        yield f"{file}:1: the head cites no clause"
    if [block.kind for block in template.blocks[:1]] != ["heading"]:
        yield f"{file}:1: the text should begin with a heading, such as `# Thank you`"
    subject = Block("subject", template.subject, 1)
    for name in sorted(subject.placeholders & known - SURE - phrases):
        yield f"{file}:1: the subject may not say {{{name}}}, which may be missing"
    for block in (subject, *template.blocks):
        for name in sorted(block.placeholders - known):
            yield f"{file}:{block.line}: asks for {{{name}}}, which nobody fills in"
        if "{" in _PLACEHOLDER.sub("", block.text) or "}" in _PLACEHOLDER.sub("", block.text):
            yield f"{file}:{block.line}: has a brace that belongs to no placeholder"
