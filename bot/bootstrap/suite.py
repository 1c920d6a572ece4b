"""Runs linters, types and tests one part after the other, and sums up at the end."""

# ruff: noqa: S603 - the commands it runs are the project's own

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap.steps import end, say

CLOSING = re.compile(r"^[= ]*(\d+ (passed|failed|skipped|error|deselected).* in [\d.]+s|no tests)")


@dataclass(frozen=True)
class Part:
    """One part of the suite: what it looks at, and the command that does it."""

    title: str
    command: tuple[str | Path, ...]


@dataclass(frozen=True)
class Result:
    """How a part went; `closing` is its test runner's closing line, if it has one."""

    title: str
    passed: bool
    seconds: float
    closing: str


def checks(root: Path) -> list[Part]:
    """Linters, types (the two environments' code apart), and what is wrong in the training data."""
    bin_folder = root / ".venv" / "bin"
    rasa_python = root / ".venv-rasa" / "bin" / "python"
    rasa_side: tuple[str | Path, ...] = (
        *("--python-executable", rasa_python, "--python-version", "3.10", "--strict"),
        *("--ignore-missing-imports", "--follow-imports=silent"),
        "--allow-subclassing-any",  # Rasa has no types to offer, and its classes are extended
        # File by file: the settings leave these folders out of the other run.
        *sorted((root / "bot" / "nlu").rglob("*.py")),
        *sorted((root / "tests" / "nlu").glob("*.py")),
    )
    return [
        Part("style", (bin_folder / "ruff", "check")),
        Part("formatting", (bin_folder / "ruff", "format", "--check")),
        Part("types", (bin_folder / "mypy",)),
        Part("types of the Rasa side", (bin_folder / "mypy", *rasa_side)),
        Part("training data", (rasa_python, "-m", "bot.nlu.check_data")),
    ]


def tests(root: Path) -> list[Part]:
    """Every test, those of the Rasa side in its own environment; needs a trained model."""
    rasa_python = root / ".venv-rasa" / "bin" / "python"
    pytest = root / ".venv" / "bin" / "pytest"
    return [
        Part("tests of the Rasa side", (rasa_python, "-m", "pytest", "tests/nlu")),
        Part("tests", (pytest, "--ignore=tests/nlu")),
    ]


def run_parts(root: Path, parts: Sequence[Part], env: Mapping[str, str]) -> list[Result]:
    """Run every part, also after one has failed, showing what each prints."""
    results = []
    for number, part in enumerate(parts, 1):
        say(f"\n{number}/{len(parts)} {part.title}")
        began = time.monotonic()
        code, closing = _run(root, part, env)
        results.append(Result(part.title, code == 0, time.monotonic() - began, closing))
    return results


def sum_up(results: Sequence[Result]) -> bool:
    """Print one line for each part and return whether all passed."""
    say("\nSummary")
    for result in results:
        verdict = "ok" if result.passed else "FAILED"
        say(f"  {verdict:8}{result.title:26}{result.seconds:6.1f} s")
    for result in results:
        if result.closing:
            say(result.closing)
    return all(result.passed for result in results)


def _run(root: Path, part: Part, env: Mapping[str, str]) -> tuple[int, str]:
    process = subprocess.Popen(
        [str(word) for word in part.command],
        cwd=root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        closing = _show(process)
        return process.wait(), closing
    finally:
        end(process)


def _show(process: "subprocess.Popen[bytes]") -> str:
    """Pass on what a part prints as it comes, and return the closing line of its tests."""
    assert process.stdout  # noqa: S101 - a pipe was asked for
    closing, line = "", b""
    with process.stdout as pipe:
        while piece := os.read(pipe.fileno(), 4096):
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            *whole, line = (line + piece).split(b"\n")
            for text in (each.decode("utf-8", "replace").strip("= ") for each in whole):
                closing = text if CLOSING.match(text) else closing
    return closing
