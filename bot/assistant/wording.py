"""The answers' wording: read from the files that trainers edit, filled in, with its sources."""

import json
import logging
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.assistant.turn import TitledButton
from bot.policy import BusinessCalendar, Policy, Promise, first_reply_promise
from bot.policy.document import FIRST_REPLY_FACTS

# The response whose buttons name every label in plain words.
TOPICS = "utter_topics"
_PAYLOAD = re.compile(r"^(?P<label>[a-z_/]+)(?P<entities>\{.*\})?$")

log = logging.getLogger(__name__)


class WordingError(Exception):
    """A response that cannot be said: it is missing, misspelled or lacks a value."""


@dataclass(frozen=True)
class Wording:
    """What a visitor reads: text, buttons, sources, and what it asks for."""

    text: str
    buttons: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)
    asks: str | None = None
    lang: str = "en"  # BCP 47, so that it is spoken aloud as what it is


@dataclass(frozen=True)
class _Response:
    text: str
    buttons: tuple[tuple[str, str], ...]  # title, payload
    clauses: tuple[str, ...]
    no_clause: str | None  # why the answer rests on no clause of the policy
    asks: str | None
    optional: bool  # lines and buttons that lack a value are left out
    lang: str
    file: str


class Words:
    """All responses below a folder. An edited file is read again, so edits are live at once."""

    def __init__(
        self,
        folder: Path,
        policy: Policy,
        *,
        calendar: BusinessCalendar | None = None,
        support_email: str | None = None,
    ) -> None:
        self.folder = folder
        self._policy = policy
        self._calendar = calendar or BusinessCalendar()
        self._constants = dict(policy.placeholders())
        if support_email:
            self._constants["support_email"] = support_email
        self._stamp: tuple[tuple[str, int], ...] = ()
        self._responses: Mapping[str, _Response] = {}

    def say(
        self,
        name: str,
        args: Mapping[str, Any],
        added: Sequence[TitledButton] = (),
        *,
        at: datetime | None = None,
    ) -> Wording:
        """The wording of this response with its values filled in. Raises WordingError.

        Said `at` an instant whose replies fall into a peak, their times name its extra time.
        The buttons that an action has `added` stand before the response's own.
        Where the shop's support address is set, a response `NAME_with_email` is preferred.
        """
        responses = self.responses()
        if "support_email" in self._constants and f"{name}_with_email" in responses:
            name = f"{name}_with_email"
        response = responses.get(name)
        if response is None:
            raise WordingError(f"no response is called {name}")
        values = {**{k: v for k, v in args.items() if v is not None}, **self._constants}
        values |= self._in_a_peak(response.text, at)
        text, buttons = response.text, response.buttons
        if response.optional:
            text = "\n".join(line for line in text.split("\n") if _has_values(line, values))
            buttons = tuple(b for b in buttons if _has_values(b[1], values))
        return Wording(
            text=_fill_in(text, values, name),
            buttons=_numbered(
                *(self._titled(button) for button in added),
                *(_button(title, payload, values, name) for title, payload in buttons),
            ),
            sources=self._sources(response),
            asks=response.asks,
            lang=response.lang,
        )

    def _in_a_peak(self, text: str, at: datetime | None) -> dict[str, str]:
        """The times of replies that a text names, where a peak lengthens them (section 3)."""
        wanted = placeholders(text)
        times = wanted & {f"{ticket_class}_reply" for ticket_class in FIRST_REPLY_FACTS}
        if at is None or not times or "peak_extension" in wanted:
            return {}
        if self._calendar.peak(self._calendar.day_of(self._calendar.clock_start(at))) is None:
            return {}
        return {name: self._lengthened(self._constants[name]) for name in times}

    def _lengthened(self, time: str) -> str:
        return f"{time} and, in this busy time, {self._constants['peak_extension']}"

    def _titled(self, button: TitledButton) -> dict[str, Any]:
        """A button with its title; raises WordingError where its label has no name."""
        topics = self.responses().get(TOPICS)
        names = {payload: title for title, payload in topics.buttons} if topics else {}
        title = button.title or names.get(button.label)
        if title is None:
            raise WordingError(f"{TOPICS} has no button for {button.label}, so it has no name")
        return {**button.model_dump(), "title": title}

    @property
    def shop_zone(self) -> str:
        """The zone in which times are told to who has not said theirs."""
        return self._calendar.zone.key

    @property
    def calendar(self) -> BusinessCalendar:
        """The calendar on which dates are counted."""
        return self._calendar

    def dates(self, name: str, now: datetime, category: str | None = None) -> dict[str, Promise]:
        """The dates that this response names and nobody else knows.

        `reply_by`: by when a person replies to what is sent now (section 3), in the class of this
        category of tickets; of none, to a question that is not urgent.
        """
        response = self.responses().get(name)
        if response is None or "reply_by" not in placeholders(response.text):
            return {}
        ticket_class = self._policy.categories.get(category or "", "general")
        return {"reply_by": first_reply_promise(self._policy, self._calendar, ticket_class, now)}

    @property
    def phrase_names(self) -> frozenset[str]:
        """The placeholders that the policy itself fills in."""
        return frozenset(self._constants)

    def reply_within(self, ticket_class: str, *, in_peak: bool = False) -> str:
        """The time of a first reply in the policy's own units (section 3)."""
        time = self._constants[f"{ticket_class}_reply"]
        return self._lengthened(time) if in_peak else time

    def _sources(self, response: _Response) -> list[dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for clause in response.clauses:
            source = self._policy.source(clause)
            found[source.section] = {
                "document": source.document,
                "section": source.section,
                "title": source.title,
            }
        return list(found.values())

    def responses(self) -> Mapping[str, _Response]:
        """Every response by name, as the files have them now."""
        files = sorted(self.folder.glob("*.yml"))
        stamp = tuple((file.name, file.stat().st_mtime_ns) for file in files)
        if stamp != self._stamp:
            try:
                found = self._read_all(files)
            except WordingError as error:
                if not self._responses:
                    raise
                # A half-saved edit must not silence the assistant: what it said last stands.
                log.error("the answers as they were stay in use: %s", error)
            else:
                self._responses = found
            self._stamp = stamp
        return self._responses

    def _read_all(self, files: list[Path]) -> Mapping[str, _Response]:
        found: dict[str, _Response] = {}
        for file in files:
            for name, response in _read(file):
                if name in found:
                    raise WordingError(f"{file}: {name} is also in {found[name].file}")
                for clause in response.clauses:
                    if clause not in self._policy.clauses:
                        raise WordingError(f"{file}: {name} cites {clause!r}, no policy clause")
                self._refuse_new_placeholders(name, response)
                found[name] = response
        return found

    def _refuse_new_placeholders(self, name: str, response: _Response) -> None:
        """An edit cannot bring values that nobody gives: those of the last version, and ours."""
        if before := self._responses.get(name):
            known = placeholders(before.text) | set(self._constants)
            if misspelt := placeholders(response.text) - known:
                raise WordingError(f"{response.file}: {name} has no value for {sorted(misspelt)}")


def placeholders(text: str) -> set[str]:
    """The names that a response wants filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _has_values(text: str, values: Mapping[str, Any]) -> bool:
    wanted = re.findall(r"\{([a-z_]+)\}", text)
    return all(values.get(name) not in (None, "") for name in wanted)


def _fill_in(text: str, values: Mapping[str, Any], name: str) -> str:
    try:
        return text.format_map(values)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise WordingError(f"{name} lacks a value for {error}") from error


def _numbered(*buttons: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"b{n}", **button} for n, button in enumerate(buttons, start=1)]


def _button(title: str, payload: str, values: Mapping[str, Any], name: str) -> dict[str, Any]:
    match = _PAYLOAD.match(payload)
    if not match:
        raise WordingError(f"{name}: the button's payload {payload!r} is not a label")
    entities = json.loads(match["entities"] or "{}")
    filled = {k: _fill_in(v, values, name) for k, v in entities.items()}
    return {
        "title": _fill_in(title, values, name),
        "label": match["label"],
        "entities": filled,
    }


def _read(file: Path) -> list[tuple[str, _Response]]:
    try:
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise WordingError(f"{file}:{line}: {error.problem}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{file}: it cannot be read: {error}") from error
    responses = content.get("responses") if isinstance(content, Mapping) else None
    if not isinstance(responses, Mapping):
        raise WordingError(f"{file}: there are no responses below `responses:`")
    return [(str(name), _response(name, variants, file)) for name, variants in responses.items()]


def _response(name: str, variants: Any, file: Path) -> _Response:
    if not isinstance(variants, list) or len(variants) != 1 or not isinstance(variants[0], Mapping):
        raise WordingError(f"{file}: {name} must have exactly one text")
    variant = variants[0]
    try:
        metadata = variant.get("metadata") or {}
        clause = metadata.get("clause") or []
        response = _Response(
            text=str(variant["text"]).strip(),
            buttons=tuple((str(b["title"]), str(b["payload"])) for b in variant.get("buttons", [])),
            clauses=tuple([clause] if isinstance(clause, str) else clause),
            no_clause=metadata.get("no_clause"),
            asks=metadata.get("asks"),
            optional=bool(metadata.get("optional")),
            lang=str(metadata.get("lang") or "en"),
            file=str(file),
        )
        for title, payload in response.buttons:
            placeholders(title)
            if not (match := _PAYLOAD.match(payload)):
                raise WordingError(f"{file}: {name} has a button whose payload is not a label")
            json.loads(match["entities"] or "{}")
        placeholders(response.text)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WordingError(f"{file}: {name} is not written as a response: {error!r}") from error
    return response
