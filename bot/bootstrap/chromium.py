"""Finds the browser that the tests drive, or installs one."""

# ruff: noqa: S603 - the commands it runs are the project's own

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.bootstrap.steps import SetupFailed, Steps, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ANSWER_WITHIN_SECONDS = 60.0
MISSING = (
    "No Chromium was found and none could be installed; install Chromium, or set BOT_CHROMIUM to "
    "its program, and run make test again."
)


def provide_chromium(python: Path, environ: Mapping[str, str], home: Path, steps: Steps) -> Path:
    """Return a Chromium that runs, installing one with Playwright or apt where there is none.

    `python` is the environment's that has Playwright. Raises SetupFailed.
    """
    if found := find_chromium(environ, home):
        return found
    for install in (_with_playwright, _with_apt):
        try:
            install(python, environ, steps)
        except SetupFailed as failure:
            say(str(failure))
        if found := find_chromium(environ, home):
            return found
    raise SetupFailed(MISSING)


def find_chromium(environ: Mapping[str, str], home: Path) -> Path | None:
    """Return the first Chromium that runs, or None; BOT_CHROMIUM alone counts where it is set."""
    if named := environ.get("BOT_CHROMIUM"):
        if not _runs(Path(named)):
            raise SetupFailed(
                f"BOT_CHROMIUM names {named}, which does not run; correct it or unset it."
            )
        return Path(named)
    return next((program for program in _candidates(environ, home) if _runs(program)), None)


def _candidates(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    for name in NAMES:
        if program := shutil.which(name, path=environ.get("PATH", "")):
            yield Path(program)
    cache = Path(environ.get("PLAYWRIGHT_BROWSERS_PATH") or home / ".cache" / "ms-playwright")
    yield from sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    mac = home / "Library" / "Caches" / "ms-playwright"
    yield from sorted(mac.glob("chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium"))


def _runs(program: Path) -> bool:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, timeout=ANSWER_WITHIN_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _with_playwright(python: Path, environ: Mapping[str, str], steps: Steps) -> None:
    steps.run(
        "Installing Chromium with Playwright",
        [python, "-m", "playwright", "install", "chromium"],
        environ,
        log="setup-chromium",
    )


def _with_apt(_python: Path, environ: Mapping[str, str], steps: Steps) -> None:
    apt = shutil.which("apt-get", path=environ.get("PATH", ""))
    if apt is None or os.geteuid() != 0:
        return
    env = {**environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps.run("Reading the system's package lists", [apt, "update"], env, log="setup-chromium")
    install = [apt, "install", "--yes", "--no-install-recommends", "chromium"]
    steps.run("Installing Chromium with apt", install, env, log="setup-chromium")
