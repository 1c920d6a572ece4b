"""One running process, in a process group of its own."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bot.supervisor.output import Output
from bot.supervisor.specification import ProcessSpec

LAUNCH = Path(__file__).with_name("launch.py")
LAST_OUTPUT_SECONDS = 1.0


class Child:
    """A process that was started from a specification; `start` makes one."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        pipe: int,
        output: Output,
        tell: Callable[[str], None],
    ) -> None:
        self._process = process
        self._reading = asyncio.create_task(_read(pipe, output, tell))

    @classmethod
    async def start(
        cls, spec: ProcessSpec, output: Output, tell: Callable[[str], None], directory: Path
    ) -> "Child":
        """Start the process in the directory; `tell` gets the important lines that it prints."""
        # A pipe of our own: asyncio would wait for its pipes to close before it tells of an end,
        # and a process left behind by the one that ended can hold them open.
        read_end, write_end = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), *spec.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                env={**os.environ, **spec.env},
                cwd=directory,
                start_new_session=True,
            )
        except BaseException:
            os.close(read_end)
            raise
        finally:
            os.close(write_end)
        return cls(process, read_end, output, tell)

    @property
    def pid(self) -> int:
        """The process's number, which is its group's too."""
        return self._process.pid

    async def wait(self) -> int:
        """Wait for the end, clear away what it left behind, and return its exit code."""
        code = await self._process.wait()
        self.signal(signal.SIGKILL)
        await asyncio.wait({self._reading}, timeout=LAST_OUTPUT_SECONDS)
        self._reading.cancel()
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    async def stop(self, within_seconds: float) -> None:
        """Ask the process to end, and end it when the time is over."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)  # one that is stopped would not see the first signal
        try:
            async with asyncio.timeout(within_seconds):
                await self._process.wait()
        except TimeoutError:
            self.signal(signal.SIGKILL)
        await self.wait()


async def _read(pipe: int, output: Output, tell: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _protocol = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb", buffering=0)
    )
    try:
        while data := await reader.read(65536):
            for line in output.write(data):
                tell(line)
    finally:
        transport.close()
