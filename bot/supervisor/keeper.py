"""Keeps one process running: starts it, asks whether it is well, and replaces it when it is not."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

from bot.supervisor.child import Child
from bot.supervisor.failures import StartFailed
from bot.supervisor.output import Output
from bot.supervisor.specification import ProcessSpec, Timing

TOLD_A_MINUTE = 5


class Keeper:
    """The supervision of one process over all its lives."""

    def __init__(
        self,
        spec: ProcessSpec,
        timing: Timing,
        say: Callable[[str], None],
        log_folder: Path,
        directory: Path,
    ) -> None:
        self.spec = spec
        self.ready = asyncio.Event()
        """Set by the first answer, and never taken back."""
        self.child: Child | None = None
        self.output = Output(log_folder / f"{spec.name}.log")
        self._timing = timing
        self._say = say
        self._directory = directory
        self._told: list[float] = []
        self._starting: asyncio.Task[Child] | None = None

    async def keep(self) -> None:
        """Run the process for ever; ends by cancellation, which leaves the process running.

        Raises StartFailed when it dies again and again before it has answered even once, or does
        not answer within its time.
        """
        deaths = 0
        while True:
            began = time.monotonic()
            answered, end = await self._live()
            deaths = 1 if time.monotonic() - began > self._timing.quiet else deaths + 1
            if not self.ready.is_set() and deaths >= self._timing.start_attempts:
                raise StartFailed(
                    f"{self.spec.name} ended {deaths} times before it answered"
                    f"{self._last_words()}; see {self.output.path} for the cause."
                )
            wait = self._wait_before_restart(deaths, answered)
            self._say(f"{self.spec.name} {end}; it starts again in {wait:.1f} s.")
            await asyncio.sleep(wait)

    async def stop(self, within_seconds: float) -> None:
        """Stop the process, if there is one; `keep` must have been cancelled before."""
        child = await self._starting if self._starting else self.child
        if child is not None:
            await child.stop(within_seconds)

    def kill(self) -> None:
        """End the process at once."""
        if self.child is not None:
            self.child.signal(signal.SIGKILL)

    async def _live(self) -> tuple[bool, str]:
        """Run the process once; return whether it had answered, and how it ended."""
        child = await self._start()
        ended = asyncio.create_task(child.wait())
        answered = asyncio.Event()
        watched = asyncio.create_task(self._watch(answered))
        try:
            await asyncio.wait({ended, watched}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                fault = watched.result()
                child.signal(signal.SIGKILL)
                await ended
                if not self.ready.is_set():
                    raise StartFailed(
                        f"{self.spec.name} {fault}; see {self.output.path} for the cause."
                    )
                return answered.is_set(), f"{fault} and was ended"
            self.child = None
            code = ended.result()
            # One that was killed did not know it would end; its last words are about other things.
            return answered.is_set(), _ending(code) + (self._last_words() if code >= 0 else "")
        finally:
            watched.cancel()
            ended.cancel()

    async def _start(self) -> Child:
        start = Child.start(self.spec, self.output, self._tell, self._directory)
        self._starting = asyncio.create_task(start)
        # Shielded, so that a stop in this moment does not lose a process half started.
        self.child = await asyncio.shield(self._starting)
        self._starting = None
        return self.child

    async def _watch(self, answered: asyncio.Event) -> str:
        """Return what is wrong once something is: no first answer in time, or no more answers."""
        timing, spec = self._timing, self.spec
        try:
            async with asyncio.timeout(spec.ready_within_seconds):
                while not await (spec.ready_probe or spec.probe).answers(timing.probe_timeout):
                    await asyncio.sleep(timing.poll_every)
        except TimeoutError:
            return f"did not answer within {spec.ready_within_seconds:.0f} s"
        answered.set()
        self.ready.set()
        failures = 0
        while failures < timing.probe_failures:
            await asyncio.sleep(timing.probe_every)
            failures = 0 if await spec.probe.answers(timing.probe_timeout) else failures + 1
        return f"did not answer {failures} times in a row"

    def _wait_before_restart(self, deaths: int, answered: bool) -> float:
        timing = self._timing
        longest = timing.longest_wait_once_answered if answered else timing.longest_wait
        return float(min(timing.first_wait * 2 ** min(deaths - 1, 30), longest))

    def _last_words(self) -> str:
        return f' ("{self.output.last_line[:200]}")' if self.output.last_line else ""

    def _tell(self, line: str) -> None:
        now = time.monotonic()
        self._told = [moment for moment in self._told if now - moment < 60]
        if len(self._told) < TOLD_A_MINUTE:
            self._told.append(now)
            self._say(f"{self.spec.name}: {line[:300]}")


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    return f"was ended by {signal.Signals(-code).name}"
