"""Reads a policy file, and names the file, the line and the field of whatever is wrong in it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.policy.document import FIRST_REPLY_FACTS, REQUIRED_FACTS, REQUIRED_READINGS, Policy

Place = tuple[str, ...]
Fault = tuple[Place, str]

_PLAIN_WORDS = {
    "missing": "is missing",
    "string_too_short": "should not be empty",
    "string_pattern_mismatch": "is not written as this field needs it",
    "extra_forbidden": "is not a known field",
    "string_type": "should be text (a number needs quotes)",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "model_type": "should have fields of its own",
    "dict_type": "should have entries of its own",
    "tuple_type": "should be a list",
}


class PolicyError(Exception):
    """The policy file cannot be used; one line for each fault: file, line, field, what is wrong."""


def load_policy(path: Path) -> Policy:
    """The policy written in a file. Raises PolicyError with every fault that was found."""
    lines: dict[Place, int] = {}
    faults: list[Fault] = []
    written = _value(_read(path), (), lines, faults)
    policy: Policy | None = None
    try:
        policy = Policy.model_validate(written)
    except ValidationError as error:
        faults += [_in_plain_words(one["loc"], one) for one in error.errors()]
    if policy is not None:
        faults += _contradictions(policy)
    if faults or policy is None:
        raise PolicyError("\n".join(_located(path, lines, fault) for fault in faults))
    return policy


def _read(path: Path) -> Node:
    try:
        node = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise PolicyError(f"{path}{line}: not readable as YAML: {error.problem}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        detail = " ".join(str(error).split())
        raise PolicyError(f"{path}: not readable as YAML: {detail}") from error
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}") from error
    if not isinstance(node, MappingNode):
        raise PolicyError(f"{path}:1: should have the fields of a policy, such as `document`")
    return node


def _value(node: Node, place: Place, lines: dict[Place, int], faults: list[Fault]) -> Any:
    """The plain value of a node; notes the line of every field and each name written twice."""
    if node.anchor:
        faults.append((place, "should be written out, without anchors (&) and aliases (*)"))
        return None
    if isinstance(node, MappingNode):
        return _mapping(node, place, lines, faults)
    if isinstance(node, SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            lines[(*place, str(index))] = item.start_mark.line + 1
            items.append(_value(item, (*place, str(index)), lines, faults))
        return items
    return _scalar(node)


def _mapping(
    node: MappingNode, place: Place, lines: dict[Place, int], faults: list[Fault]
) -> dict[Any, Any]:
    values: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            faults.append((place, "has a name that is a list or a mapping"))
            continue
        here = (*place, str(key_node.value))
        line = key_node.start_mark.line + 1
        if here in lines:
            faults.append((here, f"stands twice, again in line {line}"))
            continue
        lines[here] = line
        values[_scalar(key_node)] = _value(value_node, here, lines, faults)
    return values


def _scalar(node: Node) -> str | int | float | bool | None:
    kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
    text = str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        return int(text) if kind == "int" else float(text) if kind == "float" else text
    except ValueError:
        return text  # hexadecimal and the like: judged as text by the field it stands in


def _in_plain_words(loc: tuple[int | str, ...], error: Any) -> Fault:
    place = tuple(str(part) for part in loc if part != "[key]")
    message = _PLAIN_WORDS.get(error["type"])
    if message is None:
        message = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "should")
    given = error["input"]
    if error["type"] != "missing" and isinstance(given, str | int | float):
        message += f" (found {given!r})"
    return place, message


def _located(path: Path, lines: dict[Place, int], fault: Fault) -> str:
    place, message = fault
    known = next((place[:n] for n in range(len(place), 0, -1) if place[:n] in lines), ())
    return f"{path}:{lines.get(known, 1)}: {'.'.join(place) or 'the file'}: {message}"


def _contradictions(policy: Policy) -> Iterator[Fault]:
    """What no single field can show: ids, names and numbers that do not fit each other."""
    yield from _clause_faults(policy)
    yield from _fact_faults(policy)
    for name in sorted(set(REQUIRED_READINGS) - policy.readings.keys()):
        yield ("readings", name), "is missing"
    numbers = Counter(reading.number for reading in policy.readings.values())
    for name, reading in policy.readings.items():
        if numbers[reading.number] > 1:
            yield ("readings", name, "number"), f"is used twice (found {reading.number})"
    for group, entries in (("readings", policy.readings), ("documents", policy.documents)):
        for name, entry in entries.items():
            for index, clause in enumerate(entry.clauses):
                if clause not in policy.clauses:
                    yield (group, name, "clauses", str(index)), f"no clause has the id {clause!r}"


def _clause_faults(policy: Policy) -> Iterator[Fault]:
    used_by: dict[str, str] = {}
    for clause_id, clause in policy.clauses.items():
        place = ("clauses", clause_id)
        section, _, name = clause_id.rpartition(".")
        if clause.section not in policy.sections:
            yield (*place, "section"), f"no section has the number {clause.section!r}"
        elif section != clause.section or not name:
            yield (
                (*place, "section"),
                f"should begin the id {clause_id!r} (found {clause.section!r})",
            )
        if clause.fact in used_by:
            yield (*place, "fact"), f"{clause.fact!r} is used already by {used_by[clause.fact]}"
        elif clause.fact:
            used_by[clause.fact] = clause_id


def _fact_faults(policy: Policy) -> Iterator[Fault]:
    for name in REQUIRED_FACTS:
        if name not in policy.facts:
            yield ("clauses",), f"no clause states the fact {name!r}, which answers rely on"
    for name in FIRST_REPLY_FACTS.values():
        fact = policy.facts.get(name)
        if fact and not fact.quantity.counts_business_days:
            yield (
                ("clauses", fact.clause),
                "a first reply is promised in business days, or in business hours by the 24",
            )
    for name in REQUIRED_FACTS:
        fact = policy.facts.get(name)
        if fact and not fact.quantity.business:
            yield ("clauses", fact.clause), "is promised in business hours or business days"
    peak = policy.facts.get("peak_extension")
    if peak and (peak.quantity.unit != "days" or not peak.quantity.business):
        yield ("clauses", peak.clause), "a peak period adds business days"
