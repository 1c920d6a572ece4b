"""Finds uv, or fetches the recorded version with pip."""

# ruff: noqa: S603 - the commands it runs are the project's own

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.bootstrap.steps import SetupFailed, Steps

OLDEST_UV = (0, 5)
NO_PIP = (
    "uv was not found and Python at {python} has no pip to fetch it; install uv, or python3-pip, "
    "and run the same command again."
)


def find_uv(root: Path, environ: Mapping[str, str], home: Path) -> Path | None:
    """Return a uv that runs and is new enough: from PATH, its usual homes, or `.tools`."""
    folders = [Path(entry) for entry in environ.get("PATH", "").split(":") if entry]
    folders += [home / ".local" / "bin", home / ".cargo" / "bin", root / ".tools" / "bin"]
    for folder in folders:
        if _runs(folder / "uv"):
            return folder / "uv"
    return None


def fetch_uv(root: Path, environ: Mapping[str, str], steps: Steps) -> Path:
    """Install uv into `.tools`, checked against its recorded hash; raises SetupFailed."""
    python = sys.executable
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
        raise SetupFailed(NO_PIP.format(python=python))
    folder = root / ".tools"
    steps.run(
        "Fetching uv, which installs the packages",
        [
            *(python, "-m", "pip", "install", "--upgrade", "--no-deps", "--require-hashes"),
            *("--disable-pip-version-check", "--no-warn-script-location"),
            *("--target", folder, "-r", root / "requirements-tools.txt"),
        ],
        environ,
        log="setup-uv",
    )
    return folder / "bin" / "uv"


def _runs(program: Path) -> bool:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_UV
