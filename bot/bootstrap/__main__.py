"""The entrance: `python3 -m bot.bootstrap setup|check|test|lock`.

It begins on whatever `python3` there is and goes on with a new enough one, so this module keeps to
what old versions of Python can read.
"""

# ruff: noqa: S603, S606 - the commands it runs are the project's own

import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("3.11", "3.12", "3.13", "3.14")


def newer_python() -> str:
    """Return a Python that is new enough and really runs, or nothing."""
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep)]
    folders += sorted((Path.home() / ".pyenv" / "versions").glob("*/bin"))
    for version in NEWER:
        for folder in folders:
            program = str(folder / ("python" + version))
            if os.access(program, os.X_OK) and _runs(program):
                return program
    return ""


def _runs(program: str) -> bool:
    try:
        quiet = subprocess.DEVNULL
        return subprocess.call([program, "-c", "import ssl"], stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False


def main() -> int:
    """Hand over to the command line, on a Python that can run it."""
    if sys.version_info < OLDEST:
        program = newer_python()
        if not program:
            sys.stderr.write(
                "Python 3.11 or newer is needed; install it and run the same command again.\n"
            )
            return 1
        os.execv(program, [program, "-m", "bot.bootstrap", *sys.argv[1:]])

    from bot.bootstrap.commands import main as command

    return command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
