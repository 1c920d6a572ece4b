"""Runs one of our modules in a process of its own, and says what it cost."""

# ruff: noqa: S603 - our own modules, with arguments from the settings

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# So that neither of two models gains by the threads the other has no use for.
_THREADS = (
    "TF_INTRA_OP_PARALLELISM_THREADS",
    "TF_INTER_OP_PARALLELISM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
ONE_THREAD = dict.fromkeys(_THREADS, "1")
TOLD_OF_A_FAILURE = 2000


class ChildFailed(Exception):
    """A process did not end well; the text is the last of what it said."""


@dataclass(frozen=True)
class Cost:
    """What a process took, in seconds."""

    cpu_seconds: float
    seconds: float


def run(
    module: str, arguments: Sequence[object], environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a module to its end, with what it says kept aside. Raises ChildFailed."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    told = {**os.environ, **(environment or {}), "PYTHONWARNINGS": "ignore"}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=told, stdout=said, stderr=said)
        try:
            # Of this process alone: what others took at the same time is not in it.
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise ChildFailed(f"{module} failed: {text[-TOLD_OF_A_FAILURE:]}")
    cpu_seconds = used.ru_utime + used.ru_stime
    return Cost(round(cpu_seconds, 1), round(time.perf_counter() - began, 1))
