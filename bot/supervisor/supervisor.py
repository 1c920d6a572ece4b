"""Runs several processes as one: up together, watched, and down together in order."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.supervisor.failures import StartFailed
from bot.supervisor.keeper import Keeper
from bot.supervisor.specification import ProcessSpec, Timing

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Starts all processes at once; stops them in the order in which they were given."""

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        *,
        log_folder: Path,
        directory: Path,
        say: Callable[[str], None],
        on_ready: Callable[[], None],
        timing: Timing | None = None,
    ) -> None:
        self._specs = specs
        self._log_folder = log_folder
        self._directory = directory
        self._say = say
        self._on_ready = on_ready
        self._timing = timing or Timing()
        self._stop = asyncio.Event()
        self._keepers: list[Keeper] = []

    async def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; no process is left when this returns or raises.

        Raises StartFailed when a process cannot be brought to answer.
        """
        self._keepers = [
            Keeper(spec, self._timing, self._say, self._log_folder, self._directory)
            for spec in self._specs
        ]
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._on_signal)
        keeping = [asyncio.create_task(keeper.keep()) for keeper in self._keepers]
        announcing = asyncio.create_task(self._announce())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await self._until_stopped_or_failed(keeping, announcing, stopping)
        finally:
            for task in (*keeping, announcing, stopping):
                task.cancel()
            await asyncio.gather(*keeping, announcing, stopping, return_exceptions=True)
            await self._stop_all()
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)

    async def _until_stopped_or_failed(
        self,
        keeping: Sequence[asyncio.Task[None]],
        announcing: asyncio.Task[None],
        stopping: "asyncio.Task[bool]",
    ) -> None:
        pending: set[asyncio.Task[None] | asyncio.Task[bool]] = {*keeping, announcing, stopping}
        while stopping in pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    def _on_signal(self) -> None:
        if self._stop.is_set():  # asked twice: no more patience
            for keeper in self._keepers:
                keeper.kill()
        self._stop.set()

    async def _announce(self) -> None:
        """Tell how the start goes, and call `on_ready` when every process has answered."""
        began = time.monotonic()
        waiting = {
            asyncio.create_task(keeper.ready.wait(), name=keeper.spec.name)
            for keeper in self._keepers
        }
        try:
            while waiting:
                done, waiting = await asyncio.wait(
                    waiting,
                    timeout=self._timing.progress_every,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                seconds = time.monotonic() - began
                for task in done:
                    self._say(f"{task.get_name()} answers after {seconds:.1f} s.")
                if not done:
                    names = ", ".join(sorted(task.get_name() for task in waiting))
                    self._say(f"Waiting for {names} ({seconds:.0f} s) ...")
        finally:
            for task in waiting:
                task.cancel()
        self._on_ready()

    async def _stop_all(self) -> None:
        if self._stop.is_set():
            self._say("Stopping.")
        end = time.monotonic() + self._timing.stop_within
        for later, keeper in reversed(list(enumerate(reversed(self._keepers)))):
            left = end - time.monotonic() - later * self._timing.stop_reserve
            await keeper.stop(max(left, 0.1))


def supervise(supervisor: Supervisor, say: Callable[[str], None]) -> int:
    """Run to the end and return the exit code: 0 after a stop that was asked for, 1 otherwise."""
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(supervisor.run())
    except StartFailed as failure:
        say(str(failure))
        return 1
    return 0
