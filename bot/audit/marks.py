"""Which test shows which clause: read from the marks in the tests' files, without running them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Mark:
    """`@pytest.mark.clause("3.peak")` on a test; `line` is the mark's own, from 1."""

    clause: str
    file: Path
    line: int
    test: str  # the function's name; "(the whole file)" for `pytestmark`


WHOLE_FILE = "(the whole file)"


def marks(tests: Path) -> list[Mark]:
    """Every clause that a test below this folder names in a mark, by clause, file and line."""
    files = sorted(tests.rglob("test_*.py")) if tests.is_dir() else []
    return sorted(mark for file in files for mark in _marks_in(file))


def _marks_in(file: Path) -> Iterator[Mark]:
    text = file.read_text(encoding="utf-8")
    if "mark.clause" not in text:
        return
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from _named(decorator, file, node.name)
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            yield from _named(node.value, file, WHOLE_FILE)


def _named(expression: ast.expr, file: Path, test: str) -> Iterator[Mark]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.clause":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield Mark(argument.value, file, argument.lineno, test)
