"""Finds what is wrong in the training data before anything is trained.

python -m bot.nlu.check_data
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.nlu import training_messages, yaml_lines
from bot.nlu.catalogue_entities import catalogue_file
from bot.nlu.entities import EntityFinder
from bot.nlu.fingerprint import Sources
from bot.nlu.normalise import normalise
from bot.nlu.training_messages import Reading, TrainingMessage
from bot.nlu.yaml_lines import Fault, Unreadable, perhaps

LEAST_EXAMPLES = 5  # one for each fold
LEAST_LABELS = 3  # so that two are left when one is left out
# Only the gateway and our own buttons say these; a message never means them.
NEVER_TRAINED = {"nlu_fallback", "leave_details", "choose", "something_else"}
# Rasa takes any file for training data in which a line begins so, however indented.
TRAINING_WORDS = re.compile(r"\s*(nlu|rules|stories|responses):")
# The folders of training data; each file keeps it under the same word.
FOLDERS = ("nlu", "rules", "stories", "responses")


def faults_of(sources: Sources) -> list[Fault]:
    """Everything wrong with the training data, by file and line; empty when it can be trained."""
    reading = training_messages.read_folder(sources.data / "nlu")
    faults = [*reading.faults, *_named_otherwise(sources.data)]
    if faults:  # what else seems missing may stand where the form is broken
        return sorted(faults)
    if not reading.labels and not faults:
        faults.append(Fault(sources.data / "nlu", 1, "there are no training messages; add some."))
    faults += _likenesses(reading.messages)
    faults += _too_few(reading, sources)
    try:
        domain = yaml_lines.read(sources.domain)
    except Unreadable as problem:
        return sorted([*faults, problem.fault])
    faults += _against_domain(reading, domain, sources.domain)
    faults += _marked_wrongly(reading.messages, domain)
    faults += _rules(sources, reading)
    faults += _responses(sources, reading)
    faults += _mistaken_for_training_data(sources.data)
    return sorted(faults)


def _likenesses(messages: list[TrainingMessage]) -> list[Fault]:
    """Examples that say the same as an earlier one, but for spelling, marks and numbers."""
    faults = []
    earlier: dict[str, TrainingMessage] = {}
    for message in messages:
        key = re.sub(r"[^\w\s]", "", normalise(message.text)) or message.text
        first = earlier.setdefault(" ".join(key.split()), message)
        if first is message:
            continue
        place = f"{first.file}:{first.line} ({first.text!r})"
        if first.label != message.label:
            what = f"the same as {place} under {first.label}; keep it under one label."
        else:
            what = f"nearly the same as {place}; remove one, it teaches nothing."
        faults.append(Fault(message.file, message.line, f"{message.text!r} is {what}"))
    return faults


def _too_few(reading: Reading, sources: Sources) -> list[Fault]:
    counts = dict(training_messages.by_label(reading.messages))
    faults = [
        Fault(*place, f"{label} has {counts.get(label, 0)} examples; write {LEAST_EXAMPLES}.")
        for label, place in reading.labels.items()
        if counts.get(label, 0) < LEAST_EXAMPLES
    ]
    if 0 < len(counts) < LEAST_LABELS:
        what = f"there are only {len(counts)} labels; training needs {LEAST_LABELS}."
        faults.append(Fault(sources.data / "nlu", 1, what))
    return faults


def _against_domain(reading: Reading, domain: Any, path: Path) -> list[Fault]:
    intents = list(domain.get("intents") or [])
    names = [next(iter(each)) if isinstance(each, dict) else str(each) for each in intents]
    entities = [
        next(iter(each)) if isinstance(each, dict) else str(each)
        for each in domain.get("entities") or []
    ]
    families = {label.split("/")[0] for label in reading.labels if "/" in label}
    faults = [
        Fault(*place, f"{label} is not in {path}; add it there.{perhaps(label, names)}")
        for label, place in reading.labels.items()
        if "/" not in label and label not in names
    ]
    faults += [
        Fault(*place, f"{label} is also a family ({label}/…); rename one of them.")
        for label, place in reading.labels.items()
        if label in families
    ]
    for index, name in enumerate(names):
        if name not in reading.labels and name not in NEVER_TRAINED | families:
            line = yaml_lines.line_of_item(domain["intents"], index)
            what = f"{name} has no examples in data/nlu; write some, or remove it here."
            faults.append(Fault(path, line, what + perhaps(name, reading.labels)))
    for message in reading.messages:
        for entity in sorted({name for _, name in message.marked} - set(entities)):
            what = f"the entity {entity!r} is not in {path}.{perhaps(entity, entities)}"
            faults.append(Fault(message.file, message.line, what))
    return faults


def _marked_wrongly(messages: list[TrainingMessage], domain: Any) -> list[Fault]:
    """Words marked as an entity that the rules, which alone find entities, take for another."""
    finder, faults = EntityFinder(catalogue_file()), []
    known = {next(iter(e)) if isinstance(e, dict) else e for e in domain.get("entities") or []}
    for message in messages:
        found = finder.find(message.text) if message.marked else []
        for words, name in message.marked:
            kinds = {each.entity for each in found if message.text[each.start : each.end] == words}
            if name in known and name not in kinds:
                instead = f"found as {min(kinds)}" if kinds else "not found as any entity"
                what = f"{words!r} is marked as {name}, but {instead}; mend or remove the mark."
                faults.append(Fault(message.file, message.line, what))
    return faults


def _rules(sources: Sources, reading: Reading) -> list[Fault]:
    """Rules and stories that wait for an intent that no message can have."""
    known = {label.split("/")[0] for label in reading.labels} | NEVER_TRAINED
    faults: list[Fault] = []
    for name in ("rules", "stories"):
        for path in sorted((sources.data / name).rglob("*.yml")):
            content = _content(path, name, faults)
            for rule in content or []:
                for step in rule.get("steps") or [] if isinstance(rule, dict) else []:
                    intent = step.get("intent") if isinstance(step, dict) else None
                    if intent is not None and intent not in known:
                        what = f"no message is labelled {intent}.{perhaps(str(intent), known)}"
                        line = yaml_lines.line_of_key(step, "intent")
                        faults.append(Fault(path, line, what))
    return faults


def _responses(sources: Sources, reading: Reading) -> list[Fault]:
    """Leaves without an answer, and answers without a leaf."""
    faults: list[Fault] = []
    leaves = {f"utter_{label}": place for label, place in reading.labels.items() if "/" in label}
    answered = set()
    for path in sorted((sources.data / "responses").rglob("*.yml")):
        content = _content(path, "responses", faults)
        for name in content or {}:
            answered.add(name)
            # The gateway takes a variant such as utter_faq/contact_with_email where it fits.
            if "/" in str(name) and str(name).split("_with_")[0] not in leaves:
                what = f"{name} answers a label that has no training messages; add some."
                line = yaml_lines.line_of_key(content, name)
                faults.append(Fault(path, line, what + perhaps(str(name), leaves)))
    for name, place in leaves.items():
        if name not in answered:
            what = f"{name[6:]} has no answer; write {name} in data/responses."
            faults.append(Fault(*place, what))
    return faults


def _content(path: Path, name: str, faults: list[Fault]) -> Any:
    """What a file keeps under its word; what is wrong goes to the faults."""
    try:
        content = yaml_lines.read(path)
    except Unreadable as problem:
        faults.append(problem.fault)
        return None
    if not isinstance(content, dict):
        faults.append(Fault(path, 1, f"there is nothing under '{name}:'; add it."))
        return None
    faults += yaml_lines.unknown_keys(path, content, ("version", name))
    return content.get(name)


def _named_otherwise(data: Path) -> list[Fault]:
    """Rasa reads these too, but nothing here does: they would be trained without being checked."""
    found = (path for name in FOLDERS for path in (data / name).rglob("*.yaml"))
    return [
        Fault(path, 1, "rename this file to end in .yml; else it is not checked.") for path in found
    ]


def _mistaken_for_training_data(data: Path) -> list[Fault]:
    faults = []
    for path in sorted([*data.rglob("*.yml"), *data.rglob("*.yaml")]):
        if path.relative_to(data).parts[0] in FOLDERS:
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if found := TRAINING_WORDS.match(line):
                what = f"a line that begins with '{found.group(1)}:' makes this training data"
                faults.append(Fault(path, number, f"{what} for Rasa; name the key otherwise."))
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every fault; 1 where there is one."""
    parser = argparse.ArgumentParser(prog="bot.nlu.check_data")
    Sources.add_options(parser)
    faults = faults_of(Sources.chosen(parser.parse_args(arguments)))
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
