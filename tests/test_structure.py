"""The house rules: which part may import which, how large a module is, what a name may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

CODE = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])
WRITTEN_BY_TOOLS = ROOT / "bot" / "storage" / "migrations" / "versions"
LONGEST_MODULE = 400
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

# Imports point one way. A part may import what stands to its right, and itself.
MAY_IMPORT: dict[str, set[str]] = {
    "policy": set(),
    "settings": set(),
    "clock": set(),
    "storage": {"settings"},
    "orders": {"storage", "settings"},
    "accounts": {"storage", "settings"},
    "assistant": {"policy", "settings"},
    "tickets": {"policy", "storage"},
    "demand": {"storage"},
    "attachments": {"storage"},
    "peaks": {"policy", "storage"},
    "cases": {"policy", "storage", "settings", "assistant", "tickets", "conversations", "mail"},
    "languages": set(),
    "conversations": {
        "policy",
        "storage",
        "settings",
        "orders",
        "accounts",
        "assistant",
        "tickets",
        "demand",
        "languages",
        "attachments",
    },
    "audit": {"policy", "storage", "settings", "assistant", "demand", "tickets"},
    "doctor": {"clock", "mail", "policy", "storage", "settings", "supervisor"},
    "mail": {
        "policy",
        "storage",
        "settings",
        "assistant",
        "tickets",
        "conversations",
        "demand",
        "languages",
        "attachments",
    },
    "privacy": {"storage", "attachments", "conversations", "tickets"},
    "nlu": set(),
    "bootstrap": set(),
    "supervisor": {"settings"},
}
EDGES = {"web", "cli", "commands", "app", "first_start", "worker"}


def part_of(path: Path) -> str:
    relative = path.relative_to(ROOT).with_suffix("")
    return relative.parts[0] if relative.parts[0] == "actions" else relative.parts[1]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=name)
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    for module in imported(path):
        top, _, rest = module.partition(".")
        if top == "rasa":
            assert part == "nlu", f"{module}: only bot/nlu imports rasa"
        if top == "rasa_sdk":
            assert part == "actions", f"{module}: only actions imports rasa_sdk"
        if top == "py3langid":
            assert part == "languages", f"{module}: only bot/languages imports py3langid"
        if top == "actions":
            assert part == "actions", f"{module}: nobody imports the actions"
        if top != "bot" or part in EDGES or part == "actions":
            assert top != "bot" or not rest.startswith("nlu"), f"{module}: another environment"
            continue
        target = rest.partition(".")[0]
        assert target == part or target in MAY_IMPORT[part], f"{part} must not import {module}"


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_module_opens_with_its_purpose_and_can_be_held_in_the_head(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not NO_NAMES & {path.stem, path.parent.name}
    assert len(text.splitlines()) <= LONGEST_MODULE
    if text and WRITTEN_BY_TOOLS not in path.parents:
        assert ast.get_docstring(ast.parse(text)), "no sentence of purpose"


def test_the_package_bot_is_empty_so_that_both_environments_can_import_from_it() -> None:
    assert (ROOT / "bot" / "__init__.py").read_text() == ""


def test_rasa_finds_no_training_data_in_the_policy() -> None:
    for path in (ROOT / "data" / "policy").rglob("*.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.strip().startswith(("nlu:", "rules:", "stories:", "responses:")), path


def test_every_package_has_its_tests() -> None:
    packages = {path.name for path in (ROOT / "bot").iterdir() if path.is_dir()}
    mirrored = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert packages - mirrored - {"__pycache__"} == set()
