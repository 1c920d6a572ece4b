"""Finds an installed Python of a given version that really runs."""

# ruff: noqa: S603 - the commands it runs are the project's own

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

ANSWER_WITHIN_SECONDS = 20.0
# Pythons built without their libraries lack one of these, and both environments need them.
PROOF = "import ctypes, sqlite3, ssl, sys; print('%d.%d' % sys.version_info[:2])"


def find_python(version: str, environ: Mapping[str, str], home: Path) -> Path | None:
    """Return a Python of this version ("3.10"), or None.

    Version managers' own folders come first: their shims on PATH often do not run.
    """
    for candidate in _candidates(version, environ, home):
        if runs(candidate, version):
            return candidate
    return None


def runs(program: Path, version: str) -> bool:
    """Tell whether this program is a complete Python of this version."""
    try:
        answer = subprocess.run(
            [program, "-c", PROOF],
            capture_output=True,
            text=True,
            timeout=ANSWER_WITHIN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


def _candidates(version: str, environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    name = f"python{version}"

    def folder(variable: str, default: str) -> Path:
        return Path(environ[variable]) if environ.get(variable) else home / default

    managed = (
        (folder("PYENV_ROOT", ".pyenv"), f"versions/{version}.*"),
        (folder("ASDF_DATA_DIR", ".asdf"), f"installs/python/{version}.*"),
        (folder("MISE_DATA_DIR", ".local/share/mise"), f"installs/python/{version}.*"),
        *((home / conda, "envs/*") for conda in ("miniconda3", "miniforge3", "anaconda3")),
        (
            folder("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python"),
            f"cpython-{version}.*",
        ),
        (Path("/opt/homebrew/opt"), f"python@{version}"),
    )
    for root, pattern in managed:
        for found in sorted(root.glob(f"{pattern}/bin/{name}"), key=_numbers, reverse=True):
            if os.access(found, os.X_OK):
                yield found
    for entry in environ.get("PATH", "").split(os.pathsep):
        program = Path(entry or ".") / name
        if os.access(program, os.X_OK):
            yield program


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]
