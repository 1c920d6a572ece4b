"""Asks a running process whether it is well."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit


class Probe(Protocol):
    """A question that a healthy process answers."""

    async def answers(self, timeout_seconds: float) -> bool:
        """Tell whether the process answered well within the time; never raises for a bad answer."""


@dataclass(frozen=True)
class HttpProbe:
    """A GET on loopback that must be answered with a status of the 200s."""

    url: str = field(repr=False)  # may carry a token

    async def answers(self, timeout_seconds: float) -> bool:
        """Ask over a connection of its own, so that none is left open to delay a shutdown."""
        try:
            async with asyncio.timeout(timeout_seconds):
                return 200 <= await self._status() < 300
        except (OSError, TimeoutError, ValueError):
            return False

    async def _status(self) -> int:
        address = urlsplit(self.url)
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        reader, writer = await asyncio.open_connection(address.hostname, address.port or 80)
        try:
            request = (
                f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
            )
            writer.write(request.encode("ascii"))
            await writer.drain()
            _version, status, *_reason = (await reader.readline()).split(maxsplit=2)
            return int(status)
        finally:
            writer.close()


@dataclass(frozen=True)
class HeartbeatProbe:
    """A file that the process touches while it works; older than the limit means stuck."""

    path: Path
    older_than_seconds: float = 30.0
    since: float = field(default_factory=time.time)
    """A file left by an earlier run does not count."""

    async def answers(self, timeout_seconds: float) -> bool:
        """Compare the file's time with the clock; a missing file is no answer."""
        try:
            touched = self.path.stat().st_mtime
        except OSError:
            return False
        return touched >= self.since and time.time() - touched <= self.older_than_seconds
