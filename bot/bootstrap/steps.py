"""Runs one long step: says what it does, that it is alive, and how long it took."""

# ruff: noqa: S603 - the commands it runs are the project's own

import contextlib
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ALIVE_EVERY_SECONDS = 10.0
STOP_WITHIN_SECONDS = 5.0
READ_LAST_BYTES = 20_000

# What a tool's output tells about its failure, and what to do then; the first that fits counts.
CAUSES = (
    (
        r"no space left on device|os error 28\b|disk quota exceeded",
        "the disk is full; free 5 GB and run the same command again",
    ),
    (
        r"hash mismatch|do not match the hashes",
        "a downloaded file is not the one that was recorded; check the package index that is "
        "configured for pip",
    ),
    (
        r"dns error|name resolution|name or service not known|network is unreachable"
        r"|connection (refused|reset)|error sending request|failed to (fetch|download)"
        r"|timed? ?out|proxyerror|certificate|could not connect|client error \(connect\)"
        r"|newconnectionerror|network connectivity is disabled",
        "the network or the package index could not be reached; check the connection, the proxy "
        "and pip's settings and run the same command again",
    ),
    (
        r"permission denied|read-only file system",
        "this user may not write here; check who owns this folder",
    ),
    (
        r"no solution found|no matching distribution|could not find a version",
        "a package for this machine could not be had from the package index; check the network "
        "and pip's settings",
    ),
)


class SetupFailed(Exception):
    """A step failed; the text is one sentence that says what to do."""


def say(sentence: str) -> None:
    """Tell the owner, at once; nobody reading any more is no reason to stop."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


class Steps:
    """Runs steps one after the other, each with its output in a log of its own."""

    def __init__(self, log_folder: Path, held: Sequence[int] = ()) -> None:
        self._log_folder = log_folder
        self._held = held
        """File descriptors of locks: a step keeps them when it outlives this program."""

    def run(
        self,
        title: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        *,
        log: str,
        advice: str = "",
    ) -> None:
        """Run a command to its end; `title` reads like "Installing the packages".

        Raises SetupFailed, which names the log and gives `advice` or, without it, what the output
        tells about the cause.
        """
        path = self._log_folder / f"{log}.log"
        say(f"{title} ...")
        began = time.monotonic()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("wb") as output:
                code = self._run(command, env, output.fileno())
        except OSError as error:
            raise SetupFailed(f"{title} failed: {cause_of(str(error))}.") from error
        if code:
            cause = advice or cause_of(last_output(path))
            raise SetupFailed(f"{title} failed: {cause} (what happened is in {path}).")
        say(f"{title}: done in {time.monotonic() - began:.0f} s.")

    def _run(self, command: Sequence[str | Path], env: Mapping[str, str], output: int) -> int:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            pass_fds=self._held,
        )
        try:
            while True:
                try:
                    return process.wait(ALIVE_EVERY_SECONDS)
                except subprocess.TimeoutExpired:
                    say(f"  ... still at it ({time.monotonic() - began:.0f} s)")
        finally:
            end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that is still running, kindly first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def last_output(path: Path) -> str:
    """The last part of what a step printed."""
    return path.read_bytes()[-READ_LAST_BYTES:].decode("utf-8", "replace")


def cause_of(output: str) -> str:
    """Turn a tool's output into the cause of its failure and what to do about it."""
    for pattern, cause in CAUSES:
        if re.search(pattern, output, re.IGNORECASE):
            return cause
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"“{lines[-1][:200]}”" if lines else "it said nothing"
