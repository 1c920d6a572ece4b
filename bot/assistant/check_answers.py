"""What is wrong with the answers' files before anybody has to hear it from the assistant."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.assistant.wording import Words, placeholders

# What replies can bring besides the policy's phrases; everything else is misspelt.
ARGUMENT_NAMES = frozenset(
    {
        *("order_number", "email", "name", "description", "category", "orders", "request"),
        *("choice_order_number", "choice_email", "choice_name", "choice_description"),
        *("state", "carrier", "tracking_number", "last_event", "last_event_at"),
        *("product", "piece", "materials", "sizes", "care", "price", "stock", "asked", "size"),
        *("pieces", "in_stock", "sold_out", "available", "count", "first", "lowest", "highest"),
        *(
            "reference",
            "due",
            "due_exact",
            "reply_within",
            "reply_by",
            "promised",
            "agent",
            "support_email",
        ),
        "language",
    }
)
# Meant by buttons alone, never by a message.
BUTTON_LABELS = frozenset({"choose", "something_else"})
LABEL = re.compile(r"^\s*- intent: *([a-z_/]+)", re.MULTILINE)
SAID_BY_NAME = re.compile(r"\b(utter_[a-z_]+)\b")


def faults_of_answers(words: Words, root: Path) -> list[str]:
    """Each fault as `file: what it is`; empty when every answer can be said.

    Raises WordingError for a file that cannot be read as answers at all.
    """
    return [*_misspelt(words, root), *_missing(words, root)]


def _misspelt(words: Words, root: Path) -> Iterator[str]:
    labels = _labels(root) | BUTTON_LABELS
    known = ARGUMENT_NAMES | words.phrase_names
    for name, response in words.responses().items():
        for wanted in sorted(placeholders(response.text) - known):
            yield f"{response.file}: {name} asks for {{{wanted}}}, which nobody fills in."
        for title, payload in response.buttons:
            if payload.partition("{")[0] not in labels:
                yield f"{response.file}: the button {title!r} of {name} means no known label."


def _missing(words: Words, root: Path) -> Iterator[str]:
    domain = root / "domain.yml"
    named = set(SAID_BY_NAME.findall(domain.read_text(encoding="utf-8")))
    for name in sorted(named - set(words.responses())):
        yield f"{domain}: {name} has no text in data/responses; write one, or remove it here."


def _labels(root: Path) -> set[str]:
    files = sorted((root / "data" / "nlu").glob("*.yml"))
    return {label for file in files for label in LABEL.findall(file.read_text(encoding="utf-8"))}
