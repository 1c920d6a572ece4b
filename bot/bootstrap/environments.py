"""The two Python environments: whether each is up to date, and how it is brought there."""

import hashlib
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap.pythons import find_python, runs
from bot.bootstrap.steps import SetupFailed, Steps

STAMP = "installed.json"


@dataclass(frozen=True)
class Environment:
    """One environment: a folder, a version of Python and a file of locked requirements."""

    title: str
    folder: Path
    versions: tuple[str, ...]
    """Versions of Python it may have, the one it is tested with first."""
    requirements: Path
    project: Path | None = None
    """Root of the project, where the environment is to hold its commands too."""

    @property
    def python(self) -> Path:
        """The environment's own Python."""
        return self.folder / "bin" / "python"

    def is_current(self) -> bool:
        """Whether everything is installed as recorded; looks at a stamp, and is quick."""
        try:
            stamp = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(stamp == self._stamp()) and self.python.exists()

    @property
    def was_installed_from(self) -> str:
        """The name of the requirements file of the last installation, or nothing."""
        try:
            stamp = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
            return str(stamp["requirements"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def install(self, uv: Path, env: Mapping[str, str], steps: Steps) -> None:
        """Make the environment hold exactly what is recorded; raises SetupFailed.

        One that an interrupted run left half made is mended, or made anew where it cannot be.
        """
        log = f"setup{self.folder.name}".replace(".", "-")
        (self.folder / STAMP).unlink(missing_ok=True)
        if not self._is_usable():
            shutil.rmtree(self.folder, ignore_errors=True)
            python = self._find_python(uv, env, steps)
            steps.run(
                f"Making {self.folder.name} for {self.title}",
                [uv, "venv", "--quiet", "--no-project", "--python", python, self.folder],
                env,
                log=log,
            )
        into = ("--python", self.python)
        steps.run(
            f"Installing the packages of {self.title}",
            # Compiled once here, not at each start: Rasa's imports alone take five times as long.
            [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", *into, self.requirements],
            env,
            log=log,
        )
        if self.project is not None:
            steps.run(
                f"Installing the commands of {self.title}",
                [
                    *(uv, "pip", "install", "--no-deps", "--no-build-isolation", *into),
                    *("--editable", self.project),
                ],
                env,
                log=log,
            )
        stamp = self.folder / (STAMP + ".new")
        stamp.write_text(json.dumps(self._stamp()) + "\n", encoding="utf-8")
        stamp.replace(self.folder / STAMP)

    def _find_python(self, uv: Path, env: Mapping[str, str], steps: Steps) -> Path:
        for version in self.versions:
            if found := find_python(version, env, Path.home()):
                return found
        if f"{sys.version_info.major}.{sys.version_info.minor}" in self.versions:
            return Path(sys.executable)
        version = self.versions[0]
        steps.run(
            f"Fetching Python {version}",
            [uv, "python", "install", version],
            env,
            log="setup-python",
            advice=f"no Python {version} was found and none could be fetched; install it (with "
            f"pyenv, or from your system's packages) and run the same command again",
        )
        fetched = find_python(version, env, Path.home())
        if fetched is None:
            raise SetupFailed(
                f"The Python {version} that uv fetched does not run; install one and run the same "
                f"command again."
            )
        return fetched

    def _is_usable(self) -> bool:
        try:
            activate = (self.folder / "bin" / "activate").read_text(encoding="utf-8")
        except OSError:
            return False
        # Commands in a folder that was moved or copied still start the Python of its old place.
        if str(self.folder) not in activate:
            return False
        return any(runs(self.python, version) for version in self.versions)

    def _stamp(self) -> dict[str, str]:
        return {
            "requirements": self.requirements.name,
            "sha256": sha256_of(self.requirements),
            "project": sha256_of(self.project / "pyproject.toml") if self.project else "",
            "folder": str(self.folder),
        }


def sha256_of(*paths: Path) -> str:
    """The SHA-256 of files one after the other, in hexadecimal."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
